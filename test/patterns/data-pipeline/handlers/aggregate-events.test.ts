// @project memory
// @node24

import type { KinesisStreamBatchResponse, KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { LocalDynamoDb } from '../../../../local/aws/dynamodb/store';
import { LocalS3 } from '../../../../local/aws/s3';
import { type LocalAws, startLocalAws } from '../../../../local/aws/server';
import { AwsError, type LocalInput } from '../../../../local/aws/service';
import { seededRandom } from '../../../../local/engine/random';
import { MAX_CENTS } from '../../../../patterns/data-pipeline/clickstream-schema';
import type { AlertRule } from '../../../../patterns/data-pipeline/contract';

const TABLE = 'aggregates';
const RULES: AlertRule[] = [{ name: 'rush', of: 'events', above: 150 }];
const START = Date.UTC(2026, 10, 23, 10, 15);

let store: LocalDynamoDb;
let aws: LocalAws;
let handler: (event: KinesisStreamEvent) => Promise<KinesisStreamBatchResponse>;
let failures: LocalS3;
let told: LocalInput[] = [];
/** Decides, before and after each write, whether the function dies there. */
let dies: (action: string, when: 'before' | 'after') => boolean = () => false;
let calls: string[] = [];

function orDie<T>(action: string, perform: () => T): T {
  const writing = action !== 'Query';
  calls.push(action);
  if (writing && dies(action, 'before')) throw new AwsError('Crash', 'before');
  const answer = perform();
  if (writing && dies(action, 'after')) throw new AwsError('Crash', 'after');
  return answer;
}

beforeAll(async () => {
  for (const level of ['info', 'log', 'warn'] as const) vi.spyOn(console, level).mockImplementation(() => undefined);
  store = new LocalDynamoDb({ account: '111111111111', region: 'eu-west-1' });
  aws = await startLocalAws({
    dynamodb: { call: (action, input) => orDie(action, () => store.call(action, input)) },
    s3: { call: (action, input) => orDie(action, () => failures.call(action, input)) },
    sns: {
      call: (action, input) =>
        orDie(action, () => {
          told.push(input);
          return { MessageId: '1' };
        }),
    },
  });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: aws.endpoint,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AGGREGATES_TABLE: TABLE,
    FAILURES_BUCKET: 'failures',
    ALERT_TOPIC_ARN: 'arn:aws:sns:eu-west-1:111111111111:alerts',
    ALERT_RULES: JSON.stringify(RULES),
    // Logs go to the console that is silenced above.
    POWERTOOLS_DEV: 'true',
    POWERTOOLS_METRICS_NAMESPACE: 'Groundplan',
    POWERTOOLS_SERVICE_NAME: 'aggregates',
  });
  ({ handler } = await import('../../../../patterns/data-pipeline/handlers/aggregate-events.js'));
});
beforeEach(() => {
  store.createTable({ name: TABLE, key: { partition: 'pk', sort: 'sk' }, attributeTypes: { pk: 'S', sk: 'S' } });
  failures = new LocalS3();
  failures.createBucket('failures');
  told = [];
  calls = [];
  dies = () => false;
});
afterAll(async () => {
  delete process.env['AWS_ENDPOINT_URL'];
  vi.restoreAllMocks();
  await aws.close();
});

const purchase = (index: number) => ({
  event_id: `e${index}`,
  event_type: index % 10 === 0 ? 'purchase' : 'page_view',
  occurred_at: new Date(START).toISOString(),
  session_id: `s${index % 7}`,
  page: '/',
  ...(index % 10 === 0 && { amount_cents: 100 }),
});

function record(index: number, options: { shard?: string; data?: string; at?: number } = {}): KinesisStreamRecord {
  const { shard = 'shardId-000000000000', at = START } = options;
  const sequenceNumber = String(49_590_338_271_490_256_608n + BigInt(index) * 7n);
  const data = options.data ?? JSON.stringify(purchase(index));
  return {
    eventID: `${shard}:${sequenceNumber}`,
    eventSource: 'aws:kinesis',
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey: `s${index % 7}`,
      sequenceNumber,
      data: Buffer.from(data).toString('base64'),
      approximateArrivalTimestamp: at / 1000,
    },
  } as KinesisStreamRecord;
}

const records = (count: number, options: { shard?: string } = {}) =>
  Array.from({ length: count }, (_, index) => record(index, { ...options, at: START + index * 100 }));

/** The totals of all minutes and shards, added up. */
function totals(): Record<'events' | 'amount_cents' | 'purchase', number> {
  const items = store
    .table(TABLE)
    .all()
    .filter(({ pk }) => pk !== undefined && 'S' in pk && pk.S.startsWith('minute#'));
  const sum = (name: string) =>
    items.reduce((total, item) => {
      const value = item[name];
      return total + Number(value !== undefined && 'N' in value ? value.N : 0);
    }, 0);
  return { events: sum('events'), amount_cents: sum('amount_cents'), purchase: sum('purchase') };
}

/** A total as the table has it, over all minutes and shards: of more digits than a number has. */
function exactly(name: string): bigint {
  return store
    .table(TABLE)
    .all()
    .reduce((total, { [name]: value }) => total + BigInt(value !== undefined && 'N' in value ? value.N : 0), 0n);
}

/** Feeds a shard as Lambda does: a batch that failed comes again, cut anew. */
async function feed(shard: readonly KinesisStreamRecord[], random: () => number): Promise<void> {
  for (let from = 0; from < shard.length; ) {
    const batch = shard.slice(from, from + 1 + Math.floor(random() * 120));
    try {
      expect(await handler({ Records: batch })).toEqual({ batchItemFailures: [] });
    } catch (error) {
      if (!/Crash|before|after/.test(String(error))) throw error;
      continue;
    }
    from += batch.length;
  }
}

/** The records in the failure store, each once, by sequence number. */
function kept(): Map<string, { readonly data: string; readonly code: string; readonly field?: string }> {
  const lines = failures.keys('failures').flatMap((Key) => {
    const { Body } = failures.call('GetObject', { Bucket: 'failures', Key }) as { Body: Buffer };
    return Body.toString().trimEnd().split('\n');
  });
  return new Map(lines.map((line) => JSON.parse(line)).map((each) => [each.sequenceNumber, each]));
}

describe('the aggregator', () => {
  it('counts each record once, whatever dies and however batches are cut', async () => {
    for (let seed = 1; seed <= 10; seed += 1) {
      store.createTable({ name: TABLE, key: { partition: 'pk', sort: 'sk' }, attributeTypes: { pk: 'S', sk: 'S' } });
      const random = seededRandom(seed);
      dies = () => random() < 0.15;
      const poison = new Set([13, 14, 400]);
      const shard = records(1000).map((each, index) =>
        poison.has(index) ? record(index, { data: '{"broken"' }) : each,
      );
      failures.createBucket('failures');
      await feed(shard, random);
      dies = () => false;
      const expected = [...poison].map((index) => shard[index]?.kinesis.sequenceNumber);
      expect([...kept().keys()].sort(), `seed ${seed}`).toEqual(expected);
      expect(totals(), `seed ${seed}`).toEqual({ events: 997, amount_cents: 9900, purchase: 99 });
    }
  });

  it('makes four calls for a thousand records of a minute, and two more when the minute is above a bound', async () => {
    const batch = (from: number, minute: number) =>
      Array.from({ length: 500 }, (_, index) => record(from + index, { at: START + minute * 60_000 + index }));
    await handler({ Records: batch(0, 0) });
    // The totals, the look at all shards; and, as the bound is passed, the claim, the message and its mark.
    expect(calls).toEqual(['UpdateItem', 'Query', 'PutItem', 'Publish', 'UpdateItem']);
    calls = [];
    for (const from of [500, 1000]) await handler({ Records: batch(from, 0) });
    expect(calls).toEqual(['UpdateItem', 'Query', 'PutItem', 'UpdateItem', 'Query', 'PutItem']);
    expect(totals().events).toBe(1500);
    calls = [];
    // Minutes that stay below the bound.
    for (let minute = 1; minute <= 10; minute += 1)
      await handler({ Records: batch(2000 + 500 * minute, minute).slice(0, 100) });
    expect(calls).toEqual(Array.from({ length: 10 }, () => ['UpdateItem', 'Query']).flat());
  });

  it('counts what a split shard leaves to its children', async () => {
    await handler({ Records: records(60) });
    await handler({ Records: records(40, { shard: 'shardId-000000000001' }) });
    await handler({ Records: records(30, { shard: 'shardId-000000000002' }) });
    expect(totals().events).toBe(130);
  });

  it('keeps what is no event at once, and counts all the others', async () => {
    const batch = [record(1), record(2), record(3, { data: 'x' }), record(4), record(5, { data: '{}' })];
    expect(await handler({ Records: batch })).toEqual({ batchItemFailures: [] });
    expect(totals().events).toBe(3);
    expect([...kept()]).toMatchObject([
      [batch[2]?.kinesis.sequenceNumber, { data: batch[2]?.kinesis.data, code: 'NOT_JSON', partitionKey: 's3' }],
      [batch[4]?.kinesis.sequenceNumber, { data: batch[4]?.kinesis.data, code: 'MISSING', field: 'event_id' }],
    ]);
    await handler({ Records: batch });
    expect(failures.keys('failures')).toEqual([
      `rejected/shardId-000000000000/2026/11/23/${batch[2]?.kinesis.sequenceNumber}-2.jsonl`,
    ]);
  });

  it('has the batch come again when what is no event cannot be kept', async () => {
    const batch = { Records: [record(1), record(2, { data: 'x' })] };
    dies = (action) => action === 'PutObject';
    await expect(handler(batch)).rejects.toThrow();
    dies = () => false;
    await handler(batch);
    expect([totals().events, kept().size]).toEqual([1, 1]);
  });

  it('adds up amounts to the last digit, beyond what a double holds and however batches are cut', async () => {
    const amounts = Array.from({ length: 20_000 }, (_, index) => MAX_CENTS - (index % 997));
    const batch = amounts.map((amount_cents, index) =>
      record(index, { data: JSON.stringify({ ...purchase(10), event_id: `e${index}`, amount_cents }) }),
    );
    for (const cut of [0, 10_000]) await handler({ Records: batch.slice(cut, cut + 10_000) });
    const expected = amounts.reduce((total, amount) => total + BigInt(amount), 0n);
    expect(expected).toBeGreaterThan(2n * BigInt(Number.MAX_SAFE_INTEGER));
    expect([exactly('amount_cents'), exactly('purchase'), kept().size]).toEqual([expected, 20_000n, 0]);
  });

  it('keeps one purchase that is beyond the largest amount, and counts those around it', async () => {
    const of = (index: number, amount_cents: number) =>
      record(index, { data: JSON.stringify({ ...purchase(10), event_id: `e${index}`, amount_cents }) });
    const large = [MAX_CENTS + 1, Number.MAX_SAFE_INTEGER, 2 ** 53, 1e300];
    await handler({ Records: [of(1, MAX_CENTS), ...large.map((amount, index) => of(index + 2, amount)), of(9, 5)] });
    expect([exactly('amount_cents'), exactly('events')]).toEqual([BigInt(MAX_CENTS) + 5n, 2n]);
    expect([...kept().values()].map(({ code, field }) => `${code} ${field}`)).toEqual(
      large.map(() => 'OUT_OF_RANGE amount_cents'),
    );
  });

  it('refuses what is no stream', async () => {
    const foreign = { ...record(1), eventSource: 'aws:sqs' } as KinesisStreamRecord;
    await expect(handler({ Records: [foreign] })).rejects.toThrow(/records of a Kinesis stream/);
  });
});

describe('an alert', () => {
  it('is told once for a minute, by the shard that sees the bound passed', async () => {
    const one = Array.from({ length: 100 }, (_, index) => record(index));
    const two = one.map((_, index) => record(index, { shard: 'shardId-000000000001' }));
    await handler({ Records: one });
    expect(told).toEqual([]);
    await handler({ Records: two });
    await handler({ Records: two });
    await handler({ Records: [record(500)] });
    expect(told.map(({ Message }) => JSON.parse(String(Message)))).toEqual([
      { alert: 'rush', minute: '2026-11-23T10:15', of: 'events', above: 150, total: 200 },
    ]);
  });

  it('is told with every digit of a total that no double holds', async () => {
    const events = { N: String(2n ** 53n) };
    const key = { pk: { S: 'minute#2026-11-23T10:15' }, sk: { S: 'shardId-000000000009' } };
    store.call('PutItem', { TableName: TABLE, Item: { ...key, events } });
    await handler({ Records: [record(1)] });
    expect(told.map(({ Message }) => /"total":(\d+)}$/.exec(String(Message))?.[1])).toEqual(['9007199254740993']);
  });

  it.each([
    ['before the claim', 'PutItem', 'before', 1],
    ['after the claim', 'PutItem', 'after', 1],
    ['before the message', 'Publish', 'before', 1],
    ['after the message', 'Publish', 'after', 2],
  ] as const)('is not lost when the function dies %s', async (_, action, when, times) => {
    let deaths = 0;
    dies = (each, moment) => {
      if (each !== action || moment !== when || deaths > 0) return false;
      deaths += 1;
      return true;
    };
    const batch = { Records: Array.from({ length: 200 }, (_each, index) => record(index)) };
    await expect(handler(batch)).rejects.toThrow();
    await handler(batch);
    await handler(batch);
    expect(told).toHaveLength(times);
    expect(totals().events).toBe(200);
  });
});
