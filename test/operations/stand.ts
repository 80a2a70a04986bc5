import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { main } from '../../lib/operations/command-line';
import { type LocalAws, startLocalAws } from '../../local/aws/server';
import type { LocalService } from '../../local/aws/service';
import { LocalSqs } from '../../local/aws/sqs';
import { Seen, words } from './person';

export const location = { account: '111111111111', region: 'eu-west-1' };
let aws: LocalAws;

/** What a test of the command stands on; new for each test, but for the time. */
export const stand = {
  now: 1_700_000_000_000,
  sqs: new LocalSqs(location),
  /** Hears of every call; throwing refuses it. */
  refuse: (() => undefined) as (action: string, input: Record<string, unknown>) => void,
  /** Performs a call; a test puts its own in front of the store. */
  call: (() => ({})) as LocalService['call'],
};

/** A stack with a work queue, a rule's and a stream's dead-letter queue, and a neighbour of a similar name. */
export function useStand(): void {
  beforeAll(async () => {
    const store: LocalService = { call: (action, input) => stand.call(action, input) };
    aws = await startLocalAws({ sqs: store }, { onCall: ({ action, input }) => stand.refuse(action, input) });
  });
  afterAll(() => aws.close());
  beforeEach(() => {
    stand.refuse = () => undefined;
    stand.sqs = new LocalSqs(location, () => stand.now);
    stand.call = (action, input) => stand.sqs.call(action, input);
    const dead = stand.sqs.createQueue('Shop-BillingDeadLetterQueue-1');
    const policy = { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 1 }) };
    stand.sqs.createQueue('Shop-Billing-1', policy);
    for (const name of ['Shop-RuleDeadLetterQueue-1', 'Shop-PipeDeadLetterQueue-1']) stand.sqs.createQueue(name);
    for (const name of ['ShopTwo-OtherDeadLetterQueue-1', 'Bare']) stand.sqs.createQueue(name);
  });
}

/** Sends messages to the work queue and lets each fail as often as it may. */
export function fail(count: number): void {
  const queue = stand.sqs.queue('Shop-Billing-1');
  for (let index = 0; index < count; index += 1) queue.send({ body: `{"order":${index}}` });
  for (let round = 0; round < 2 * count; round += 1) {
    stand.sqs.call('ReceiveMessage', { QueueUrl: queue.url, MaxNumberOfMessages: 10, VisibilityTimeout: 0 });
  }
  expect(depth('Shop-BillingDeadLetterQueue-1')).toBe(count);
}

export const depth = (name: string) => stand.sqs.queue(name).contents().length;

export async function run(args: string, answer?: string) {
  const time = {
    now: () => stand.now,
    sleep: (duration: number) => {
      stand.now += duration;
      return Promise.resolve();
    },
  };
  const seen = new Seen(time, { answer });
  const code = await main(words(args), seen.terminal, {
    clientFor: () =>
      new SQSClient({
        endpoint: aws.endpoint,
        region: location.region,
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
        useQueueUrlAsEndpoint: false,
        maxAttempts: 1,
      }),
  });
  return seen.result(code);
}

export const ruleFailure = {
  body: '{"detail-type":"payment.captured"}',
  attributes: {
    ERROR_CODE: { DataType: 'String', StringValue: 'NO_PERMISSIONS' },
    ERROR_MESSAGE: { DataType: 'String', StringValue: 'not authorized' },
    RULE_ARN: { DataType: 'String', StringValue: 'arn:aws:events:eu-west-1:111111111111:rule/bus/FraudCheck' },
    trace: { DataType: 'String', StringValue: 'kept' },
  },
};
export const messageLike = {
  messageId: 'm-1',
  body: 'parked',
  attributes: {},
  sentAt: stand.now,
  sequence: 0,
  visibleAt: 0,
  receives: 1,
};
export const streamFailure = { body: '{"DDBStreamBatchInfo":{"shardId":"shard-1","startSequenceNumber":"1"}}' };
