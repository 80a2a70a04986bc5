import type { KinesisStreamBatchResponse, KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { LocalDynamoDb } from '../../../local/aws/dynamodb/store';
import { type LocalAws, startLocalAws } from '../../../local/aws/server';
import { AwsError, type LocalInput } from '../../../local/aws/service';
import { seededRandom } from '../../../local/engine/random';
import type { AlertRule } from '../../../patterns/data-pipeline/contract';

const TABLE = 'aggregates';
const RULES: AlertRule[] = [{ name: 'rush', of: 'events', above: 150 }];
const START = Date.UTC(2026, 10, 23, 10, 15);

let store: LocalDynamoDb;
let aws: LocalAws;
let handler: (event: KinesisStreamEvent) => Promise<KinesisStreamBatchResponse>;
let told: LocalInput[] = [];
/** Decides, before and after each write, whether the function dies there. */
let dies: (action: string, when: 'before' | 'after') => boolean = () => false;
let writes = 0;

function orDie<T>(action: string, perform: () => T): T {
  const writing = action !== 'Query';
  if (writing) writes += 1;
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
    ALERT_TOPIC_ARN: 'arn:aws:sns:eu-west-1:111111111111:alerts',
    ALERT_RULES: JSON.stringify(RULES),
    // Logs go to the console that is silenced above.
    POWERTOOLS_DEV: 'true',
    POWERTOOLS_METRICS_NAMESPACE: 'Groundplan',
    POWERTOOLS_SERVICE_NAME: 'aggregates',
  });
  ({ handler } = await import('../../../patterns/data-pipeline/handlers/aggregate-events.js'));
});
beforeEach(() => {
  store.createTable({ name: TABLE, key: { partition: 'pk', sort: 'sk' }, attributeTypes: { pk: 'S', sk: 'S' } });
  told = [];
  writes = 0;
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

/** Feeds a shard as Lambda does: what failed comes again, cut anew, from the record that failed. @returns what was given up */
async function feed(shard: readonly KinesisStreamRecord[], random: () => number): Promise<string[]> {
  const givenUp: string[] = [];
  for (let from = 0, tries = 0; from < shard.length; ) {
    const batch = shard.slice(from, from + (tries > 3 ? 1 : 1 + Math.floor(random() * 120)));
    let failed: string | undefined;
    try {
      const { batchItemFailures } = await handler({ Records: batch });
      failed = batchItemFailures[0]?.itemIdentifier;
    } catch {
      tries += 1;
      continue;
    }
    const done =
      failed === undefined ? batch.length : batch.findIndex(({ kinesis }) => kinesis.sequenceNumber === failed);
    from += done;
    tries = done > 0 ? 0 : tries + 1;
    if (failed !== undefined && done === 0 && batch.length === 1) {
      givenUp.push(failed);
      from += 1;
      tries = 0;
    }
  }
  return givenUp;
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
      const givenUp = await feed(shard, random);
      dies = () => false;
      expect(givenUp, `seed ${seed}`).toEqual([...poison].map((index) => shard[index]?.kinesis.sequenceNumber));
      expect(totals(), `seed ${seed}`).toEqual({ events: 997, amount_cents: 9900, purchase: 99 });
    }
  });

  it('writes once for a batch of a minute, not once for a record', async () => {
    await handler({ Records: Array.from({ length: 500 }, (_, index) => record(index)) });
    // The totals; and, as the bound is passed, the claim, the message and its mark.
    expect(writes).toBe(4);
    expect(totals().events).toBe(500);
  });

  it('counts what a split shard leaves to its children', async () => {
    await handler({ Records: records(60) });
    await handler({ Records: records(40, { shard: 'shardId-000000000001' }) });
    await handler({ Records: records(30, { shard: 'shardId-000000000002' }) });
    expect(totals().events).toBe(130);
  });

  it('gives back the first record that is no event, and counts what came before it', async () => {
    const batch = [record(1), record(2), record(3, { data: 'x' }), record(4)];
    const { batchItemFailures } = await handler({ Records: batch });
    expect(batchItemFailures).toEqual([{ itemIdentifier: batch[2]?.kinesis.sequenceNumber }]);
    expect(totals().events).toBe(2);
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
