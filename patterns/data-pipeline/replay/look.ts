import type { KeptRecord } from './kept-records';
import type { ReadObject } from './read-ahead';
import type { UnreadableObject } from './run';

/** What is kept for one reason. */
export interface Kept {
  readonly reason: string;
  records: number;
  /** Some of them. */
  readonly samples: Sample[];
}

/** A record as a person wants to see it. */
export interface Sample {
  readonly key: string;
  readonly partitionKey: string;
  /** Its data on one line, cut. */
  readonly data: string;
}

/** What is in objects. */
export interface Found {
  readonly objects: readonly { readonly key: string; readonly records: number }[];
  readonly records: number;
  /** Of data and keys. */
  readonly bytes: number;
  /** When the oldest and the newest record came to the stream, milliseconds since 1970. */
  readonly oldest?: number;
  readonly newest?: number;
  /** Most first. */
  readonly reasons: readonly Kept[];
  readonly unreadable: readonly UnreadableObject[];
}

const SAMPLES = 2;
const SAMPLE_LENGTH = 120;

/** Reads objects and counts what is in them. */
export async function look(objects: AsyncIterable<ReadObject>): Promise<Found> {
  const reasons = new Map<string, Kept>();
  const readable: { key: string; records: number }[] = [];
  const unreadable: UnreadableObject[] = [];
  let [count, bytes] = [0, 0];
  let [oldest, newest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for await (const { key, records, unreadable: reason } of objects) {
    if (reason !== undefined) {
      unreadable.push({ key, reason });
      continue;
    }
    readable.push({ key, records: records.length });
    for (const record of records) {
      const { arrival, partitionKey, data } = record;
      count += 1;
      bytes += Buffer.byteLength(data, 'base64') + Buffer.byteLength(partitionKey);
      oldest = Math.min(oldest, arrival ?? oldest);
      newest = Math.max(newest, arrival ?? newest);
      note(reasons, key, record);
    }
  }
  return {
    objects: readable,
    records: count,
    bytes,
    ...(oldest <= newest && { oldest, newest }),
    reasons: [...reasons.values()].sort((a, b) => b.records - a.records),
    unreadable,
  };
}

function note(reasons: Map<string, Kept>, key: string, { reason, partitionKey, data }: KeptRecord): void {
  const kept: Kept = reasons.get(reason) ?? { reason, records: 0, samples: [] };
  reasons.set(reason, kept);
  kept.records += 1;
  if (kept.samples.length === SAMPLES) return;
  // Someone else's bytes must not steer the terminal.
  const text = Buffer.from(data.slice(0, 8 * SAMPLE_LENGTH), 'base64').toString();
  kept.samples.push({ key, partitionKey, data: text.replace(/[\s\p{Cc}]+/gu, ' ').slice(0, SAMPLE_LENGTH) });
}
