import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EVENT_BRIDGE_LIMITS } from '../../local/limits/event-bridge';
import type { Limit } from '../../local/limits/limit';
import { SNS_LIMITS } from '../../local/limits/sns';
import { SQS_LIMITS } from '../../local/limits/sqs';
import type { Json } from './aws-client';
import { type MotoFixture, type QueueOnBoth, startMotoFixture } from './moto-fixture';

const { rows: SQS } = SQS_LIMITS;
const { rows: SNS } = SNS_LIMITS;
const { rows: BUS } = EVENT_BRIDGE_LIMITS;

let fixture: MotoFixture;
let queue: QueueOnBoth;
let fifo: QueueOnBoth;
let topic: string;
beforeAll(async () => {
  fixture = await startMotoFixture('eu-west-1');
  const name = `limits-${randomUUID().slice(0, 8)}`;
  queue = await fixture.createQueue(name);
  fifo = await fixture.createQueue(`${name}.fifo`);
  topic = await fixture.createTopic(name);
});
afterAll(() => fixture.close());

type Call = readonly [service: 'sqs' | 'sns', action: string, input: Json];

const text = (length: number) => 'x'.repeat(Math.max(0, length));
const send = (input: Json): Call => ['sqs', 'SendMessage', { QueueUrl: queue.url, MessageBody: 'x', ...input }];
const sendFifo = (input: Json): Call => [
  'sqs',
  'SendMessage',
  { QueueUrl: fifo.url, MessageBody: 'x', MessageGroupId: 'g', MessageDeduplicationId: 'd', ...input },
];
const receive = (input: Json): Call => ['sqs', 'ReceiveMessage', { QueueUrl: queue.url, ...input }];
const batch = (...entries: readonly Json[]): Call => [
  'sqs',
  'SendMessageBatch',
  { QueueUrl: queue.url, Entries: entries.map((entry, index) => ({ Id: `m${index}`, MessageBody: 'x', ...entry })) },
];
const publish = (input: Json): Call => ['sns', 'Publish', { TopicArn: topic, Message: 'x', ...input }];
const publishBatch = (...entries: readonly Json[]): Call => [
  'sns',
  'PublishBatch',
  {
    TopicArn: topic,
    PublishBatchRequestEntries: entries.map((entry, index) => ({ Id: `m${index}`, Message: 'x', ...entry })),
  },
];
const attribute = (name: string, more: Json = {}): Json => ({
  MessageAttributes: { [name]: { DataType: 'String', StringValue: 'x', ...more } },
});

/** What both sides make of a call: the error's code, or undefined. */
async function outcomes([service, action, input]: Call) {
  const { ours, moto } = await fixture.both(service, action, input);
  return { ours: ours.error, moto: moto.error };
}

/** A limit that both have: on either side of its bounds, unless moto has only one of them. */
function alike(limit: Limit, call: (value: number) => Call, values?: readonly number[]): void {
  const { min, max } = limit;
  const bounds = [min, max].flatMap((bound) => (bound === undefined ? [] : [bound - 1, bound, bound + 1]));
  it(`${limit.operation}: ${limit.limit}`, async () => {
    for (const value of values ?? bounds) {
      const expected = (min ?? value) > value || (max ?? value) < value ? limit.error : undefined;
      expect({ value, ...(await outcomes(call(value))) }).toEqual({ value, ours: expected, moto: expected });
    }
  });
}

/** A refusal that both have. */
function bothRefuse(limit: Limit, call: () => Call): void {
  it(`${limit.operation}: ${limit.limit}`, async () => {
    expect(await outcomes(call())).toEqual({ ours: limit.error, moto: limit.error });
  });
}

/** What moto lets pass although AWS's page, the limit's source, refuses it. A moto that refuses it fails here. */
function motoIsKinder(limit: Limit, call: () => Call): void {
  it(`${limit.limit} (moto lets it pass: ${limit.source})`, async () => {
    expect(await outcomes(call())).toEqual({ ours: limit.error, moto: undefined });
  });
}

describe('limits of queues', () => {
  alike(SQS.messageSize, (bytes) => send({ MessageBody: text(bytes) }));
  alike(SQS.delaySeconds, (DelaySeconds) => send({ DelaySeconds }), [0, 900, 901]);
  alike(SQS.attributeName, (length) => send(attribute(text(length))), [1, 256]);
  alike(SQS.batchSize, (bytes) => batch({ MessageBody: text(600_000) }, { MessageBody: text(bytes - 600_000) }));
  alike(SQS.batchIdLength, (length) => batch({ Id: text(length) }), [1, 80, 81]);
  alike(SQS.maxNumberOfMessages, (MaxNumberOfMessages) => receive({ MaxNumberOfMessages }));
  alike(SQS.waitTimeSeconds, (WaitTimeSeconds) => receive({ WaitTimeSeconds }), [-1, 0, 21]);
  alike(SQS.visibilityTimeout, (VisibilityTimeout) => receive({ VisibilityTimeout }), [0, 43_200, 43_201]);
  alike(SQS.groupLength, (length) => sendFifo({ MessageGroupId: text(length) }), [1, 128]);
  bothRefuse(SQS.attributeNameCharacters, () => send(attribute('a b')));
  bothRefuse(SQS.attributeType, () => send(attribute('a', { DataType: 'Boolean' })));
  bothRefuse(SQS.fifoDelay, () => sendFifo({ DelaySeconds: 1 }));
  bothRefuse(SQS.groupMissing, () => sendFifo({ MessageGroupId: undefined }));
  bothRefuse(SQS.deduplicationMissing, () => sendFifo({ MessageDeduplicationId: undefined }));

  motoIsKinder(SQS.bodyLength, () => send({ MessageBody: '' }));
  motoIsKinder(SQS.characters, () => send({ MessageBody: 'a\u{0}' }));
  motoIsKinder(SQS.characters, () => send({ MessageBody: 'a\u{ffff}' }));
  motoIsKinder(SQS.delaySeconds, () => send({ DelaySeconds: -1 }));
  motoIsKinder(SQS.visibilityTimeout, () => receive({ VisibilityTimeout: -1 }));
  motoIsKinder(SQS.attributeName, () => send(attribute(text(257))));
  motoIsKinder(SQS.attributeNameCharacters, () => send(attribute('AWS.a')));
  motoIsKinder(SQS.attributeValue, () => send(attribute('a', { StringValue: '' })));
  motoIsKinder(SQS.attributeValue, () => send(attribute('a', { DataType: 'Number', StringValue: 'x' })));
  motoIsKinder(SQS.attributes, () =>
    send({ MessageAttributes: Object.fromEntries(ELEVEN.map((name) => [name, NUMBER])) }),
  );
  motoIsKinder(SQS.deduplicationOnStandard, () => send({ MessageDeduplicationId: 'd' }));
  motoIsKinder(SQS.groupLength, () => sendFifo({ MessageGroupId: text(129) }));
  motoIsKinder(SQS.idCharacters, () => sendFifo({ MessageGroupId: 'a b' }));
  motoIsKinder(SQS.deduplicationLength, () => sendFifo({ MessageDeduplicationId: text(129) }));
});

describe('limits of topics', () => {
  alike(SNS.messageSize, (bytes) => publish({ Message: text(bytes) }));
  alike(SNS.subject, (length) => publish({ Subject: text(length) }), [1, 99, 101]);
  alike(
    SNS.batchSize,
    (bytes) => publishBatch({ Message: text(131_072) }, { Message: text(bytes - 131_072) }),
    [262_144],
  );
  bothRefuse(SNS.attributeValue, () => publish(attribute('a', { StringValue: '' })));
  bothRefuse(SNS.attributeType, () => publish(attribute('a', { DataType: 'Boolean' })));
  bothRefuse(SNS.deduplicationOnStandard, () => publish({ MessageDeduplicationId: 'd' }));

  motoIsKinder(SNS.message, () => publish({ Message: '' }));
  motoIsKinder(SNS.subject, () => publish({ Subject: text(100) }));
  motoIsKinder(SNS.subjectCharacters, () => publish({ Subject: 'é' }));
  motoIsKinder(SNS.emptyBatch, () => publishBatch());
  motoIsKinder(SNS.batchIdCharacters, () => publishBatch({ Id: 'a b' }));
  motoIsKinder(SNS.batchSize, () => publishBatch({ Message: text(131_072) }, { Message: text(131_073) }));

  const refusedPolicy = (
    limit: Limit,
    policy: Json,
    scope: 'MessageBody' | 'MessageAttributes',
    byMoto: boolean,
  ): void => {
    it(`${limit.limit}${byMoto ? '' : ` (moto lets it pass: ${limit.source})`}`, async () => {
      const Attributes = { FilterPolicy: JSON.stringify(policy), FilterPolicyScope: scope };
      const moto = await fixture.moto('sns', 'Subscribe', {
        TopicArn: topic,
        Protocol: 'sqs',
        Endpoint: queue.arn,
        Attributes,
      });
      expect(moto.error).toBe(byMoto ? limit.error : undefined);
    });
  };
  const keys = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map((key) => [key, ['x']]));
  refusedPolicy(SNS.policyKeys, keys, 'MessageBody', true);
  refusedPolicy(SNS.policyCombinations, { a: Array.from({ length: 151 }, (_, at) => `v${at}`) }, 'MessageBody', true);
  refusedPolicy(SNS.policyNested, { a: { b: ['x'] } }, 'MessageAttributes', true);
  refusedPolicy(SNS.policyOperator, { a: [{ wildcard: 'x' }] }, 'MessageBody', true);
  refusedPolicy(SNS.policyNumber, { a: [{ numeric: ['>', 1_000_000_001] }] }, 'MessageBody', false);
});

describe('limits of buses', () => {
  /** What moto says of entries, or of a pattern: our bus has no API, so that its codes are compared. */
  const put = async (entry: Json, count = 1) => {
    const Entries = Array.from({ length: count }, () => ({ Source: 's', DetailType: 'd', Detail: '{}', ...entry }));
    const { error, output } = await fixture.moto('events', 'PutEvents', { Entries });
    return error ?? (output['Entries'] as readonly { ErrorCode?: string }[])[0]?.ErrorCode;
  };
  const pattern = async (value: unknown) => {
    const EventPattern = JSON.stringify(value);
    return (await fixture.moto('events', 'PutRule', { Name: 'limits', EventPattern })).error;
  };

  it('moto refuses with the codes of the table', async () => {
    expect(await put({}, 10)).toBeUndefined();
    expect(await put({}, 11)).toBe(BUS.entries.error);
    expect(await put({ Detail: 'x' })).toBe(BUS.detail.error);
    expect(await pattern({ a: [] })).toBe(BUS.patternShape.error);
    expect(await pattern({ a: 'x' })).toBe(BUS.patternShape.error);
  });

  it.each<[Limit, Json]>([
    [BUS.detail, { Detail: '[]' }],
    [BUS.source, { Source: text(257) }],
    [BUS.awsSource, { Source: 'aws.s3' }],
    [BUS.detailType, { DetailType: text(129) }],
    [BUS.requestSize, { Detail: `{"a":"${text(262_144)}"}` }],
  ])('moto lets pass: $limit ($source)', async (_, entry) => {
    expect(await put(entry)).toBeUndefined();
  });

  it.each<[Limit, Json]>([
    [BUS.patternOperator, { a: [{ contains: 'x' }] }],
    [BUS.patternShape, { a: {} }],
    [BUS.patternSize, { a: [text(2049)] }],
  ])('moto lets pass: $limit ($source)', async (_, value) => {
    expect(await pattern(value)).toBeUndefined();
  });
});

const NUMBER = { DataType: 'Number', StringValue: '1' };
const ELEVEN = Array.from({ length: 11 }, (_, index) => `a${index}`);
