// @project memory

import { createHash, randomUUID } from 'node:crypto';
import { type PublishBatchCommandInput, SNSClient } from '@aws-sdk/client-sns';
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { logger } from '../../../../lib/runtime/observability';
import { timeoutsOf } from '../../../lib/runtime/client-timeouts-fixture';

const TOPIC = 'arn:aws:sns:eu-west-1:111111111111:orders.fifo';
let batches: PublishBatchCommandInput[];
let clients: Set<SNSClient>;
/** What SNS answers to each batch, in turn; then it takes them. */
let answers: (object | Error)[];
let handler: (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>;

beforeEach(async () => {
  [batches, clients, answers] = [[], new Set(), []];
  vi.stubEnv('FAN_OUT_TOPIC_ARN', TOPIC);
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.spyOn(logger, 'error').mockImplementation(() => undefined);
  vi.spyOn(SNSClient.prototype, 'send').mockImplementation(async function (
    this: SNSClient,
    { input }: { readonly input: PublishBatchCommandInput },
  ) {
    clients.add(this);
    batches.push(input);
    if (batches.length > 100) throw new Error('SNS is asked without end');
    const answer = answers.shift() ?? {};
    if (answer instanceof Error) throw answer;
    return answer;
  } as never);
  const path = `../../../../patterns/event-driven/handlers/publish-order-events?${randomUUID()}`;
  ({ handler } = await vi.importActual<{ handler: typeof handler }>(path));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

function record(id: string, more: { eventName?: string; note?: string; image?: object } = {}): DynamoDBRecord {
  const { eventName = 'INSERT', note, image } = more;
  return {
    eventName,
    dynamodb: {
      SequenceNumber: `at-${id}`,
      Keys: { pk: { S: id } },
      NewImage: {
        customerId: { S: 'alice' },
        createdAt: { S: '2026-11-24T10:00:00.000Z' },
        order: { M: { orderId: { S: id }, ...(note !== undefined && { note: { S: note } }) } },
        ...image,
      },
    },
  } as DynamoDBRecord;
}
const records = (count: number) => Array.from({ length: count }, (_, index) => record(`o${index}`));
const handle = async (...Records: DynamoDBRecord[]) =>
  (await handler({ Records })).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
const sizes = () => batches.map(({ PublishBatchRequestEntries = [] }) => PublishBatchRequestEntries.length);
const published = () =>
  batches.flatMap(({ PublishBatchRequestEntries = [] }) =>
    PublishBatchRequestEntries.map(({ Message = '' }) => (JSON.parse(Message) as { orderId: string }).orderId),
  );

describe('a new order', () => {
  it('is published in its own group, under a name by which SNS knows a repeat of it', async () => {
    expect(await handle(record('o1'))).toEqual([]);
    const id = 'order.placed:o1';
    const message = {
      id,
      type: 'order.placed',
      orderId: 'o1',
      customerId: 'alice',
      occurredAt: '2026-11-24T10:00:00.000Z',
      data: { M: { orderId: { S: 'o1' } } },
    };
    expect(batches).toEqual([
      {
        TopicArn: TOPIC,
        PublishBatchRequestEntries: [
          {
            Id: '0',
            Message: JSON.stringify(message),
            MessageGroupId: 'o1',
            MessageDeduplicationId: createHash('sha256').update(id).digest('hex'),
          },
        ],
      },
    ]);
    // Published again, it has the same name, whenever that is.
    await handle(record('o1'));
    expect(batches[1]).toEqual(batches[0]);
  });

  it('is what was inserted, or marked to be published again, and nothing else', async () => {
    const redriven = { redrivenAt: { S: '2026-11-24T11:00:00.000Z' } };
    await handle(
      record('new'),
      record('changed', { eventName: 'MODIFY' }),
      record('again', { eventName: 'MODIFY', image: redriven }),
      record('gone', { eventName: 'REMOVE', image: redriven }),
      { eventName: 'MODIFY' },
      { eventName: 'MODIFY', dynamodb: {} },
    );
    expect(published()).toEqual(['new', 'again']);
  });

  it('that says nothing is told as it is', async () => {
    expect(
      await handle({ eventName: 'INSERT' }, { eventName: 'INSERT', dynamodb: { Keys: {}, NewImage: {} } }),
    ).toEqual([]);
    const messages = batches[0]?.PublishBatchRequestEntries?.map(({ Message = '' }) => JSON.parse(Message) as object);
    const empty = { id: 'order.placed:', type: 'order.placed', orderId: '', customerId: '', occurredAt: '' };
    expect(messages).toEqual([empty, empty]);
  });

  it('is given up after 5 seconds of silence', async () => {
    await handle(record('o1'));
    expect(await Promise.all([...clients].map(timeoutsOf))).toEqual([
      { connectionTimeout: 1000, requestTimeout: 5000, socketTimeout: 5000 },
    ]);
  });
});

describe('a batch of SNS', () => {
  it.each([
    [0, []],
    [1, [1]],
    [10, [10]],
    [11, [10, 1]],
    [20, [10, 10]],
    [25, [10, 10, 5]],
  ])('of %i orders has at most ten', async (count, expected) => {
    expect(await handle(...records(count))).toEqual([]);
    expect(sizes()).toEqual(expected);
    expect(published()).toEqual(records(count).map(({ dynamodb }) => dynamodb?.Keys?.['pk']?.S));
    for (const { PublishBatchRequestEntries = [] } of batches) {
      expect(PublishBatchRequestEntries.map(({ Id }) => Id)).toEqual(PublishBatchRequestEntries.map((_, n) => `${n}`));
    }
  });

  /** Bytes of messages, the first of which have so many. */
  const bytesOf = (batch: PublishBatchCommandInput | undefined) =>
    (batch?.PublishBatchRequestEntries ?? []).reduce((sum, { Message = '' }) => sum + Buffer.byteLength(Message), 0);

  it.each([
    [0, [2]],
    [1, [1, 1]],
  ])('has at most 262,144 bytes: %i more', async (more, expected) => {
    await handle(record('o0', { note: '' }));
    const frame = bytesOf(batches.splice(0)[0]);
    const half = 262_144 / 2 - frame;
    await handle(record('o1', { note: 'x'.repeat(half) }), record('o2', { note: 'x'.repeat(half + more) }));
    expect(sizes()).toEqual(expected);
    if (more === 0) expect(bytesOf(batches[0])).toBe(262_144);
  });

  it('counts bytes, not characters', async () => {
    const note = 'ü'.repeat(66_000);
    await handle(record('o1', { note }), record('o2', { note }));
    expect(sizes()).toEqual([1, 1]);
  });

  it('counts each batch anew, and lets SNS refuse what is too large for any', async () => {
    const large = 'x'.repeat(150_000);
    await handle(...['o1', 'o2', 'o3'].map((id) => record(id, { note: large })));
    expect(sizes()).toEqual([1, 1, 1]);
    batches = [];
    await handle(record('o1', { note: 'x'.repeat(300_000) }), record('o2'));
    expect(sizes()).toEqual([1, 1]);
  });
});

describe('a failure', () => {
  it('is reported by the first record that was refused, and nothing behind its batch is published', async () => {
    answers = [{}, { Failed: [{ Id: '7' }, { Id: '2', Code: 'x' }, { Id: '9' }] }];
    expect(await handle(...records(25))).toEqual(['at-o12']);
    expect(sizes()).toEqual([10, 10]);
  });

  it('of the first is reported by the first', async () => {
    answers = [{ Failed: [{ Id: '0' }] }];
    expect(await handle(...records(2))).toEqual(['at-o0']);
  });

  it('of a whole batch is reported by its first record', async () => {
    answers = [{}, new Error('no')];
    expect(await handle(...records(25))).toEqual(['at-o10']);
    expect(sizes()).toEqual([10, 10]);
  });

  it('is none when none is named', async () => {
    answers = [{ Failed: [] }];
    expect(await handle(...records(1))).toEqual([]);
  });
});
