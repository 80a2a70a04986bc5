import { LocalDynamoDb } from '../../local/aws/dynamodb/store';
import type { TableDefinition } from '../../local/aws/dynamodb/table';
import { LocalKinesis } from '../../local/aws/kinesis/service';
import type { LocalKinesisStream } from '../../local/aws/kinesis/stream';
import { type LocalAws, startLocalAws } from '../../local/aws/server';
import { LocalSns, type Subscription } from '../../local/aws/sns';
import { LocalSqs } from '../../local/aws/sqs';
import { tableInput } from '../../local/oracle/table-input';
import { type Answer, type Call, callerOf, type Json, type Service } from './aws-client';

/** Moto's account, so that ARNs are equal on both sides. */
const account = '123456789012';
/** Threads of moto share what they iterate over: a set-up that runs into another's is tried again. */
const ATTEMPTS = 5;

/** One thing of ours, and its counterpart of moto's. */
export interface Pair<T> {
  readonly ours: T;
  readonly moto: T;
}

/** Name, URL and ARN of a queue that exists on both sides. */
export interface QueueOnBoth {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
}

/** Our stores over HTTP, next to moto. */
export interface MotoFixture {
  readonly ours: Call;
  readonly moto: Call;
  readonly dynamodb: LocalDynamoDb;
  /** Sends the same input to both. */
  both(service: Service, action: string, input: Json): Promise<Pair<Answer>>;
  /** Calls moto for what must succeed. @returns its output */
  arrange(service: Service, action: string, input: Json): Promise<Json>;
  createQueue(name: string, attributes?: Record<string, string>): Promise<QueueOnBoth>;
  createTopic(name: string, attributes?: Record<string, string>): Promise<string>;
  subscribe(topicArn: string, subscription: Omit<Subscription, 'protocol'>): Promise<void>;
  createTable(definition: TableDefinition): Promise<void>;
  /** @returns ours */
  createStream(name: string, shards: number, encrypted?: boolean): Promise<LocalKinesisStream>;
  close(): Promise<void>;
}

/**
 * Starts our stores; moto runs already (scripts/with-moto.sh).
 *
 * @param region of this test file alone: moto keeps regions apart, so files that run at once do not meet there
 * @param streamTime what our streams measure a shard's throughput by, in milliseconds
 */
export async function startMotoFixture(region: string, streamTime: () => number = Date.now): Promise<MotoFixture> {
  const location = { account, region };
  const endpoint = process.env['MOTO_ENDPOINT'];
  if (endpoint === undefined) throw new Error('MOTO_ENDPOINT is not set: run with scripts/with-moto.sh');
  const sqs = new LocalSqs(location);
  const sns = new LocalSns(location, ({ endpoint: arn }, delivery) => sqs.queue(arn).send(delivery));
  const dynamodb = new LocalDynamoDb(location);
  const kinesis = new LocalKinesis(location, streamTime);
  const local: LocalAws = await startLocalAws({ dynamodb, kinesis, sns, sqs });
  const ours = callerOf(local.endpoint, region);
  const moto = callerOf(endpoint, region);

  async function arrange(service: Service, action: string, input: Json): Promise<Json> {
    for (let attempt = 1; ; attempt += 1) {
      const { error, output } = await moto(service, action, input);
      if (error === undefined) return output;
      if (error === 'HTTP 500' && attempt < ATTEMPTS) continue;
      throw new Error(`moto refused ${action}: ${error} ${JSON.stringify(output)}`);
    }
  }

  return {
    ours,
    moto,
    dynamodb,
    arrange,
    async both(service, action, input) {
      const [a, b] = await Promise.all([ours(service, action, input), moto(service, action, input)]);
      return { ours: a, moto: b };
    },
    async createQueue(name, attributes = {}) {
      const fifo = name.endsWith('.fifo');
      await arrange('sqs', 'CreateQueue', {
        QueueName: name,
        Attributes: { ...attributes, ...(fifo && { FifoQueue: 'true' }) },
      });
      return { name, ...sqs.createQueue(name, attributes) };
    },
    async createTopic(name, attributes = {}) {
      const fifo = name.endsWith('.fifo');
      const all = { ...attributes, ...(fifo && { FifoTopic: 'true' }) };
      await arrange('sns', 'CreateTopic', { Name: name, Attributes: all });
      return sns.createTopic(name).arn;
    },
    async subscribe(topicArn, subscription) {
      const { endpoint: queueArn, filterPolicy, filterPolicyScope, rawMessageDelivery } = subscription;
      await arrange('sns', 'Subscribe', {
        TopicArn: topicArn,
        Protocol: 'sqs',
        Endpoint: queueArn,
        Attributes: {
          ...(filterPolicy !== undefined && { FilterPolicy: JSON.stringify(filterPolicy) }),
          ...(filterPolicyScope !== undefined && { FilterPolicyScope: filterPolicyScope }),
          // moto takes any text for true.
          ...(rawMessageDelivery === true && { RawMessageDelivery: 'true' }),
        },
      });
      sns.subscribe(topicArn, { protocol: 'sqs', ...subscription });
    },
    async createTable(definition) {
      await arrange('dynamodb', 'CreateTable', tableInput(definition));
      dynamodb.createTable(definition);
    },
    async createStream(name, shards, encrypted = false) {
      await arrange('kinesis', 'CreateStream', { StreamName: name, ShardCount: shards });
      const key = { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' };
      if (encrypted) await arrange('kinesis', 'StartStreamEncryption', { StreamName: name, ...key });
      return kinesis.createStream({ name, shards, retention: 86_400, maxRecordBytes: 1024 * 1024, encrypted });
    },
    close: () => local.close(),
  };
}
