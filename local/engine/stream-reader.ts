import { type Entry, hashOf, type LocalStream, type Shard } from '../aws/stream';
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
  /** Batches at once for each shard; the records of a key stay in order. @default 1 */
  readonly parallelization?: number;
}

/** What a reader does with records. */
export interface StreamHandling<R> {
  /**
   * Handles a batch. Returns how many records of it are done; the rest is tried again, the first of them counted as failed.
   * Throwing means that none is.
   */
  readonly handle: (records: readonly Entry<R>[]) => Promise<number>;
  /** Keeps what was tried in vain, wherever the template says. */
  readonly giveUp: (records: readonly R[], why: GivenUp) => Promise<void>;
  /** What filters see of a record. @default - the record */
  readonly filtered?: (record: R) => unknown;
  /** What a record adds to the size of a batch. @default - batches have no bound but their number of records */
  readonly bytesOf?: (record: R) => number;
  /** Whose records stay in order; needed where there are several batches at once. */
  readonly keyOf?: (record: R) => string;
}

/** Why records were given up. */
export type GivenUp = 'RetryAttemptsExhausted' | 'MaximumRecordAgeExceeded';

/** Bytes of a batch at the most (docs.aws.amazon.com/lambda: services-kinesis-parameters). */
const MAX_BATCH_BYTES = 6 * 1024 * 1024;

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
    this.stream.readers += this.lanes;
    for (const shard of this.stream.roots) void this.read(shard);
  }

  stop(): void {
    this.stopped = true;
  }

  private get lanes(): number {
    return this.source.parallelization ?? 1;
  }

  /** Reads a shard to its end, and only then what took its place: a key's records stay in order. */
  private async read(shard: Shard<R>): Promise<void> {
    await Promise.all(Array.from({ length: this.lanes }, (_, lane) => this.readLane(shard, lane)));
    if (!this.stopped) for (const child of shard.children) void this.read(child);
  }

  private async readLane(shard: Shard<R>, lane: number): Promise<void> {
    let position = 0;
    while (!this.stopped) {
      // Looked at and waited for in one turn, so that no record comes unseen in between.
      const there = this.take(shard, position, lane);
      if (there.batch.length === 0) {
        if (shard.children.length > 0) return;
        position = there.next;
        await this.stream.changed();
        continue;
      }
      const { batch, next } = await this.batch(shard, position, lane);
      await this.work(batch);
      // A stream's only reader needs nothing again.
      if (this.stream.readers === 1) shard.records.splice(0, next);
      else position = next;
    }
  }

  /** The next records, after waiting for a full batch as long as the window allows. */
  private async batch(shard: Shard<R>, position: number, lane: number): Promise<Taken<R>> {
    const { batchingWindow = 0 } = this.source;
    let taken = this.take(shard, position, lane);
    const waiting = () => taken.batch.length > 0 && !taken.full && shard.children.length === 0;
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
        taken = this.take(shard, position, lane);
      }
      cancel();
    }
    return taken;
  }

  private take({ records }: Shard<R>, position: number, lane: number): Taken<R> {
    const { bytesOf, keyOf } = this.handling;
    const batch: Entry<R>[] = [];
    let [next, bytes] = [position, 0];
    for (; next < records.length && batch.length < this.source.batchSize; next += 1) {
      const entry = records[next] as Entry<R>;
      if (this.lanes > 1 && hashOf(keyOf?.(entry.record) ?? '') % this.lanes !== lane) continue;
      bytes += bytesOf?.(entry.record) ?? 0;
      if (bytes > MAX_BATCH_BYTES && batch.length > 0) return { batch, next, full: true };
      batch.push(entry);
    }
    return { batch, next, full: batch.length === this.source.batchSize };
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
    if (filters.length === 0) return true;
    const seen = this.handling.filtered?.(record) ?? record;
    return filters.some((filter) => matchesEventPattern(filter, seen));
  }
}

/** Records that go together, and where the next ones are. */
interface Taken<R> {
  readonly batch: readonly Entry<R>[];
  readonly next: number;
  readonly full: boolean;
}

function recordsOf<R>(entries: readonly Entry<R>[]): R[] {
  return entries.map(({ record }) => record);
}
