import { describe, expect, it } from 'vitest';
import { generate } from '../../../scripts/mutation/mutants/generate';
import { TestSelection } from '../../../scripts/mutation/select-tests';
import type { Covered } from '../../../scripts/mutation/worker/task';

/** Two of `a.ts`, the first of them at load, and two of `b.ts`. */
const MUTANTS = [
  ...generate('a.ts', 'const A = 0; const f = () => 0;').mutants,
  ...generate('b.ts', 'const f = () => 0; const g = () => 0;').mutants,
];

const COST = { work: 10, ms: 5, longestMs: 2 };

function covered(file: string, load: readonly number[], tests: Record<string, readonly number[]>): Covered {
  const all = Object.entries(tests).map(([name, ids]) => ({ name, ids }));
  return { kind: 'covered', file, load, tests: all, failing: [], ...COST };
}

const ALL = new Set(['one', 'two', 'three']);

describe('the tests that reach a mutant', () => {
  const selection = new TestSelection(
    [
      covered('one', [0], { everything: [1, 2, 3], nothing: [] }),
      covered('two', [], { 'only this': [1], other: [2] }),
      covered('three', [0], { 'of something else': [3] }),
    ],
    MUTANTS,
    () => 10,
  );

  it('are there, those first that reach little else', () => {
    expect(selection.task(1, ALL)).toEqual({
      ...{ id: 1, source: 'a.ts', atLoad: false },
      runs: [
        { file: 'two', names: ['only this'], ...COST },
        { file: 'one', names: ['everything'], ...COST },
      ],
    });
  });

  it('are all of a file that reaches it while loading, where that runs code of the same source', () => {
    expect(selection.task(0, ALL)).toEqual({
      ...{ id: 0, source: 'a.ts', atLoad: true },
      runs: [{ file: 'one', ...COST }],
    });
  });

  it('are those that may be asked', () => {
    expect(selection.task(1, new Set(['one'])).runs.map(({ file }) => file)).toEqual(['one']);
    expect(selection.task(1, new Set(['three'])).runs).toEqual([]);
  });
});

it('are all that load it where none runs its code', () => {
  const files = [covered('one', [0], { a: [2] }), covered('two', [0], { b: [] })];
  const { runs } = new TestSelection(files, MUTANTS, () => 10).task(0, ALL);
  expect(runs.map(({ file }) => file)).toEqual(['one', 'two']);
});

it('are never those that fail without a mutant', () => {
  const file = { ...covered('one', [0], { broken: [0, 1], sound: [] }), failing: ['broken'] };
  const selection = new TestSelection([file], MUTANTS, () => 10);
  expect(selection.task(1, ALL).runs).toEqual([]);
  expect(selection.task(0, ALL).runs).toEqual([{ file: 'one', names: ['sound'], ...COST }]);
});

it('are few files, the source’s own first', () => {
  const files = ['test/b.test.ts', 'test/c.test.ts', 'test/a-bounds.test.ts'].map((file) =>
    covered(file, [], { a: [1] }),
  );
  const selection = new TestSelection(files, MUTANTS, () => 2);
  const { runs } = selection.task(1, new Set(files.map(({ file }) => file)));
  expect(runs.map(({ file }) => file)).toEqual(['test/a-bounds.test.ts', 'test/b.test.ts']);
});

it('are all of a file in which a test is the first to import the source', () => {
  const files = [covered('one', [], { 'the first': [0, 1], 'the second': [1] })];
  const selection = new TestSelection(files, MUTANTS, () => 10);
  expect(selection.task(0, ALL)).toMatchObject({ atLoad: true, runs: [{ file: 'one', ...COST }] });
  expect(selection.task(0, ALL).runs[0]?.names).toBeUndefined();
  expect(selection.task(1, ALL)).toMatchObject({ atLoad: false, runs: [{ names: ['the first', 'the second'] }] });
});
