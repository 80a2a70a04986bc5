import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Json } from './aws-client';
import type { Comparison } from './comparison';
import type { MotoFixture, Pair, QueueOnBoth } from './moto-fixture';
import { messagesOf } from './queue-side';

const bodies = (answer: Answer) => messagesOf(answer).map(({ Body }) => Body);
const handles = (answer: Answer) => messagesOf(answer).map(({ ReceiptHandle }) => ReceiptHandle);

/** Meets every known difference about queues, each by steps of its own. */
export async function meetQueueDifferences(fixture: MotoFixture, comparison: Comparison): Promise<void> {
  const create = (name: string, attributes: Record<string, string> = {}) =>
    fixture.createQueue(`${randomUUID().slice(0, 8)}-${name}`, { VisibilityTimeout: '600', ...attributes });
  const call = (action: string, queue: QueueOnBoth, input: Json) =>
    fixture.both('sqs', action, { QueueUrl: queue.url, ...input });
  const receive = (queue: QueueOnBoth, VisibilityTimeout?: number) =>
    call('ReceiveMessage', queue, { MaxNumberOfMessages: 10, VisibilityTimeout, AttributeNames: ['All'] });
  const remove = async (queue: QueueOnBoth, received: Pair<Answer>) => {
    for (const side of ['ours', 'moto'] as const) {
      for (const ReceiptHandle of handles(received[side])) {
        await fixture[side]('sqs', 'DeleteMessage', { QueueUrl: queue.url, ReceiptHandle });
      }
    }
  };

  const forgetful = await create('forgetful.fifo');
  const once = { MessageGroupId: 'g', MessageDeduplicationId: 'once' };
  await call('SendMessage', forgetful, { MessageBody: 'first', ...once });
  await remove(forgetful, await receive(forgetful));
  await call('SendMessage', forgetful, { MessageBody: 'again', ...once });
  const again = await receive(forgetful);
  comparison.differs('fifo-deduplication-ends-with-deletion', once, bodies(again.ours), bodies(again.moto));

  const stale = await create('stale');
  await call('SendMessage', stale, { MessageBody: 'kept' });
  const older = await receive(stale, 0);
  await receive(stale, 0);
  await remove(stale, older);
  const kept = await receive(stale);
  comparison.differs('older-receipt-deletes', {}, bodies(kept.ours), bodies(kept.moto));

  const narrow = await create('narrow', { MaximumMessageSize: '1024' });
  const Entries = [
    { Id: 'short', MessageBody: 'x' },
    { Id: 'long', MessageBody: 'x'.repeat(1_025) },
  ];
  const batch = await call('SendMessageBatch', narrow, { Entries });
  const outcome = ({ error, output }: Answer) => {
    const ids = (entries: unknown) => ((entries ?? []) as Json[]).map(({ Id }) => Id);
    return error ?? { Successful: ids(output['Successful']), Failed: ids(output['Failed']) };
  };
  comparison.differs('batch-refused-whole', { Entries }, outcome(batch.ours), outcome(batch.moto));

  // 400 characters, 1200 bytes.
  const cups = await call('SendMessage', narrow, { MessageBody: '☕'.repeat(400) });
  comparison.differs('size-in-characters', {}, cups.ours.error ?? 'taken', cups.moto.error ?? 'taken');

  const group = await create('group.fifo');
  for (const at of [1, 2]) {
    const input = { MessageBody: `m${at}`, MessageGroupId: 'g', MessageDeduplicationId: `d${at}` };
    await call('SendMessage', group, input);
  }
  await receive(group, 1);
  await sleep(1_100);
  const expired = await receive(group);
  comparison.differs('fifo-expired-batch', {}, bodies(expired.ours), bodies(expired.moto));

  const dead = await create('dead');
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 1 });
  const source = await create('source', { RedrivePolicy });
  await call('SendMessage', source, { MessageBody: 'poison' });
  await receive(source, 0);
  await receive(source, 0);
  const buried = await receive(dead);
  const origin = (answer: Answer) =>
    messagesOf(answer).map(({ Attributes }) =>
      Attributes['DeadLetterQueueSourceArn']?.replace(source.arn, 'the source'),
    );
  comparison.differs('dead-letter-source', {}, origin(buried.ours), origin(buried.moto));

  const deadGroup = await create('dead-group.fifo');
  const fifoRedrive = JSON.stringify({ deadLetterTargetArn: deadGroup.arn, maxReceiveCount: 1 });
  const fifoSource = await create('source.fifo', { RedrivePolicy: fifoRedrive });
  await call('SendMessage', fifoSource, { MessageBody: 'poison', ...once });
  await receive(fifoSource, 0);
  await receive(fifoSource, 0);
  const letters = await receive(deadGroup);
  const deduplication = (answer: Answer) =>
    messagesOf(answer).map(({ MessageId, Attributes: { MessageDeduplicationId } }) =>
      MessageDeduplicationId === MessageId ? 'the message id' : MessageDeduplicationId,
    );
  comparison.differs('fifo-dead-letter-deduplication', {}, deduplication(letters.ours), deduplication(letters.moto));
}
