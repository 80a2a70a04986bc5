import { expect, it } from 'vitest';
import { AwsError, type LocalInput } from '../../../local/aws/service';
import { type Delivery, LocalSns, type Subscription } from '../../../local/aws/sns';
import { LocalSqs } from '../../../local/aws/sqs';
import type { Limit } from '../../../local/limits/limit';
import { SNS_LIMITS } from '../../../local/limits/sns';
import { onBothSides, outcome, testEachLimit } from './both-sides-fixture';

const location = { account: '111122223333', region: 'eu-west-1' };
const sns = new LocalSns(location, () => undefined);
const { arn: TopicArn } = sns.createTopic('events');
const { arn: fifo } = sns.createTopic('events.fifo');
const { arn: content } = sns.createTopic('content.fifo', { contentBasedDeduplication: true });
const endpoint = 'arn:aws:sqs:eu-west-1:111122223333:jobs';

const textOf = (length: number) => 'x'.repeat(Math.max(0, length));
const times = (count: number) => Array.from({ length: Math.max(0, count) });
const publish = (input: LocalInput) => sns.call('Publish', { TopicArn, Message: 'x', ...input });
const publishFifo = (input: LocalInput) =>
  publish({ TopicArn: fifo, MessageGroupId: 'g', MessageDeduplicationId: 'd', ...input });
const attribute = (name: string, more: LocalInput = {}) =>
  publish({ MessageAttributes: { [name]: { DataType: 'String', StringValue: 'x', ...more } } });
const batch = (...entries: readonly LocalInput[]) =>
  sns.call('PublishBatch', {
    TopicArn,
    PublishBatchRequestEntries: entries.map((entry, index) => ({ Id: `m${index}`, Message: 'x', ...entry })),
  });
const subscribe = (filterPolicy: object, more: Partial<Subscription> = {}) =>
  sns.subscribe(TopicArn, {
    protocol: 'sqs',
    endpoint,
    filterPolicyScope: 'MessageBody',
    filterPolicy: filterPolicy as Subscription['filterPolicy'],
    ...more,
  });

async function refusedFor(limit: Limit, calls: readonly (() => unknown)[]): Promise<void> {
  for (const call of calls) expect(await outcome(call)).toBe(limit.error);
}

testEachLimit(SNS_LIMITS, {
  message: async (limit) => {
    await onBothSides(limit, (length) => publish({ Message: textOf(length) }));
    expect(batch({ Message: '' }, {})).toMatchObject({
      Successful: [{ Id: 'm1' }],
      Failed: [{ Id: 'm0', Code: limit.error, SenderFault: true }],
    });
  },
  messageSize: async (limit) => {
    await onBothSides(limit, (bytes) => publish({ Message: `é${textOf(bytes - 2)}` }));
    await onBothSides(limit, (bytes) =>
      publish({
        Message: textOf(bytes - 12),
        MessageAttributes: { n: { DataType: 'Binary', BinaryValue: Buffer.from('12345').toString('base64') } },
      }),
    );
  },
  subject: (limit) => onBothSides(limit, (length) => publish({ Subject: textOf(length) })),
  subjectCharacters: async (limit) => {
    await refusedFor(
      limit,
      ['é', ' a', 'a\nb', 'a\u{7f}', '\ta'].map((Subject) => () => publish({ Subject })),
    );
    expect(await outcome(() => publish({ Subject: 'Alert: stock-low (1)' }))).toBeUndefined();
  },
  attributeName: (limit) => onBothSides(limit, (length) => attribute(textOf(length))),
  attributeNameCharacters: async (limit) => {
    const not = ['a b', '.a', 'a.', 'a..b', 'é', 'AWS.a', 'Amazon.a'];
    await refusedFor(
      limit,
      not.map((name) => () => attribute(name)),
    );
    expect(await outcome(() => attribute('A_b-c.d.9'))).toBeUndefined();
  },
  attributeType: async (limit) => {
    await refusedFor(
      limit,
      ['', 'string', 'Boolean', '.x'].map((DataType) => () => attribute('a', { DataType })),
    );
    expect(await outcome(() => attribute('a', { DataType: 'String.x' }))).toBeUndefined();
  },
  attributeValue: async (limit) => {
    await refusedFor(limit, [
      () => attribute('a', { StringValue: '' }),
      () => attribute('a', { DataType: 'Number', StringValue: 'x' }),
      () => attribute('a', { DataType: 'Binary' }),
      () => attribute('a', { DataType: 'String.Array', StringValue: '{"a":1}' }),
      () => attribute('a', { DataType: 'String.Array', StringValue: '[' }),
    ]);
    expect(await outcome(() => attribute('a', { DataType: 'String.Array', StringValue: '["x",1]' }))).toBeUndefined();
  },
  groupLength: async (limit) => {
    await onBothSides(limit, (length) => publishFifo({ MessageGroupId: textOf(length) }));
    await onBothSides(limit, (length) => publish({ MessageGroupId: textOf(length) }));
  },
  deduplicationLength: (limit) =>
    onBothSides(limit, (length) => publishFifo({ MessageDeduplicationId: textOf(length) })),
  idCharacters: async (limit) => {
    for (const id of [' ', 'é', '\n']) {
      await refusedFor(limit, [
        () => publishFifo({ MessageGroupId: id }),
        () => publishFifo({ MessageDeduplicationId: id }),
      ]);
    }
  },
  groupMissing: (limit) => refusedFor(limit, [() => publishFifo({ MessageGroupId: undefined })]),
  deduplicationMissing: async (limit) => {
    await refusedFor(limit, [() => publishFifo({ MessageDeduplicationId: undefined })]);
    expect(await outcome(() => publishFifo({ TopicArn: content, MessageDeduplicationId: undefined }))).toBeUndefined();
  },
  deduplicationOnStandard: (limit) => refusedFor(limit, [() => publish({ MessageDeduplicationId: 'd' })]),
  topicExists: (limit) =>
    refusedFor(limit, [
      () => publish({ TopicArn: `${TopicArn}-gone` }),
      () => sns.call('PublishBatch', { TopicArn: 'gone', PublishBatchRequestEntries: [{ Id: 'a', Message: 'x' }] }),
    ]),
  emptyBatch: (limit) => onBothSides(limit, (count) => batch(...times(count).map(() => ({}))), { furthest: 9 }),
  batchEntries: (limit) =>
    onBothSides(limit, (count) => batch(...times(count).map(() => ({}))), { from: 1, furthest: 90 }),
  batchIdLength: (limit) => onBothSides(limit, (length) => batch({ Id: textOf(length) })),
  batchIdCharacters: (limit) =>
    refusedFor(
      limit,
      [' ', 'é', 'a.b'].map((Id) => () => batch({ Id })),
    ),
  batchIdsDistinct: (limit) => refusedFor(limit, [() => batch({ Id: 'a' }, { Id: 'a' })]),
  batchSize: (limit) =>
    onBothSides(limit, (bytes) => {
      const MessageAttributes = { a: { DataType: 'String', StringValue: 'xx' } };
      return batch(
        { Message: 'é'.repeat(limit.max / 4) },
        { Message: textOf(bytes - limit.max / 2 - 9), MessageAttributes },
      );
    }),
  policyKeys: (limit) =>
    onBothSides(limit, (count) => {
      // A policy without a key is none.
      const keys = Object.fromEntries(times(count).map((_, index) => [`k${index}`, ['x']]));
      return subscribe(count > 0 ? keys : { k: { nested: ['x'] } });
    }),
  policyCombinations: async (limit) => {
    const values = (count: number) => times(count).map((_, index) => `v${index}`);
    await onBothSides(limit, (count) => subscribe({ a: values(Math.max(1, count)) }));
    // Three values in a key of the second level count twice.
    expect(await outcome(() => subscribe({ a: { b: values(5) }, c: values(15) }))).toBeUndefined();
    expect(await outcome(() => subscribe({ a: { b: values(5) }, c: values(16) }))).toBe(limit.error);
    expect(await outcome(() => subscribe({ $or: [{ a: values(75) }, { b: values(75) }] }))).toBeUndefined();
    expect(await outcome(() => subscribe({ $or: [{ a: values(75) }, { b: values(76) }] }))).toBe(limit.error);
  },
  policySize: (limit) => onBothSides(limit, (bytes) => subscribe({ a: [textOf(bytes - 10)] }), { from: 11 }),
  policyNumber: (limit) => onBothSides(limit, (bound) => subscribe({ a: [{ numeric: ['>', bound] }] })),
  policyNested: async (limit) => {
    const on = (filterPolicyScope: Subscription['filterPolicyScope']) => () =>
      subscribe({ a: { b: ['x'] } }, { filterPolicyScope });
    await refusedFor(limit, [on('MessageAttributes'), on(undefined)]);
    expect(await outcome(on('MessageBody'))).toBeUndefined();
  },
  policyOperator: (limit) =>
    refusedFor(limit, [
      () => subscribe({ a: [{ wildcard: 'a*' }] }),
      () => subscribe({ a: [{ 'anything-but': { suffix: 'a' } }] }),
      () => subscribe({ a: [] }),
      () => subscribe({ a: 'x' }),
      () => subscribe({}),
    ]),
  fifoEndpoint: async (limit) => {
    await refusedFor(limit, [() => subscribe({ a: ['x'] }, { endpoint: `${endpoint}.fifo` })]);
    sns.subscribe(fifo, { protocol: 'sqs', endpoint: `${endpoint}.fifo` });
    sns.subscribe(fifo, { protocol: 'sqs', endpoint });
  },
  deadLetterRefused: () => {
    const { topic, queues, publish: to } = connected();
    to('no\u{ffff}good');
    expect([topic.lost, queues.queue('jobs').depth().visible, queues.queue('dead').depth().visible]).toEqual([1, 0, 0]);
  },
});

/** A topic with a queue and its dead-letter queue. */
function connected(queueAttributes: Record<string, string> = {}) {
  const queues = new LocalSqs(location, () => 0);
  const topic = new LocalSns(location, ({ endpoint: to }, { body, attributes }: Delivery) => {
    queues.queue(to).send({ body, attributes });
  });
  const { arn } = topic.createTopic('t');
  const dead = queues.createQueue('dead');
  const jobs = queues.createQueue('jobs', queueAttributes);
  topic.subscribe(arn, {
    protocol: 'sqs',
    endpoint: jobs.arn,
    rawMessageDelivery: true,
    deadLetterTargetArn: dead.arn,
  });
  return {
    topic,
    queues,
    publish: (Message: string, more: LocalInput = {}) => topic.publish(arn, { Message, ...more }),
  };
}

it('gives the dead-letter queue what the queue of a subscription refuses', () => {
  const { topic, queues, publish: to } = connected({ MaximumMessageSize: '1024' });
  to(textOf(1025));
  to(textOf(1024));
  const bodies = (name: string) =>
    queues
      .queue(name)
      .contents()
      .map(({ body }) => body.length);
  expect([bodies('jobs'), bodies('dead'), topic.lost]).toEqual([[1024], [1025], 0]);
});

it('delivers in an envelope what a raw message may not have', () => {
  const received: Delivery[] = [];
  const topic = new LocalSns(location, (_, delivery) => {
    received.push(delivery);
  });
  const { arn } = topic.createTopic('t');
  topic.subscribe(arn, { protocol: 'sqs', endpoint });
  topic.publish(arn, { Message: 'a\u{0}b' });
  expect(received.map(({ body }) => body.includes('a\\u0000b'))).toEqual([true]);
});

it('refuses what it does not know', async () => {
  expect(await outcome(() => publish({ MessageStructure: 'json' }))).toBe('UnknownOperationException');
  await expect(async () => batch({ MessageStructure: 'json' })).rejects.toBeInstanceOf(AwsError);
});
