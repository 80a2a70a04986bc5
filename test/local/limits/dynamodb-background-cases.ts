import { expect } from 'vitest';
import { ResolvedTemplate } from '../../../local/assembly/resolved-template';
import type { StreamRecord } from '../../../local/aws/dynamodb/stream-record';
import { LocalStream } from '../../../local/aws/stream';
import { sleep } from '../../../local/clock/clock';
import { VirtualClock } from '../../../local/clock/virtual-clock';
import { checkStreamReaders } from '../../../local/engine/local-tables';
import { TABLE_STREAM_SECONDS } from '../../../local/engine/mappings';
import { StreamReader } from '../../../local/engine/stream-reader';
import type { BACKGROUND, THROUGHPUT } from '../../../local/limits/dynamodb';
import { outcome } from './both-sides-fixture';
import { KEY, orders, putOf, type TestsOf, text } from './dynamodb-fixture';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Calls at one moment until one is refused. @returns how many were accepted, and the error of the refused one */
async function untilRefused(call: (index: number) => unknown, most: number): Promise<[number, string | undefined]> {
  for (let index = 0; index < most; index += 1) {
    const error = await outcome(() => call(index));
    if (error !== undefined) return [index, error];
  }
  return [most, undefined];
}

export const THROUGHPUT_TESTS: TestsOf<typeof THROUGHPUT> = {
  partitionWrites: async ({ max, error }) => {
    const { put, clock } = orders({ partitionLimits: true });
    const write = (index: number) => put({ sk: { S: `${index}` } });
    expect(await untilRefused(write, max + 5)).toEqual([max, error]);
    // Another partition has its own, and this one has its own again a second later.
    expect(await outcome(() => put({ pk: { S: 'another' } }))).toBeUndefined();
    await clock.during(sleep(clock, 500));
    expect(await untilRefused(write, max)).toEqual([max / 2, error]);
    // An item of 10 KB takes ten, and so does its removal; an index's partition has bounds of its own.
    const large = orders({ partitionLimits: true });
    const spread = (index: number) =>
      large.put({ pk: { S: `${index}` }, owner: { S: 'o' }, place: { S: 'x' }, x: text(10_000) });
    expect(await untilRefused(spread, 200)).toEqual([max / 10, error]);
  },
  partitionReads: async ({ max, error }) => {
    const read = async (input: object, units: number) => {
      const { put, call } = orders({ partitionLimits: true });
      put({ x: text(8000) });
      const get = () => call('GetItem', { Key: KEY, ...input });
      expect(await untilRefused(get, 2 * max)).toEqual([Math.floor(max / units), error]);
    };
    await read({ ConsistentRead: true }, 2);
    await read({}, 1);
    const { put, query } = orders({ partitionLimits: true });
    for (let index = 0; index < 10; index += 1) put({ sk: { S: `${index}` }, x: text(40_000) });
    const units = Math.ceil((10 * 40_007) / 4096);
    expect(await untilRefused(() => query({ ConsistentRead: true }), max)).toEqual([Math.floor(max / units), error]);
  },
  transactionThrottled: async ({ max, error }) => {
    const { transact } = orders({ partitionLimits: true });
    const two = (index: number) =>
      transact([putOf(`${index}`), { Put: { TableName: 'Orders', Item: { ...KEY, pk: { S: `${index}` } } } }]);
    expect(await untilRefused(two, max)).toEqual([max / 2, error]);
    // All or nothing.
    const { transact: large, get } = orders({ partitionLimits: true });
    const many = (from: number) =>
      Array.from({ length: 50 }, (_, index) => putOf(`${from}-${index}`, { x: text(9000) }));
    expect(await outcome(() => large(many(0)))).toBeUndefined();
    expect(await outcome(() => large(many(1)))).toBe(error);
    expect(get({ ...KEY, sk: { S: '1-0' } })).toBeUndefined();
  },
};

/** Which of some items are there after some days. */
async function left(expiresAt: readonly unknown[], days: number, behaviour = {}): Promise<unknown[]> {
  const { put, clock, table } = orders(behaviour);
  for (const [index, value] of expiresAt.entries()) {
    put({ sk: { S: `${index}` }, ...(value !== undefined && { expiresAt: value }) });
  }
  await clock.during(sleep(clock, days * DAY_MS));
  return table.all().map((item) => item['sk']);
}

export const BACKGROUND_TESTS: TestsOf<typeof BACKGROUND> = {
  expiryType: async () => {
    const past = `${Math.floor(new VirtualClock().now() / 1000) - 3600}`;
    const kept = [{ S: past }, { NULL: true }, { L: [{ N: past }] }, { NS: [past] }, undefined];
    expect(await left([...kept, { N: past }, { N: `${past}.5` }], 4)).toEqual(
      kept.map((_, index) => ({ S: `${index}` })),
    );
  },
  expiryAge: async ({ max }) => {
    const now = new VirtualClock().now() / 1000;
    const ago = (days: number) => ({ N: `${Math.floor(now - days * 86_400)}` });
    const bound = max * 365;
    // What is in milliseconds lies far in the future.
    expect(await left([ago(bound + 5), ago(bound - 5), ago(1), { N: `${now * 1000}` }, ago(20_000)], 4)).toEqual([
      { S: '0' },
      { S: '3' },
      { S: '4' },
    ]);
  },
  streamRetention: async ({ max }) => {
    for (const [hours, handled] of [
      [max - 1, true],
      [max + 1, false],
    ] as const) {
      const clock = new VirtualClock();
      const stream = new LocalStream<StreamRecord>();
      const seen: unknown[] = [];
      let broken = true;
      const reader = new StreamReader<StreamRecord>(
        stream,
        { batchSize: 10, filters: [], retryAttempts: -1, bisects: false, retention: TABLE_STREAM_SECONDS },
        {
          handle: async (entries) => {
            if (broken) return 0;
            seen.push(...entries);
            return entries.length;
          },
          giveUp: async () => undefined,
        },
        clock,
      );
      reader.start();
      const { put, table } = orders();
      put();
      const [record] = table.stream;
      if (record === undefined) throw new Error('no record');
      stream.put('p', record, clock.now());
      await clock.during(sleep(clock, hours * HOUR_MS));
      broken = false;
      await clock.during(sleep(clock, HOUR_MS / 2));
      reader.stop();
      expect({ hours, seen: seen.length }).toEqual({ hours, seen: handled ? 1 : 0 });
    }
  },
  streamReaders: ({ max }) => {
    const source = 'arn:aws:dynamodb:eu-west-1:111122223333:table/Orders/stream/1';
    const template = (readers: number) => {
      const pipe = { Type: 'AWS::Pipes::Pipe', Properties: { Source: source } };
      const mapping = { Type: 'AWS::Lambda::EventSourceMapping', Properties: { EventSourceArn: source } };
      const Resources = Object.fromEntries(
        Array.from({ length: readers }, (_, index) => [`Reader${index}`, index % 2 === 0 ? pipe : mapping]),
      );
      return new ResolvedTemplate({ Resources }, { account: '111122223333', region: 'eu-west-1', stackName: 'Stack' });
    };
    expect(() => checkStreamReaders(template(max))).not.toThrow();
    expect(() => checkStreamReaders(template(max + 1))).toThrow(/has 3 readers/);
  },
};
