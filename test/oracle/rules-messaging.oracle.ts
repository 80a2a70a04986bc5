import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { matchesEventPattern } from '../../local/matching/event-pattern';
import type { Answer, Json } from './aws-client';
import { type MotoFixture, type QueueOnBoth, startMotoFixture } from './moto-fixture';
import { messagesOf } from './queue-side';
import { expectError, outputOf, rule } from './rule';

let fixture: MotoFixture;
beforeAll(async () => {
  fixture = await startMotoFixture('us-east-2');
});
afterAll(() => fixture.close());

const create = (name: string, attributes: Record<string, string> = {}) =>
  fixture.createQueue(`${randomUUID().slice(0, 8)}-${name}`, attributes);

/** Our answer; moto's, which keeps the rule, is checked first unless it breaks it too. */
async function ask(queue: QueueOnBoth, action: string, input: Json, check: (answer: Answer) => void, motoToo = true) {
  const { ours, moto } = await fixture.both('sqs', action, { QueueUrl: queue.url, ...input });
  // A moto that breaks the rule must not pass for our failure: without a failure, this test is red.
  if (motoToo) {
    try {
      check(moto);
    } catch (cause) {
      console.error(`moto breaks the rule too: ${action}`, cause);
      return;
    }
  }
  check(ours);
}

describe('rules of queues', () => {
  rule('DeleteMessage refuses what is no receipt handle', async () => {
    await ask(await create('q'), 'DeleteMessage', { ReceiptHandle: 'x' }, (answer) =>
      expectError(answer, 'ReceiptHandleIsInvalid'),
    );
  });

  rule('a FIFO queue refuses a delay of one message', async () => {
    const input = { MessageBody: 'x', MessageGroupId: 'g', MessageDeduplicationId: 'd', DelaySeconds: 1 };
    await ask(await create('q.fifo'), 'SendMessage', input, (answer) => expectError(answer, 'InvalidParameterValue'));
  });

  rule('a queue delays what is sent without a delay of its own by its DelaySeconds', async () => {
    const queue = await create('q', { DelaySeconds: '60' });
    await fixture.both('sqs', 'SendMessage', { QueueUrl: queue.url, MessageBody: 'x' });
    await ask(queue, 'ReceiveMessage', {}, (answer) => expect(messagesOf(answer)).toEqual([]));
  });

  rule('a FIFO queue deduplicates across groups, unless its DeduplicationScope says otherwise', async () => {
    const queue = await create('q.fifo');
    const send = (group: string) =>
      fixture.both('sqs', 'SendMessage', {
        QueueUrl: queue.url,
        MessageBody: group,
        MessageGroupId: group,
        MessageDeduplicationId: 'once',
      });
    await send('g1');
    await send('g2');
    await ask(queue, 'ReceiveMessage', { MaxNumberOfMessages: 10 }, (answer) =>
      expect(messagesOf(answer).map(({ Body }) => Body)).toEqual(['g1']),
    );
  });

  rule('ReceiveMessage refuses more than ten messages at once', async () => {
    await ask(await create('q'), 'ReceiveMessage', { MaxNumberOfMessages: 11 }, (answer) =>
      expectError(answer, 'InvalidParameterValue'),
    );
  });

  rule('ReceiveMessage answers no list when there is nothing', async () => {
    await ask(await create('q'), 'ReceiveMessage', {}, (answer) => expect(outputOf(answer)).toEqual({}));
  });

  rule('ReceiveMessage tells only the attributes that are asked for', async () => {
    const queue = await create('q');
    await fixture.both('sqs', 'SendMessage', { QueueUrl: queue.url, MessageBody: 'x' });
    await ask(queue, 'ReceiveMessage', {}, (answer) => {
      const [message] = messagesOf(answer);
      expect(message).not.toHaveProperty('Attributes');
    });
  });

  rule('SendMessage digests the message attributes', async () => {
    const input = { MessageBody: 'x', MessageAttributes: { a: { DataType: 'String', StringValue: 'b' } } };
    await ask(await create('q'), 'SendMessage', input, (answer) =>
      expect(outputOf(answer)).toHaveProperty('MD5OfMessageAttributes'),
    );
  });

  rule('a delayed message is not in flight', async () => {
    const queue = await create('q');
    await fixture.both('sqs', 'SendMessage', { QueueUrl: queue.url, MessageBody: 'x', DelaySeconds: 60 });
    await ask(queue, 'GetQueueAttributes', { AttributeNames: ['All'] }, (answer) =>
      expect(outputOf(answer)['Attributes']).toMatchObject({
        ApproximateNumberOfMessagesDelayed: '1',
        ApproximateNumberOfMessagesNotVisible: '0',
      }),
    );
  });

  const entries = (...ids: string[]) => ({ Entries: ids.map((Id) => ({ Id, MessageBody: 'x' })) });
  rule('SendMessageBatch refuses more than ten messages', async () => {
    const eleven = entries(...Array.from({ length: 11 }, (_, at) => `m${at}`));
    await ask(await create('q'), 'SendMessageBatch', eleven, (answer) =>
      expectError(answer, 'TooManyEntriesInBatchRequest'),
    );
  });

  rule('SendMessageBatch refuses none', async () => {
    await ask(await create('q'), 'SendMessageBatch', entries(), (answer) => expectError(answer, 'EmptyBatchRequest'));
  });

  rule('SendMessageBatch refuses two entries of one id', async () => {
    await ask(await create('q'), 'SendMessageBatch', entries('a', 'a'), (answer) =>
      expectError(answer, 'BatchEntryIdsNotDistinct'),
    );
  });

  rule('SendMessageBatch refuses an id with other characters', async () => {
    await ask(await create('q'), 'SendMessageBatch', entries('a b'), (answer) =>
      expectError(answer, 'InvalidBatchEntryId'),
    );
  });

  rule('ChangeMessageVisibility tells that a message is not in flight (moto lets it pass)', async () => {
    const queue = await create('q');
    await fixture.both('sqs', 'SendMessage', { QueueUrl: queue.url, MessageBody: 'x' });
    const [message] = messagesOf(
      await fixture.ours('sqs', 'ReceiveMessage', { QueueUrl: queue.url, VisibilityTimeout: 0 }),
    );
    const input = { ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout: 1 };
    await ask(queue, 'ChangeMessageVisibility', input, (answer) => expectError(answer, 'MessageNotInflight'), false);
  });
});

/** What arrives in a raw or wrapped subscription with a policy on attributes. */
async function delivered(raw: boolean, attributes: Json, filterPolicy?: Json): Promise<(Json | undefined)[]> {
  const topic = await fixture.createTopic(`topic-${randomUUID().slice(0, 8)}`);
  const queue = await create('listener');
  await fixture.subscribe(topic, {
    endpoint: queue.arn,
    rawMessageDelivery: raw,
    ...(filterPolicy && { filterPolicy }),
  });
  await fixture.both('sns', 'Publish', { TopicArn: topic, Message: 'x', MessageAttributes: attributes });
  const all = { QueueUrl: queue.url, AttributeNames: ['All'], MessageAttributeNames: ['All'] };
  const { ours, moto } = await fixture.both('sqs', 'ReceiveMessage', all);
  return [ours, moto].map((answer) => messagesOf(answer)[0] as unknown as Json | undefined);
}

describe('rules of topics', () => {
  rule('a filter policy compares an attribute of type Number as a number', async () => {
    const size = { size: { DataType: 'Number', StringValue: '5' } };
    const [ours, moto] = await delivered(true, size, { size: [{ numeric: ['>', 4] }] });
    if (moto !== undefined) expect(ours).toBeDefined();
  });

  rule('a filter policy looks into an attribute of type String.Array', async () => {
    const tags = { tags: { DataType: 'String.Array', StringValue: '["red","blue"]' } };
    const [ours, moto] = await delivered(true, tags, { tags: ['blue'] });
    if (moto !== undefined) expect(ours).toBeDefined();
  });

  rule('raw delivery keeps the message attributes', async () => {
    const color = { color: { DataType: 'String', StringValue: 'red' } };
    const [ours, moto] = await delivered(true, color);
    expect(ours?.['MessageAttributes']).toEqual(moto?.['MessageAttributes']);
  });

  rule('the envelope has the message attributes', async () => {
    const color = { color: { DataType: 'String', StringValue: 'red' } };
    const inEnvelope = (message: Json | undefined) =>
      (JSON.parse(String(message?.['Body'])) as Json)['MessageAttributes'];
    const [ours, moto] = await delivered(false, color);
    expect(inEnvelope(ours)).toEqual(inEnvelope(moto));
  });

  rule('PublishBatch refuses two entries of one id', async () => {
    const TopicArn = await fixture.createTopic(`topic-${randomUUID().slice(0, 8)}`);
    const PublishBatchRequestEntries = ['a', 'a'].map((Id) => ({ Id, Message: 'x' }));
    const { ours, moto } = await fixture.both('sns', 'PublishBatch', { TopicArn, PublishBatchRequestEntries });
    if (moto.error === 'BatchEntryIdsNotDistinct') expect(ours.error).toBe(moto.error);
  });
});

describe('rules of event patterns', () => {
  rule('exists looks at leaves only, not at objects', async () => {
    expect(matchesEventPattern({ detail: [{ exists: true }] }, { detail: { a: 1 } })).toBe(false);
  });

  rule('anything-but looks at leaves only, not at objects', async () => {
    expect(matchesEventPattern({ detail: [{ 'anything-but': 'x' }] }, { detail: { a: 1 } })).toBe(false);
  });

  rule('an empty array has nothing in common with a pattern', async () => {
    expect(matchesEventPattern({ tags: [{ 'anything-but': 'x' }] }, { tags: [] })).toBe(false);
  });
});
