import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duration, Size, Stack } from 'aws-cdk-lib';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { AttributeType } from 'aws-cdk-lib/aws-dynamodb';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sns from 'aws-cdk-lib/aws-sns';
import { describe, expect, it } from 'vitest';
import {
  HandlerCode,
  HandlerFunction,
  QueueConsumer,
  RefusedValueError,
  ServiceTable,
  StreamPipe,
  stages,
  WorkQueue,
  type WorkQueueProps,
} from '../../../lib';
import { EventDrivenShop, type EventDrivenShopProps, type OrderEventType } from '../../../patterns/event-driven';
import { MAIL_FROM, testApp } from '../../synthesize';

const stage = stages.dev;

function stack() {
  return new Stack(testApp(), 'Stack');
}

function shop(props: EventDrivenShopProps = {}) {
  return new EventDrivenShop(stack(), 'Shop', props);
}

function queue(props: Partial<WorkQueueProps> = {}) {
  const scope = stack();
  const encryptionKey = new kms.Key(scope, 'Key');
  return new WorkQueue(scope, 'Work', { stage, encryptionKey, consumerTimeout: Duration.seconds(30), ...props });
}

function fn(props: Partial<ConstructorParameters<typeof HandlerFunction>[2]>, scope = stack(), id = 'Handler') {
  const encryptionKey = kms.Key.fromKeyArn(scope, `${id}Key`, 'arn:aws:kms:eu-west-1:111111111111:key/abc');
  return new HandlerFunction(scope, id, {
    stage,
    encryptionKey,
    code: HandlerCode.prebuilt('event-driven', 'billing'),
    serviceName: 'test',
    timeout: Duration.seconds(30),
    ...props,
  });
}

/** What was refused: the prop and the catalogue id. Fails when nothing is. */
function refusal(build: () => unknown): [string, string | undefined] {
  try {
    build();
  } catch (error) {
    if (!(error instanceof RefusedValueError)) throw error;
    // Every refusal tells where, what, what is allowed and what to do.
    expect(error.message).toMatch(/^\S.*: .+ is .+; allowed: .+ Fix: .+$/s);
    return [error.refusal.prop, error.refusal.catalogueId];
  }
  throw new Error('it was accepted');
}

describe('a value that cannot work is refused at synth', () => {
  it('visibility below six consumer timeouts and the batching window', () => {
    const batchingWindow = Duration.seconds(10);
    expect(refusal(() => queue({ batchingWindow, visibilityTimeout: Duration.seconds(189) }))).toEqual([
      'visibilityTimeout',
      'sqs-visibility-timeout-exceeds-processing',
    ]);
    expect(queue({ batchingWindow, visibilityTimeout: Duration.seconds(190) }).queue).toBeDefined();
    expect(refusal(() => queue({ consumerTimeout: Duration.hours(3) }))[0]).toBe('visibilityTimeout');
  });

  it.each([[[]], [['Germany']], [['de']], [['DE', '']]])('delivery.countries %j', (countries) => {
    expect(refusal(() => shop({ delivery: { countries } }))[0]).toBe('delivery.countries');
  });

  it.each([-1, 0.5, Number.NaN, 1_000_001])('delivery.feeCents %s', (feeCents) => {
    expect(refusal(() => shop({ delivery: { feeCents } }))[0]).toBe('delivery.feeCents');
  });

  it.each([0, 1_000_000])('but not delivery.feeCents %s', (feeCents) => {
    expect(shop({ delivery: { countries: ['PT'], feeCents } }).fulfilment).toBeDefined();
  });

  it.each([2, 11, 4.5])('maxReceiveCount %s', (maxReceiveCount) => {
    expect(refusal(() => queue({ maxReceiveCount }))).toEqual(['maxReceiveCount', 'lambda-sqs-max-receive-count']);
  });

  it.each([Duration.days(14), Duration.seconds(59)])('retention %s', (retention) => {
    expect(refusal(() => queue({ retention }))).toEqual(['retention', 'sqs-retention-explicit']);
  });

  it('a consumer slower than its queue expects, a batch or concurrency that SQS refuses', () => {
    const work = queue({});
    const consumer = new lambda.Function(Stack.of(work), 'Consumer', {
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: lambda.Code.fromInline('exports.handler = async () => ({})'),
    });
    const consume = (props: object, id: string) => () =>
      new QueueConsumer(work, id, { queue: work, consumer, ...props });
    expect(refusal(consume({ timeout: Duration.seconds(31) }, 'Slow'))[0]).toBe('timeout');
    expect(refusal(consume({ batchSize: 11 }, 'Batch'))[0]).toBe('batchSize');
    expect(refusal(consume({ maxConcurrency: 1 }, 'Narrow'))[0]).toBe('maxConcurrency');
    expect(consume({ timeout: Duration.seconds(30), batchSize: 10, maxConcurrency: 2 }, 'Good')()).toBeDefined();
  });

  it('reserved concurrency over the pool, alone and in sum', () => {
    expect(refusal(() => fn({ reservedConcurrency: 901 }))).toEqual([
      'reservedConcurrency',
      'lambda-reserved-sum-within-pool',
    ]);
    const scope = stack();
    fn({ reservedConcurrency: 600 }, scope, 'First');
    expect(refusal(() => fn({ reservedConcurrency: 301 }, scope, 'Second'))[1]).toBe('lambda-reserved-sum-within-pool');
    expect(fn({ reservedConcurrency: 300 }, scope, 'Third').function).toBeDefined();
    expect(refusal(() => shop({ apiConcurrency: 50, stage: { ...stage, accountConcurrency: 100 } }))[1]).toBe(
      'lambda-reserved-sum-within-pool',
    );
  });

  it('memory, timeout and environment beyond Lambda', () => {
    expect(refusal(() => fn({ memory: Size.mebibytes(10_241) }))[1]).toBe('lambda-max-memory-10gb');
    expect(refusal(() => fn({ memory: Size.mebibytes(64) }))[1]).toBe('lambda-max-memory-10gb');
    expect(refusal(() => fn({ timeout: Duration.seconds(901) }))[1]).toBe('lambda-max-timeout-15m');
    expect(refusal(() => fn({ environment: { BIG: 'x'.repeat(4096) } }))[1]).toBe('lambda-env-4kb');
  });

  it('FIFO mixed with standard', () => {
    const scope = stack();
    const topic = new sns.Topic(scope, 'Topic');
    const build = (fifo: boolean, existing: sns.ITopic, id: string) => () =>
      new EventDrivenShop(scope, id, { fifo, existing: { topic: existing } });
    expect(refusal(build(true, topic, 'A'))).toEqual(['existing', 'sns-fifo-pairs-fifo']);
    expect(refusal(build(false, new sns.Topic(scope, 'Fifo', { fifo: true }), 'B'))[1]).toBe('sns-fifo-pairs-fifo');
  });

  it('a pipe to a FIFO topic, or from a table without a stream', () => {
    const scope = stack();
    const encryptionKey = new kms.Key(scope, 'Key');
    const pipe = (stream: boolean, topic: sns.Topic, id: string) => () =>
      new StreamPipe(scope, id, {
        stage,
        encryptionKey,
        table: new ServiceTable(scope, `${id}Table`, { stage, encryptionKey, accessPatterns: ['by id'], stream }).table,
        filters: [{ eventName: ['INSERT'] }],
        target: { topic },
      });
    expect(refusal(pipe(true, new sns.Topic(scope, 'Fifo', { fifo: true }), 'ToFifo'))[1]).toBe('sns-fifo-pairs-fifo');
    expect(refusal(pipe(false, new sns.Topic(scope, 'Standard'), 'NoStream'))[1]).toBe('ddb-streams-for-cdc');
  });

  it('a table without access patterns, or with an index on few values', () => {
    const scope = stack();
    const encryptionKey = new kms.Key(scope, 'Key');
    const table = (id: string, props: object) => () =>
      new ServiceTable(scope, id, { stage, encryptionKey, accessPatterns: ['by id'], ...props });
    expect(refusal(table('None', { accessPatterns: [] }))[1]).toBe('ddb-access-patterns-first');
    const indexes = [{ indexName: 'i', partitionKey: { name: 'status', type: AttributeType.STRING } }];
    expect(refusal(table('Hot', { indexes }))[1]).toBe('ddb-high-cardinality-key');
  });

  it.each(['ops', 'ops@', '@example.com', 'a b@example.com'])('the alarm e-mail %s', (alarmEmail) => {
    expect(refusal(() => shop({ alarmEmail }))).toEqual(['alarmEmail', 'cw-alarm-has-action']);
  });

  it.each(['accounts', 'accounts@', 'accounts@example'])('mail to users from %s', (mailFrom) => {
    expect(refusal(() => shop({ mailFrom }))).toEqual(['email.from', 'cognito-ses-for-email']);
  });

  it('a sender for users who are yours', () => {
    const scope = stack();
    const userPool = new UserPool(scope, 'Customers');
    const existing = { users: { userPool, clients: [userPool.addClient('Shop')] } };
    const build = (mailFrom?: string) => () => new EventDrivenShop(scope, mailFrom ?? 'Shop', { existing, mailFrom });
    expect(refusal(build(MAIL_FROM))).toEqual(['mailFrom', 'cognito-ses-for-email']);
    expect(build()().users).toBeUndefined();
  });

  it.each(['*', 'shop.example.com', 'http://shop.example.com', 'https://shop.example.com/'])(
    'the origin %s',
    (origin) => {
      expect(refusal(() => shop({ allowedOrigins: [origin] }))[0]).toBe('allowedOrigins');
    },
  );

  it('two services of one name, or a name that is none', () => {
    const built = shop();
    const echo = lambda.Function.fromFunctionArn(built, 'Echo', 'arn:aws:lambda:eu-west-1:111111111111:function:echo');
    expect(refusal(() => built.addService('billing', { function: echo }))).toEqual([
      'service name',
      'one-queue-per-service',
    ]);
    expect(refusal(() => built.addService('Loyalty Points', { function: echo }))[0]).toBe('service name');
  });

  it('a filter that can never match', () => {
    const built = shop();
    const echo = lambda.Function.fromFunctionArn(built, 'Echo', 'arn:aws:lambda:eu-west-1:111111111111:function:echo');
    const events = ['order.palced' as OrderEventType];
    expect(refusal(() => built.addService('loyalty', { function: echo, events }))[1]).toBe('sns-filter-policy');
    expect(refusal(() => built.addService('nothing', { function: echo, events: [] }))[1]).toBe('sns-filter-policy');
    const target = built.billing.queue;
    expect(refusal(() => built.router.route('Typo', { detailTypes: ['payment.caputred'], target }))[1]).toBe(
      'eb-content-filter',
    );
  });

  it('a handler that is missing, doubled, or does not compile', async () => {
    const built = shop();
    const echo = lambda.Function.fromFunctionArn(built, 'Echo', 'arn:aws:lambda:eu-west-1:111111111111:function:echo');
    expect(refusal(() => built.addService('none', {}))[0]).toBe('entry');
    expect(refusal(() => built.addService('both', { entry: __filename, function: echo }))[0]).toBe('entry');
    expect(refusal(() => built.addService('missing', { entry: 'no/such/file.ts' }))[0]).toBe('entry');
    const folder = await mkdtemp(join(tmpdir(), 'groundplan-test-'));
    writeFileSync(join(folder, 'broken.ts'), 'export const handler = (');
    expect(refusal(() => built.addService('broken', { entry: join(folder, 'broken.ts') }))[0]).toBe('entry');
    await rm(folder, { recursive: true });
  });
});
