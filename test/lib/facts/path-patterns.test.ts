import { describe, expect, it } from 'vitest';
import { covers, withSlash } from '../../../lib/facts/path-patterns';

describe('a path pattern of CloudFront', () => {
  it.each([
    ['/a/*', '/a/b', true],
    ['/a/*', '/a/', true],
    ['/a/*', '/a', false],
    ['/a*', '/a/b/*', true],
    ['/a/*', '/*', false],
    ['/a?', '/ab', true],
    ['/a?', '/a?', true],
    ['/a?', '/a*', false],
    ['/a?', '/abc', false],
    ['*.js', '/assets/*.js', true],
    ['/assets/*.js', '*.js', false],
    ['/a.b', '/axb', false],
    ['/A/*', '/a/b', false],
    ['/a/*', 'a/b', true],
    ['/(a)+*', '/(a)+b', true],
  ])('%s covers %s: %s', (wide, narrow, yes) => {
    expect(covers(wide, narrow)).toBe(yes);
  });

  it('is taken with a leading slash', () => {
    expect(['a/*', '/a/*', '*'].map(withSlash)).toEqual(['/a/*', '/a/*', '/*']);
  });
});
