import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AwsError } from '../../../local/aws/service';
import type { Limit, LimitTable } from '../../../local/limits/limit';

/** Where chance is drawn from: the same each time, unless a person asks for another. */
export const SEED = Number(process.env['GROUNDPLAN_SEED'] ?? 20_261_130);
const RUNS = 25;

/** Tests each row of a table: a row without a test does not compile. */
export function testEachLimit<Rows extends Readonly<Record<string, Limit>>>(
  { service, rows }: LimitTable<Rows>,
  tests: { readonly [name in keyof Rows]: (limit: Rows[name]) => void | Promise<void> },
): void {
  describe(`limits of ${service}`, () => {
    for (const name of Object.keys(rows) as (keyof Rows & string)[]) {
      it(`${name}: ${rows[name]?.limit}`, async () => {
        const limit = rows[name];
        if (limit === undefined) throw new Error(`no row ${name}`);
        await tests[name](limit);
      });
    }
  });
}

/** What a call came to: the error's code, or undefined when it was accepted. */
export async function outcome(call: () => unknown): Promise<string | undefined> {
  try {
    await call();
    return undefined;
  } catch (error) {
    if (error instanceof AwsError) return error.code;
    throw error;
  }
}

/**
 * Goes to both sides of a limit: at each bound, next to it and at drawn distances. The call gets the value, and is accepted
 * inside and refused with the limit's error outside.
 */
export async function onBothSides(
  limit: Limit,
  call: (value: number) => unknown,
  {
    runs = RUNS,
    furthest = 1000,
    from = 0,
  }: {
    readonly runs?: number;
    /** How far beyond a bound values are drawn. */
    readonly furthest?: number;
    /** Where drawing begins for a limit without a lower bound. */
    readonly from?: number;
  } = {},
): Promise<void> {
  const { min, max, error } = limit;
  if (error === undefined || (min === undefined && max === undefined)) throw new Error(`no bounds: ${limit.limit}`);
  const expected = (value: number) =>
    (min !== undefined && value < min) || (max !== undefined && value > max) ? error : undefined;
  const edges = [min, max].flatMap((bound) => (bound === undefined ? [] : [bound - 1, bound, bound + 1]));
  const check = async (value: number) => {
    expect({ value, outcome: await outcome(() => call(value)) }).toEqual({ value, outcome: expected(value) });
  };
  for (const value of edges) await check(value);
  const lowest = min === undefined ? Math.max(from, (max ?? 0) - furthest) : min - 3;
  const drawn = fc.integer({ min: lowest, max: (max ?? min ?? 0) + furthest });
  await fc.assert(fc.asyncProperty(drawn, check), { seed: SEED, numRuns: runs });
}
