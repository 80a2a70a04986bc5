import type { KinesisStreamRecord } from 'aws-lambda';
import {
  type ClickstreamEvent,
  EVENT_TYPES,
  type EventType,
  InvalidEvent,
  MAX_CENTS,
  parseClickstreamEvent,
} from '../clickstream-schema';

/** An event and its place in the stream. */
export interface PlacedEvent {
  readonly sequenceNumber: string;
  readonly event: ClickstreamEvent;
}

/** What arrived in one minute by one shard, in order. */
export interface MinuteOfShard {
  /** `2026-11-23T10:15`, UTC, of arrival: a client's wrong clock moves nothing. */
  readonly minute: string;
  readonly shard: string;
  readonly records: readonly PlacedEvent[];
}

/** A record that is not a valid event. */
export interface RejectedRecord {
  readonly shard: string;
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  /** Milliseconds since 1970. */
  readonly arrival: number;
  /** As it came, in base64. */
  readonly data: string;
  readonly error: InvalidEvent;
}

/** What a batch holds. */
export interface Batch {
  readonly minutes: readonly MinuteOfShard[];
  readonly rejected: readonly RejectedRecord[];
}

/** Reads a batch, which is of one shard. @param now milliseconds since 1970 */
export function readBatch(records: readonly KinesisStreamRecord[], now: number): Batch {
  const minutes = new Map<number, { minute: string; shard: string; records: PlacedEvent[] }>();
  const rejected: RejectedRecord[] = [];
  for (const { kinesis, eventID } of records) {
    const { sequenceNumber, approximateArrivalTimestamp, partitionKey, data } = kinesis;
    const since1970 = Math.floor(approximateArrivalTimestamp / 60);
    try {
      const event = parseClickstreamEvent(Buffer.from(data, 'base64'), now);
      let placed = minutes.get(since1970);
      if (placed === undefined) {
        const minute = new Date(since1970 * 60_000).toISOString().slice(0, 16);
        placed = { minute, shard: shardOf(eventID), records: [] };
        minutes.set(since1970, placed);
      }
      placed.records.push({ sequenceNumber, event });
    } catch (error) {
      if (!(error instanceof InvalidEvent)) throw error;
      const arrival = approximateArrivalTimestamp * 1000;
      rejected.push({ shard: shardOf(eventID), sequenceNumber, partitionKey, arrival, data, error });
    }
  }
  return { minutes: [...minutes.values()], rejected };
}

/** The shard in a record's id, `<shard>:<sequence number>`. */
function shardOf(eventId: string): string {
  const [shard = ''] = eventId.split(':');
  return shard;
}

/** What is added up of a minute: the events, what was paid, and the events of each type. Exact, however many there are. */
export type Sums = Readonly<Record<'events' | 'amount_cents' | EventType, bigint>>;

/** Names of {@link Sums}. */
export const SUM_NAMES = ['events', 'amount_cents', ...EVENT_TYPES] as const;

/** One amount more is still a whole number that a double has. */
const EXACT_CENTS = Number.MAX_SAFE_INTEGER - MAX_CENTS;

/** Adds up. */
export function sumsOf(records: readonly PlacedEvent[]): Sums {
  const counts = Object.fromEntries(EVENT_TYPES.map((type) => [type, 0])) as Record<EventType, number>;
  let [paid, cents] = [0n, 0];
  for (const { event } of records) {
    counts[event.event_type] += 1;
    cents += event.amount_cents ?? 0;
    // Numbers are faster than integers without a bound, and as exact up to here.
    if (cents <= EXACT_CENTS) continue;
    paid += BigInt(cents);
    cents = 0;
  }
  const ofTypes = EVENT_TYPES.map((type) => [type, BigInt(counts[type])] as const);
  return {
    events: BigInt(records.length),
    amount_cents: paid + BigInt(cents),
    ...(Object.fromEntries(ofTypes) as Record<EventType, bigint>),
  };
}
