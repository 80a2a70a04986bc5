import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mutatedPatterns } from '../../../../scripts/mutation/mutants/regular-expression';

describe('the mutants of a regular expression', () => {
  it.each([
    ['^a$', '', ['a$', '^a']],
    ['a+', '', ['a', 'a*']],
    ['a*', '', ['a+']],
    ['ab?', '', ['ab']],
    ['[a-z]', '', ['[^a-z]']],
    ['[^a]', '', ['[a]']],
    ['\\d', '', ['\\D']],
    ['a{2,4}', '', ['a{3,4}', 'a{1,4}', 'a{2,5}', 'a{2,3}']],
    ['a{2}', '', ['a{3}', 'a{1}']],
    ['(?=a)b', '', ['(?!a)b']],
    ['a|b|c', '', ['b|c', 'a|c', 'a|b']],
    ['x(a|b)', '', ['x(b)', 'x(a)']],
    ['\\p{L}', 'u', []],
    ['\\.', '', []],
    ['[(|)]', '', ['[^(|)]']],
  ])('/%s/%s', (pattern, flags, expected) => {
    expect([...mutatedPatterns(pattern, flags)].sort()).toEqual([...expected].sort());
  });

  it('are other expressions, each of them one', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-c\\d()|?*+^$[\]{}1-3,]{1,12}$/), (pattern) => {
        for (const mutated of mutatedPatterns(pattern, '')) {
          expect(mutated).not.toBe(pattern);
          expect(() => new RegExp(mutated)).not.toThrow();
        }
      }),
    );
  });
});
