// @project unit
// @node24

import { describe, expect, it } from 'vitest';
import type { ClickstreamEvent } from '../../../../patterns/data-pipeline/clickstream-schema';
import { createProducer, type StreamEntry, type Unsent } from '../../../../patterns/data-pipeline/producer';

const events = (count: number, more: Partial<ClickstreamEvent> = {}): ClickstreamEvent[] =>
  Array.from({ length: count }, (_, index) => ({
    event_id: `e${index}`,
    event_type: 'page_view',
    occurred_at: '2026-11-23T10:15:00Z',
    session_id: `s${index % 9}`,
    page: '/',
    ...more,
  }));

/** A column that no reader knows. */
const FILLER = (characters: number): object => ({ colour: 'x'.repeat(characters) });

function fixture(answer: (records: readonly StreamEntry[], call: number) => (string | undefined)[]) {
  const requests: string[][] = [];
  const unsent: [string[], Unsent][] = [];
  const waits: number[] = [];
  const idOf = ({ Data }: StreamEntry) => (JSON.parse(Buffer.from(Data).toString()) as ClickstreamEvent).event_id;
  const options = {
    putRecords: async (records: readonly StreamEntry[]) => {
      requests.push(records.map(idOf));
      return {
        Records: answer(records, requests.length).map((ErrorCode) =>
          ErrorCode === undefined ? { ShardId: 'shardId-0' } : { ErrorCode },
        ),
      };
    },
    onUnsent: (lost: readonly ClickstreamEvent[], why: Unsent) => {
      unsent.push([lost.map(({ event_id }) => event_id), why]);
    },
    random: () => 0.5,
    sleep: async (milliseconds: number) => {
      waits.push(milliseconds);
    },
  };
  return { options, requests, unsent, waits };
}
const allTaken = (records: readonly StreamEntry[]) => records.map(() => undefined);

describe('the producer', () => {
  it('sends again only what a 200 says was not taken, later each time', async () => {
    const { options, requests, waits, unsent } = fixture((records, call) =>
      records.map((_, index) =>
        call < 3 && index >= records.length - 2 ? 'ProvisionedThroughputExceededException' : undefined,
      ),
    );
    const summary = await createProducer(options)(events(5));
    expect(requests).toEqual([
      ['e0', 'e1', 'e2', 'e3', 'e4'],
      ['e3', 'e4'],
      ['e3', 'e4'],
    ]);
    expect(waits).toEqual([50, 100]);
    expect(summary).toEqual({ sent: 5, retried: 4, unsent: 0, failures: [], shards: { 'shardId-0': 5 } });
    expect(unsent).toEqual([]);
  });

  it('sends a whole request again when it failed', async () => {
    const { options, requests } = fixture((records, call) => {
      if (call === 1) throw new Error('reset');
      return allTaken(records);
    });
    expect(await createProducer(options)(events(3))).toMatchObject({ sent: 3, retried: 3, unsent: 0 });
    expect(requests).toHaveLength(2);
  });

  it('hands over what it gave up, and what is too large', async () => {
    const { options, unsent, requests } = fixture((records) => records.map(() => 'InternalFailure'));
    const large = events(1, { event_id: 'large', ...FILLER(2000) });
    const summary = await createProducer({ ...options, maxAttempts: 3, maxRecordBytes: 1000 })([
      ...events(2),
      ...large,
    ]);
    expect(requests).toHaveLength(3);
    expect(unsent).toEqual([
      [['large'], 'TOO_LARGE'],
      [['e0', 'e1'], 'GAVE_UP'],
    ]);
    expect(summary).toMatchObject({ sent: 0, unsent: 3 });
  });

  it('fills requests to 500 records or 5 MiB, whichever comes first', async () => {
    const small = fixture(allTaken);
    await createProducer(small.options)(events(1201));
    expect(small.requests.map((ids) => ids.length)).toEqual([500, 500, 201]);
    const large = fixture(allTaken);
    await createProducer(large.options)(events(12, FILLER(1_000_000)));
    expect(large.requests.map((ids) => ids.length)).toEqual([5, 5, 2]);
  });

  it('refuses one key for all', async () => {
    const { options, requests } = fixture(allTaken);
    const send = createProducer({ ...options, partitionKey: () => 'all' });
    await expect(send(events(100))).rejects.toThrow(/partition key 'all'.*\[kinesis-hot-shard\]/);
    expect(requests).toEqual([]);
    expect(await send(events(1))).toMatchObject({ sent: 1 });
  });

  it('does not take a missing answer for a yes', async () => {
    const { options, requests } = fixture((records, call) => (call === 1 ? [] : allTaken(records)));
    await createProducer(options)(events(2));
    expect(requests).toEqual([
      ['e0', 'e1'],
      ['e0', 'e1'],
    ]);
  });
});
