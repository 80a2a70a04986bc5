import { type Fate, fateOf } from './passing-error';

/** One record of a PutRecords request. */
export interface StreamEntry {
  readonly Data: Uint8Array;
  readonly PartitionKey: string;
}

/** What PutRecords answers: 200, even when it took only some of the records. */
export interface PutRecordsAnswer {
  readonly Records?: readonly {
    readonly ErrorCode?: string;
    readonly ErrorMessage?: string;
    readonly ShardId?: string;
  }[];
}

/** A record whose size is known. */
export interface SizedEntry extends StreamEntry {
  /** Of data and key. */
  readonly bytes: number;
}

/** Why a request's records were not taken: their tries were over, or no other try would help. */
export type NotTaken = 'GAVE_UP' | 'REFUSED';

/** How {@link sendRecords} sends. */
export interface SendOptions<E> {
  /** Sends a request. */
  readonly putRecords: (records: readonly StreamEntry[]) => Promise<PutRecordsAnswer>;
  /** Gets what was not taken, and the last answer to it. */
  readonly onUnsent: (entries: readonly E[], why: NotTaken, cause: Error) => void | Promise<void>;
  /** Tries of a record. @default 8 */
  readonly maxAttempts?: number;
  /** From 0 up to 1; for tests. @default Math.random */
  readonly random?: () => number;
  /** Waits; for tests. @default - setTimeout */
  readonly sleep?: (milliseconds: number) => Promise<void>;
}

/** How it went. */
export interface Sending {
  /** Records that were sent again. */
  readonly retried: number;
  /** Records that were handed to `onUnsent`. */
  readonly unsent: number;
  /** Records by shard. */
  readonly shards: Readonly<Record<string, number>>;
}

/** Records of a request at most (docs.aws.amazon.com/kinesis: API_PutRecords). */
export const MAX_RECORDS = 500;
/** Bytes of a request at most, keys included: half of what AWS takes since October 2025 (API_PutRecords), all it took before. */
export const MAX_BYTES = 5 * 1024 * 1024;
const BACKOFF_MS = { first: 100, longest: 5000 };
/**
 * Requests that look for the records at fault in one that is refused; ours. One such record among 500 takes 18 of them; with many,
 * what is left is handed over unsent.
 */
const MAX_SEARCHES = 64;

/** Sends records in full requests, one after the other, and again what a request did not take. */
export async function sendRecords<E extends SizedEntry>(
  entries: readonly E[],
  options: SendOptions<E>,
): Promise<Sending> {
  const run = new Run(options);
  for (const request of requestsOf(entries)) await run.send(request);
  return { retried: run.retried, unsent: run.unsent, shards: Object.fromEntries(run.shards) };
}

class Run<E extends SizedEntry> {
  retried = 0;
  unsent = 0;
  readonly shards = new Map<string, number>();
  /** What every other request would meet. */
  private refusal?: Error;
  private searches = 0;

  constructor(private readonly options: SendOptions<E>) {}

  async send(request: readonly E[]): Promise<void> {
    this.searches = 0;
    await this.deliver(request, 0);
  }

  private async deliver(request: readonly E[], tries: number): Promise<void> {
    const {
      maxAttempts = 8,
      random = Math.random,
      sleep = (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds)),
    } = this.options;
    let rest = request;
    for (let attempt = tries + 1; ; attempt += 1) {
      if (this.refusal !== undefined) return this.giveBack(rest, 'REFUSED', this.refusal);
      const { left, cause, fate } = await this.put(rest);
      if (cause === undefined) return;
      if (fate === 'STAYS') this.refusal = cause;
      if (fate === 'DATA') return this.search(left, attempt, cause);
      if (fate === 'PASSES' && attempt >= maxAttempts) return this.giveBack(left, 'GAVE_UP', cause);
      rest = left;
      if (fate === 'STAYS') continue;
      this.retried += rest.length;
      // Full jitter, so that producers that were throttled together do not come back together.
      await sleep(random() * Math.min(BACKOFF_MS.longest, BACKOFF_MS.first * 2 ** (attempt - 1)));
    }
  }

  /** Kinesis refuses a request as a whole for one record: each half is sent by itself, down to the record at fault. */
  private async search(request: readonly E[], tries: number, cause: Error): Promise<void> {
    if (request.length === 1 || this.searches >= MAX_SEARCHES) return this.giveBack(request, 'REFUSED', cause);
    const middle = Math.ceil(request.length / 2);
    for (const half of [request.slice(0, middle), request.slice(middle)]) {
      this.searches += 1;
      await this.deliver(half, tries - 1);
    }
  }

  private async giveBack(entries: readonly E[], why: NotTaken, cause: Error): Promise<void> {
    this.unsent += entries.length;
    await this.options.onUnsent(entries, why, cause);
  }

  /** Sends a request. @returns what the stream did not take and why (kinesis-putrecords-partial-failure) */
  private async put(
    request: readonly E[],
  ): Promise<{ readonly left: readonly E[]; readonly cause?: Error; readonly fate?: Fate }> {
    let answer: PutRecordsAnswer;
    try {
      answer = await this.options.putRecords(request.map(({ Data, PartitionKey }) => ({ Data, PartitionKey })));
    } catch (error) {
      return { left: request, cause: asError(error), fate: fateOf(error) };
    }
    let cause: Error | undefined;
    const left = request.filter((_, index) => {
      const { ErrorCode, ErrorMessage = '', ShardId } = answer.Records?.[index] ?? NO_ANSWER;
      if (ErrorCode !== undefined) {
        cause = Object.assign(new Error(ErrorMessage), { name: ErrorCode });
        return true;
      }
      if (ShardId !== undefined) this.shards.set(ShardId, (this.shards.get(ShardId) ?? 0) + 1);
      return false;
    });
    return { left, cause, fate: 'PASSES' };
  }
}

const NO_ANSWER = { ErrorCode: 'NoAnswer', ErrorMessage: 'The answer says nothing of the record', ShardId: undefined };

/** What was thrown, as an error. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** Cuts records into requests that Kinesis takes. */
function requestsOf<E extends SizedEntry>(entries: readonly E[]): readonly (readonly E[])[] {
  const requests: E[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const entry of entries) {
    const current = requests.at(-1);
    if (current === undefined || current.length === MAX_RECORDS || bytes + entry.bytes > MAX_BYTES) {
      requests.push([entry]);
      bytes = entry.bytes;
    } else {
      current.push(entry);
      bytes += entry.bytes;
    }
  }
  return requests;
}
