import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LocalInput } from '../../../local/aws/service';
import { LocalSqs } from '../../../local/aws/sqs';
import type { Limit } from '../../../local/limits/limit';
import { SQS_LIMITS } from '../../../local/limits/sqs';
import { onBothSides, outcome, SEED, testEachLimit } from './both-sides-fixture';

let now = 1_700_000_000_000;
const sqs = new LocalSqs({ account: '111122223333', region: 'eu-west-1' }, () => now);
const { url: QueueUrl, arn } = sqs.createQueue('jobs');
const { url: fifoUrl } = sqs.createQueue('jobs.fifo');
const { url: contentUrl } = sqs.createQueue('content.fifo', { ContentBasedDeduplication: 'true' });
const spare = sqs.createQueue('spare');

const times = (count: number) => Array.from({ length: Math.max(0, count) });
const textOf = (length: number) => 'x'.repeat(Math.max(0, length));
const send = (input: LocalInput) => sqs.call('SendMessage', { QueueUrl, MessageBody: 'x', ...input });
const ids = { MessageGroupId: 'g', MessageDeduplicationId: 'd' };
const sendFifo = (input: LocalInput) => send({ QueueUrl: fifoUrl, ...ids, ...input });
const attribute = (name: string, more: LocalInput = {}) =>
  send({ MessageAttributes: { [name]: { DataType: 'String', StringValue: 'x', ...more } } });

function sendBatch(count: number): unknown {
  const Entries = times(count).map((_, index) => ({ Id: `m${index}`, MessageBody: 'x' }));
  return sqs.call('SendMessageBatch', { QueueUrl, Entries });
}

/** A batch of entries that fail each for itself. */
function batchOf(...entries: readonly LocalInput[]): LocalInput {
  const Entries = entries.map((entry, index) => ({ Id: `m${index}`, ...entry }));
  return sqs.call('SendMessageBatch', { QueueUrl, Entries });
}

/** A queue of its own with one message in flight. */
function received(name: string): { QueueUrl: string; ReceiptHandle: unknown } {
  const { url } = sqs.createQueue(name);
  sqs.call('SendMessage', { QueueUrl: url, MessageBody: 'x' });
  const { Messages } = sqs.call('ReceiveMessage', { QueueUrl: url }) as { Messages: { ReceiptHandle: string }[] };
  return { QueueUrl: url, ReceiptHandle: Messages[0]?.ReceiptHandle };
}

/** A dead-letter queue with messages that its source could not have handled. */
function deadLetters(name: string, count = 3): string {
  const { arn: dead } = sqs.createQueue(`${name}-dead`);
  const { url, arn: from } = sqs.createQueue(name, {
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead, maxReceiveCount: 1 }),
  });
  for (const _ of times(count)) sqs.call('SendMessage', { QueueUrl: url, MessageBody: 'x' });
  const receive = () => sqs.call('ReceiveMessage', { QueueUrl: url, MaxNumberOfMessages: 10, VisibilityTimeout: 0 });
  receive();
  receive();
  expect(
    sqs
      .queue(dead)
      .contents()
      .map((message) => message.from),
  ).toEqual(times(count).map(() => from));
  return dead;
}

async function refusedFor(limit: Limit, calls: readonly (() => unknown)[]): Promise<void> {
  for (const call of calls) expect(await outcome(call)).toBe(limit.error);
}

let crowded: { readonly QueueUrl: string } | undefined;

/**
 * A queue with one message more in flight than it may have when one is received, and one that waits. Made once: there are
 * many messages in it.
 */
function crowd(max: number): { readonly QueueUrl: string } {
  if (crowded !== undefined) return crowded;
  const { url } = sqs.createQueue('crowded');
  const queue = sqs.queue('crowded');
  for (let count = 0; count < max + 2; count += 1) queue.send({ body: 'x' });
  for (let count = 0; count < max; count += 10) queue.receive(Math.min(10, max - count), 600, () => undefined);
  expect(queue.depth()).toMatchObject({ visible: 2, inFlight: max });
  const answer = sqs.call('ReceiveMessage', { QueueUrl: url, MaxNumberOfMessages: 2 });
  expect(answer['Messages']).toHaveLength(1);
  crowded = { QueueUrl: url };
  return crowded;
}

testEachLimit(SQS_LIMITS, {
  emptyBatch: (limit) => onBothSides(limit, sendBatch, { furthest: 9 }),
  batchEntries: (limit) => onBothSides(limit, sendBatch, { from: 1, furthest: 90 }),
  batchIdLength: (limit) => onBothSides(limit, (length) => batchOf({ Id: textOf(length), MessageBody: 'x' })),
  batchIdCharacters: async (limit) => {
    await refusedFor(
      limit,
      [' ', '.', 'é', '\n'].map((each) => () => batchOf({ Id: `a${each}`, MessageBody: 'x' })),
    );
    expect(batchOf({ Id: 'a-_9Z', MessageBody: 'x' })['Failed']).toEqual([]);
  },
  batchIdsDistinct: (limit) =>
    refusedFor(limit, [() => batchOf({ Id: 'a', MessageBody: 'x' }, { Id: 'a', MessageBody: 'y' })]),
  batchSize: (limit) =>
    onBothSides(limit, (bytes) => {
      // Two bytes a character, and an attribute of 9 bytes.
      const half = { MessageBody: 'é'.repeat(limit.max / 4) };
      const MessageAttributes = { a: { DataType: 'String', StringValue: 'xx' } };
      return batchOf(half, { MessageBody: textOf(bytes - limit.max / 2 - 9), MessageAttributes });
    }),
  bodyLength: async (limit) => {
    await onBothSides(limit, (length) => send({ MessageBody: textOf(length) }));
    expect(batchOf({ MessageBody: '' }, { MessageBody: 'x' })).toMatchObject({
      Successful: [{ Id: 'm1' }],
      Failed: [{ Id: 'm0', Code: limit.error, SenderFault: true }],
    });
  },
  characters: async (limit) => {
    const allowed = ['\t', '\n', '\r', ' ', '\u{7f}', '\u{d7ff}', '\u{e000}', '\u{fffd}', '\u{10000}', '\u{10ffff}'];
    const not = [
      '\0',
      '\b',
      '\v',
      '\f',
      '\u{e}',
      '\u{1f}',
      '\u{d800}',
      '\u{dfff}',
      '\u{dc00}\u{d800}',
      '\u{fffe}',
      '\u{ffff}',
    ];
    for (const text of allowed) expect(await outcome(() => send({ MessageBody: `a${text}b` }))).toBeUndefined();
    await refusedFor(
      limit,
      not.map((text) => () => send({ MessageBody: `a${text}b` })),
    );
    await refusedFor(
      limit,
      not.map((text) => () => attribute('a', { StringValue: text })),
    );
    const code = fc.integer({ min: 0, max: 0x10ffff });
    await fc.assert(
      fc.asyncProperty(code, async (drawn) => {
        const fine =
          [9, 10, 13].includes(drawn) ||
          (drawn >= 0x20 && drawn <= 0xd7ff) ||
          (drawn >= 0xe000 && drawn <= 0xfffd) ||
          drawn >= 0x10000;
        const call = () => send({ MessageBody: String.fromCodePoint(drawn) });
        expect(await outcome(call)).toBe(fine ? undefined : limit.error);
      }),
      { seed: SEED, numRuns: 300 },
    );
  },
  messageSize: async (limit) => {
    await onBothSides(limit, (bytes) => send({ MessageBody: textOf(bytes) }));
    await onBothSides(limit, (bytes) =>
      send({
        MessageBody: textOf(bytes - 14),
        MessageAttributes: { n: { DataType: 'Binary.x', BinaryValue: Buffer.from('12345').toString('base64') } },
      }),
    );
    const { url } = sqs.createQueue('small', { MaximumMessageSize: '2000' });
    await onBothSides({ ...limit, max: 2000 }, (bytes) => send({ QueueUrl: url, MessageBody: textOf(bytes) }), {
      from: 1,
    });
  },
  attributes: (limit) =>
    onBothSides(limit, (count) =>
      send({
        MessageAttributes: Object.fromEntries(
          times(count).map((_, index) => [`a${index}`, { DataType: 'Number', StringValue: '1' }]),
        ),
      }),
    ),
  attributeName: (limit) => onBothSides(limit, (length) => attribute(textOf(length))),
  attributeNameCharacters: async (limit) => {
    const not = ['a b', '.a', 'a.', 'a..b', 'é', 'AWS.a', 'aws.a', 'Amazon.a', 'a/b'];
    await refusedFor(
      limit,
      not.map((name) => () => attribute(name)),
    );
    for (const name of ['a', 'A_b-c.d.9', 'awsome']) expect(await outcome(() => attribute(name))).toBeUndefined();
  },
  attributeType: async (limit) => {
    await refusedFor(
      limit,
      ['string', 'Strings', 'Boolean', '.x'].map((DataType) => () => attribute('a', { DataType })),
    );
    for (const DataType of ['String', 'String.x'])
      expect(await outcome(() => attribute('a', { DataType }))).toBeUndefined();
  },
  attributeTypeLength: async (limit) => {
    // Shorter names of types are no types.
    const typed = (length: number) => () => attribute('a', { DataType: `String.${textOf(length - 7)}` });
    expect(await outcome(typed(limit.max))).toBeUndefined();
    await refusedFor(limit, [typed(limit.max + 1), typed(limit.max + 500), () => attribute('a', { DataType: '' })]);
  },
  attributeValue: async (limit) => {
    await refusedFor(limit, [
      () => attribute('a', { StringValue: '' }),
      () => attribute('a', { StringValue: undefined }),
      () => attribute('a', { DataType: 'Number', StringValue: 'x' }),
      () => attribute('a', { DataType: 'Number', StringValue: '1 ' }),
      () => attribute('a', { DataType: 'Binary' }),
      () => attribute('a', { DataType: 'String', BinaryValue: 'AA==' }),
    ]);
    for (const StringValue of ['1', '-1.5', '1e9', '.5']) {
      expect(await outcome(() => attribute('a', { DataType: 'Number.x', StringValue }))).toBeUndefined();
    }
  },
  delaySeconds: (limit) => onBothSides(limit, (DelaySeconds) => send({ DelaySeconds })),
  fifoDelay: (limit) =>
    onBothSides(limit, (DelaySeconds) => sendFifo({ DelaySeconds: Math.max(0, DelaySeconds) }), { furthest: 900 }),
  groupLength: async (limit) => {
    await onBothSides(limit, (length) => sendFifo({ MessageGroupId: textOf(length) }));
    await onBothSides(limit, (length) => send({ MessageGroupId: textOf(length) }));
  },
  deduplicationLength: (limit) => onBothSides(limit, (length) => sendFifo({ MessageDeduplicationId: textOf(length) })),
  idCharacters: async (limit) => {
    const not = [' ', 'é', '\n', '\u{7f}'];
    await refusedFor(
      limit,
      not.map((MessageGroupId) => () => sendFifo({ MessageGroupId })),
    );
    await refusedFor(
      limit,
      not.map((MessageDeduplicationId) => () => sendFifo({ MessageDeduplicationId })),
    );
    const all = `aZ9!"#$%&'()*+,-./:;<=>?@[\\]^_\`{|}~`;
    expect(await outcome(() => sendFifo({ MessageGroupId: all, MessageDeduplicationId: all }))).toBeUndefined();
  },
  groupMissing: (limit) => refusedFor(limit, [() => sendFifo({ MessageGroupId: undefined })]),
  deduplicationMissing: async (limit) => {
    await refusedFor(limit, [() => sendFifo({ MessageDeduplicationId: undefined })]);
    const content = { QueueUrl: contentUrl, MessageDeduplicationId: undefined };
    expect(await outcome(() => sendFifo(content))).toBeUndefined();
  },
  deduplicationOnStandard: (limit) => refusedFor(limit, [() => send({ MessageDeduplicationId: 'd' })]),
  maxNumberOfMessages: (limit) =>
    onBothSides(limit, (MaxNumberOfMessages) => sqs.call('ReceiveMessage', { QueueUrl, MaxNumberOfMessages })),
  waitTimeSeconds: (limit) =>
    onBothSides(limit, (WaitTimeSeconds) => sqs.call('ReceiveMessage', { QueueUrl, WaitTimeSeconds })),
  visibilityTimeout: async (limit) => {
    await onBothSides(limit, (VisibilityTimeout) => sqs.call('ReceiveMessage', { QueueUrl, VisibilityTimeout }));
    await onBothSides(limit, (VisibilityTimeout) =>
      sqs.call('ChangeMessageVisibility', { ...received('visible'), VisibilityTimeout }),
    );
  },
  totalVisibility: (limit) =>
    onBothSides(
      limit,
      (total) => {
        const handle = received('held');
        const change = (VisibilityTimeout: number) =>
          sqs.call('ChangeMessageVisibility', { ...handle, VisibilityTimeout });
        change(40_000);
        now += 30_000_000;
        return change(Math.max(0, total - 30_000));
      },
      { from: 30_000 },
    ),
  inFlight: async ({ max, error }) => {
    const queue = crowd(max);
    expect(await outcome(() => sqs.call('ReceiveMessage', queue))).toBe(error);
  },
  inFlightUnnoticed: ({ max }) => {
    const polling = { QueueUrl: crowd(max).QueueUrl, WaitTimeSeconds: 1 };
    expect(sqs.queue('crowded').depth()).toMatchObject({ visible: 1, inFlight: max + 1 });
    expect(sqs.call('ReceiveMessage', polling)).toEqual({});
    const [last] = sqs.queue('crowded').contents().slice(-1);
    sqs.call('DeleteMessage', { ...polling, ReceiptHandle: last?.receiptHandle });
    expect(sqs.call('ReceiveMessage', polling)['Messages']).toHaveLength(1);
  },
  receiptHandle: async (limit) => {
    const { ReceiptHandle } = received('other');
    for (const action of ['DeleteMessage', 'ChangeMessageVisibility']) {
      await refusedFor(limit, [() => sqs.call(action, { QueueUrl, ReceiptHandle, VisibilityTimeout: 1 })]);
    }
    expect(sqs.call('DeleteMessageBatch', { QueueUrl, Entries: [{ Id: 'a', ReceiptHandle }] })).toMatchObject({
      Failed: [{ Id: 'a', Code: limit.error }],
    });
  },
  notInFlight: async (limit) => {
    const handle = received('freed');
    now += 31_000;
    await refusedFor(limit, [() => sqs.call('ChangeMessageVisibility', { ...handle, VisibilityTimeout: 1 })]);
  },
  queueExists: (limit) =>
    refusedFor(limit, [
      () => sqs.call('SendMessage', { QueueUrl: `${QueueUrl}-gone`, MessageBody: 'x' }),
      () => sqs.call('GetQueueUrl', { QueueName: 'gone' }),
    ]),
  queueName: (limit) => onBothSides(limit, (length) => sqs.createQueue(textOf(length))),
  queueNameCharacters: (limit) =>
    refusedFor(
      limit,
      ['a b', 'a.b', '.fifo', 'a.fifo.fifo', 'é'].map((name) => () => sqs.createQueue(name)),
    ),
  VisibilityTimeout: (limit) => setting(limit, 'VisibilityTimeout'),
  MessageRetentionPeriod: (limit) => setting(limit, 'MessageRetentionPeriod'),
  MaximumMessageSize: (limit) => setting(limit, 'MaximumMessageSize'),
  DelaySeconds: (limit) => setting(limit, 'DelaySeconds'),
  ReceiveMessageWaitTimeSeconds: (limit) => setting(limit, 'ReceiveMessageWaitTimeSeconds'),
  maxReceiveCount: (limit) =>
    onBothSides(limit, (maxReceiveCount) =>
      sqs.createQueue('set', { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: spare.arn, maxReceiveCount }) }),
    ),
  deadLetterQueueKind: async (limit) => {
    const create = (name: string, dead: string) => () =>
      sqs.createQueue(name, { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead, maxReceiveCount: 1 }) });
    await refusedFor(limit, [create('set.fifo', spare.arn), create('set', `${spare.arn}.fifo`)]);
    expect(await outcome(create('set.fifo', `${spare.arn}.fifo`))).toBeUndefined();
  },
  moveSource: (limit) => refusedFor(limit, [() => sqs.call('StartMessageMoveTask', { SourceArn: `${arn}-gone` })]),
  moveSourceIsDeadLetterQueue: (limit) =>
    refusedFor(limit, [() => sqs.call('StartMessageMoveTask', { SourceArn: arn })]),
  moveRate: (limit) => {
    const SourceArn = deadLetters('rated', 1);
    return onBothSides(limit, (MaxNumberOfMessagesPerSecond) => {
      sqs.call('StartMessageMoveTask', { SourceArn, MaxNumberOfMessagesPerSecond });
      now += 10_000;
    });
  },
  listedMoves: (limit) => {
    const SourceArn = deadLetters('listed', 1);
    return onBothSides(limit, (MaxResults) => sqs.call('ListMessageMoveTasks', { SourceArn, MaxResults }));
  },
  activeMoves: async (limit) => {
    const SourceArn = deadLetters('moving');
    const start = () => sqs.call('StartMessageMoveTask', { SourceArn, MaxNumberOfMessagesPerSecond: 1 });
    start();
    await refusedFor(limit, [start]);
    now += 10_000;
    expect(await outcome(start)).toBeUndefined();
  },
  activeMovesOfAccount: async (limit) => {
    now += 3_600_000;
    const start = (name: string) => () =>
      sqs.call('StartMessageMoveTask', { SourceArn: deadLetters(name), MaxNumberOfMessagesPerSecond: 1 });
    for (const [index] of times(limit.max + 1).entries()) expect(await outcome(start(`one${index}`))).toBeUndefined();
    await refusedFor(limit, [start('too-many')]);
  },
  moveWithoutOrigin: () => {
    now += 3_600_000;
    const SourceArn = deadLetters('origins', 1);
    sqs.queue(SourceArn).send({ body: 'sent here' });
    sqs.call('StartMessageMoveTask', { SourceArn });
    now += 1000;
    expect(sqs.call('ListMessageMoveTasks', { SourceArn })).toMatchObject({
      Results: [
        { Status: 'FAILED', FailureReason: 'CouldNotDetermineMessageSource', ApproximateNumberOfMessagesMoved: 1 },
      ],
    });
    expect(
      sqs
        .queue(SourceArn)
        .contents()
        .map(({ body }) => body),
    ).toEqual(['sent here']);
    const elsewhere = sqs.createQueue('elsewhere');
    sqs.call('StartMessageMoveTask', { SourceArn, DestinationArn: elsewhere.arn });
    now += 1000;
    sqs.call('ListMessageMoveTasks', { SourceArn });
    expect(sqs.queue('elsewhere').depth().visible).toBe(1);
  },
});

function setting(limit: Limit, name: string): Promise<void> {
  return onBothSides(limit, (value) => sqs.createQueue('set', { [name]: String(value) }));
}

it('refuses to change the visibility of a message without saying for how long', async () => {
  expect(await outcome(() => sqs.call('ChangeMessageVisibility', received('unsaid')))).toBe('MissingParameter');
});
