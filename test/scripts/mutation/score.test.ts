import { describe, expect, it } from 'vitest';
import { wrongEquivalents } from '../../../scripts/mutation/equivalents';
import { nameOf } from '../../../scripts/mutation/mutants/mutant';
import { survivorsPage } from '../../../scripts/mutation/page';
import { leastKilled, scoreOf, scoreTable } from '../../../scripts/mutation/score';
import { result } from './result-fixture';

const RESULTS = [
  result('a', 'killed'),
  result('b', 'endless'),
  result('c', 'crashed'),
  result('d', 'survived'),
  result('e', 'not covered'),
  { ...result('f', 'survived'), equivalent: 'the list is sorted before' },
];

describe('a score', () => {
  it('counts what is not covered as not noticed, and leaves out what is equivalent', () => {
    expect(scoreOf('lib', RESULTS)).toEqual({
      ...{ folder: 'lib', mutants: 6, killed: 3, survived: 1, notCovered: 1, equivalent: 1, percent: 60 },
    });
  });

  it('is whole where there is nothing to notice', () => {
    expect(scoreOf('lib', []).percent).toBe(100);
  });

  it('is a row of a table', () => {
    expect(scoreTable([scoreOf('lib', RESULTS)]).split('\n')).toEqual([
      'folder  mutants  killed  survived  not covered  equivalent  score',
      'lib           6       3         1            1           1  60.0%',
    ]);
  });
});

describe('the fewest of a sample', () => {
  it.each([
    [0, 0],
    [1, 0],
    [10, 4],
    [40, 26],
    [1000, 814],
  ])('of %i at 85 percent is %i', (sample, least) => {
    expect(leastKilled(sample, 85)).toBe(least);
  });
});

describe('the list of equivalent mutants', () => {
  const of = (name: string) => {
    const { mutant } = result(name, 'survived');
    return { mutant: nameOf(mutant), reason: 'nothing reads the value' };
  };
  const all = RESULTS.map(({ mutant }) => mutant);

  it('is right for what survives', () => {
    expect(wrongEquivalents([of('d'), of('e')], all, RESULTS)).toEqual([]);
  });

  it.each([
    ['what a test notices', [of('a')], /is noticed by test\/a.test.ts: works$/],
    ['what is no mutant any more', [of('z')], /the code has changed$/],
    ['what is listed twice', [of('d'), of('d')], /twice$/],
    ['what has no reason', [{ ...of('d'), reason: ' ' }], /no reason$/],
  ])('is wrong for %s', (_, list, wrong) => {
    expect(wrongEquivalents(list, all, RESULTS)).toEqual([expect.stringMatching(wrong)]);
  });
});

describe('the page of survivors', () => {
  it('lists by file what nothing noticed, and why something cannot be', () => {
    const page = survivorsPage([scoreOf('lib', RESULTS)], RESULTS);
    expect(page).toContain('lib           6       3');
    expect(page.slice(page.indexOf('## Equivalent')).split('\n').filter(Boolean)).toEqual([
      '## Equivalent',
      '- lib/a.ts: `number | f -> f!`: the list is sorted before',
      '## Survivors',
      '### lib/a.ts',
      '- `number | d -> d!`',
      '- `number | e -> e!` (not reached)',
    ]);
  });
});
