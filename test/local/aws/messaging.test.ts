import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PublishBatchCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LocalS3 } from '../../../local/aws/s3';
import { type LocalAws, type RecordedCall, startLocalAws } from '../../../local/aws/server';
import { AwsError } from '../../../local/aws/service';
import { LocalSns } from '../../../local/aws/sns';
import { LocalSqs } from '../../../local/aws/sqs';

const location = { account: '111111111111', region: 'eu-west-1' };
let now = 1_700_000_000_000;
const store = new LocalSqs(location, () => now);
const topics = new LocalSns(location, ({ endpoint }, message) => {
  store.queue(endpoint).send(message);
});
const buckets = new LocalS3();
const calls: RecordedCall[] = [];
let aws: LocalAws;
let sqs: SQSClient;
let sns: SNSClient;
let s3: S3Client;
let queue: { url: string; arn: string };
let dead: { url: string; arn: string };

beforeAll(async () => {
  aws = await startLocalAws(
    { s3: buckets, sns: topics, sqs: store },
    {
      onCall: (call) => {
        calls.push(call);
        if (call.input['Key'] === 'slow') throw new AwsError('SlowDown', 'Reduce your request rate', 503);
      },
    },
  );
  const configuration = {
    endpoint: aws.endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIABILLING', secretAccessKey: 'test' },
    maxAttempts: 1,
  };
  sqs = new SQSClient({ ...configuration, useQueueUrlAsEndpoint: false });
  sns = new SNSClient(configuration);
  s3 = new S3Client(configuration);
});
afterAll(() => aws.close());
beforeEach(() => {
  dead = store.createQueue('dead');
  queue = store.createQueue('work', {
    VisibilityTimeout: '30',
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 2 }),
  });
});

const receive = async (QueueUrl = queue.url, MaxNumberOfMessages = 10) =>
  (await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages, MessageSystemAttributeNames: ['All'] })))
    .Messages ?? [];
const send = (MessageBody: string) => sqs.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody }));

describe('a local queue', () => {
  it('hides a received message until its visibility timeout, and deletes by receipt', async () => {
    await send('a');
    const [first] = await receive();
    expect(first?.Body).toBe('a');
    expect(await receive()).toEqual([]);
    now += 30_000;
    const [again] = await receive();
    expect(again?.Attributes?.['ApproximateReceiveCount']).toBe('2');
    await sqs.send(new DeleteMessageCommand({ QueueUrl: queue.url, ReceiptHandle: again?.ReceiptHandle }));
    now += 30_000;
    expect(await receive()).toEqual([]);
  });

  it('dead-letters what was received too often, and moves it back at the rate asked for', async () => {
    for (const body of ['a', 'b', 'c']) await send(body);
    for (let round = 0; round < 3; round += 1) {
      await receive();
      now += 30_000;
    }
    expect(store.queue('dead').depth()).toMatchObject({ visible: 3, inFlight: 0 });
    await sqs.send(new StartMessageMoveTaskCommand({ SourceArn: dead.arn, MaxNumberOfMessagesPerSecond: 1 }));
    now += 2_000;
    const { Results } = await sqs.send(new ListMessageMoveTasksCommand({ SourceArn: dead.arn }));
    expect(Results?.[0]).toMatchObject({ Status: 'RUNNING', ApproximateNumberOfMessagesMoved: 2 });
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: queue.url, AttributeNames: ['All'] }),
    );
    expect(Attributes?.['ApproximateNumberOfMessages']).toBe('2');
  });

  it('refuses to move messages of a queue that is nobody’s dead-letter queue', async () => {
    await expect(sqs.send(new StartMessageMoveTaskCommand({ SourceArn: queue.arn }))).rejects.toThrow(
      /Dead Letter Queue/,
    );
  });

  it('names a queue that does not exist in both protocols', async () => {
    const sent = sqs.send(new SendMessageCommand({ QueueUrl: `${queue.url}-gone`, MessageBody: 'a' }));
    await expect(sent).rejects.toBeInstanceOf(QueueDoesNotExist);
    await expect(sent).rejects.toMatchObject({ Code: 'AWS.SimpleQueueService.NonExistentQueue', Type: 'Sender' });
  });

  it('makes a message visible again on request, and loses what is older than its retention', async () => {
    await send('a');
    const [message] = await receive();
    await sqs.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: queue.url,
        ReceiptHandle: message?.ReceiptHandle,
        VisibilityTimeout: 0,
      }),
    );
    expect(await receive()).toHaveLength(1);
    now += 345_601_000;
    expect(store.queue('work').depth()).toMatchObject({ visible: 0, inFlight: 0 });
  });

  it('keeps the order of a FIFO group, one batch at a time, and absorbs duplicates for five minutes', async () => {
    const { url } = store.createQueue('work.fifo');
    const entry = (Id: string, MessageGroupId: string) => ({
      Id,
      MessageBody: `${MessageGroupId}${Id}`,
      MessageGroupId,
      MessageDeduplicationId: Id,
    });
    const Entries = [entry('1', 'a'), entry('2', 'a'), entry('3', 'b')];
    for (let round = 0; round < 2; round += 1) await sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
    const bodies = async (count: number) => (await receive(url, count)).map(({ Body }) => Body);
    expect(await bodies(1)).toEqual(['a1']);
    expect(await bodies(10)).toEqual(['b3']);
    now += 30_000;
    expect(await bodies(10)).toEqual(['a1', 'a2', 'b3']);
  });
});

describe('a local topic', () => {
  it('delivers to the subscriptions whose filter matches, raw or in an envelope', async () => {
    const { arn } = topics.createTopic('events');
    const raw = store.createQueue('raw');
    topics.subscribe(arn, {
      protocol: 'sqs',
      endpoint: raw.arn,
      rawMessageDelivery: true,
      filterPolicyScope: 'MessageBody',
      filterPolicy: { type: ['order.placed'] },
    });
    topics.subscribe(arn, { protocol: 'sqs', endpoint: queue.arn });
    await sns.send(new PublishCommand({ TopicArn: arn, Message: '{"type":"order.placed"}' }));
    await sns.send(new PublishCommand({ TopicArn: arn, Message: '{"type":"other"}' }));
    await sns.send(new PublishCommand({ TopicArn: arn, Message: 'no json' }));
    expect((await receive(raw.url)).map(({ Body }) => Body)).toEqual(['{"type":"order.placed"}']);
    const enveloped = (await receive()).map(({ Body }) => (JSON.parse(Body ?? '') as { Message: string }).Message);
    expect(enveloped.sort()).toEqual(['no json', '{"type":"order.placed"}', '{"type":"other"}'].sort());
  });

  it('keeps in the dead-letter queue of a subscription what cannot be delivered', async () => {
    const { arn } = topics.createTopic('lost');
    topics.subscribe(arn, {
      protocol: 'sqs',
      endpoint: 'arn:aws:sqs:eu-west-1:111111111111:gone',
      deadLetterTargetArn: dead.arn,
    });
    await sns.send(new PublishCommand({ TopicArn: arn, Message: 'x' }));
    expect(store.queue('dead').depth().visible).toBe(1);
  });

  it('refuses a batch above 262,144 bytes as a whole', async () => {
    const { arn } = topics.createTopic('big');
    const PublishBatchRequestEntries = ['1', '2'].map((Id) => ({ Id, Message: 'x'.repeat(140_000) }));
    await expect(sns.send(new PublishBatchCommand({ TopicArn: arn, PublishBatchRequestEntries }))).rejects.toThrow(
      /longer than 262144/,
    );
  });
});

describe('a local bucket', () => {
  it('keeps an object byte for byte, and says when there is none', async () => {
    buckets.createBucket('claims');
    await s3.send(new PutObjectCommand({ Bucket: 'claims', Key: 'a/b.json', Body: Buffer.from('é\r\n0\r\n') }));
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'claims', Key: 'a/b.json' }));
    expect(await Body?.transformToString()).toBe('é\r\n0\r\n');
    await expect(s3.send(new GetObjectCommand({ Bucket: 'claims', Key: 'none' }))).rejects.toThrow(/does not exist/);
  });

  it('is recorded by who called, and refused when the caller of the server says so', async () => {
    await expect(s3.send(new GetObjectCommand({ Bucket: 'claims', Key: 'slow' }))).rejects.toThrow(/request rate/);
    expect(calls.at(-1)).toMatchObject({ accessKeyId: 'AKIABILLING', service: 's3', action: 'GetObject' });
  });
});
