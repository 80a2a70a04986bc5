import type { ClickstreamEvent } from '../clickstream-schema';

/** One record of a PutRecords request. */
export interface StreamEntry {
  readonly Data: Uint8Array;
  readonly PartitionKey: string;
}

/** What PutRecords answers: 200, even when it took only some of the records. */
export interface PutRecordsAnswer {
  readonly Records?: readonly { readonly ErrorCode?: string; readonly ShardId?: string }[];
}

/** Why events were not sent. */
export type Unsent = 'TOO_LARGE' | 'GAVE_UP';

/** What {@link createProducer} needs. */
export interface ProducerOptions {
  /**
   * Sends a request. With the AWS SDK:
   * `(Records) => client.send(new PutRecordsCommand({ StreamName, Records: [...Records] }))`
   */
  readonly putRecords: (records: readonly StreamEntry[]) => Promise<PutRecordsAnswer>;
  /** Takes what could not be sent: put it into a queue or a file. Nothing is dropped in silence. */
  readonly onUnsent: (events: readonly ClickstreamEvent[], why: Unsent) => void | Promise<void>;
  /** Events of one key share a shard, in which they stay as they came. @default - the session */
  readonly partitionKey?: (event: ClickstreamEvent) => string;
  /** Tries of a record. @default 8 */
  readonly maxAttempts?: number;
  /** Largest record that the stream takes, key included. @default 1,048,576 bytes (AWS: Kinesis Data Streams quotas) */
  readonly maxRecordBytes?: number;
  /** From 0 up to 1; for tests. @default Math.random */
  readonly random?: () => number;
  /** Waits; for tests. @default - setTimeout */
  readonly sleep?: (milliseconds: number) => Promise<void>;
}

/** How sending went. */
export interface SendSummary {
  readonly sent: number;
  /** Records that were sent again. */
  readonly retried: number;
  readonly unsent: number;
  /** Records by shard. */
  readonly shards: Readonly<Record<string, number>>;
}

/** Records of a request at the most (AWS: PutRecords). */
const MOST_RECORDS = 500;
/** Bytes of a request at the most, keys included (AWS: PutRecords, 5 MiB before October 2025 and safe ever since). */
const MOST_BYTES = 5 * 1024 * 1024;
/** From so many events on, one key for all is no accident. */
const SUSPICIOUS_EVENTS = 100;
const BACKOFF_MS = { first: 100, longest: 5000 };

interface Pending extends StreamEntry {
  readonly event: ClickstreamEvent;
  readonly bytes: number;
}

/**
 * Sends events to a stream as it wants it: in full requests, by a key with many values, and again when a request was taken
 * in part.
 *
 * @returns a function that resolves when each event is sent or handed to `onUnsent`. A record that is sent again comes behind
 * later ones of its key: put a number into the event where that matters
 */
export function createProducer(
  options: ProducerOptions,
): (events: readonly ClickstreamEvent[]) => Promise<SendSummary> {
  const {
    partitionKey = ({ session_id }: ClickstreamEvent) => session_id,
    maxAttempts = 8,
    maxRecordBytes = 1024 * 1024,
    random = Math.random,
    sleep = (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds)),
  } = options;

  return async (events) => {
    const entries = events.map((event) => {
      const Data = Buffer.from(JSON.stringify(event));
      const PartitionKey = partitionKey(event);
      return { event, Data, PartitionKey, bytes: Data.length + Buffer.byteLength(PartitionKey) };
    });
    refuseConstantKey(entries);
    const large = entries.filter(({ bytes }) => bytes > maxRecordBytes);
    if (large.length > 0) await options.onUnsent(eventsOf(large), 'TOO_LARGE');
    const shards: Record<string, number> = {};
    let [retried, unsent] = [0, large.length];

    for (const request of requestsOf(entries.filter(({ bytes }) => bytes <= maxRecordBytes))) {
      let rest: readonly Pending[] = request;
      for (let attempt = 1; rest.length > 0; attempt += 1) {
        rest = await failedOf(rest, shards);
        if (rest.length === 0) break;
        if (attempt === maxAttempts) {
          await options.onUnsent(eventsOf(rest), 'GAVE_UP');
          unsent += rest.length;
          break;
        }
        retried += rest.length;
        // Full jitter, so that producers that were throttled together do not come back together.
        await sleep(random() * Math.min(BACKOFF_MS.longest, BACKOFF_MS.first * 2 ** (attempt - 1)));
      }
    }
    return { sent: entries.length - unsent, retried, unsent, shards };
  };

  /** Sends a request. @returns what the stream did not take (kinesis-putrecords-partial-failure) */
  async function failedOf(request: readonly Pending[], shards: Record<string, number>): Promise<readonly Pending[]> {
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

function refuseConstantKey(entries: readonly Pending[]): void {
  const [first] = entries;
  if (first === undefined || entries.length < SUSPICIOUS_EVENTS) return;
  if (entries.some(({ PartitionKey }) => PartitionKey !== first.PartitionKey)) return;
  throw new Error(
    `All ${entries.length} events have the partition key '${first.PartitionKey}', so one shard takes them all. [kinesis-hot-shard] ` +
      'Fix: derive the key from something with many values, such as the session',
  );
}

/** Cuts records into requests that Kinesis takes. */
function requestsOf(entries: readonly Pending[]): readonly (readonly Pending[])[] {
  const requests: Pending[][] = [];
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

function eventsOf(entries: readonly Pending[]): readonly ClickstreamEvent[] {
  return entries.map(({ event }) => event);
}
