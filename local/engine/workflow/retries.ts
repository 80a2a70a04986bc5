import type { Random } from '../random';
import type { Retrier } from './definition';
import { covers } from './state-error';

/** Counts the retries of a state, each retrier its own (Amazon States Language: Retrying after error). */
export class Retries {
  /** All retries of the state so far: `$states.context.State.RetryCount`. */
  count = 0;
  private readonly used = new Map<Retrier, number>();

  constructor(
    private readonly retriers: readonly Retrier[],
    private readonly random: Random,
  ) {}

  /** Milliseconds to wait before the next attempt; undefined when there is none. */
  waitFor(error: string): number | undefined {
    const retrier = this.retriers.find(({ ErrorEquals }) => covers(ErrorEquals, error));
    if (retrier === undefined) return undefined;
    const used = this.used.get(retrier) ?? 0;
    if (used >= (retrier.MaxAttempts ?? DEFAULTS.MaxAttempts)) return undefined;
    this.used.set(retrier, used + 1);
    this.count += 1;
    return delayMs(retrier, used) * (retrier.JitterStrategy === 'FULL' ? this.random() : 1);
  }
}

/** Amazon States Language: Retrying after error. */
const DEFAULTS = { IntervalSeconds: 1, MaxAttempts: 3, BackoffRate: 2 };

function delayMs(retrier: Retrier, used: number): number {
  const { IntervalSeconds, BackoffRate } = { ...DEFAULTS, ...retrier };
  return Math.min(IntervalSeconds * BackoffRate ** used, retrier.MaxDelaySeconds ?? Number.POSITIVE_INFINITY) * 1000;
}
