import { isContention } from '../../../lib/runtime/cancelled-transaction';
import { fullJitter, type Timing, WALL_TIME } from './timing';

/** Writes that meet on an item: a user's questions at once meet on the day's count. */
const TRIES = { most: 8, firstMs: 20, mostMs: 400 } as const;

/**
 * Writes, and tries again while other writes are in the way: DynamoDB refuses a transaction that meets another on an item, a single
 * write that meets one, and what it has no capacity for
 * (docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html, "Transaction conflict handling"). The SDK repeats a
 * single request that was throttled, and nothing of the others; what it has retried is not retried again.
 *
 * @throws the last refusal after eight tries, and any other error at once
 */
export async function uncontended<T>(
  write: () => Promise<T>,
  timing: Pick<Timing, 'after' | 'random'> = WALL_TIME,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await write();
    } catch (error) {
      if (attempt === TRIES.most || !isContention(error) || wasRepeated(error)) throw error;
      const ms = fullJitter(timing, attempt, TRIES.firstMs, TRIES.mostMs);
      await new Promise<void>((resolve) => timing.after(ms, resolve));
    }
  }
}

function wasRepeated(error: unknown): boolean {
  const { $metadata } = error as { readonly $metadata?: { readonly attempts?: number } };
  return ($metadata?.attempts ?? 1) > 1;
}
