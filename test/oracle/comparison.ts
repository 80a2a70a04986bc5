import { isDeepStrictEqual } from 'node:util';
import { expect, it } from 'vitest';
import { type Random, seededRandom } from '../../local/engine/random';
import { type DifferenceId, type DifferenceScope, KNOWN_DIFFERENCES } from './known-differences';

/** Fixed, so that a run can be repeated; another number, or `random`, goes through other sequences. */
const DEFAULT_SEED = 20_260_101;

function chosenSeed(): number {
  const wanted = process.env['ORACLE_SEED'];
  if (wanted === 'random') return Math.floor(Math.random() * 2 ** 31);
  return wanted === undefined ? DEFAULT_SEED : Number(wanted);
}

/** The seed of this run. */
export const SEED = chosenSeed();

/** Two answers that should be the same and are not. */
export class Disagreement extends Error {
  constructor(sequence: string, step: number, operation: string, input: unknown, ours: unknown, moto: unknown) {
    super(
      [
        `ORACLE_SEED=${SEED}, sequence ${sequence}, step ${step}: ${operation} ${JSON.stringify(input)}`,
        `  ours: ${JSON.stringify(ours)}`,
        `  moto: ${JSON.stringify(moto)}`,
      ].join('\n'),
    );
    this.name = 'Disagreement';
  }
}

// What this test file did; every file is a process of its own.
let operations = 0;
const used = new Map<DifferenceId, number>();

/** One sequence of operations that two sides answer. */
export class Comparison {
  /** Chance of this sequence alone. */
  readonly random: Random;
  private step = 0;

  constructor(readonly sequence: string) {
    this.random = seededRandom(SEED, sequence);
  }

  /** Both answers must be the same. @throws Disagreement */
  same(operation: string, input: unknown, ours: unknown, moto: unknown): void {
    this.count();
    if (isDeepStrictEqual(plain(ours), plain(moto))) return;
    throw new Disagreement(this.sequence, this.step, operation, input, ours, moto);
  }

  /** Each answer must be exactly what the known difference says; agreeing is a failure too. @throws Disagreement */
  differs(id: DifferenceId, input: unknown, ours: unknown, moto: unknown): void {
    this.count();
    const known = KNOWN_DIFFERENCES[id];
    used.set(id, (used.get(id) ?? 0) + 1);
    if (isDeepStrictEqual(plain(ours), known.ours) && isDeepStrictEqual(plain(moto), known.moto)) return;
    throw new Disagreement(this.sequence, this.step, `${known.operation} (known: ${id})`, input, ours, moto);
  }

  private count(): void {
    this.step += 1;
    operations += 1;
  }
}

/** As JSON tells it: members that are undefined are gone. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
}

/** Last test of a file: it compared enough, and the list of known differences has no entry that nothing uses. */
export function closeAccount(scope: DifferenceScope, atLeast: number): void {
  it(`compared at least ${atLeast} operations, and every known difference of ${scope} is in use`, () => {
    const known = Object.entries(KNOWN_DIFFERENCES).filter(([, difference]) => difference.scope === scope);
    const uses = known.map(([id]) => `${id} ${used.get(id as DifferenceId) ?? 0}x`);
    console.log(
      `oracle ${scope}: seed ${SEED}, ${operations} operations compared; known: ${uses.join(', ') || 'none'}`,
    );
    expect(known.filter(([id]) => !used.has(id as DifferenceId)).map(([id]) => id)).toEqual([]);
    expect(operations).toBeGreaterThanOrEqual(atLeast);
  });
}
