import { beforeEach, describe, expect, it } from 'vitest';
import { LocalKinesis } from '../../../../local/aws/kinesis/service';
import type { LocalKinesisStream } from '../../../../local/aws/kinesis/stream';
import { LocalMetrics } from '../../../../local/monitoring/metrics';

const LOCATION = { account: '111111111111', region: 'eu-west-1' };
const KIB = 1024;

interface Outcome {
  readonly SequenceNumber?: string;
  readonly ErrorCode?: string;
  readonly ErrorMessage?: string;
}

let now: number;
let metrics: LocalMetrics;
let kinesis: LocalKinesis;
let stream: LocalKinesisStream;
beforeEach(() => {
  now = Date.parse('2026-01-01T00:00:00Z');
  metrics = new LocalMetrics(() => now);
  kinesis = new LocalKinesis(LOCATION, () => now, {
    measure: (metric, StreamName, value) => metrics.put('AWS/Kinesis', metric, { StreamName }, value),
  });
  const definition = { name: 'clicks', retention: 3600, maxRecordBytes: 10 * KIB * KIB, encrypted: false };
  stream = kinesis.createStream({ ...definition, shards: 2 });
});

/** Puts records of a key into the stream. */
function put(count: number, { key = 'k', bytes = 10 } = {}): Outcome[] {
  const Data = Buffer.alloc(bytes - key.length).toString('base64');
  const Records = Array.from({ length: count }, () => ({ Data, PartitionKey: key }));
  const outcomes: Outcome[] = [];
  for (let done = 0; done < count; done += 500) {
    const answer = kinesis.call('PutRecords', { StreamName: 'clicks', Records: Records.slice(done, done + 500) });
    outcomes.push(...(answer['Records'] as Outcome[]));
  }
  return outcomes;
}
const refused = (outcomes: readonly Outcome[]) => outcomes.filter(({ ErrorCode }) => ErrorCode !== undefined);

describe('a shard', () => {
  it('takes 1,000 records in a second, and refuses what is more inside a 200', () => {
    const outcomes = put(1200);
    expect(outcomes.findIndex(({ ErrorCode }) => ErrorCode !== undefined)).toBe(1000);
    const { id } = stream.shardOf('k');
    expect(outcomes.at(-1)).toEqual({
      ErrorCode: 'ProvisionedThroughputExceededException',
      ErrorMessage: `Rate exceeded for shard ${id} in stream clicks under account 111111111111.`,
    });
    expect(metrics.total('WriteProvisionedThroughputExceeded')).toBe(200);
    expect(metrics.total('PutRecords.ThrottledRecords')).toBe(200);
    expect(metrics.total('IncomingRecords')).toBe(1000);
    now += 100;
    expect(refused(put(150))).toHaveLength(50);
    now += 3_600_000;
    expect(refused(put(1200))).toHaveLength(200);
  });

  it('takes 1 MiB in a second, keys included', () => {
    const outcomes = put(20, { bytes: 64 * KIB });
    expect(refused(outcomes)).toHaveLength(4);
    expect(metrics.total('IncomingBytes')).toBe(KIB * KIB);
    now += 500;
    expect(refused(put(20, { bytes: 64 * KIB }))).toHaveLength(12);
  });

  it('takes a record that is larger than a second holds, and pays it off', () => {
    expect(refused(put(1, { bytes: 5 * KIB * KIB }))).toEqual([]);
    now += 4000;
    expect(refused(put(1))).toHaveLength(1);
    now += 1000;
    expect(refused(put(1))).toEqual([]);
  });

  it('refuses a PutRecord with an error', () => {
    put(1000);
    const record = { StreamName: 'clicks', PartitionKey: 'k', Data: 'eA==' };
    expect(() => kinesis.call('PutRecord', record)).toThrow(/Rate exceeded for shard/);
    expect(metrics.total('PutRecord.Success')).toBe(0);
  });

  it('has room of its own, also when it came of a split', () => {
    const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const other = keys.find((key) => stream.shardOf(key) !== stream.shardOf('k')) ?? '';
    expect(refused(put(1000))).toEqual([]);
    expect(refused(put(1000, { key: other }))).toEqual([]);
    expect(refused(put(1))).toHaveLength(1);
    stream.shards.split();
    stream.shards.split();
    expect(refused(put(1000))).toEqual([]);
    const use = stream
      .use()
      .find(({ id }) => id === stream.shards.roots.find(({ children }) => children.length > 0)?.id);
    expect(use).toMatchObject({ shards: 3 });
    expect(stream.use().reduce((sum, { taken }) => sum + taken, 0)).toBe(3000);
  });
});
