import type { Entry, LocalStream, Shard } from '../aws/stream';
import { type Clock, sleep } from '../clock/clock';
import { type EventPattern, matchesEventPattern } from '../matching/event-pattern';
import { isFailure } from './failure';

/** How a template says that a stream is read: by an event source mapping or by a pipe. */
export interface StreamSource {
  readonly batchSize: number;
  readonly filters: readonly EventPattern[];
  /** Seconds to wait for a full batch. @default 0 */
  readonly batchingWindow?: number;
  /** Tries of a batch after the first; -1 tries for as long as the record is kept. */
  readonly retryAttempts: number;
  /** Seconds after which a record is given up; -1 never. @default -1 */
  readonly maximumRecordAge?: number;
  /** Halves a batch that failed, down to the record at fault. */
  readonly bisects: boolean;
}

/** What a reader does with records. */
export interface StreamHandling<R> {
  /**
   * Handles a batch. Returns how many records of it are done; the rest is tried again, the first of them counted as failed.
   * Throwing means that none is.
   */
  readonly handle: (records: readonly Entry<R>[]) => Promise<number>;
  /** Keeps what was tried in vain, wherever the template says. */
  readonly giveUp: (records: readonly R[], why: 'RetryAttemptsExhausted' | 'MaximumRecordAgeExceeded') => Promise<void>;
}

/** Between tries; AWS does not say how long Lambda and Pipes wait, only that they wait longer each time. */
const BACKOFF_MS = { first: 1000, longest: 60_000 };

/**
 * Reads a stream from its beginning, in order within a shard, with the rules of Lambda and Pipes
 * (docs.aws.amazon.com/lambda: services-dynamodb-eventsourcemapping; docs.aws.amazon.com/eventbridge: eb-pipes-batching-concurrency).
 */
export class StreamReader<R> {
  private stopped = false;

  constructor(
    private readonly stream: LocalStream<R>,
    private readonly source: StreamSource,
    private readonly handling: StreamHandling<R>,
    private readonly clock: Clock,
  ) {}

  start(): void {
    this.stream.readers += 1;
    for (const shard of this.stream.roots) void this.read(shard);
  }

  stop(): void {
    this.stopped = true;
  }

  /** Reads a shard to its end, and only then what took its place: a key's records stay in order. */
  private async read(shard: Shard<R>): Promise<void> {
    let position = 0;
    while (!this.stopped) {
      const batch = await this.batch(shard, position);
      if (batch.length > 0) {
        await this.work(batch);
        // A stream's only reader needs nothing again.
        if (this.stream.readers === 1) shard.records.splice(0, batch.length);
        else position += batch.length;
      } else if (shard.children.length > 0) {
        for (const child of shard.children) void this.read(child);
        return;
      } else {
        await this.stream.changed();
      }
    }
  }

  /** The next records, after waiting for a full batch as long as the window allows. */
  private async batch({ records, children }: Shard<R>, position: number): Promise<readonly Entry<R>[]> {
    const { batchSize, batchingWindow = 0 } = this.source;
    const waiting = () => records.length > position && records.length < position + batchSize && children.length === 0;
    if (batchingWindow > 0 && waiting()) {
      let over = false;
      const cancel = this.clock.after(batchingWindow * 1000, () => {
        over = true;
        closed();
      });
      let closed: () => void = () => undefined;
      while (waiting() && !over) {
        const window = new Promise<void>((done) => {
          closed = done;
        });
        await Promise.race([this.stream.changed(), window]);
      }
      cancel();
    }
    return records.slice(position, position + batchSize);
  }

  /** Handles records until each is done or given up. */
  private async work(batch: readonly Entry<R>[]): Promise<void> {
    const { bisects, retryAttempts, maximumRecordAge = -1 } = this.source;
    let rest = batch.filter(({ record }) => this.matches(record));
    for (let attempts = 0; rest.length > 0 && !this.stopped; ) {
      if (maximumRecordAge >= 0) {
        const oldest = this.clock.now() - maximumRecordAge * 1000;
        const tooOld = rest.filter(({ at }) => at < oldest);
        if (tooOld.length > 0) await this.handling.giveUp(recordsOf(tooOld), 'MaximumRecordAgeExceeded');
        rest = rest.filter((entry) => !tooOld.includes(entry));
        if (rest.length === 0) return;
      }
      const done = await this.handling.handle(rest).catch((error: unknown) => {
        if (isFailure(error)) return 0;
        throw error;
      });
      if (done >= rest.length) return;
      // Records before the first failure are done.
      if (done > 0) [rest, attempts] = [rest.slice(done), 0];
      attempts += 1;
      if (bisects && rest.length > 1) {
        const middle = Math.ceil(rest.length / 2);
        await this.work(rest.slice(0, middle));
        await this.work(rest.slice(middle));
        return;
      }
      if (retryAttempts >= 0 && attempts > retryAttempts) {
        await this.handling.giveUp(recordsOf(rest), 'RetryAttemptsExhausted');
        return;
      }
      await sleep(this.clock, Math.min(BACKOFF_MS.first * 2 ** (attempts - 1), BACKOFF_MS.longest));
    }
  }

  private matches(record: R): boolean {
    const { filters } = this.source;
    return filters.length === 0 || filters.some((filter) => matchesEventPattern(filter, record));
  }
}

function recordsOf<R>(entries: readonly Entry<R>[]): R[] {
  return entries.map(({ record }) => record);
}
