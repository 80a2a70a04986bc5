import { createHash, randomUUID } from 'node:crypto';
import { AwsError, type LocalInput } from './service';

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

/** One queue. */
export class LocalQueue {
  /** Messages that can be received, oldest first. */
  private ready: Message[] = [];
  /** Messages that were received, or are delayed, until their time comes. */
  private readonly hidden = new Set<Message>();
  private nextWake = Number.POSITIVE_INFINITY;
  private oldestSentAt = Number.POSITIVE_INFINITY;
  private readonly recent = new Map<string, { at: number; messageId: string }>();
  private sequence = 0;
  /** The redrive policy, when there is one. */
  readonly redrive?: RedrivePolicy;

  constructor(
    readonly name: string,
    readonly url: string,
    readonly arn: string,
    private readonly attributes: QueueAttributes,
    private readonly now: () => number,
    private readonly pick: (count: number) => number,
  ) {
    const policy = attributes['RedrivePolicy'];
    if (policy !== undefined) this.redrive = JSON.parse(policy) as RedrivePolicy;
  }

  get fifo(): boolean {
    return this.name.endsWith('.fifo');
  }

  private setting(name: string, fallback: number): number {
    return Number(this.attributes[name] ?? fallback);
  }

  /** Attributes as GetQueueAttributes answers. */
  described(): LocalInput {
    const { visible, inFlight } = this.depth();
    return {
      ...this.attributes,
      QueueArn: this.arn,
      ApproximateNumberOfMessages: String(visible),
      ApproximateNumberOfMessagesNotVisible: String(inFlight),
      ...(this.fifo && { FifoQueue: 'true' }),
    };
  }

  depth(): { visible: number; inFlight: number } {
    this.refresh();
    return { visible: this.ready.length, inFlight: this.hidden.size };
  }

  /** Every message, whoever holds it. */
  contents(): readonly Message[] {
    return [...this.ready, ...this.hidden];
  }

  /** When the next hidden message can be received; now, when one can be already. */
  nextVisibleAt(): number | undefined {
    if (this.ready.length > 0) return this.now();
    return this.hidden.size === 0 ? undefined : Math.min(...[...this.hidden].map(({ visibleAt }) => visibleAt));
  }

  send({ body, attributes = {}, group, deduplicationId, delaySeconds = 0 }: Outgoing): string {
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
    const key = `${group}/${id}`;
    const before = this.fifo ? this.recent.get(key) : undefined;
    if (before !== undefined && this.now() - before.at < DEDUPLICATION_MS) return before.messageId;
    const messageId = randomUUID();
    if (this.fifo) this.recent.set(key, { at: this.now(), messageId });
    this.accept({
      messageId,
      body,
      attributes,
      group,
      deduplicationId: id,
      sentAt: this.now(),
      sequence: 0,
      visibleAt: this.now() + delaySeconds * 1000,
      receives: 0,
    });
    return messageId;
  }

  /** Takes a message as it is, from a sender or from another queue. */
  accept(message: Message): void {
    this.sequence += 1;
    this.oldestSentAt = Math.min(this.oldestSentAt, message.sentAt);
    const accepted = { ...message, sequence: this.sequence, receiptHandle: undefined };
    if (accepted.visibleAt <= this.now()) this.ready.push(accepted);
    else this.hide(accepted, accepted.visibleAt);
  }

  receive(count: number, visibilitySeconds: number | undefined, deadLetter: (message: Message, arn: string) => void) {
    this.refresh();
    const visibility = (visibilitySeconds ?? this.setting('VisibilityTimeout', 30)) * 1000;
    const received: Message[] = [];
    while (received.length < Math.min(count, 10)) {
      const message = this.next(received);
      if (message === undefined) break;
      if (this.redrive !== undefined && message.receives >= this.redrive.maxReceiveCount) {
        deadLetter(message, this.redrive.deadLetterTargetArn);
        continue;
      }
      message.receives += 1;
      message.firstReceivedAt ??= this.now();
      message.receiptHandle = randomUUID();
      this.hide(message, this.now() + visibility);
      received.push(message);
    }
    return received;
  }

  /** Takes out the message that is received next. */
  private next(taken: readonly Message[]): Message | undefined {
    if (!this.fifo) return this.ready.splice(this.pick(this.ready.length), 1)[0];
    // A message in flight holds back its group, but for the receive that took it.
    const held = new Set([...this.hidden].flatMap((message) => (taken.includes(message) ? [] : [message.group])));
    const index = this.ready.findIndex(({ group }) => !held.has(group));
    return index === -1 ? undefined : this.ready.splice(index, 1)[0];
  }

  private hide(message: Message, until: number): void {
    message.visibleAt = until;
    if (until <= this.now()) {
      this.hidden.delete(message);
      this.show(message);
      return;
    }
    this.hidden.add(message);
    this.nextWake = Math.min(this.nextWake, until);
  }

  /** A message that comes back takes its old place again. */
  private show(message: Message): void {
    const index = this.ready.findIndex(({ sequence }) => sequence > message.sequence);
    this.ready.splice(index === -1 ? this.ready.length : index, 0, message);
  }

  /** Takes any visible message out, as a move task does. */
  takeAny(): Message | undefined {
    this.refresh();
    return this.ready.shift();
  }

  remove(receiptHandle: string): void {
    for (const message of this.hidden) {
      if (message.receiptHandle === receiptHandle) {
        this.hidden.delete(message);
        return;
      }
    }
    // A receipt still deletes when the visibility timeout is over, as long as nobody received the message again.
    this.ready = this.ready.filter((message) => message.receiptHandle !== receiptHandle);
  }

  changeVisibility(receiptHandle: string, seconds: number): void {
    const message = [...this.hidden].find((candidate) => candidate.receiptHandle === receiptHandle);
    if (message === undefined) throw new AwsError('ReceiptHandleIsInvalid', 'The input receipt handle is invalid.');
    this.hide(message, this.now() + seconds * 1000);
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
    if (now >= this.nextWake) {
      for (const message of this.hidden) {
        if (message.visibleAt > now) continue;
        this.hidden.delete(message);
        this.show(message);
      }
      this.nextWake = Math.min(Number.POSITIVE_INFINITY, ...[...this.hidden].map(({ visibleAt }) => visibleAt));
    }
    const oldest = now - this.setting('MessageRetentionPeriod', 345_600) * 1000;
    if (this.oldestSentAt >= oldest) return;
    this.ready = this.ready.filter(({ sentAt }) => sentAt >= oldest);
    for (const message of this.hidden) if (message.sentAt < oldest) this.hidden.delete(message);
    this.oldestSentAt = Math.min(Number.POSITIVE_INFINITY, ...this.contents().map(({ sentAt }) => sentAt));
  }
}
