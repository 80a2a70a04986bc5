import { describe, expect, it } from 'vitest';
import { readOptions } from '../../../scripts/mutation/options';

describe('the options of npm run mutation', () => {
  it('are paths, or a sample', () => {
    expect(readOptions(['./lib/ai/handlers/', 'lib/edge/handlers', '--workers', '1'])).toEqual({
      ...{ paths: ['lib/ai/handlers', 'lib/edge/handlers'], seed: 1, workers: 1, again: false },
    });
    expect(readOptions(['--sample', '10', '--seed', '3', '--workers', '2'])).toEqual({
      ...{ paths: [], sample: 10, seed: 3, workers: 2, again: false },
    });
    expect(readOptions(['--help'])).toBe('help');
  });

  it.each([
    [['lib', '--sample', '3'], /no path$/],
    [['--sample', '0'], /^--sample is a whole number/],
    [['--seed', 'x'], /^--seed is a whole number/],
    [['--lines'], /--lines/],
  ])('are not %j', (args, message) => {
    expect(() => readOptions(args)).toThrow(message);
  });
});
