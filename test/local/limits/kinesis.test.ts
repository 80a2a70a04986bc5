import { expect } from 'vitest';
import { LocalKinesis } from '../../../local/aws/kinesis/service';
import type { KinesisRecord } from '../../../local/aws/kinesis/stream';
import type { LocalInput } from '../../../local/aws/service';
import { Failure } from '../../../local/engine/failure';
import { sharedReads } from '../../../local/engine/shard-reads';
import { streamDefinition } from '../../../local/engine/stream-definition';
import { StreamReader } from '../../../local/engine/stream-reader';
import { KINESIS_LIMITS } from '../../../local/limits/kinesis';
import type { Limit } from '../../../local/limits/limit';
import { EngineFixture, LOCATION } from '../engine/engine-fixture';
import { onBothSides, outcome, testEachLimit } from './both-sides-fixture';

const RECORD = { PartitionKey: 'k', Data: 'eA==' };
const MIB = 1024 * 1024;

/** A stream of one shard whose time stands still unless it is told to go on. */
function fresh({ maxRecordBytes = MIB, retention = 86_400 } = {}) {
  const time = { now: 0 };
  const kinesis = new LocalKinesis(LOCATION, () => time.now);
  const stream = kinesis.createStream({ name: 'clicks', shards: 1, retention, maxRecordBytes, encrypted: false });
  const put = (input: LocalInput) => kinesis.call('PutRecord', { StreamName: 'clicks', ...RECORD, ...input });
  const putAll = (Records: readonly LocalInput[]) => {
    // No second is too short for what a request may hold.
    time.now += 60_000;
    return kinesis.call('PutRecords', { StreamName: 'clicks', Records });
  };
  return { time, kinesis, stream, put, putAll };
}

/** Data with which a record has so many bytes, key included. */
const data = (bytes: number) => Buffer.alloc(Math.max(0, bytes - 1)).toString('base64');
const many = (count: number) => Array.from({ length: Math.max(0, count) }, () => RECORD);

/** Calls of either kind with a part of a record. */
async function eachRecord(limit: Limit, value: unknown, name: string, expected: string | undefined): Promise<void> {
  const { put, putAll } = fresh();
  for (const call of [() => put({ [name]: value }), () => putAll([RECORD, { ...RECORD, [name]: value }])]) {
    expect([value, limit.limit, await outcome(call)]).toEqual([value, limit.limit, expected]);
  }
}

/** What an answer of GetRecords holds of records of a size. */
async function read(count: number, bytes: number): Promise<number> {
  const fixture = new EngineFixture();
  const { stream } = fresh();
  const [shard] = stream.shards.roots;
  if (shard === undefined) throw new Error('no shard');
  const content = Buffer.alloc(bytes).toString('base64');
  for (let index = 0; index < count; index += 1) stream.put(shard, 'k', content, 0);
  return fixture.clock.during(sharedReads(fixture, stream)(shard, 0));
}

/** Which records a reader got whose function fails for some hours. */
async function readAfter(hours: number, retention: number): Promise<{ handled: number; given: number }> {
  const fixture = new EngineFixture();
  const { stream } = fresh();
  const begun = fixture.clock.now();
  const [shard] = stream.shards.roots;
  if (shard === undefined) throw new Error('no shard');
  stream.put(shard, 'k', 'eA==', begun);
  let [handled, given] = [0, 0];
  const handling = {
    handle: async () => {
      if (fixture.clock.now() - begun < hours * 3_600_000) throw new Failure('down');
      handled += 1;
      return 1;
    },
    giveUp: async () => {
      given += 1;
    },
  };
  const source = { batchSize: 1, filters: [], retryAttempts: -1, bisects: false, retention: retention * 3600 };
  const reader = new StreamReader<KinesisRecord>(stream.shards, source, handling, fixture.clock);
  reader.start();
  await fixture.clock.settle();
  reader.stop();
  return { handled, given };
}

const definition = (properties: object) =>
  streamDefinition({
    logicalId: 'S',
    type: 'AWS::Kinesis::Stream',
    name: 's',
    attributes: {},
    properties: { ...properties },
  });

/** How many of several records in a second a shard does not accept. */
const failed = (answer: LocalInput) => Number(answer['FailedRecordCount']);

testEachLimit(KINESIS_LIMITS, {
  records: (limit) => onBothSides(limit, (count) => fresh().putAll(many(count)), { furthest: 600 }),
  requestBytes: (limit) =>
    onBothSides(
      limit,
      (bytes) => {
        const { putAll } = fresh();
        const whole = Array.from({ length: Math.floor(bytes / MIB) }, () => ({ ...RECORD, Data: data(MIB) }));
        const rest = bytes % MIB;
        return putAll(rest === 0 ? whole : [...whole, { PartitionKey: 'k', Data: data(rest) }]);
      },
      { runs: 5 },
    ),
  recordBytes: async (limit) => {
    await onBothSides(limit, (bytes) => fresh().put({ Data: data(bytes) }), { from: 1 });
    await onBothSides(limit, (bytes) => fresh().putAll([{ PartitionKey: 'k', Data: data(bytes) }]), { from: 1 });
    const larger = { ...limit, max: 10 * MIB } as const;
    await onBothSides(larger, (bytes) => fresh({ maxRecordBytes: larger.max }).put({ Data: data(bytes) }), { runs: 3 });
    // The key counts in bytes.
    expect(await outcome(() => fresh().put({ PartitionKey: 'é'.repeat(100), Data: data(MIB - 199) }))).toBeUndefined();
    expect(await outcome(() => fresh().put({ PartitionKey: 'é'.repeat(100), Data: data(MIB - 198) }))).toBe(
      limit.error,
    );
  },
  partitionKey: async (limit) => {
    for (const character of ['k', 'é', '\u{1f600}']) {
      const key = (count: number) => character.repeat(Math.max(0, count));
      await onBothSides(limit, (count) => fresh().put({ PartitionKey: key(count) }));
      await onBothSides(limit, (count) => fresh().putAll([RECORD, { ...RECORD, PartitionKey: key(count) }]));
    }
  },
  hashKeyPattern: async (limit) => {
    for (const key of ['0', '1', String(2n ** 128n - 1n)]) await eachRecord(limit, key, 'ExplicitHashKey', undefined);
    for (const key of ['', '01', '-1', 'x', '1.5', '1'.repeat(40)]) {
      await eachRecord(limit, key, 'ExplicitHashKey', limit.error);
    }
  },
  hashKeyRange: async (limit) => {
    await eachRecord(limit, String(2n ** 128n - 1n), 'ExplicitHashKey', undefined);
    for (const key of [2n ** 128n, 2n ** 128n + 1n])
      await eachRecord(limit, String(key), 'ExplicitHashKey', limit.error);
  },
  data: async (limit) => {
    for (const good of ['', 'eA==', 'eHg=', 'eHh4', '+/+/']) await eachRecord(limit, good, 'Data', undefined);
    for (const bad of ['x', 'eA=', 'eA', '****', 'eA==eA==', '-_-_', 'eHh4\n'])
      await eachRecord(limit, bad, 'Data', limit.error);
  },
  missing: async (limit) => {
    for (const name of ['Data', 'PartitionKey']) {
      for (const value of [undefined, null]) await eachRecord(limit, value, name, limit.error);
    }
    expect(await outcome(() => fresh().kinesis.call('PutRecords', { StreamName: 'clicks' }))).toBe(limit.error);
  },
  streamName: async (limit) => {
    const { kinesis } = fresh();
    for (let length = 1; length <= 140; length += 1) {
      kinesis.createStream({
        name: 's'.repeat(length),
        shards: 1,
        retention: 86_400,
        maxRecordBytes: MIB,
        encrypted: false,
      });
    }
    const call = (length: number) =>
      kinesis.call('PutRecord', { ...RECORD, StreamName: 's'.repeat(Math.max(0, length)) });
    await onBothSides(limit, call, { furthest: 10 });
    for (const StreamName of ['a b', 'a/b', 'é', 'a:b']) {
      expect(await outcome(() => kinesis.call('PutRecord', { ...RECORD, StreamName }))).toBe(limit.error);
    }
  },
  unknownStream: async ({ error }) => {
    expect(await outcome(() => fresh().put({ StreamName: 'others' }))).toBe(error);
    const StreamARN = 'arn:aws:kinesis:us-east-1:111111111111:stream/clicks';
    expect(await outcome(() => fresh().put({ StreamName: undefined, StreamARN }))).toBe(error);
  },
  recordsIn: async ({ max, error }) => {
    const { time, kinesis, put } = fresh();
    const rush = (count: number) => failed(kinesis.call('PutRecords', { StreamName: 'clicks', Records: many(count) }));
    expect([rush(500), rush(max - 501), rush(1), rush(1)]).toEqual([0, 0, 0, 1]);
    expect(await outcome(() => put({}))).toBe(error);
    time.now += 1000;
    expect(await outcome(() => put({}))).toBeUndefined();
  },
  bytesIn: async ({ max, error }) => {
    for (const [bytes, expected] of [
      [max / 4 - 2, undefined],
      [max / 4 + 2, error],
    ] as const) {
      const { put } = fresh();
      for (let index = 0; index < 3; index += 1) put({ Data: data(max / 4) });
      expect(await outcome(() => put({ Data: data(bytes) }))).toBe(expected);
    }
  },
  readsOut: ({ max }) => {
    const { time, stream } = fresh();
    const [shard] = stream.shards.roots;
    const capacity = shard && stream.capacityOf(shard);
    const waits = Array.from({ length: max + 1 }, () => capacity?.read());
    expect(waits).toEqual([...Array.from({ length: max }, () => 0), 1000 / max]);
    time.now += 1000;
    expect(capacity?.read()).toBe(0);
  },
  bytesOut: ({ max }) => {
    const { time, stream } = fresh();
    const [shard] = stream.shards.roots;
    const capacity = shard && stream.capacityOf(shard);
    capacity?.give(max - 1);
    expect(capacity?.read()).toBe(0);
    capacity?.give(max);
    expect(capacity?.read()).toBe(1000);
    time.now += 1000;
    expect(capacity?.read()).toBe(0);
  },
  readRecords: async ({ max }) => {
    for (const count of [1, max - 1, max, max + 1, 2 * max]) expect(await read(count, 1)).toBe(Math.min(count, max));
  },
  readBytes: async ({ max }) => {
    expect(await read(12, max / 10)).toBe(10);
    expect(await read(12, max / 10 + 1)).toBe(9);
    expect(await read(12, max / 10 - 1)).toBe(10);
    expect(await read(2, max)).toBe(1);
  },
  listed: (limit) => onBothSides(limit, (Limit) => fresh().kinesis.call('ListStreams', { Limit })),
  listPage: ({ max }) => {
    const { kinesis } = fresh();
    const named = (index: number) => ({
      name: `s${index}`,
      shards: 1,
      retention: 86_400,
      maxRecordBytes: MIB,
      encrypted: false,
    });
    for (let index = 0; index < max; index += 1) kinesis.createStream(named(index));
    const list = (Limit: number) => (kinesis.call('ListStreams', { Limit })['StreamNames'] as string[]).length;
    expect([max - 1, max, max + 1, 10 * max].map(list)).toEqual([max - 1, max, max, max]);
  },
  recordSize: (limit) => onBothSides(limit, (MaxRecordSizeInKiB) => definition({ MaxRecordSizeInKiB })),
  retention: (limit) => onBothSides(limit, (RetentionPeriodHours) => definition({ RetentionPeriodHours })),
  expired: async () => {
    expect(await readAfter(23, 24)).toEqual({ handled: 1, given: 0 });
    expect(await readAfter(25, 24)).toEqual({ handled: 0, given: 0 });
    expect(await readAfter(25, 48)).toEqual({ handled: 1, given: 0 });
  },
});
