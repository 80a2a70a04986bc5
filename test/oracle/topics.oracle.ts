import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, it } from 'vitest';
import type { Random } from '../../local/engine/random';
import type { Answer, Json } from './aws-client';
import { Comparison, closeAccount } from './comparison';
import { chance, integer, pick, sample, several } from './draw';
import { drawRange } from './draw-pattern';
import { type MotoFixture, type QueueOnBoth, startMotoFixture } from './moto-fixture';
import { messagesOf } from './queue-side';

const SEQUENCES = 6;
const ROUNDS = 8;

let fixture: MotoFixture;
beforeAll(async () => {
  fixture = await startMotoFixture('eu-west-2');
});
afterAll(() => fixture.close());

const COLORS = ['red', 'RED', 'reddish', 'blue', 'light-blue'] as const;
const SIZES = [2, 5, 5.5, 40] as const;

/** Alternatives for one field of texts. `exists: false` stands alone: moto gives up at the first text otherwise. */
function drawAlternatives(random: Random): unknown[] {
  if (chance(random, 0.15)) return [{ exists: chance(random, 0.5) }];
  return several(random, 1, 2, () =>
    pick<() => unknown>(random, [
      () => pick(random, COLORS),
      () => ({ prefix: pick(random, ['red', 'l']) }),
      () => ({ suffix: pick(random, ['blue', 'D']) }),
      // In small letters, because moto does not ignore the case of the policy (`policy-in-capitals`).
      () => ({ 'equals-ignore-case': pick(random, ['red', 'blue']) }),
      () => ({ 'anything-but': sample(random, [...COLORS], 2) }),
    ])(),
  );
}

/** A filter policy on attributes, which are texts here, or on the body, which has numbers and a nested object too. */
function drawPolicy(random: Random, onBody: boolean): Readonly<Record<string, unknown>> {
  return {
    color: drawAlternatives(random),
    ...(chance(random, 0.3) && { shade: drawAlternatives(random) }),
    ...(onBody && chance(random, 0.4) && { size: [{ numeric: drawRange(random) }] }),
    ...(onBody && chance(random, 0.3) && { owner: { color: [pick(random, COLORS), { prefix: 'light' }] } }),
  };
}

function drawMessage(random: Random, id: number): Json {
  const text = (name: string) => (chance(random, 0.7) ? { [name]: pick(random, COLORS) } : {});
  const body = {
    id,
    ...text('color'),
    ...text('shade'),
    size: pick(random, SIZES),
    owner: { color: 'light-red', ...text('color') },
  };
  const attributes = Object.entries({ ...text('color'), ...text('shade') }).map(([name, StringValue]) => [
    name,
    { DataType: 'String', StringValue },
  ]);
  return {
    Message: chance(random, 0.9) ? JSON.stringify(body) : `no JSON, ${id} <&>`,
    ...(attributes.length > 0 && { MessageAttributes: Object.fromEntries(attributes) as Json }),
  };
}

/** What is compared of a message that arrived: moto signs and dates its envelope, ours does not. */
function arrived(answer: Answer, raw: boolean): unknown {
  return messagesOf(answer).map(({ Body, Attributes }) => {
    const { MessageGroupId, MessageDeduplicationId } = Attributes;
    if (raw) return { Body, MessageGroupId, MessageDeduplicationId };
    const { Type, TopicArn, Message } = JSON.parse(Body) as Json;
    return { Type, TopicArn, Message, MessageGroupId, MessageDeduplicationId };
  });
}

function accepted({ error, output }: Answer): unknown {
  return error ?? { successful: output['successful'], failed: output['failed'] };
}

interface Listener {
  readonly queue: QueueOnBoth;
  readonly raw: boolean;
  readonly policy: Json;
}

/** A topic with subscribers that filter as drawn. */
async function drawTopic(random: Random, fifo: boolean): Promise<{ arn: string; listeners: Listener[] }> {
  const suffix = `${randomUUID().slice(0, 8)}${fifo ? '.fifo' : ''}`;
  const arn = await fixture.createTopic(`topic-${suffix}`);
  const listeners: Listener[] = [];
  for (const [at, filter] of [undefined, 'MessageAttributes', 'MessageBody', 'MessageBody'].entries()) {
    const queue = await fixture.createQueue(`listener-${at}-${suffix}`, { VisibilityTimeout: '600' });
    const raw = chance(random, 0.6);
    const scope = filter as 'MessageAttributes' | 'MessageBody' | undefined;
    const policy =
      scope === undefined
        ? {}
        : { filterPolicy: drawPolicy(random, scope === 'MessageBody'), filterPolicyScope: scope };
    await fixture.subscribe(arn, { endpoint: queue.arn, rawMessageDelivery: raw, ...policy });
    listeners.push({ queue, raw, policy });
  }
  return { arn, listeners };
}

describe('topics', () => {
  it.each(Array.from({ length: SEQUENCES }, (_, at) => at))(
    'hand the same messages to the same queues, %i',
    async (at) => {
      const fifo = at % 3 === 2;
      const comparison = new Comparison(`topic ${at}`);
      const { random } = comparison;
      const { arn, listeners } = await drawTopic(random, fifo);
      let id = 0;
      const message = () => {
        id += 1;
        const ordering = { MessageGroupId: `g${integer(random, 1, 2)}`, MessageDeduplicationId: `once-${id}` };
        return { ...drawMessage(random, id), ...(fifo && ordering) };
      };
      const publish = async (action: string, input: Json) => {
        const pair = await fixture.both('sns', action, { TopicArn: arn, ...input });
        comparison.same(action, input, accepted(pair.ours), accepted(pair.moto));
      };
      for (let round = 0; round < ROUNDS; round += 1) {
        const entries = several(random, 1, 4, (index) => ({ Id: `m${index}`, ...message() }));
        await publish('PublishBatch', { PublishBatchRequestEntries: entries });
        const last = message();
        await publish('Publish', last);
        // The same deduplication id, as long as its message is there: delivered once by a FIFO topic.
        if (fifo) await publish('Publish', last);
        const published = [...entries, last];
        for (const { queue, raw, policy } of listeners) {
          const input = { QueueUrl: queue.url, MaxNumberOfMessages: 10, AttributeNames: ['All'] };
          const pair = await fixture.both('sqs', 'ReceiveMessage', input);
          comparison.same('ReceiveMessage', { policy, published }, arrived(pair.ours, raw), arrived(pair.moto, raw));
          // Deleted, so that no message in flight holds back its group in the next round.
          for (const side of ['ours', 'moto'] as const) {
            for (const { ReceiptHandle } of messagesOf(pair[side])) {
              await fixture[side]('sqs', 'DeleteMessage', { QueueUrl: queue.url, ReceiptHandle });
            }
          }
        }
      }
      await publish('Publish', { TopicArn: `${arn}-no`, Message: 'x' });
      await publish('Publish', { ...message(), Message: 'x'.repeat(262_145) });
      const many = Array.from({ length: 11 }, (_, index) => ({ Id: `m${index}`, ...message() }));
      await publish('PublishBatch', { PublishBatchRequestEntries: many });
    },
  );

  it('known differences', async () => {
    const comparison = new Comparison('known differences of topics');
    const TopicArn = await fixture.createTopic(`topic-${randomUUID().slice(0, 8)}.fifo`);
    const input = { TopicArn, Message: 'x', MessageDeduplicationId: 'x' };
    const { ours, moto } = await fixture.both('sns', 'Publish', input);
    comparison.differs('fifo-topic-without-group', input, ours.error, moto.error);

    const topic = await fixture.createTopic(`topic-${randomUUID().slice(0, 8)}`);
    const queue = await fixture.createQueue(`listener-${randomUUID().slice(0, 8)}`);
    const filterPolicy = { color: [{ 'equals-ignore-case': 'BLUE' }] };
    const subscription = { endpoint: queue.arn, rawMessageDelivery: true, filterPolicy };
    await fixture.subscribe(topic, { ...subscription, filterPolicyScope: 'MessageBody' });
    await fixture.both('sns', 'Publish', { TopicArn: topic, Message: '{"color":"blue"}' });
    const received = await fixture.both('sqs', 'ReceiveMessage', { QueueUrl: queue.url });
    const bodies = (answer: Answer) => messagesOf(answer).map(({ Body }) => Body);
    comparison.differs('policy-in-capitals', filterPolicy, bodies(received.ours), bodies(received.moto));
  });
});

closeAccount('topics', SEQUENCES * ROUNDS * 6);
