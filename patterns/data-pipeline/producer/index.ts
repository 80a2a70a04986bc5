/**
 * Sends events to the stream of the data pipeline, from any program.
 *
 * @module groundplan/data-pipeline/producer
 */
import { type ClickstreamEvent, checkClickstreamEvent } from '../clickstream-schema';
import {
  asError,
  type NotTaken,
  type PutRecordsAnswer,
  type SizedEntry,
  type StreamEntry,
  sendRecords,
} from './send-records';

export { InvalidEvent } from '../clickstream-schema';
export type { NotTaken, PutRecordsAnswer, StreamEntry } from './send-records';

/**
 * Why events were not sent. `INVALID`: it is not a valid event, see `InvalidEvent`. `BAD_KEY`: Kinesis takes no such partition key.
 * `TOO_LARGE`: the stream takes no such record. `ONE_KEY`: many events of many sessions have one partition key. `REFUSED`: AWS
 * refused it, and would again. `GAVE_UP`: its tries are over.
 */
export type Unsent = 'INVALID' | 'BAD_KEY' | 'TOO_LARGE' | 'ONE_KEY' | NotTaken;

/** Events that were not sent. */
export interface UnsentEvents {
  readonly events: readonly ClickstreamEvent[];
  readonly why: Unsent;
  /** What AWS answered last, or what is wrong with the first of them. */
  readonly cause: Error;
}

/** What {@link createProducer} needs. */
export interface ProducerOptions {
  /**
   * Sends a request. With the AWS SDK:
   * `(Records) => client.send(new PutRecordsCommand({ StreamName, Records: [...Records] }))`
   */
  readonly putRecords: (records: readonly StreamEntry[]) => Promise<PutRecordsAnswer>;
  /** Gets what could not be sent, with the cause: put it into a queue or a file. Nothing is dropped in silence. */
  readonly onUnsent: (events: readonly ClickstreamEvent[], why: Unsent, cause: Error) => void | Promise<void>;
  /** Events of one key share a shard, in which they stay as they came. @default - the session */
  readonly partitionKey?: (event: ClickstreamEvent) => string;
  /** Tries of a record. @default 8 */
  readonly maxAttempts?: number;
  /**
   * Largest record that the stream takes, key included. A stream takes 1 MiB unless it is configured for more, up to 10 MiB
   * (docs.aws.amazon.com/kinesis: API_UpdateMaxRecordSize). @default 1,048,576 bytes
   */
  readonly maxRecordBytes?: number;
  /** Milliseconds since 1970; for tests. @default Date.now */
  readonly now?: () => number;
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
  /** What `onUnsent` got. */
  readonly failures: readonly UnsentEvents[];
  /** Records by shard. */
  readonly shards: Readonly<Record<string, number>>;
}

/** Thrown when `onUnsent` failed: what it did not take is here, and with whoever catches it. */
export class UnsentError extends Error {
  constructor(
    /** Everything that was not sent, what `onUnsent` took included. */
    readonly failures: readonly UnsentEvents[],
    cause: Error,
  ) {
    super(`onUnsent failed for events that were not sent: ${cause.message}`, { cause });
    this.name = 'UnsentError';
  }
}

/** Characters of a partition key (docs.aws.amazon.com/kinesis: API_PutRecordsRequestEntry), by the stricter way to count. */
const KEY_CHARACTERS = { least: 1, most: 256 } as const;
/** From so many events on, one key for all is no accident. */
const SUSPICIOUS_EVENTS = 100;

interface Pending extends SizedEntry {
  readonly event: ClickstreamEvent;
}

/**
 * Sends events to a stream as it wants it: each checked first, since Kinesis refuses a request as a whole for one bad record; in
 * full requests, by a key with many values, and again when a request was accepted in part.
 *
 * @returns a function that resolves when each event is sent or handed to `onUnsent`. It rejects with an {@link UnsentError} when
 * `onUnsent` fails, and for one partition key for the events of many sessions, of which none is sent. A record that is sent again
 * comes behind later ones of its key: put a number into the event where that matters
 */
export function createProducer(
  options: ProducerOptions,
): (events: readonly ClickstreamEvent[]) => Promise<SendSummary> {
  return async (events) => {
    const outbox = new Outbox(options);
    const entries = await outbox.prepare(events);
    const constant = constantKey(entries);
    if (constant !== undefined) {
      await outbox.giveBack(eventsOf(entries), 'ONE_KEY', constant);
      outbox.close();
      throw constant;
    }
    const { retried, shards } = await sendRecords(entries, {
      ...options,
      onUnsent: (left: readonly Pending[], why, cause) => outbox.giveBack(eventsOf(left), why, cause),
    });
    const { failures, unsent } = outbox.close();
    return { sent: events.length - unsent, retried, unsent, failures, shards };
  };
}

/** Checks events, and keeps account of those that are not sent. */
class Outbox {
  private readonly failures: UnsentEvents[] = [];
  private broken?: Error;

  constructor(private readonly options: ProducerOptions) {}

  /** @returns what Kinesis will take; the rest is handed over */
  async prepare(events: readonly ClickstreamEvent[]): Promise<readonly Pending[]> {
    const entries: Pending[] = [];
    const bad = new Map<Unsent, { readonly events: ClickstreamEvent[]; readonly cause: Error }>();
    for (const event of events) {
      const checked = this.entryOf(event);
      if ('event' in checked) {
        entries.push(checked);
        continue;
      }
      const { why, cause } = checked;
      const same = bad.get(why) ?? { events: [], cause };
      same.events.push(event);
      bad.set(why, same);
    }
    for (const [why, { events: same, cause }] of bad) await this.giveBack(same, why, cause);
    return entries;
  }

  /** Hands over what is not sent. What `onUnsent` does not take fails the whole in the end, when all else is sent. */
  async giveBack(events: readonly ClickstreamEvent[], why: Unsent, cause: Error): Promise<void> {
    this.failures.push({ events, why, cause });
    try {
      await this.options.onUnsent(events, why, cause);
    } catch (error) {
      this.broken ??= asError(error);
    }
  }

  /** @throws UnsentError when `onUnsent` failed */
  close(): Pick<SendSummary, 'failures' | 'unsent'> {
    if (this.broken !== undefined) throw new UnsentError(this.failures, this.broken);
    return { failures: this.failures, unsent: this.failures.reduce((sum, { events }) => sum + events.length, 0) };
  }

  private entryOf(event: ClickstreamEvent): Pending | Pick<UnsentEvents, 'why' | 'cause'> {
    const { partitionKey = ({ session_id }: ClickstreamEvent) => session_id } = this.options;
    const { maxRecordBytes = 1024 * 1024, now = Date.now } = this.options;
    let [data, key]: [string, unknown] = ['', undefined];
    try {
      checkClickstreamEvent({ ...event }, now());
      data = JSON.stringify(event);
      key = partitionKey(event);
    } catch (error) {
      return { why: 'INVALID', cause: asError(error) };
    }
    if (typeof key !== 'string' || key.length < KEY_CHARACTERS.least || key.length > KEY_CHARACTERS.most) {
      const { least, most } = KEY_CHARACTERS;
      const found = typeof key === 'string' ? `${key.length} characters` : typeof key;
      return {
        why: 'BAD_KEY',
        cause: new Error(`A partition key has ${least} to ${most} characters; this is ${found}`),
      };
    }
    const Data = Buffer.from(data);
    const bytes = Data.length + Buffer.byteLength(key);
    if (bytes > maxRecordBytes) {
      const cause = new Error(`A record takes ${bytes} bytes with its key; the stream takes ${maxRecordBytes}`);
      return { why: 'TOO_LARGE', cause };
    }
    return { event, Data, PartitionKey: key, bytes };
  }
}

/** What is wrong with events that all go to one shard; those of one session belong there. */
function constantKey(entries: readonly Pending[]): Error | undefined {
  const [first] = entries;
  if (first === undefined || entries.length < SUSPICIOUS_EVENTS) return undefined;
  if (entries.some(({ PartitionKey }) => PartitionKey !== first.PartitionKey)) return undefined;
  if (entries.every(({ event }) => event.session_id === first.event.session_id)) return undefined;
  return new Error(
    `All ${entries.length} events have the partition key '${first.PartitionKey}', so one shard takes them all. [kinesis-hot-shard] ` +
      'Fix: derive the key from something with many values, such as the session',
  );
}

function eventsOf(entries: readonly Pending[]): readonly ClickstreamEvent[] {
  return entries.map(({ event }) => event);
}
