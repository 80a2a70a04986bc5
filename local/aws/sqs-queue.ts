import { createHash } from 'node:crypto';
import { MinHeap } from '../clock/min-heap';
import { enforce, exceeds, refused } from '../limits/limit';
import { SQS_LIMITS } from '../limits/sqs';
import type { MessageAttributes } from './message-attributes';
import type { LocalInput } from './service';
import { checkMessage, checkQueue, type Outgoing } from './sqs-message';
import { type ReadyMessages, readyMessages } from './sqs-ready-messages';

const { rows: LIMITS } = SQS_LIMITS;

/** Attributes of a queue by SQS's names, values as strings. */
export type QueueAttributes = Readonly<Record<string, string>>;

/** A message at rest. */
export interface Message {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
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
  receivedAt?: number;
  receiptHandle?: string;
}

interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

/** AWS: FIFO deduplication interval. */
const DEDUPLICATION_MS = 5 * 60_000;

/** What a queue needs from outside. */
export interface QueueContext {
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
    private readonly context: QueueContext,
  ) {
    checkQueue(name, attributes);
    const policy = attributes['RedrivePolicy'];
    if (policy !== undefined) this.redrive = JSON.parse(policy) as RedrivePolicy;
    this.ready = readyMessages({ fifo: this.fifo, pick: context.pick });
  }

  private now(): number {
    return this.context.now();
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

  /** Seconds that ReceiveMessage waits when it names no time; more than none is long polling. */
  get waitTimeSeconds(): number {
    return this.setting('ReceiveMessageWaitTimeSeconds', 0);
  }

  /** @throws AwsError for a message that SQS refuses */
  send(message: Outgoing): string {
    const { fifo } = this;
    const contentBasedDeduplication = this.attributes['ContentBasedDeduplication'] === 'true';
    const maximumMessageSize = this.setting('MaximumMessageSize', LIMITS.messageSize.max);
    checkMessage(message, { fifo, contentBasedDeduplication, maximumMessageSize });
    const { body, attributes = {}, group, deduplicationId } = message;
    const delay = message.delaySeconds ?? this.setting('DelaySeconds', 0);
    const hashed = () => (fifo ? createHash('sha256').update(body).digest('hex') : undefined);
    const id = deduplicationId ?? hashed();
    const key = this.attributes['DeduplicationScope'] === 'messageGroup' ? `${group}/${id}` : `${id}`;
    const before = this.fifo ? this.recent.get(key) : undefined;
    if (before !== undefined && this.now() - before.at < DEDUPLICATION_MS) return before.messageId;
    const messageId = this.context.newId();
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
    this.context.onDepth?.(this.name, this.ready.size);
    this.changed();
  }

  receive(count: number, visibilitySeconds: number | undefined, deadLetter: (message: Message, arn: string) => void) {
    this.refresh();
    if (visibilitySeconds !== undefined) enforce(LIMITS.visibilityTimeout, visibilitySeconds);
    const visibility = (visibilitySeconds ?? this.visibilityTimeout) * 1000;
    const received: Message[] = [];
    while (received.length < count && !this.atFlightLimit()) {
      const message = this.ready.take(this.hidden, received);
      if (message === undefined) break;
      if (message.receiptHandle !== undefined) this.receipts.delete(message.receiptHandle);
      if (this.redrive !== undefined && message.receives >= this.redrive.maxReceiveCount) {
        deadLetter(message, this.redrive.deadLetterTargetArn);
        continue;
      }
      message.receives += 1;
      message.firstReceivedAt ??= this.now();
      message.receivedAt = this.now();
      message.receiptHandle = `${this.name}:${this.context.newId()}`;
      this.receipts.set(message.receiptHandle, message);
      // What was received more often is left out of the age (AWS: SQS metrics, ApproximateAgeOfOldestMessage).
      if (message.receives <= 3) this.context.onAge?.(this.name, this.now() - message.sentAt);
      this.hide(message, this.now() + visibility);
      received.push(message);
    }
    return received;
  }

  /** Whether no more messages may be in flight. */
  atFlightLimit(): boolean {
    // Most queues are far from it, so that counting is rare.
    return exceeds(LIMITS.inFlight, this.hidden.size) && exceeds(LIMITS.inFlight, this.depth().inFlight);
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

  /** Puts back what {@link takeAny} took. */
  putBack(message: Message): void {
    this.ready.put(message);
  }

  /** A receipt still deletes when the visibility timeout is over, as long as no one received the message again. */
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
    throw refused(LIMITS.receiptHandle, 'The input receipt handle is invalid.');
  }

  changeVisibility(receiptHandle: string, seconds: number): void {
    this.checkReceipt(receiptHandle);
    enforce(LIMITS.visibilityTimeout, seconds);
    this.refresh();
    const message = this.receipts.get(receiptHandle);
    if (message === undefined || !this.hidden.has(message)) {
      throw refused(LIMITS.notInFlight, 'The specified message is not in flight.');
    }
    const held = (this.now() - (message.receivedAt ?? this.now())) / 1000;
    enforce(LIMITS.totalVisibility, held + seconds);
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
