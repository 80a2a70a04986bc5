import { messageOf } from '../../../lib/operations/terminal';
import type { Tally } from './tally';
import type { UnsentFile } from './unsent-file';

/** How sending went, whatever was sent. */
export interface Sending {
  /** What was sent in a second. */
  readonly achievedRate: number;
  /** Seconds from the first record to the last answer. */
  readonly seconds: number;
  readonly sent: number;
  /** Records that were sent again. */
  readonly retried: number;
  readonly unsent: number;
  /** Where those are that could not be sent. */
  readonly unsentFile?: string;
  /** Of these, those that the file could not take. */
  readonly lost: number;
  readonly requests: number;
  readonly p50Milliseconds?: number;
  readonly p99Milliseconds?: number;
  /** Records by shard. */
  readonly shards: Readonly<Record<string, number>>;
  /** What was refused, by the error's name: records of a request, and requests. */
  readonly errors: Readonly<Record<string, number>>;
  readonly interrupted: boolean;
  /** What ended it. */
  readonly failure?: string;
}

/** What sends. */
export interface Sender {
  readonly tally: Tally;
  /** Milliseconds from the first record to the last answer. */
  readonly took: number;
  readonly interrupted: boolean;
  readonly failure?: unknown;
}

/** @param unsent where it put what it could not send */
export function sendingOf({ tally, took, interrupted, failure }: Sender, unsent: UnsentFile): Sending {
  const seconds = took / 1000;
  return {
    achievedRate: rateOf(tally.sent, seconds),
    seconds,
    sent: tally.sent,
    retried: tally.retried,
    unsent: tally.unsent,
    unsentFile: unsent.kept > 0 ? unsent.path : undefined,
    lost: unsent.lost,
    requests: tally.requests,
    p50Milliseconds: tally.latency(0.5),
    p99Milliseconds: tally.latency(0.99),
    shards: Object.fromEntries([...tally.shards].sort(([a], [b]) => (a < b ? -1 : 1))),
    errors: Object.fromEntries(tally.errors),
    interrupted,
    failure: failure === undefined ? undefined : messageOf(failure),
  };
}

/** What was sent in a second; whole numbers from ten on. */
function rateOf(records: number, seconds: number): number {
  const rate = seconds === 0 ? 0 : records / seconds;
  return rate < 10 ? Math.round(rate * 10) / 10 : Math.round(rate);
}
