import type { ClickstreamEvent } from '../clickstream-schema';
import { type PutRecordsAnswer, type SizedEntry, type StreamEntry, sendRecords } from './send-records';

export type { PutRecordsAnswer, StreamEntry } from './send-records';

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

/** From so many events on, one key for all is no accident. */
const SUSPICIOUS_EVENTS = 100;

interface Pending extends SizedEntry {
  readonly event: ClickstreamEvent;
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
  const { partitionKey = ({ session_id }: ClickstreamEvent) => session_id, maxRecordBytes = 1024 * 1024 } = options;

  return async (events) => {
    const entries = events.map((event) => {
      const Data = Buffer.from(JSON.stringify(event));
      const PartitionKey = partitionKey(event);
      return { event, Data, PartitionKey, bytes: Data.length + Buffer.byteLength(PartitionKey) };
    });
    refuseConstantKey(entries);
    const large = entries.filter(({ bytes }) => bytes > maxRecordBytes);
    if (large.length > 0) await options.onUnsent(eventsOf(large), 'TOO_LARGE');
    const { retried, gaveUp, shards } = await sendRecords(
      entries.filter(({ bytes }) => bytes <= maxRecordBytes),
      { ...options, onGaveUp: (left: readonly Pending[]) => options.onUnsent(eventsOf(left), 'GAVE_UP') },
    );
    const unsent = large.length + gaveUp;
    return { sent: entries.length - unsent, retried, unsent, shards };
  };
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

function eventsOf(entries: readonly Pending[]): readonly ClickstreamEvent[] {
  return entries.map(({ event }) => event);
}
