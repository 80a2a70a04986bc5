import { createHash } from 'node:crypto';
import { MinHeap } from '../clock/min-heap';
import { AwsError, type LocalInput } from './service';
import { type ReadyMessages, readyMessages } from './sqs-ready-messages';

/** Attributes of a queue by SQS's names, values as strings. */
export type QueueAttributes = Readonly<Record<string, string>>;

/** A message at rest. */
export interface Message {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, { readonly DataType: string; readonly StringValue?: string }>>;
  readonly group?: string;
  readonly deduplicationId?: string;
  /** When it was first sent; a dead-letter queue of a standard queue keeps it (AWS: retention and dead-letter queues). */
  readonly sentAt: number;
  readonly sequence: number;
  /** ARN of the queue that dead-lettered it. */
  readonly from?: string;
  visibleAt: number;
  receives: number;
  firstReceivedAt?: number;
  receiptHandle?: string;
}

/** What a sender says of a message. */
export interface Outgoing {
  readonly body: string;
  readonly attributes?: Message['attributes'];
  readonly group?: string;
  readonly deduplicationId?: string;
  readonly delaySeconds?: number;
}

interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

/** 1 MiB since 2025 (AWS: SQS quotas). */
const MAX_MESSAGE_BYTES = 1_048_576;
/** AWS: FIFO deduplication interval. */
const DEDUPLICATION_MS = 5 * 60_000;

/** What a queue needs from outside. */
export interface QueueSurroundings {
  readonly now: () => number;
  /** Picks the next message of a standard queue, which promises no order. @default - the oldest */
  readonly pick?: (count: number) => number;
  /** Makes ids of messages and receipts. */
  readonly newId: () => string;
  /** Hears how many messages can be received, whenever one has come. */
  readonly onDepth?: (queueName: string, visible: number) => void;
  /** Hears how old a message is that is received, in milliseconds. */
  readonly onAge?: (queueName: string, age: number) => void;
}

/** One queue. */
export class LocalQueue {
  /** Messages that can be received. */
  private readonly ready: ReadyMessages;
  /** Messages that were received, or are delayed, until their time comes. */
  private readonly hidden = new Set<Message>();
  /** When to look at a hidden message again; an entry whose message has moved on is passed over. */
  private readonly wakes = new MinHeap<{ readonly at: number; readonly message: Message }>(
    (a, b) => a.at < b.at || (a.at === b.at && a.message.sequence < b.message.sequence),
  );
  private readonly receipts = new Map<string, Message>();
  private oldestSentAt = Number.POSITIVE_INFINITY;
  private readonly recent = new Map<string, { at: number; messageId: string }>();
  private sequence = 0;
  private readonly waiting: (() => void)[] = [];
  /** The redrive policy, when there is one. */
  readonly redrive?: RedrivePolicy;
  /** Messages that were kept longer than the queue keeps any, and are gone. */
  expired = 0;

  constructor(
    readonly name: string,
    readonly url: string,
    readonly arn: string,
    private readonly attributes: QueueAttributes,
    private readonly surroundings: QueueSurroundings,
  ) {
    const policy = attributes['RedrivePolicy'];
    if (policy !== undefined) this.redrive = JSON.parse(policy) as RedrivePolicy;
    this.ready = readyMessages(this.fifo, surroundings.pick);
  }

  private now(): number {
    return this.surroundings.now();
  }

  get fifo(): boolean {
    return this.name.endsWith('.fifo');
  }

  private setting(name: string, fallback: number): number {
    return Number(this.attributes[name] ?? fallback);
  }

  /** Attributes as GetQueueAttributes answers. */
  described(): LocalInput {
    const { visible, inFlight, delayed } = this.depth();
    return {
      ...this.attributes,
      ApproximateNumberOfMessagesDelayed: String(delayed),
      QueueArn: this.arn,
      ApproximateNumberOfMessages: String(visible),
      ApproximateNumberOfMessagesNotVisible: String(inFlight),
      ...(this.fifo && { FifoQueue: 'true' }),
    };
  }

  depth(): { visible: number; inFlight: number; delayed: number } {
    this.refresh();
    const delayed = [...this.hidden].filter(({ receiptHandle }) => receiptHandle === undefined).length;
    return { visible: this.ready.size, inFlight: this.hidden.size - delayed, delayed };
  }

  /** Every message, whoever holds it. */
  contents(): readonly Message[] {
    return [...this.ready.all(), ...this.hidden];
  }

  /** When the next hidden message can be received; now, when one can be already. */
  nextVisibleAt(): number | undefined {
    this.refresh();
    if (this.ready.available(this.hidden)) return this.now();
    return this.wakes.peek()?.at;
  }

  /** Calls back once, when a message has come or gone, so that {@link nextVisibleAt} may be another. */
  whenChanged(wake: () => void): void {
    this.waiting.push(wake);
  }

  private changed(): void {
    for (const wake of this.waiting.splice(0)) wake();
  }

  /** Seconds. */
  get visibilityTimeout(): number {
    return this.setting('VisibilityTimeout', 30);
  }

  send({ body, attributes = {}, group, deduplicationId, delaySeconds }: Outgoing): string {
    if (this.fifo && (delaySeconds ?? 0) > 0) {
      throw new AwsError('InvalidParameterValue', 'DelaySeconds is not valid for a message of this queue type.');
    }
    const delay = delaySeconds ?? this.setting('DelaySeconds', 0);
    if (Buffer.byteLength(body) > this.setting('MaximumMessageSize', MAX_MESSAGE_BYTES)) {
      throw new AwsError(
        'InvalidParameterValue',
        'One or more parameters are invalid. Reason: Message must be shorter.',
      );
    }
    if (this.fifo && group === undefined) {
      throw new AwsError('MissingParameter', 'The request must contain the parameter MessageGroupId.');
    }
    const contentBased = this.attributes['ContentBasedDeduplication'] === 'true';
    const id = deduplicationId ?? (contentBased ? createHash('sha256').update(body).digest('hex') : undefined);
    if (this.fifo && id === undefined) {
      throw new AwsError(
        'InvalidParameterValue',
        'The queue should have ContentBasedDeduplication or a deduplication id',
      );
    }
    const key = this.attributes['DeduplicationScope'] === 'messageGroup' ? `${group}/${id}` : `${id}`;
    const before = this.fifo ? this.recent.get(key) : undefined;
    if (before !== undefined && this.now() - before.at < DEDUPLICATION_MS) return before.messageId;
    const messageId = this.surroundings.newId();
    if (this.fifo) this.recent.set(key, { at: this.now(), messageId });
    this.accept({
      messageId,
      body,
      attributes,
      group,
      deduplicationId: id,
      sentAt: this.now(),
      sequence: 0,
      visibleAt: this.now() + delay * 1000,
      receives: 0,
    });
    return messageId;
  }

  /** Takes a message as it is, from a sender or from another queue. */
  accept(message: Message): void {
    this.sequence += 1;
    this.oldestSentAt = Math.min(this.oldestSentAt, message.sentAt);
    const accepted = { ...message, sequence: this.sequence, receiptHandle: undefined };
    this.hide(accepted, accepted.visibleAt);
    this.surroundings.onDepth?.(this.name, this.ready.size);
    this.changed();
  }

  receive(count: number, visibilitySeconds: number | undefined, deadLetter: (message: Message, arn: string) => void) {
    this.refresh();
    const visibility = (visibilitySeconds ?? this.visibilityTimeout) * 1000;
    const received: Message[] = [];
    while (received.length < Math.min(count, 10)) {
      const message = this.ready.take(this.hidden, received);
      if (message === undefined) break;
      if (message.receiptHandle !== undefined) this.receipts.delete(message.receiptHandle);
      if (this.redrive !== undefined && message.receives >= this.redrive.maxReceiveCount) {
        deadLetter(message, this.redrive.deadLetterTargetArn);
        continue;
      }
      message.receives += 1;
      message.firstReceivedAt ??= this.now();
      message.receiptHandle = `${this.name}:${this.surroundings.newId()}`;
      this.receipts.set(message.receiptHandle, message);
      // What was received more often is left out of the age (AWS: SQS metrics, ApproximateAgeOfOldestMessage).
      if (message.receives <= 3) this.surroundings.onAge?.(this.name, this.now() - message.sentAt);
      this.hide(message, this.now() + visibility);
      received.push(message);
    }
    return received;
  }

  private hide(message: Message, until: number): void {
    message.visibleAt = until;
    if (until <= this.now()) {
      this.hidden.delete(message);
      this.ready.put(message);
      return;
    }
    this.hidden.add(message);
    this.wakes.push({ at: until, message });
  }

  /** Takes any visible message out, as a move task does. */
  takeAny(): Message | undefined {
    this.refresh();
    return this.ready.take(new Set(), []);
  }

  /** A receipt still deletes when the visibility timeout is over, as long as nobody received the message again. */
  remove(receiptHandle: string): void {
    this.checkReceipt(receiptHandle);
    const message = this.receipts.get(receiptHandle);
    if (message === undefined) return;
    this.receipts.delete(receiptHandle);
    if (!this.hidden.delete(message)) this.ready.remove(message);
    this.changed();
  }

  private checkReceipt(receiptHandle: string): void {
    if (receiptHandle.startsWith(`${this.name}:`)) return;
    throw new AwsError('ReceiptHandleIsInvalid', 'The input receipt handle is invalid.');
  }

  changeVisibility(receiptHandle: string, seconds: number): void {
    this.checkReceipt(receiptHandle);
    const message = this.receipts.get(receiptHandle);
    if (message === undefined || !this.hidden.has(message)) {
      throw new AwsError('MessageNotInflight', 'The specified message is not in flight.');
    }
    this.hide(message, this.now() + seconds * 1000);
    this.changed();
  }

  /** A message as ReceiveMessage answers, with every attribute. */
  answer(message: Message): LocalInput {
    return {
      MessageId: message.messageId,
      ReceiptHandle: message.receiptHandle,
      Body: message.body,
      MD5OfBody: createHash('md5').update(message.body).digest('hex'),
      Attributes: {
        ApproximateReceiveCount: String(message.receives),
        SentTimestamp: String(message.sentAt),
        ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
        SenderId: 'local',
        ...(message.group !== undefined && { MessageGroupId: message.group }),
        ...(message.deduplicationId !== undefined && { MessageDeduplicationId: message.deduplicationId }),
        ...(message.from !== undefined && { DeadLetterQueueSourceArn: message.from }),
      },
      MessageAttributes: message.attributes,
    };
  }

  /** Shows what has waited long enough, and drops what is older than the retention. */
  private refresh(): void {
    const now = this.now();
    for (let first = this.wakes.peek(); first !== undefined; first = this.wakes.peek()) {
      const { at, message } = first;
      const current = this.hidden.has(message) && message.visibleAt === at;
      if (current && at > now) break;
      this.wakes.pop();
      if (!current) continue;
      this.hidden.delete(message);
      this.ready.put(message);
    }
    const oldest = now - this.setting('MessageRetentionPeriod', 345_600) * 1000;
    if (this.oldestSentAt >= oldest) return;
    for (const message of this.contents()) {
      if (message.sentAt >= oldest) continue;
      this.expired += 1;
      if (!this.hidden.delete(message)) this.ready.remove(message);
    }
    this.oldestSentAt = Math.min(Number.POSITIVE_INFINITY, ...this.contents().map(({ sentAt }) => sentAt));
  }
}
