// @project memory
// @node24

import { randomUUID } from 'node:crypto';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { documents } from '../../../../lib/runtime/document-client';
import { logger, metrics } from '../../../../lib/runtime/observability';
import { timeoutsOf } from '../../../lib/runtime/client-timeouts-fixture';

const NOW = Date.UTC(2026, 10, 24, 10, 15);
let calls: [string, Record<string, unknown>][];
let senders: Set<SNSClient>;
/** Events that the table has for the minute. */
let counted: number;
let fails: (name: string) => boolean;
let handler: (event: KinesisStreamEvent) => Promise<KinesisStreamBatchResponse>;

beforeEach(async () => {
  [calls, senders, counted, fails] = [[], new Set(), 0, () => false];
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
  const environment = {
    AWS_REGION: 'eu-west-1',
    AGGREGATES_TABLE: 'totals',
    FAILURES_BUCKET: 'failures',
    ALERT_TOPIC_ARN: 'topic',
    ALERT_RULES: JSON.stringify([{ name: 'rush', of: 'events', above: 2 }]),
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  vi.spyOn(logger, 'warn').mockImplementation(() => undefined);
  vi.spyOn(metrics, 'addMetric').mockReturnValue(metrics);
  vi.spyOn(metrics, 'publishStoredMetrics').mockReturnThis();
  const send = async (command: { readonly input: Record<string, unknown> }) => {
    const { name } = command.constructor;
    calls.push([name, command.input]);
    if (fails(name)) throw new Error(`${name} failed`);
    return name === 'QueryCommand' ? { Items: [{ events: { N: String(counted) } }] } : {};
  };
  vi.spyOn(documents, 'send').mockImplementation(send as never);
  vi.spyOn(S3Client.prototype, 'send').mockImplementation(send as never);
  vi.spyOn(SNSClient.prototype, 'send').mockImplementation(function (this: SNSClient, command: never) {
    senders.add(this);
    return send(command);
  } as never);
  const path = `../../../../patterns/data-pipeline/handlers/aggregate-events?${randomUUID()}`;
  ({ handler } = await vi.importActual<{ handler: typeof handler }>(path));
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const occurred_at = new Date(NOW).toISOString();
const event = { event_id: 'e', event_type: 'click', occurred_at, session_id: 's', page: '/' };
const record = (sequenceNumber: number, data: unknown = event, eventSource = 'aws:kinesis', at = NOW) => ({
  eventID: `shardId-1:${sequenceNumber}`,
  eventSource,
  kinesis: {
    sequenceNumber: String(sequenceNumber),
    partitionKey: 's',
    approximateArrivalTimestamp: at / 1000,
    data: Buffer.from(JSON.stringify(data)).toString('base64'),
  },
});
const handle = (...Records: object[]) => handler({ Records } as KinesisStreamEvent);
const names = () => calls.map(([name]) => name);
const measured = () => vi.mocked(metrics.addMetric).mock.calls.map(([name, unit, value]) => [name, unit, value]);

it('adds the events of each minute, and measures them', async () => {
  const later = record(3, event, 'aws:kinesis', NOW + 60_000);
  expect(await handle(record(1), record(2), later)).toEqual({ batchItemFailures: [] });
  expect(names()).toEqual(['UpdateCommand', 'QueryCommand', 'UpdateCommand', 'QueryCommand']);
  expect(calls.map(([, { TableName }]) => TableName)).toEqual(Array(4).fill('totals'));
  expect(measured()).toEqual([
    ['EventsAggregated', 'Count', 2],
    ['EventsAggregated', 'Count', 1],
  ]);
  expect(metrics.publishStoredMetrics).toHaveBeenCalledTimes(1);
  expect(logger.warn).not.toHaveBeenCalled();
});

it('measures what was counted before, apart', async () => {
  const { ConditionalCheckFailedException } = await import('@aws-sdk/client-dynamodb');
  const Item = { lastSequence: { S: '1'.padStart(60, '0') } };
  const refusal = new ConditionalCheckFailedException({ message: 'counted', $metadata: {}, Item });
  vi.mocked(documents.send).mockRejectedValueOnce(refusal as never);
  await handle(record(1), record(2), record(3));
  expect(measured()).toEqual([
    ['EventsAggregated', 'Count', 2],
    ['DuplicateRecordsSkipped', 'Count', 1],
  ]);
});

it('tells of a breach, by a client of four tries of 5 seconds', async () => {
  counted = 2;
  await handle(record(1));
  expect(names()).not.toContain('PublishCommand');
  counted = 3;
  await handle(record(2));
  expect(calls.find(([name]) => name === 'PublishCommand')?.[1]).toMatchObject({ TopicArn: 'topic' });
  const [client] = senders;
  if (client === undefined) throw new Error('nothing was told');
  expect(await timeoutsOf(client)).toMatchObject({ requestTimeout: 5000, socketTimeout: 5000 });
  expect(await client.config.maxAttempts()).toBe(4);
});

it('keeps what is no event, under its shard, day and first number, and goes on', async () => {
  await handle(record(1, {}), record(2), record(3, { ...event, page: '' }));
  const [name, kept] = calls.at(-1) ?? [];
  expect([name, kept?.['Bucket'], kept?.['ContentType']]).toEqual([
    'PutObjectCommand',
    'failures',
    'application/x-ndjson',
  ]);
  expect(kept?.['Key']).toBe('rejected/shardId-1/2026/11/24/1-2.jsonl');
  const lines = String(kept?.['Body']).split('\n');
  expect(lines.pop()).toBe('');
  expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
    {
      shard: 'shardId-1',
      sequenceNumber: '1',
      partitionKey: 's',
      arrival: NOW,
      data: Buffer.from('{}').toString('base64'),
      code: 'MISSING',
      field: 'event_id',
    },
    expect.objectContaining({ sequenceNumber: '3', code: 'OUT_OF_RANGE', field: 'page' }),
  ]);
  expect(measured()).toEqual([
    ['EventsAggregated', 'Count', 1],
    ['EventsRejected', 'Count', 2],
  ]);
  expect(vi.mocked(logger.warn).mock.calls[0]?.[1]).toMatchObject({ records: 2, first: '1' });
});

it.each(['UpdateCommand', 'PutObjectCommand'])(
  'fails when %s does, and sends its metrics all the same',
  async (name) => {
    fails = (each) => each === name;
    await expect(handle(record(1), record(2, {}))).rejects.toThrow(`${name} failed`);
    expect(metrics.publishStoredMetrics).toHaveBeenCalledTimes(1);
  },
);

it.each([
  ['aws:sqs', 'aws:sqs'],
  ['aws:kinesis', 'aws:sqs'],
])('takes records of a stream, not of %s and %s', async (...sources) => {
  const records = sources.map((source, index) => record(index, event, source));
  await expect(handle(...records)).rejects.toThrow('counts records of a Kinesis stream');
  expect(calls).toEqual([]);
});
