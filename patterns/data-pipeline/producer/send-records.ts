/** One record of a PutRecords request. */
export interface StreamEntry {
  readonly Data: Uint8Array;
  readonly PartitionKey: string;
}

/** What PutRecords answers: 200, even when it took only some of the records. */
export interface PutRecordsAnswer {
  readonly Records?: readonly { readonly ErrorCode?: string; readonly ShardId?: string }[];
}

/** A record whose size is known. */
export interface SizedEntry extends StreamEntry {
  /** Of data and key. */
  readonly bytes: number;
}

/** How {@link sendRecords} sends. */
export interface SendOptions<E> {
  /** Sends a request. */
  readonly putRecords: (records: readonly StreamEntry[]) => Promise<PutRecordsAnswer>;
  /** Takes what a request still had when its tries were over. */
  readonly onGaveUp: (entries: readonly E[]) => void | Promise<void>;
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
  /** Records that were handed to `onGaveUp`. */
  readonly gaveUp: number;
  /** Records by shard. */
  readonly shards: Readonly<Record<string, number>>;
}

/** Records of a request at the most (AWS: PutRecords). */
export const MOST_RECORDS = 500;
/** Bytes of a request at the most, keys included (AWS: PutRecords, 5 MiB before October 2025 and safe ever since). */
export const MOST_BYTES = 5 * 1024 * 1024;
const BACKOFF_MS = { first: 100, longest: 5000 };

/** Sends records in full requests, one after the other, and again what a request did not take. */
export async function sendRecords<E extends SizedEntry>(
  entries: readonly E[],
  options: SendOptions<E>,
): Promise<Sending> {
  const {
    maxAttempts = 8,
    random = Math.random,
    sleep = (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds)),
  } = options;
  const shards: Record<string, number> = {};
  let [retried, gaveUp] = [0, 0];
  for (const request of requestsOf(entries)) {
    let rest: readonly E[] = request;
    for (let attempt = 1; rest.length > 0; attempt += 1) {
      rest = await failedOf(rest);
      if (rest.length === 0) break;
      if (attempt === maxAttempts) {
        await options.onGaveUp(rest);
        gaveUp += rest.length;
        break;
      }
      retried += rest.length;
      // Full jitter, so that producers that were throttled together do not come back together.
      await sleep(random() * Math.min(BACKOFF_MS.longest, BACKOFF_MS.first * 2 ** (attempt - 1)));
    }
  }
  return { retried, gaveUp, shards };

  /** Sends a request. @returns what the stream did not take (kinesis-putrecords-partial-failure) */
  async function failedOf(request: readonly E[]): Promise<readonly E[]> {
    let answer: PutRecordsAnswer;
    try {
      answer = await options.putRecords(request.map(({ Data, PartitionKey }) => ({ Data, PartitionKey })));
    } catch {
      return request;
    }
    return request.filter((_, index) => {
      const { ErrorCode, ShardId } = answer.Records?.[index] ?? { ErrorCode: 'NoAnswer' };
      if (ErrorCode !== undefined) return true;
      if (ShardId !== undefined) shards[ShardId] = (shards[ShardId] ?? 0) + 1;
      return false;
    });
  }
}

/** Cuts records into requests that Kinesis takes. */
function requestsOf<E extends SizedEntry>(entries: readonly E[]): readonly (readonly E[])[] {
  const requests: E[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const entry of entries) {
    const current = requests.at(-1);
    if (current === undefined || current.length === MOST_RECORDS || bytes + entry.bytes > MOST_BYTES) {
      requests.push([entry]);
      bytes = entry.bytes;
    } else {
      current.push(entry);
      bytes += entry.bytes;
    }
  }
  return requests;
}
