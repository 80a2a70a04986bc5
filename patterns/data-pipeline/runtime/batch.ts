import type { KinesisStreamRecord } from 'aws-lambda';
import {
  type ClickstreamEvent,
  EVENT_TYPES,
  type EventType,
  InvalidEvent,
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

/** What a batch holds. */
export interface Batch {
  readonly minutes: readonly MinuteOfShard[];
  /** The first record that is no event. What comes after it waits for the next try: a shard is read in order. */
  readonly rejected?: { readonly sequenceNumber: string; readonly error: InvalidEvent };
}

/** Reads a batch up to the first record that is no event. A batch is of one shard. @param now milliseconds since 1970 */
export function readBatch(records: readonly KinesisStreamRecord[], now: number): Batch {
  const minutes = new Map<number, { minute: string; shard: string; records: PlacedEvent[] }>();
  for (const { kinesis, eventID } of records) {
    const { sequenceNumber, approximateArrivalTimestamp } = kinesis;
    const since1970 = Math.floor(approximateArrivalTimestamp / 60);
    try {
      const event = parseClickstreamEvent(Buffer.from(kinesis.data, 'base64'), now);
      let placed = minutes.get(since1970);
      if (placed === undefined) {
        const [shard = ''] = eventID.split(':');
        placed = { minute: new Date(since1970 * 60_000).toISOString().slice(0, 16), shard, records: [] };
        minutes.set(since1970, placed);
      }
      placed.records.push({ sequenceNumber, event });
    } catch (error) {
      if (!(error instanceof InvalidEvent)) throw error;
      return { minutes: [...minutes.values()], rejected: { sequenceNumber, error } };
    }
  }
  return { minutes: [...minutes.values()] };
}

/** What is added up of a minute: the events, what was paid, and the events of each type. */
export type Sums = Readonly<Record<'events' | 'amount_cents' | EventType, number>>;

/** Names of {@link Sums}. */
export const SUM_NAMES = ['events', 'amount_cents', ...EVENT_TYPES] as const;

/** Adds up. */
export function sumsOf(records: readonly PlacedEvent[]): Sums {
  const sums = Object.fromEntries(SUM_NAMES.map((name) => [name, 0])) as Record<keyof Sums, number>;
  for (const { event } of records) {
    sums.events += 1;
    sums.amount_cents += event.amount_cents ?? 0;
    sums[event.event_type] += 1;
  }
  return sums;
}
