import { type Entry, endOf, hashOf, type LocalStream, type Shard } from '../aws/stream';
import { type Clock, sleep } from '../clock/clock';
import { ThrottledError } from '../lambda/local-function';
import { LAMBDA_LIMITS } from '../limits/lambda';
import { exceeds } from '../limits/limit';
import { type EventPattern, matchesEventPattern } from '../matching/event-pattern';
import { isFailure } from './failure';
import { atOnce, type Fetch } from './shard-reads';

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
  /** Seconds for which the stream keeps a record: what is not handled by then is gone. @default - forever */
  readonly retention?: number;
  /** Halves a batch that failed, down to the record at fault. */
  readonly bisects: boolean;
  /** Batches at once for each shard; the records of a key stay in order. @default 1 */
  readonly parallelization?: number;
  /** Where it starts: at the oldest record, or behind the newest that is there when it starts. @default 'TRIM_HORIZON' */
  readonly from?: 'TRIM_HORIZON' | 'LATEST';
}

/** Where a template starts a reader. @throws Error for a position that is not known here */
export function startingPosition(of: string, position: unknown): NonNullable<StreamSource['from']> {
  if (position === 'TRIM_HORIZON' || position === 'LATEST') return position;
  throw new Error(`${of}: the starting position ${String(position)} is not known here`);
}

/** What a reader does with records. */
export interface StreamHandling<R> {
  /**
   * Handles a batch. Returns how many records of it are done; the rest is tried again, the first of them counted as failed.
   * Throwing means that none is.
   */
  readonly handle: (records: readonly Entry<R>[]) => Promise<number>;
  /** Keeps what failed all its retries, where the template says. */
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

const EMPTY_EVENT_BYTES = Buffer.byteLength(JSON.stringify({ Records: [] }));

/** Between tries; AWS does not say how long Lambda and Pipes wait, only that they wait longer each time. */
const BACKOFF_MS = { first: 1000, longest: 60_000 };

/** What a reader has of a shard so far. */
interface View<R> {
  readonly shard: Shard<R>;
  /** Place of the next record that it does not have, counted from the shard's beginning. */
  had: number;
  /** Resolves when it has more, or has everything of a shard that is closed. */
  fetching?: Promise<void>;
}

/**
 * Reads a stream, in order within a shard, with the rules of Lambda and Pipes
 * (docs.aws.amazon.com/lambda: services-dynamodb-eventsourcemapping; docs.aws.amazon.com/eventbridge: eb-pipes-batching-concurrency).
 */
export class StreamReader<R> {
  private stopped = false;

  constructor(
    private readonly stream: LocalStream<R>,
    private readonly source: StreamSource,
    private readonly handling: StreamHandling<R>,
    private readonly clock: Clock,
    /** How it gets at a shard's records. @default - as soon as they are there */
    private readonly fetch: Fetch<R> = atOnce(stream),
  ) {}

  start(): void {
    this.stream.readers += this.lanes;
    for (const shard of this.stream.roots) {
      if (this.source.from === 'LATEST') this.readNew(shard);
      else void this.read(shard, 0);
    }
  }

  stop(): void {
    this.stopped = true;
  }

  private get lanes(): number {
    return this.source.parallelization ?? 1;
  }

  /** Reads what comes from now on: of a shard that split nothing comes any more. */
  private readNew(shard: Shard<R>): void {
    if (shard.children.length === 0) void this.read(shard, endOf(shard));
    for (const child of shard.children) this.readNew(child);
  }

  /** Reads a shard to its end, and only then what took its place: a key's records stay in order. */
  private async read(shard: Shard<R>, from: number): Promise<void> {
    const view: View<R> = { shard, had: from };
    await Promise.all(Array.from({ length: this.lanes }, (_, lane) => this.readLane(view, lane, from)));
    if (!this.stopped) for (const child of shard.children) void this.read(child, 0);
  }

  private async readLane(view: View<R>, lane: number, from: number): Promise<void> {
    const { shard } = view;
    let position = from;
    while (!this.stopped) {
      const there = this.take(view, position, lane);
      if (there.batch.length === 0) {
        if (atEnd(view)) return;
        position = there.next;
        await this.more(view);
        continue;
      }
      const { batch, next } = await this.batch(view, position, lane);
      await this.work(batch);
      position = next;
      // A stream's only reader needs nothing again.
      if (this.stream.readers === 1) this.stream.trim(shard, next);
    }
  }

  /** Resolves when a view has more, or all there ever will be. Lanes of a shard share what is got. */
  private more(view: View<R>): Promise<void> {
    view.fetching ??= this.fetch(view.shard, view.had).then((had) => {
      view.had = had;
      view.fetching = undefined;
    });
    return view.fetching;
  }

  /** The next records, after waiting for a full batch as long as the window allows. */
  private async batch(view: View<R>, position: number, lane: number): Promise<Taken<R>> {
    const { batchingWindow = 0 } = this.source;
    let taken = this.take(view, position, lane);
    const waiting = () => taken.batch.length > 0 && !taken.full && !atEnd(view);
    if (batchingWindow > 0 && waiting()) {
      let over = false;
      let closed: () => void = () => undefined;
      const window = new Promise<void>((done) => {
        closed = done;
      });
      const cancel = this.clock.after(batchingWindow * 1000, () => {
        over = true;
        closed();
      });
      while (waiting() && !over) {
        await Promise.race([this.more(view), window]);
        taken = this.take(view, position, lane);
      }
      cancel();
    }
    return taken;
  }

  private take({ shard, had }: View<R>, position: number, lane: number): Taken<R> {
    const { bytesOf, keyOf } = this.handling;
    const batch: Entry<R>[] = [];
    let [next, bytes] = [position, EMPTY_EVENT_BYTES];
    for (; next < had && batch.length < this.source.batchSize; next += 1) {
      const entry = shard.records[next - shard.gone] as Entry<R>;
      if (this.lanes > 1 && hashOf(keyOf?.(entry.record) ?? '') % this.lanes !== lane) continue;
      bytes += bytesOf?.(entry.record) ?? 0;
      if (exceeds(LAMBDA_LIMITS.rows.batchPayload, bytes) && batch.length > 0) return { batch, next, full: true };
      batch.push(entry);
    }
    return { batch, next, full: batch.length === this.source.batchSize };
  }

  /** Handles what the filters let through until each record is done or given up. */
  private work(batch: readonly Entry<R>[]): Promise<void> {
    return this.finish(batch.filter(({ record }) => this.matches(record)));
  }

  private async finish(batch: readonly Entry<R>[]): Promise<void> {
    const { bisects, retryAttempts, maximumRecordAge = -1, retention = Number.POSITIVE_INFINITY } = this.source;
    let rest = batch;
    let [failures, waits] = [0, 0];
    while (rest.length > 0 && !this.stopped) {
      const trimmed = this.clock.now() - retention * 1000;
      if (rest.some(({ at }) => at < trimmed)) rest = rest.filter(({ at }) => at >= trimmed);
      if (rest.length === 0) return;
      if (maximumRecordAge >= 0) {
        const oldest = this.clock.now() - maximumRecordAge * 1000;
        const tooOld = rest.filter(({ at }) => at < oldest);
        if (tooOld.length > 0) await this.handling.giveUp(recordsOf(tooOld), 'MaximumRecordAgeExceeded');
        rest = rest.filter(({ at }) => at >= oldest);
        if (rest.length === 0) return;
      }
      const done = await this.handled(rest);
      if (done !== undefined) {
        if (done >= rest.length) return;
        if (done > 0) {
          // Records before the first failure are done; the batch is split there, or tried again from there
          // (services-kinesis-batchfailurereporting).
          [rest, failures, waits] = [rest.slice(done), 0, 0];
          if (bisects) continue;
        } else if (bisects && rest.length > 1) {
          const middle = Math.ceil(rest.length / 2);
          await this.finish(rest.slice(0, middle));
          await this.finish(rest.slice(middle));
          return;
        }
        failures += 1;
        if (retryAttempts >= 0 && failures > retryAttempts) {
          await this.handling.giveUp(recordsOf(rest), 'RetryAttemptsExhausted');
          return;
        }
      }
      waits += 1;
      await sleep(this.clock, Math.min(BACKOFF_MS.first * 2 ** (waits - 1), BACKOFF_MS.longest));
    }
  }

  /**
   * @returns how many records are done; undefined when the batch did not reach the function, which is no failure of the batch
   * and counts as no try of it (docs.aws.amazon.com/lambda: services-kinesis-parameters, retry attempts)
   */
  private async handled(records: readonly Entry<R>[]): Promise<number | undefined> {
    try {
      return await this.handling.handle(records);
    } catch (error) {
      if (error instanceof ThrottledError) return undefined;
      if (isFailure(error)) return 0;
      throw error;
    }
  }

  private matches(record: R): boolean {
    const { filters } = this.source;
    if (filters.length === 0) return true;
    const seen = this.handling.filtered?.(record) ?? record;
    return filters.some((filter) => matchesEventPattern(filter, seen));
  }
}

/** Whether nothing more will come. */
function atEnd({ shard, had }: View<unknown>): boolean {
  return shard.children.length > 0 && had === endOf(shard);
}

/** Records that go together, and the place of the next ones. */
interface Taken<R> {
  readonly batch: readonly Entry<R>[];
  readonly next: number;
  readonly full: boolean;
}

function recordsOf<R>(entries: readonly Entry<R>[]): R[] {
  return entries.map(({ record }) => record);
}
