import type { ResolvedResource, ResolvedTemplate } from '../assembly/resolved-template';
import type { LocalBedrock } from '../aws/bedrock/service';
import type { Item } from '../aws/dynamodb/attribute-value';
import type { LocalDynamoDb } from '../aws/dynamodb/store';
import type { StreamRecord } from '../aws/dynamodb/table';
import type { LocalKinesis } from '../aws/kinesis/service';
import type { MessageAttributes } from '../aws/message-attributes';
import type { LocalS3 } from '../aws/s3';
import { bucketSettings } from '../aws/s3/bucket';
import type { LocalService } from '../aws/service';
import type { LocalSns, Subscription } from '../aws/sns';
import type { LocalSqs } from '../aws/sqs';
import type { LocalStream } from '../aws/stream';
import type { Clock } from '../clock/clock';
import { guardrails, knowledgeBases } from './knowledge-bases';
import { LocalQueueSource, type QueueSource } from './queue-source';
import { streamDefinition } from './stream-definition';
import { tableDefinition } from './table-definition';
import type { OutgoingMessage, OutgoingNotification, World } from './world';

/** The stores that hold what passes through. */
export interface Stores {
  readonly bedrock: LocalBedrock;
  readonly dynamodb: LocalDynamoDb;
  readonly kinesis: LocalKinesis;
  readonly s3: LocalS3;
  readonly sns: LocalSns;
  readonly sqs: LocalSqs;
}

/** Our own stores, in memory. */
export class LocalWorld implements World {
  constructor(
    private readonly stores: Stores,
    private readonly clock: Clock,
    readonly dynamodb: LocalService = stores.dynamodb,
  ) {}

  async create(template: ResolvedTemplate): Promise<void> {
    const { sqs, dynamodb, kinesis, s3, sns, bedrock } = this.stores;
    for (const queue of template.ofType('AWS::SQS::Queue')) {
      sqs.createQueue(queue.arn?.split(':').pop() ?? '', queueAttributes(queue));
    }
    for (const table of template.ofType('AWS::DynamoDB::Table')) {
      const { StreamArn = '' } = table.attributes;
      dynamodb.createTable(tableDefinition(table), StreamArn);
    }
    for (const stream of template.ofType('AWS::Kinesis::Stream')) kinesis.createStream(streamDefinition(stream));
    for (const { arn = '', properties } of template.ofType('AWS::Kinesis::StreamConsumer')) {
      kinesis.registerConsumer(arn, String(properties['StreamARN']));
    }
    for (const { name, properties } of template.ofType('AWS::S3::Bucket')) {
      s3.createBucket(name, undefined, bucketSettings(properties));
    }
    for (const each of knowledgeBases(template)) bedrock.createKnowledgeBase(each);
    for (const each of guardrails(template)) bedrock.addGuardrail(each);
    for (const { name, properties } of template.ofType('AWS::SNS::Topic')) {
      const contentBasedDeduplication = properties['ContentBasedDeduplication'] === true;
      sns.createTopic(name.split(':').pop() ?? '', { contentBasedDeduplication });
    }
    for (const { properties } of template.ofType('AWS::SNS::Subscription')) {
      const found = subscription(properties);
      if (found !== undefined) sns.subscribe(String(properties['TopicArn']), found);
    }
  }

  async send(queueArn: string, message: OutgoingMessage): Promise<void> {
    const attributes = textAttributes(message.attributes);
    this.stores.sqs.queue(queueArn).send({ ...message, attributes });
  }

  async publish(topicArn: string, { message, group, deduplicationId }: OutgoingNotification): Promise<void> {
    this.stores.sns.publish(topicArn, {
      Message: message,
      ...(group !== undefined && { MessageGroupId: group, MessageDeduplicationId: deduplicationId }),
    });
  }

  queue(queueArn: string): QueueSource {
    return new LocalQueueSource(this.stores.sqs, this.stores.sqs.queue(queueArn), this.clock);
  }

  stream(streamArn: string): LocalStream<StreamRecord> {
    return this.stores.dynamodb.table(streamArn.split('/')[1] ?? '').shards;
  }

  async bodies(queueArn: string): Promise<readonly string[]> {
    return this.stores.sqs
      .queue(queueArn)
      .contents()
      .map(({ body }) => body);
  }

  async items(tableName: string): Promise<readonly Item[]> {
    return this.stores.dynamodb.table(tableName).all();
  }

  async stop(): Promise<void> {}
}

/** Texts as message attributes; none that are empty, which SQS refuses. */
export function textAttributes(texts: OutgoingMessage['attributes'] = {}): MessageAttributes {
  const entries = Object.entries(texts).filter(([, StringValue]) => StringValue !== '');
  return Object.fromEntries(entries.map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]));
}

/** A queue's attributes by SQS's names, as its template has them. */
export function queueAttributes({ properties }: ResolvedResource): Record<string, string> {
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([name]) => name !== 'Tags' && name !== 'QueueName')
      .map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)]),
  );
}

/** A subscription as its template has it; undefined for one that ends the data path. */
export function subscription(properties: ResolvedResource['properties']): Subscription | undefined {
  const protocol = properties['Protocol'];
  // Mail to a person is where the data path ends.
  if (protocol === 'email') return undefined;
  if (protocol !== 'sqs' && protocol !== 'lambda')
    throw new Error(`The protocol ${String(protocol)} is not known here`);
  const redrive = properties['RedrivePolicy'] as { deadLetterTargetArn?: string } | undefined;
  return {
    protocol,
    endpoint: String(properties['Endpoint']),
    filterPolicy: properties['FilterPolicy'] as Subscription['filterPolicy'],
    filterPolicyScope: properties['FilterPolicyScope'] as Subscription['filterPolicyScope'],
    rawMessageDelivery: properties['RawMessageDelivery'] === true,
    deadLetterTargetArn: redrive?.deadLetterTargetArn,
  };
}
