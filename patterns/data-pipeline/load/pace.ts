import type { Terminal } from '../../../lib/operations/terminal';

/** How to pace. */
export interface Pace {
  /** Events in a second. */
  readonly rate: number;
  /** Milliseconds. */
  readonly duration: number;
  /** Events of a request at most. */
  readonly batch: number;
  /** Requests under way at most; one keeps their order. @default {@link MAX_IN_FLIGHT} */
  readonly mostUnderWay?: number;
  readonly terminal: Pick<Terminal, 'now' | 'sleep'>;
  /** Sends so many events. Never rejects. */
  readonly send: (count: number) => Promise<void>;
  /** Whether to send no more. */
  readonly stopped: () => boolean;
}

const TICK_MS = 100;
/** Requests under way at most: a stream that is slower than the rate is not buried under them. */
export const MAX_IN_FLIGHT = 10;

/**
 * Sends what is due at each tick of the clock, and ends when everything is answered. What could not be sent in its time is
 * made up for as soon as there is room, but no more than a second's worth: it would come as a burst that no one asked for.
 */
export async function pace({
  rate,
  duration,
  batch,
  mostUnderWay = MAX_IN_FLIGHT,
  terminal,
  send,
  stopped,
}: Pace): Promise<void> {
  const start = terminal.now();
  const underWay = new Set<Promise<void>>();
  const dueAt = (elapsed: number) => Math.floor((rate * Math.min(elapsed, duration)) / 1000);
  let seen = 0;
  for (let elapsed = 0; elapsed < duration && !stopped(); elapsed = terminal.now() - start) {
    const due = dueAt(elapsed + TICK_MS);
    seen = Math.max(seen, due - rate);
    for (; seen < due && underWay.size < mostUnderWay; ) {
      const count = Math.min(due - seen, batch);
      const request = send(count).then(() => {
        underWay.delete(request);
      });
      underWay.add(request);
      seen += count;
    }
    await (seen < due ? Promise.race(underWay) : terminal.sleep(Math.min(TICK_MS, duration - elapsed)));
  }
  await Promise.all(underWay);
}
