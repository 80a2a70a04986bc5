import { createHash, randomUUID } from 'node:crypto';
import { enforce, refused } from '../limits/limit';
import { SNS_LIMITS } from '../limits/sns';
import { matchesEventPattern } from '../matching/event-pattern';
import { isRecord, optionalText, records, text, unsupported } from './input';
import { type MessageAttribute, type MessageAttributes, messageAttributes } from './message-attributes';
import { AwsError, type LocalInput, type LocalService, type Location } from './service';
import { checkPublished, filterPolicy, type Published, parsedJson, publishedBytes } from './sns-message';

const { rows: LIMITS } = SNS_LIMITS;

/** A subscription of a queue or a function, as the template writes it. */
export interface Subscription {
  readonly protocol: 'sqs' | 'lambda';
  readonly endpoint: string;
  readonly filterPolicy?: Readonly<Record<string, unknown>>;
  /** What the policy looks at. @default MessageAttributes */
  readonly filterPolicyScope?: 'MessageBody' | 'MessageAttributes';
  readonly rawMessageDelivery?: boolean;
  readonly deadLetterTargetArn?: string;
}

/** What a topic hands over. */
export interface Delivery {
  readonly messageId: string;
  readonly topicArn: string;
  /** As published. */
  readonly message: string;
  /** As a queue gets it: raw, or in SNS's envelope. */
  readonly body: string;
  /** Message attributes: beside a raw body; an envelope has them inside. */
  readonly attributes?: MessageAttributes;
  readonly group?: string;
  readonly deduplicationId?: string;
}

/** Hands a message to a subscriber. Throwing sends it to the subscription's dead-letter queue, if there is one. */
export type Deliver = (subscription: Pick<Subscription, 'protocol' | 'endpoint'>, delivery: Delivery) => void;

interface Topic {
  readonly contentBasedDeduplication: boolean;
  readonly subscriptions: Subscription[];
}

/** Topics in memory: publish and batch, filter policies on body or attributes, raw delivery, dead letters. */
export class LocalSns implements LocalService {
  private readonly topics = new Map<string, Topic>();
  /** Messages published, filtered or not. */
  published = 0;
  /** Deliveries that a subscriber refused and that nothing kept: the publisher never hears of them. */
  lost = 0;
  /** Tells which entries of a batch are refused while the others go, as SNS does under load. */
  refuses: (entry: LocalInput) => boolean = () => false;

  constructor(
    private readonly location: Location,
    private readonly deliver: Deliver,
    private readonly newId: () => string = randomUUID,
    /** Tells a subscriber's refusal from a mistake. */
    private readonly isFailure: (error: unknown) => boolean = (error) => error instanceof AwsError,
  ) {}

  createTopic(name: string, { contentBasedDeduplication = false } = {}): { arn: string } {
    const arn = `arn:aws:sns:${this.location.region}:${this.location.account}:${name}`;
    this.topics.set(arn, { contentBasedDeduplication, subscriptions: [] });
    return { arn };
  }

  /** @throws AwsError for what Subscribe refuses */
  subscribe(topicArn: string, subscription: Subscription): void {
    const { endpoint, protocol, filterPolicy: policy, filterPolicyScope = 'MessageAttributes' } = subscription;
    if (protocol === 'sqs' && endpoint.endsWith('.fifo') && !topicArn.endsWith('.fifo')) {
      throw refused(
        LIMITS.fifoEndpoint,
        'Invalid parameter: FIFO SQS Queues can not be subscribed to standard SNS topics',
      );
    }
    if (policy !== undefined) filterPolicy(policy, filterPolicyScope);
    this.topic(topicArn).subscriptions.push(subscription);
  }

  call(action: string, input: LocalInput): LocalInput {
    switch (action) {
      case 'Publish':
        return { MessageId: this.publish(text(input, 'TopicArn'), input) };
      case 'PublishBatch':
        // The Query protocol has no empty list.
        return this.publishBatch(
          text(input, 'TopicArn'),
          (input['PublishBatchRequestEntries'] ?? '') === '' ? [] : records(input, 'PublishBatchRequestEntries'),
        );
      default:
        throw unsupported(action);
    }
  }

  private publishBatch(topicArn: string, entries: LocalInput[]): LocalInput {
    checkBatch(entries);
    const Successful: LocalInput[] = [];
    const Failed: LocalInput[] = [];
    for (const entry of entries) {
      const Id = text(entry, 'Id');
      if (this.refuses(entry)) {
        Failed.push({ Id, Code: 'InternalError', Message: 'Try again', SenderFault: false });
        continue;
      }
      try {
        Successful.push({ Id, MessageId: this.publish(topicArn, entry) });
      } catch (error) {
        if (!(error instanceof AwsError) || error.code === LIMITS.topicExists.error) throw error;
        Failed.push({ Id, Code: error.code, Message: error.message, SenderFault: true });
      }
    }
    return { Successful, Failed };
  }

  /** Publishes one message; @returns its id. */
  publish(topicArn: string, input: LocalInput): string {
    const { contentBasedDeduplication, subscriptions } = this.topic(topicArn);
    const fifo = topicArn.endsWith('.fifo');
    const published = publishedOf(input);
    checkPublished(published, { fifo, contentBasedDeduplication });
    this.published += 1;
    const { message, attributes, group, deduplicationId } = published;
    const messageId = this.newId();
    for (const subscription of subscriptions) {
      if (!matches(subscription, message, attributes)) continue;
      this.hand(subscription, {
        messageId,
        topicArn,
        message,
        ...handedOver(subscription, topicArn, messageId, message, attributes),
        ...(fifo && {
          group,
          deduplicationId: deduplicationId ?? createHash('sha256').update(message).digest('hex'),
        }),
      });
    }
    return messageId;
  }

  /** Hands a message to a subscriber, or to the dead-letter queue of the subscription. */
  private hand(subscription: Subscription, delivery: Delivery): void {
    const { deadLetterTargetArn } = subscription;
    const deadLetters = { protocol: 'sqs', endpoint: deadLetterTargetArn ?? '' } as const;
    for (const to of deadLetterTargetArn === undefined ? [subscription] : [subscription, deadLetters]) {
      try {
        this.deliver(to, delivery);
        return;
      } catch (error) {
        if (!this.isFailure(error)) throw error;
      }
    }
    this.lost += 1;
  }

  private topic(topicArn: string): Topic {
    const topic = this.topics.get(topicArn);
    if (topic === undefined) throw new AwsError(LIMITS.topicExists.error, 'Topic does not exist', 404);
    return topic;
  }
}

/** What AWS says of a batch before it looks at its entries. */
function checkBatch(entries: readonly LocalInput[]): void {
  enforce(LIMITS.emptyBatch, entries.length);
  enforce(LIMITS.batchEntries, entries.length, 'The batch request contains more entries than permissible.');
  const ids = entries.map((entry) => text(entry, 'Id'));
  if (new Set(ids).size < ids.length) {
    throw refused(LIMITS.batchIdsDistinct, 'Two or more batch entries in the request have the same Id.');
  }
  for (const id of ids) {
    enforce(LIMITS.batchIdLength, id.length);
    if (!/^[\w-]*$/.test(id)) throw refused(LIMITS.batchIdCharacters);
  }
  const bytes = entries.reduce((sum, entry) => sum + publishedBytes(publishedOf(entry)), 0);
  enforce(LIMITS.batchSize, bytes, `The batch is longer than ${LIMITS.batchSize.max} bytes.`);
}

function publishedOf(input: LocalInput): Published {
  if (input['MessageStructure'] !== undefined) throw unsupported('MessageStructure');
  return {
    message: text(input, 'Message'),
    subject: optionalText(input, 'Subject'),
    attributes: messageAttributes(input['MessageAttributes']),
    group: optionalText(input, 'MessageGroupId'),
    deduplicationId: optionalText(input, 'MessageDeduplicationId'),
  };
}

function handedOver(
  { rawMessageDelivery }: Subscription,
  TopicArn: string,
  MessageId: string,
  Message: string,
  attributes: MessageAttributes,
): Pick<Delivery, 'body' | 'attributes'> {
  if (rawMessageDelivery === true) return { body: Message, attributes };
  const told = Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
    name,
    { Type: DataType, Value: StringValue ?? BinaryValue },
  ]);
  const MessageAttributes = told.length === 0 ? undefined : Object.fromEntries(told);
  return { body: JSON.stringify({ Type: 'Notification', MessageId, TopicArn, Message, MessageAttributes }) };
}

/** The value of a message attribute as filter policies see it (AWS: SNS message attributes, data types). */
function attributeValue({ DataType, StringValue }: MessageAttribute): unknown {
  if (StringValue === undefined) return undefined;
  if (DataType.startsWith('Number')) return Number(StringValue);
  return DataType === 'String.Array' ? parsedJson(StringValue) : StringValue;
}

function matches(
  { filterPolicy: policy, filterPolicyScope }: Subscription,
  message: string,
  attributes: MessageAttributes,
): boolean {
  if (policy === undefined) return true;
  if (filterPolicyScope !== 'MessageBody') {
    const values = Object.entries(attributes).map(([name, attribute]) => [name, attributeValue(attribute)]);
    return matchesEventPattern(policy, Object.fromEntries(values));
  }
  // A body that is no JSON matches no policy on the body (AWS: filter policy scope).
  const document = parsedJson(message);
  return isRecord(document) && matchesEventPattern(policy, document);
}
