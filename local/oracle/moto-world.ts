import type { ResolvedTemplate } from '../assembly/resolved-template';
import type { Item } from '../aws/dynamodb/attribute-value';
import type { StreamRecord } from '../aws/dynamodb/table';
import type { LocalInput, LocalService } from '../aws/service';
import { LocalStream } from '../aws/stream';
import { queueAttributes, subscription, textAttributes } from '../engine/local-world';
import type { QueueSource, ReceivedMessage } from '../engine/queue-source';
import { tableDefinition } from '../engine/table-definition';
import type { OutgoingMessage, OutgoingNotification, World } from '../engine/world';
import type { MotoClient } from './moto-client';
import { motoDynamoDb } from './moto-services';
import { tableInput } from './table-input';

/** Attributes that moto need not know: encryption, and who may redrive. */
const LEFT_OUT = ['KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds', 'SqsManagedSseEnabled', 'RedriveAllowPolicy'];
const POLL_MS = 100;

interface Shard {
  readonly ShardId: string;
  readonly SequenceNumberRange: { readonly StartingSequenceNumber: string };
}

const pause = (ms: number) =>
  new Promise<void>((done) => {
    setTimeout(done, ms);
  });

/** Stores of moto, an engine that is not ours, in place of our own. */
export class MotoWorld implements World {
  readonly dynamodb: LocalService;
  private readonly streams = new Map<string, LocalStream<StreamRecord>>();
  private readonly consumed = new Set<string>();
  private lastRecordAt = Date.now();
  private stopped = false;

  constructor(
    private readonly moto: MotoClient,
    /** What a second of a visibility timeout lasts: moto's time cannot be skipped. */
    private readonly shortening: number,
  ) {
    this.dynamodb = motoDynamoDb(moto);
  }

  async create(template: ResolvedTemplate): Promise<void> {
    const { moto } = this;
    const queues = template.ofType('AWS::SQS::Queue');
    // A queue can name a dead-letter queue only once that is there.
    const [dead, live] = [false, true].map((redriven) =>
      queues.filter(({ properties }) => (properties['RedrivePolicy'] !== undefined) === redriven),
    );
    for (const queue of [...(dead ?? []), ...(live ?? [])]) {
      const { VisibilityTimeout = '30', ...all } = queueAttributes(queue);
      const kept = Object.entries(all).filter(([name]) => !LEFT_OUT.includes(name));
      await moto.call('sqs', 'CreateQueue', {
        QueueName: nameOf(queue.arn),
        Attributes: { ...Object.fromEntries(kept), VisibilityTimeout: String(this.shortened(VisibilityTimeout)) },
      });
    }
    for (const table of template.ofType('AWS::DynamoDB::Table')) {
      const definition = tableDefinition(table);
      await moto.call('dynamodb', 'CreateTable', tableInput(definition));
      if (definition.stream !== undefined) this.follow(definition.name);
    }
    for (const { name } of template.ofType('AWS::S3::Bucket')) {
      const region = template.deployment.region;
      const constraint = `<CreateBucketConfiguration><LocationConstraint>${region}</LocationConstraint></CreateBucketConfiguration>`;
      await moto.s3('PUT', `/${name}`, region === 'us-east-1' ? undefined : constraint);
    }
    for (const { name } of template.ofType('AWS::SNS::Topic')) await moto.sns('CreateTopic', { Name: nameOf(name) });
    for (const { logicalId, properties } of template.ofType('AWS::SNS::Subscription')) {
      const found = subscription(properties);
      if (found === undefined) continue;
      if (found.protocol !== 'sqs') throw new Error(`${logicalId}: moto runs no functions`);
      const attributes: Record<string, string> = {
        ...(found.filterPolicy !== undefined && { FilterPolicy: JSON.stringify(found.filterPolicy) }),
        ...(found.filterPolicyScope !== undefined && { FilterPolicyScope: found.filterPolicyScope }),
        // moto takes any text for true.
        ...(found.rawMessageDelivery === true && { RawMessageDelivery: 'true' }),
      };
      await moto.sns('Subscribe', {
        TopicArn: String(properties['TopicArn']),
        Protocol: 'sqs',
        Endpoint: found.endpoint,
        ...Object.assign(
          {},
          ...Object.entries(attributes).map(([key, value], index) => ({
            [`Attributes.entry.${index + 1}.key`]: key,
            [`Attributes.entry.${index + 1}.value`]: value,
          })),
        ),
      });
    }
  }

  async send(queueArn: string, { body, attributes, group, deduplicationId }: OutgoingMessage): Promise<void> {
    const fifo = group === undefined ? {} : { MessageGroupId: group, MessageDeduplicationId: deduplicationId };
    await this.sqs('SendMessage', queueArn, {
      MessageBody: body,
      MessageAttributes: textAttributes(attributes),
      ...fifo,
    });
  }

  async publish(topicArn: string, { message }: OutgoingNotification): Promise<void> {
    await this.moto.sns('Publish', { TopicArn: topicArn, Message: message });
  }

  queue(queueArn: string): QueueSource {
    this.consumed.add(queueArn);
    return {
      name: nameOf(queueArn),
      arn: queueArn,
      // Shortened by the same as everything that it is compared with.
      visibilityTimeout: Number.POSITIVE_INFINITY,
      receive: (count) => this.receive(queueArn, { MaxNumberOfMessages: count }),
      remove: async ({ ReceiptHandle }) => {
        await this.sqs('DeleteMessage', queueArn, { ReceiptHandle });
      },
      next: () => pause(POLL_MS),
    };
  }

  stream(streamArn: string): LocalStream<StreamRecord> {
    const found = this.streams.get(streamArn.split('/')[1] ?? '');
    if (found === undefined) throw new Error(`${streamArn} is no stream of the template`);
    return found;
  }

  async bodies(queueArn: string): Promise<readonly string[]> {
    const bodies: string[] = [];
    for (;;) {
      const received = await this.receive(queueArn, {
        MaxNumberOfMessages: 10,
        VisibilityTimeout: 600,
        WaitTimeSeconds: 0,
      });
      if (received.length === 0) return bodies;
      bodies.push(...received.map(({ Body }) => Body));
    }
  }

  async items(TableName: string): Promise<readonly Item[]> {
    const items: Item[] = [];
    let ExclusiveStartKey: unknown;
    do {
      const page = await this.moto.call('dynamodb', 'Scan', {
        TableName,
        ...(ExclusiveStartKey !== undefined && { ExclusiveStartKey }),
      });
      items.push(...(page['Items'] as Item[]));
      ExclusiveStartKey = page['LastEvaluatedKey'];
    } while (ExclusiveStartKey !== undefined);
    return items;
  }

  /** Whether nothing waits in a queue that has a consumer, and no record has come for a while. */
  async quiet(): Promise<boolean> {
    if (Date.now() - this.lastRecordAt < 2000) return false;
    for (const queueArn of this.consumed) {
      const { Attributes } = await this.sqs('GetQueueAttributes', queueArn, { AttributeNames: ['All'] });
      const { ApproximateNumberOfMessages: visible, ApproximateNumberOfMessagesNotVisible: hidden } =
        Attributes as Record<string, string>;
      if (Number(visible) + Number(hidden) > 0) return false;
    }
    return true;
  }

  async stop(): Promise<void> {
    this.stopped = true;
  }

  /** Brings a table's changes over as they come. */
  private follow(table: string): void {
    const stream = new LocalStream<StreamRecord>();
    this.streams.set(table, stream);
    void this.unlessStopped(this.pump(table, stream), undefined);
  }

  private async pump(table: string, stream: LocalStream<StreamRecord>): Promise<void> {
    const described = await this.moto.call('dynamodb', 'DescribeTable', { TableName: table });
    const StreamArn = (described['Table'] as LocalInput)['LatestStreamArn'];
    const { StreamDescription } = await this.moto.call('streams', 'DescribeStream', { StreamArn });
    const [shard] = (StreamDescription as { Shards: Shard[] }).Shards;
    if (shard === undefined) throw new Error(`moto keeps no stream of ${table}`);
    let at = BigInt(shard.SequenceNumberRange.StartingSequenceNumber);
    while (!this.stopped) {
      const records = await this.moto.records(StreamArn, shard.ShardId, at);
      at += BigInt(records.length);
      for (const record of records as StreamRecord[]) {
        this.lastRecordAt = Date.now();
        stream.put(JSON.stringify(record.dynamodb.Keys), record, Date.now());
      }
      await pause(POLL_MS);
    }
  }

  private async receive(queueArn: string, input: LocalInput): Promise<readonly ReceivedMessage[]> {
    if (this.stopped) return [];
    const names = { MessageSystemAttributeNames: ['All'], AttributeNames: ['All'] };
    const answer = await this.unlessStopped(this.sqs('ReceiveMessage', queueArn, { ...names, ...input }), {});
    return (answer['Messages'] ?? []) as ReceivedMessage[];
  }

  /** What was under way when everything ended may fail: no one waits for it. */
  private async unlessStopped<T>(work: Promise<T>, otherwise: T): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (this.stopped) return otherwise;
      throw error;
    }
  }

  private sqs(action: string, queueArn: string, input: LocalInput): Promise<LocalInput> {
    const [, , , , account = '', name = ''] = queueArn.split(':');
    return this.moto.call('sqs', action, { QueueUrl: `http://127.0.0.1/${account}/${name}`, ...input });
  }

  private shortened(seconds: string): number {
    return Math.max(2, Math.round(Number(seconds) * this.shortening));
  }
}

function nameOf(arn = ''): string {
  return arn.split(':').pop() ?? '';
}
