// @project unit
// @node24

import type { KinesisStreamRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { CLOCK_TOLERANCE_MS, type EventType, MAX_CENTS } from '../../../../patterns/data-pipeline/clickstream-schema';
import { type PlacedEvent, readBatch, SUM_NAMES, sumsOf } from '../../../../patterns/data-pipeline/runtime/batch';

const NOW = Date.UTC(2026, 10, 24, 10, 15);
const event = {
  event_id: 'e1',
  event_type: 'page_view' as EventType,
  occurred_at: new Date(NOW).toISOString(),
  session_id: 's',
  page: '/',
};

function record(sequenceNumber: string, at: number, data: unknown = event, shard = 'shardId-1'): KinesisStreamRecord {
  const bytes = Buffer.from(typeof data === 'string' ? data : JSON.stringify(data));
  const kinesis = {
    sequenceNumber,
    approximateArrivalTimestamp: at / 1000,
    partitionKey: 'p',
    data: bytes.toString('base64'),
  };
  return { eventID: `${shard}:${sequenceNumber}`, kinesis } as KinesisStreamRecord;
}

describe('a batch', () => {
  it('is told by the minute of arrival, in order', () => {
    const records = [record('1', NOW - 1), record('2', NOW), record('3', NOW + 59_999), record('4', NOW + 60_000)];
    const { minutes, rejected } = readBatch([...records, record('5', NOW)], NOW);
    const found = minutes.map(({ minute, shard, records: placed }) => [
      minute,
      shard,
      placed.map(({ sequenceNumber }) => sequenceNumber).join(),
    ]);
    expect(found).toEqual([
      ['2026-11-24T10:14', 'shardId-1', '1'],
      ['2026-11-24T10:15', 'shardId-1', '2,3,5'],
      ['2026-11-24T10:16', 'shardId-1', '4'],
    ]);
    expect(minutes[0]?.records[0]).toEqual({ sequenceNumber: '1', event });
    expect(rejected).toEqual([]);
  });

  it('keeps apart what is no event, as it came, and goes on', () => {
    const late = { ...event, occurred_at: new Date(NOW + CLOCK_TOLERANCE_MS + 1).toISOString() };
    const { minutes, rejected } = readBatch(
      [record('1', NOW, 'x'), record('2', NOW), record('3', NOW + 500, late)],
      NOW,
    );
    expect(minutes.flatMap(({ records }) => records.map(({ sequenceNumber }) => sequenceNumber))).toEqual(['2']);
    expect(rejected).toMatchObject([
      {
        shard: 'shardId-1',
        sequenceNumber: '1',
        partitionKey: 'p',
        arrival: NOW,
        data: Buffer.from('x').toString('base64'),
        error: { code: 'NOT_JSON' },
      },
      { sequenceNumber: '3', arrival: NOW + 500, error: { code: 'CLOCK_SKEW', field: 'occurred_at' } },
    ]);
  });

  it('of nothing is nothing, and a record without data fails all', () => {
    expect(readBatch([], NOW)).toEqual({ minutes: [], rejected: [] });
    const broken = { eventID: 's:1', kinesis: { approximateArrivalTimestamp: 1 } } as KinesisStreamRecord;
    expect(() => readBatch([broken], NOW)).toThrow(TypeError);
  });
});

describe('the sums', () => {
  const placed = (event_type: EventType, amount_cents?: number): PlacedEvent => ({
    sequenceNumber: '1',
    event: { ...event, event_type, ...(amount_cents !== undefined && { amount_cents }) },
  });

  it('are of all events, of each type, and of what was paid', () => {
    const sums = sumsOf([placed('click'), placed('purchase', 5), placed('purchase', 7), placed('page_view')]);
    const none = Object.fromEntries(SUM_NAMES.map((name) => [name, 0n]));
    expect(sums).toEqual({ ...none, events: 4n, click: 1n, purchase: 2n, page_view: 1n, amount_cents: 12n });
    expect(sumsOf([])).toEqual(none);
  });

  it('are exact beyond what a double has', () => {
    // One amount more than doubles add up to, and then one cent at a time, which they would lose.
    const large = Math.floor(Number.MAX_SAFE_INTEGER / MAX_CENTS) + 2;
    const records = [
      ...Array.from({ length: large }, () => placed('purchase', MAX_CENTS)),
      ...Array.from({ length: 9 }, () => placed('purchase', 1)),
    ];
    expect(sumsOf(records).amount_cents).toBe(BigInt(large) * BigInt(MAX_CENTS) + 9n);
  });
});
