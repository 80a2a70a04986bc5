import { randomUUID } from 'node:crypto';
import { matchesEventPattern } from '../matching/event-pattern';
import { isRecord, optionalText, records, text, unsupported } from './input';
import { AwsError, type LocalInput, type LocalService, type Location } from './service';

/** A subscription of a queue, as the template writes it. */
export interface QueueSubscription {
  readonly queueArn: string;
  readonly filterPolicy?: Readonly<Record<string, unknown>>;
  /** What the policy looks at. @default MessageAttributes */
  readonly filterPolicyScope?: 'MessageBody' | 'MessageAttributes';
  readonly rawMessageDelivery?: boolean;
  readonly deadLetterTargetArn?: string;
}

/** How a topic hands a message to a queue. Throwing sends it to the subscription's dead-letter queue. */
export type Deliver = (
  queueArn: string,
  message: { readonly body: string; readonly group?: string; readonly deduplicationId?: string },
) => void;

/** AWS: SNS message quotas; a batch counts as a whole. */
const MAX_BYTES = 262_144;

/** Topics in memory: publish and batch, filter policies on body or attributes, raw delivery, dead letters. */
export class LocalSns implements LocalService {
  private readonly topics = new Map<string, QueueSubscription[]>();
  /** Messages published, filtered or not. */
  published = 0;
  /** Tells which entries of a batch are refused while the others go, as SNS does under load. */
  refuses: (entry: LocalInput) => boolean = () => false;

  constructor(
    private readonly location: Location,
    private readonly deliver: Deliver,
  ) {}

  createTopic(name: string): { arn: string } {
    const arn = `arn:aws:sns:${this.location.region}:${this.location.account}:${name}`;
    this.topics.set(arn, []);
    return { arn };
  }

  subscribe(topicArn: string, subscription: QueueSubscription): void {
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
    const messageId = randomUUID();
    for (const subscription of this.subscriptions(topicArn)) {
      if (!matches(subscription, body, input['MessageAttributes'])) continue;
      const message = {
        body: subscription.rawMessageDelivery === true ? body : envelope(topicArn, messageId, body),
        ...(fifo && { group, deduplicationId: optionalText(input, 'MessageDeduplicationId') }),
      };
      try {
        this.deliver(subscription.queueArn, message);
      } catch (error) {
        if (subscription.deadLetterTargetArn === undefined) throw error;
        this.deliver(subscription.deadLetterTargetArn, message);
      }
    }
    return messageId;
  }

  private subscriptions(topicArn: string): QueueSubscription[] {
    const subscriptions = this.topics.get(topicArn);
    if (subscriptions === undefined) throw new AwsError('NotFound', 'Topic does not exist', 404);
    return subscriptions;
  }
}

function envelope(TopicArn: string, MessageId: string, Message: string): string {
  return JSON.stringify({ Type: 'Notification', MessageId, TopicArn, Message });
}

function matches({ filterPolicy, filterPolicyScope }: QueueSubscription, body: string, attributes: unknown): boolean {
  if (filterPolicy === undefined) return true;
  if (filterPolicyScope !== 'MessageBody') {
    const values = Object.entries(isRecord(attributes) ? attributes : {}).map(([name, attribute]) => [
      name,
      isRecord(attribute) ? attribute['StringValue'] : undefined,
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
