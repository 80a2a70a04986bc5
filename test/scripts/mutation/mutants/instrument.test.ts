import { transformSync } from 'esbuild';
import { afterEach, describe, expect, it } from 'vitest';
import { generate } from '../../../../scripts/mutation/mutants/generate';
import { instrument, type Numbered } from '../../../../scripts/mutation/mutants/instrument';
import { EndlessError, MutantSwitch } from '../../../../scripts/mutation/worker/switch';

const CODE = `
export const LIMIT: number = 10;
export function isLong(text?: string): boolean { return (text?.length ?? 0) > LIMIT; }
export function kindOf(n: number): string {
  if (n < 0) return 'negative';
  else for (const each of [1, 2, 3]) if (each === n) return 'small';
  return n === 0 ? 'zero' : 'other';
}
export function pairs(all: readonly number[]): number[][] {
  const found: number[][] = [];
  for (const a of all) if (a > 1) found.push([a, a * 2]);
  else found.push([a]);
  return found;
}
export class Base { readonly log: string[] = []; }
export class Counter extends Base {
  constructor(private readonly by = 1) { super(); this.log.push('made'); }
  next(from: number): number { let sum = from; sum += this.by; return sum; }
}
export function* upTo(most: number) { for (let n = 0; n < most; n++) yield n; }
`;

const generated = generate('code.ts', CODE);
const numbered = generated.mutants.map((mutant, id): Numbered => [id, mutant]);

interface Loaded {
  readonly LIMIT: number;
  isLong(text?: string): boolean;
  kindOf(n: number): string;
  pairs(all: readonly number[]): number[][];
  readonly Counter: new () => { readonly log: string[]; next(from: number): number };
  upTo(most: number): Iterable<number>;
}

function load(): Loaded {
  const { code } = transformSync(instrument(CODE, numbered, generated.loops), { loader: 'ts', format: 'cjs' });
  const module = { exports: {} };
  new Function('module', 'exports', code)(module, module.exports);
  return module.exports as Loaded;
}

/** What all of the code gives. */
function behaviour(code: Loaded): unknown[] {
  const counter = new code.Counter();
  return [
    ...[undefined, '0123456789', '0123456789a'].map((text) => code.isLong(text)),
    ...[-1, 0, 1, 2, 3, 4].map((n) => code.kindOf(n)),
    code.pairs([0, 1, 2]),
    counter.log,
    counter.next(1),
    [...code.upTo(3)],
  ];
}

const id = (operator: string, original: string): number => {
  const found = numbered.find(([, mutant]) => mutant.operator === operator && mutant.original === original);
  if (found === undefined) throw new Error(`no ${operator} of ${original}`);
  return found[0];
};

afterEach(() => {
  globalThis.groundplanMutant = undefined;
});

describe('code with mutants in it', () => {
  const expected = [
    ...[false, false, true, 'negative', 'zero', 'small', 'small', 'small', 'other'],
    ...[[[0], [1], [2, 4]], ['made'], 2, [0, 1, 2]],
  ];

  it('does what it did where nobody switches', () => {
    expect(behaviour(load())).toEqual(expected);
  });

  it('does what it did while no mutant is active, and tells what was reached', () => {
    const mutants = new MutantSwitch(numbered.length);
    expect(behaviour(load())).toEqual(expected);
    expect([...mutants.take().ids].sort((a, b) => a - b)).toEqual(numbered.map(([each]) => each));
    expect(mutants.take()).toEqual({ ids: [], work: 0 });
  });

  it('does something else, or fails, with every mutant but two', () => {
    const mutants = new MutantSwitch(numbered.length);
    const same = numbered.filter(([each]) => {
      mutants.activate(each, 10_000);
      try {
        expect(behaviour(load())).toEqual(expected);
        return true;
      } catch {
        return false;
      } finally {
        expect(mutants.deactivate(), `mutant ${each} was not reached`).toBeGreaterThan(0);
      }
    });
    expect(same.map(([, { operator, original }]) => `${operator}: ${original}`)).toEqual([
      // No text has no length: undefined is not above the limit either, and 1 is not.
      'left side alone: text?.length ?? 0',
      'number: 0',
    ]);
  });

  it('counts its loops, and ends one that has no end', () => {
    const mutants = new MutantSwitch(numbered.length);
    const code = load();
    mutants.activate(id('update', 'n++'), 1000);
    expect(() => [...code.upTo(3)]).toThrow(EndlessError);
    expect(mutants.isEndless).toBe(true);
    mutants.activate(id('number', '10'), 10_000);
    expect([...code.upTo(900)]).toHaveLength(900);
    expect(mutants.isEndless).toBe(false);
  });
});
