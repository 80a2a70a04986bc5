import type { LocalSqs } from '../aws/sqs';
import type { LocalQueue } from '../aws/sqs-queue';
import type { Clock } from '../clock/clock';

/** A message as an event source mapping receives it. */
export interface ReceivedMessage {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly MD5OfBody: string;
  readonly Attributes: Readonly<Record<string, string>>;
}

/** A queue as an event source mapping sees it: ours, or another engine's. */
export interface QueueSource {
  readonly name: string;
  readonly arn: string;
  /** Seconds. */
  readonly visibilityTimeout: number;
  receive(count: number): Promise<readonly ReceivedMessage[]>;
  remove(message: ReceivedMessage): Promise<void>;
  /** Resolves when it is worth receiving again. */
  next(): Promise<void>;
}

/** A queue of our own stores. */
export class LocalQueueSource implements QueueSource {
  readonly name: string;
  readonly arn: string;

  constructor(
    private readonly sqs: LocalSqs,
    private readonly queue: LocalQueue,
    private readonly clock: Clock,
  ) {
    this.name = queue.name;
    this.arn = queue.arn;
  }

  get visibilityTimeout(): number {
    return this.queue.visibilityTimeout;
  }

  async receive(count: number): Promise<readonly ReceivedMessage[]> {
    const messages = this.sqs.receive(this.queue, count);
    return messages.map((message) => this.queue.answer(message) as unknown as ReceivedMessage);
  }

  async remove({ ReceiptHandle }: ReceivedMessage): Promise<void> {
    this.queue.remove(ReceiptHandle);
  }

  next(): Promise<void> {
    return new Promise((done) => {
      const at = this.queue.nextVisibleAt();
      const cancel = at === undefined ? undefined : this.clock.after(at - this.clock.now(), done);
      this.queue.whenChanged(() => {
        cancel?.();
        done();
      });
    });
  }
}
