import { randomUUID } from 'node:crypto';
import { matchesEventPattern } from '../matching/event-pattern';
import { isRecord, optionalText, records, text, unsupported } from './input';
import { AwsError, type LocalInput, type LocalService, type Location } from './service';

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
  readonly attributes?: Record<string, { readonly DataType: string; readonly StringValue?: string }>;
  readonly group?: string;
  readonly deduplicationId?: string;
}

/** Hands a message to a subscriber. Throwing sends it to the subscription's dead-letter queue, if there is one. */
export type Deliver = (subscription: Pick<Subscription, 'protocol' | 'endpoint'>, delivery: Delivery) => void;

/** AWS: SNS message quotas; a batch counts as a whole. */
const MAX_BYTES = 262_144;

/** Topics in memory: publish and batch, filter policies on body or attributes, raw delivery, dead letters. */
export class LocalSns implements LocalService {
  private readonly topics = new Map<string, Subscription[]>();
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

  createTopic(name: string): { arn: string } {
    const arn = `arn:aws:sns:${this.location.region}:${this.location.account}:${name}`;
    this.topics.set(arn, []);
    return { arn };
  }

  subscribe(topicArn: string, subscription: Subscription): void {
    this.subscriptions(topicArn).push(subscription);
  }

  call(action: string, input: LocalInput): LocalInput {
    switch (action) {
      case 'Publish':
        return { MessageId: this.publish(text(input, 'TopicArn'), input) };
      case 'PublishBatch':
        return this.publishBatch(text(input, 'TopicArn'), records(input, 'PublishBatchRequestEntries'));
      default:
        throw unsupported(action);
    }
  }

  private publishBatch(topicArn: string, entries: LocalInput[]): LocalInput {
    if (entries.length > 10) throw new AwsError('TooManyEntriesInBatchRequest', 'A batch holds at most 10 messages.');
    if (new Set(entries.map((entry) => text(entry, 'Id'))).size < entries.length) {
      throw new AwsError('BatchEntryIdsNotDistinct', 'Two or more batch entries in the request have the same Id.');
    }
    const bytes = entries.reduce((sum, entry) => sum + Buffer.byteLength(text(entry, 'Message')), 0);
    if (bytes > MAX_BYTES) throw new AwsError('BatchRequestTooLong', 'The batch is longer than 262144 bytes.');
    const refused = entries.filter((entry) => this.refuses(entry));
    const Successful = entries.flatMap((entry) =>
      refused.includes(entry) ? [] : [{ Id: text(entry, 'Id'), MessageId: this.publish(topicArn, entry) }],
    );
    const Failed = refused.map((entry) => ({
      Id: text(entry, 'Id'),
      Code: 'InternalError',
      Message: 'Try again',
      SenderFault: false,
    }));
    return { Successful, Failed };
  }

  /** Publishes one message; @returns its id. */
  publish(topicArn: string, input: LocalInput): string {
    const body = text(input, 'Message');
    const group = optionalText(input, 'MessageGroupId');
    const fifo = topicArn.endsWith('.fifo');
    if (Buffer.byteLength(body) > MAX_BYTES)
      throw new AwsError('InvalidParameter', 'Invalid parameter: Message too long');
    if (fifo && group === undefined) throw new AwsError('InvalidParameter', 'Invalid parameter: The MessageGroupId');
    this.published += 1;
    const messageId = this.newId();
    for (const subscription of this.subscriptions(topicArn)) {
      if (!matches(subscription, body, input['MessageAttributes'])) continue;
      const delivery: Delivery = {
        messageId,
        topicArn,
        message: body,
        ...handedOver(subscription, topicArn, messageId, body, input['MessageAttributes']),
        ...(fifo && { group, deduplicationId: optionalText(input, 'MessageDeduplicationId') }),
      };
      try {
        this.deliver(subscription, delivery);
      } catch (error) {
        if (!this.isFailure(error)) throw error;
        const { deadLetterTargetArn } = subscription;
        if (deadLetterTargetArn === undefined) this.lost += 1;
        else this.deliver({ protocol: 'sqs', endpoint: deadLetterTargetArn }, delivery);
      }
    }
    return messageId;
  }

  private subscriptions(topicArn: string): Subscription[] {
    const subscriptions = this.topics.get(topicArn);
    if (subscriptions === undefined) throw new AwsError('NotFound', 'Topic does not exist', 404);
    return subscriptions;
  }
}

function handedOver(
  { rawMessageDelivery }: Subscription,
  TopicArn: string,
  MessageId: string,
  Message: string,
  sent: unknown,
): Pick<Delivery, 'body' | 'attributes'> {
  const attributes = (isRecord(sent) ? sent : {}) as NonNullable<Delivery['attributes']>;
  if (rawMessageDelivery === true) return { body: Message, attributes };
  const told = Object.entries(attributes).map(([name, { DataType, StringValue }]) => [
    name,
    { Type: DataType, Value: StringValue },
  ]);
  const MessageAttributes = told.length === 0 ? undefined : Object.fromEntries(told);
  return { body: JSON.stringify({ Type: 'Notification', MessageId, TopicArn, Message, MessageAttributes }) };
}

/** The value of a message attribute as filter policies see it (AWS: SNS message attributes, data types). */
function attributeValue(attribute: unknown): unknown {
  const { DataType, StringValue } = isRecord(attribute) ? attribute : {};
  if (typeof DataType !== 'string' || typeof StringValue !== 'string') return undefined;
  if (DataType.startsWith('Number')) return Number(StringValue);
  return DataType === 'String.Array' ? JSON.parse(StringValue) : StringValue;
}

function matches({ filterPolicy, filterPolicyScope }: Subscription, body: string, attributes: unknown): boolean {
  if (filterPolicy === undefined) return true;
  if (filterPolicyScope !== 'MessageBody') {
    const values = Object.entries(isRecord(attributes) ? attributes : {}).map(([name, attribute]) => [
      name,
      attributeValue(attribute),
    ]);
    return matchesEventPattern(filterPolicy, Object.fromEntries(values) as Record<string, unknown>);
  }
  try {
    // A body that is no JSON matches no policy on the body (AWS: filter policy scope).
    const document: unknown = JSON.parse(body);
    return isRecord(document) && matchesEventPattern(filterPolicy, document);
  } catch {
    return false;
  }
}
