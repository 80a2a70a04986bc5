import { beforeEach, describe, expect, it } from 'vitest';
import { LocalKinesisStream } from '../../../local/aws/kinesis/stream';
import { VirtualClock } from '../../../local/clock/virtual-clock';
import { ownReads, sharedReads } from '../../../local/engine/shard-reads';
import { StreamReader } from '../../../local/engine/stream-reader';
import { LocalMetrics } from '../../../local/monitoring/metrics';

const KIB = 1024;
const DIMENSIONS = { StreamName: 'clicks' };

let clock: VirtualClock;
let metrics: LocalMetrics;
let stream: LocalKinesisStream;
beforeEach(() => {
  clock = new VirtualClock();
  metrics = new LocalMetrics(() => clock.now());
  const definition = { name: 'clicks', shards: 1, retention: 3600, maxRecordBytes: KIB * KIB, encrypted: false };
  stream = new LocalKinesisStream(definition, 'arn:aws:kinesis:eu-west-1:111111111111:stream/clicks', () =>
    clock.now(),
  );
});

const put = (bytes: number) => {
  stream.put(stream.shardOf('k'), 'k', Buffer.alloc(bytes).toString('base64'), clock.now());
};

/** Starts a reader that has nothing to do with what it reads. @returns its batches: records, and how old the last was */
function read(how: typeof sharedReads, batchSize = 10_000): { records: number; age: number }[] {
  const batches: { records: number; age: number }[] = [];
  const source = { batchSize, filters: [], retryAttempts: 0, bisects: false };
  const handling = {
    handle: async (entries: readonly { readonly at: number }[]) => {
      batches.push({ records: entries.length, age: clock.now() - (entries.at(-1)?.at ?? 0) });
      return entries.length;
    },
    giveUp: async () => undefined,
  };
  new StreamReader(stream.shards, source, handling, clock, how({ clock, metrics }, stream)).start();
  return batches;
}
const oldest = (batches: readonly { readonly age: number }[]) => Math.max(...batches.map(({ age }) => age));

/** Writes for some seconds, ten records in each. */
function write(seconds: number, bytesPerSecond: number): void {
  for (let at = 50; at < 1000 * seconds; at += 100) clock.after(at, () => put(bytesPerSecond / 10));
}
const refused = () => metrics.total('ReadProvisionedThroughputExceeded');

describe('readers that share a shard', () => {
  it('poll it once a second each', async () => {
    const batches = read(sharedReads);
    write(10, KIB);
    await clock.settle();
    expect(batches.map(({ records }) => records)).toEqual(Array.from({ length: 10 }, () => 10));
    expect(stream.use()).toMatchObject([{ reads: 10, readsRefused: 0 }]);
  });

  it.each([
    [2, 0],
    [5, 0],
    [6, 1],
  ])('%i of them, of small records: at least %i reads in each second are refused', async (readers, least) => {
    const all = Array.from({ length: readers }, () => read(sharedReads));
    write(30, KIB);
    await clock.settle();
    for (const batches of all) expect(batches.reduce((sum, { records }) => sum + records, 0)).toBe(300);
    if (least === 0) expect(refused()).toBe(0);
    else expect(refused()).toBeGreaterThanOrEqual(30 * least);
    expect(stream.use()[0]?.reads).toBeLessThanOrEqual(5 * 33);
  });

  it('keep up with a full shard by two, and fall behind by three, and further the longer it lasts', async () => {
    const two = [read(sharedReads), read(sharedReads)];
    write(60, 1000 * KIB);
    await clock.settle();
    expect(refused()).toBe(0);
    expect(Math.max(...two.map(oldest))).toBeLessThanOrEqual(1000);

    const lags = [];
    for (const seconds of [60, 120]) {
      stream = new LocalKinesisStream(stream.definition, stream.arn, () => clock.now());
      const three = [read(sharedReads), read(sharedReads), read(sharedReads)];
      write(seconds, 1000 * KIB);
      await clock.settle();
      for (const batches of three) {
        expect(batches.reduce((sum, { records }) => sum + records, 0)).toBe(10 * seconds);
      }
      lags.push(Math.max(...three.map(oldest)));
    }
    expect(refused()).toBeGreaterThan(0);
    const [short = 0, long = 0] = lags;
    expect(short).toBeGreaterThan(10_000);
    expect(long).toBeGreaterThan(1.5 * short);
    const measured = metrics.minutes('AWS/Kinesis', 'GetRecords.IteratorAgeMilliseconds', DIMENSIONS) ?? [];
    expect(Math.max(...measured.flatMap(({ values }) => values))).toBe(long);
  });

  it('get 10,000 records or 10 MiB at once, and go on at once when there are more', async () => {
    for (let number = 0; number < 10_500; number += 1) put(1);
    const begun = clock.now();
    const batches = read(sharedReads, 20_000);
    await clock.settle();
    expect(batches.map(({ records }) => records)).toEqual([10_000, 500]);
    expect(clock.now() - begun).toBe(1000);
  });

  it('wait for as long as a large answer takes of the throughput of all', async () => {
    for (let number = 0; number < 40; number += 1) put(512 * KIB);
    const begun = clock.now();
    read(sharedReads);
    await clock.settle();
    // Two answers of 10 MiB: the second waits until the first is paid off, but for the second that was saved up.
    expect(clock.now() - begun).toBe(1000 + 4001);
  });
});

describe('readers with enhanced fan-out', () => {
  it('get records within a tenth of a second, each in a throughput of its own, and take nothing from those who share', async () => {
    const sharing = [read(sharedReads), read(sharedReads)];
    const own = Array.from({ length: 8 }, () => read(ownReads));
    write(60, 1000 * KIB);
    await clock.settle();
    expect(refused()).toBe(0);
    expect(Math.max(...own.map(oldest))).toBe(70);
    expect(Math.max(...sharing.map(oldest))).toBeLessThanOrEqual(1000);
  });

  it('get 2 MiB a second of a backlog', async () => {
    for (let number = 0; number < 40; number += 1) put(512 * KIB);
    const begun = clock.now();
    const batches = read(ownReads);
    await clock.settle();
    expect(batches).toHaveLength(2);
    expect(clock.now() - begun).toBeGreaterThan(4000);
  });
});
