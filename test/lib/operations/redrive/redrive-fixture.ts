import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { main } from '../../../../lib/operations/command-line';
import { createClients } from '../../../../lib/operations/redrive/clients';
import { LocalCloudFormation, type LocalStack } from '../../../../local/aws/cloudformation';
import { type LocalAws, startLocalAws } from '../../../../local/aws/server';
import type { LocalInput, LocalService } from '../../../../local/aws/service';
import { LocalSqs } from '../../../../local/aws/sqs';
import { Seen, words } from '../terminal-fixture';

export const location = { account: '111111111111', region: 'eu-west-1' };
let aws: LocalAws;

/** What a test of the command stands on; new for each test, but for the time. */
export const fixture = {
  now: 1_700_000_000_000,
  sqs: new LocalSqs(location),
  cloudFormation: new LocalCloudFormation(location),
  /** Calls of other services, in order; a test answers them. */
  others: [] as { readonly action: string; readonly input: LocalInput }[],
  answer: ((_action: string) => ({})) as (action: string, input: LocalInput) => LocalInput,
  /** Hears of every call; throwing refuses it. */
  refuse: (() => undefined) as (action: string, input: Record<string, unknown>) => void,
  /** Performs a call; a test puts its own in front of the store. */
  call: (() => ({})) as LocalService['call'],
};

/** A stack with a work queue, a rule's and a stream's dead-letter queue, and a neighbour of a similar name. */
export function useRedriveFixture(): void {
  beforeAll(async () => {
    const store: LocalService = { call: (action, input) => fixture.call(action, input) };
    const cloudformation: LocalService = { call: (action, input) => fixture.cloudFormation.call(action, input) };
    const other: LocalService = {
      call: (action, input) => {
        fixture.others.push({ action, input });
        return fixture.answer(action, input);
      },
    };
    const services = { sqs: store, cloudformation, dynamodb: other, events: other, lambda: other, states: other };
    aws = await startLocalAws(services, { onCall: ({ action, input }) => fixture.refuse(action, input) });
  });
  afterAll(() => aws.close());
  beforeEach(() => {
    fixture.refuse = () => undefined;
    fixture.sqs = new LocalSqs(location, () => fixture.now);
    fixture.call = (action, input) => fixture.sqs.call(action, input);
    fixture.cloudFormation = new LocalCloudFormation(location);
    fixture.others = [];
    fixture.answer = () => ({});
    const dead = fixture.sqs.createQueue('Shop-BillingDeadLetterQueue-1');
    const policy = { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 1 }) };
    fixture.sqs.createQueue('Shop-Billing-1', policy);
    for (const name of ['Shop-RuleDeadLetterQueue-1', 'Shop-PipeDeadLetterQueue-1', 'Shop-FraudCheck-1']) {
      fixture.sqs.createQueue(name);
    }
    for (const name of ['ShopTwo-OtherDeadLetterQueue-1', 'Bare']) fixture.sqs.createQueue(name);
    deploy('Shop', {
      Billing: queueNamed('Shop-Billing-1'),
      BillingDead: queueNamed('Shop-BillingDeadLetterQueue-1'),
      RuleDead: queueNamed('Shop-RuleDeadLetterQueue-1'),
      PipeDead: queueNamed('Shop-PipeDeadLetterQueue-1'),
      FraudCheck: queueNamed('Shop-FraudCheck-1'),
      Rule: [
        'AWS::Events::Rule',
        'bus|FraudCheck',
        { Targets: [{ Arn: arnOf('FraudCheck'), DeadLetterConfig: { Arn: arnOf('RuleDead') } }] },
      ],
      Pipe: [
        'AWS::Pipes::Pipe',
        'Shop-Pipe-1',
        {
          SourceParameters: {
            FilterCriteria: { Filters: [{ Pattern: '{"eventName":["INSERT"]}' }] },
            DynamoDBStreamParameters: { DeadLetterConfig: { Arn: arnOf('PipeDead') } },
          },
        },
      ],
    });
    deploy('ShopTwo', { OtherDead: queueNamed('ShopTwo-OtherDeadLetterQueue-1') });
  });
}

/** A resource as a test names it: type, physical id, and properties. */
export type Deployed = readonly [type: string, physicalId: string, properties?: object];

export const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });

/** A queue as CloudFormation knows it: by its URL. */
export const queueNamed = (name: string): Deployed => ['AWS::SQS::Queue', fixture.sqs.queue(name).url];

/** Deploys a stack, so that CloudFormation knows it. @returns its ARN */
export function deploy(
  name: string,
  resources: Readonly<Record<string, Deployed>>,
  more: Partial<LocalStack> = {},
): string {
  const each = Object.entries(resources);
  return fixture.cloudFormation.add({
    name,
    resources: Object.fromEntries(each.map(([id, [type, physicalId]]) => [id, { type, physicalId }])),
    template: {
      Resources: Object.fromEntries(each.map(([id, [Type, , Properties = {}]]) => [id, { Type, Properties }])),
    },
    ...more,
  });
}

/** Sends messages to the work queue and lets each fail as often as it may. */
export function fail(count: number): void {
  const queue = fixture.sqs.queue('Shop-Billing-1');
  for (let index = 0; index < count; index += 1) queue.send({ body: `{"order":${index}}` });
  for (let round = 0; round < 2 * count; round += 1) {
    fixture.sqs.call('ReceiveMessage', { QueueUrl: queue.url, MaxNumberOfMessages: 10, VisibilityTimeout: 0 });
  }
  expect(depth('Shop-BillingDeadLetterQueue-1')).toBe(count);
}

export const depth = (name: string) => fixture.sqs.queue(name).contents().length;

export async function run(args: string, answer?: string) {
  const time = {
    now: () => fixture.now,
    sleep: (duration: number) => {
      fixture.now += duration;
      return Promise.resolve();
    },
  };
  const seen = new Seen(time, { answer });
  const code = await main(words(args), seen.terminal, {
    clientsFor: () =>
      createClients({
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
    TARGET_ARN: { DataType: 'String', StringValue: 'arn:aws:sqs:eu-west-1:111111111111:Shop-FraudCheck-1' },
    RULE_ARN: { DataType: 'String', StringValue: 'arn:aws:events:eu-west-1:111111111111:rule/bus/FraudCheck' },
    trace: { DataType: 'String', StringValue: 'kept' },
  },
};
export const messageLike = {
  messageId: 'm-1',
  body: 'parked',
  attributes: {},
  sentAt: fixture.now,
  sequence: 0,
  visibleAt: 0,
  receives: 1,
};
/** As Pipes keeps it (docs.aws.amazon.com/eventbridge: eb-pipes-error-troubleshooting). */
export const streamFailure = {
  body: JSON.stringify({
    context: {
      partnerResourceArn: 'arn:aws:pipes:eu-west-1:111111111111:pipe/Shop-Pipe-1',
      condition: 'RetryAttemptsExhausted',
    },
    version: '1.0',
    timestamp: '2023-11-14T22:13:20.000Z',
    DDBStreamBatchInfo: {
      shardId: 'shardId-00000001700000000000-1a2b3c4d',
      startSequenceNumber: '100000000000000000001',
      endSequenceNumber: '100000000000000000002',
      approximateArrivalOfFirstRecord: '2023-11-14T22:13:19Z',
      approximateArrivalOfLastRecord: '2023-11-14T22:13:20Z',
      batchSize: 2,
      streamArn: 'arn:aws:dynamodb:eu-west-1:111111111111:table/Orders/stream/2023-01-01T00:00:00.000',
    },
  }),
};
