import { type Clock, sleep } from '../clock/clock';
import { type LocalFunction, ThrottledError } from '../lambda/local-function';
import { LAMBDA_LIMITS } from '../limits/lambda';
import { exceeds } from '../limits/limit';
import { type EventPattern, matchesEventPattern } from '../matching/event-pattern';
import { isFailure } from './failure';
import type { Hops } from './hops';
import type { QueueSource, ReceivedMessage } from './queue-source';

/** What happened to a queue's messages. */
export interface PollerCounts {
  invocations: number;
  succeeded: number;
  failed: number;
  crashed: number;
  /** Handled again although another try of the same message was still under way. */
  overlapping: number;
}

/** An event source mapping of a queue, as the template defines it. */
export interface QueueMapping {
  readonly batchSize: number;
  /** Seconds to wait for a full batch. */
  readonly batchingWindow: number;
  readonly maximumConcurrency: number;
  /** Whether the function's answer names the messages that failed; otherwise the invocation succeeds or fails whole. */
  readonly partialResponses: boolean;
  readonly filters: readonly EventPattern[];
}

/** What a poller needs from outside. */
export interface PollerContext {
  readonly clock: Clock;
  readonly hops: Hops;
  readonly region: string;
}

interface BatchResponse {
  readonly batchItemFailures?: readonly { readonly itemIdentifier?: string }[];
}

/** AWS: the most that one ReceiveMessage returns. */
const RECEIVE_AT_MOST = 10;
/** A character takes six bytes of JSON at most, as \u0000 does. */
const MAX_BYTES_PER_CHARACTER = 6;
/** More than what stands around a body in an event. */
const ENVELOPE_BYTES = 2000;
const THROTTLED_MS = { first: 1000, longest: 30_000 };

/** Feeds a queue to a function as an event source mapping does (docs.aws.amazon.com/lambda: with-sqs). */
export class QueuePoller {
  readonly counts: PollerCounts = { invocations: 0, succeeded: 0, failed: 0, crashed: 0, overlapping: 0 };
  private readonly underWay = new Map<string, number>();
  private running = 0;
  private freed: () => void = () => undefined;
  private stopped = false;
  /** Received, but too much for the batch before. */
  private held: ReceivedMessage[] = [];

  constructor(
    readonly queue: QueueSource,
    private readonly consumer: LocalFunction,
    private readonly mapping: QueueMapping,
    private readonly context: PollerContext,
  ) {}

  start(): void {
    void this.poll();
  }

  stop(): void {
    this.stopped = true;
  }

  private async poll(): Promise<void> {
    while (!this.stopped) {
      if (this.running >= this.mapping.maximumConcurrency) {
        await new Promise<void>((freed) => {
          this.freed = freed;
        });
        continue;
      }
      const batch = await this.batch();
      if (batch.length === 0) {
        await this.queue.next();
        continue;
      }
      this.running += 1;
      void this.handle(batch).finally(() => {
        this.running -= 1;
        this.freed();
      });
    }
  }

  /** As much of what was received as fits one invocation; the rest is held for the next. */
  private async batch(): Promise<ReceivedMessage[]> {
    const received = await this.received(this.held);
    const count = this.fitting(received);
    this.held = received.slice(count);
    return received.slice(0, count);
  }

  /** How many messages fit the payload of an invocation. One that does not fit alone is tried nevertheless. */
  private fitting(messages: readonly ReceivedMessage[]): number {
    const { batchPayload } = LAMBDA_LIMITS.rows;
    const most = messages.reduce((sum, { Body }) => sum + MAX_BYTES_PER_CHARACTER * Body.length + ENVELOPE_BYTES, 0);
    if (!exceeds(batchPayload, most)) return messages.length;
    let bytes = Buffer.byteLength(JSON.stringify({ Records: [] }));
    const first = messages.findIndex((message) => {
      bytes += Buffer.byteLength(JSON.stringify(this.record(message))) + 1;
      return exceeds(batchPayload, bytes);
    });
    return first < 0 ? messages.length : Math.max(1, first);
  }

  /** Receives until the batch is full, or the window is over; without a window, until nothing is there. */
  private async received(held: readonly ReceivedMessage[]): Promise<ReceivedMessage[]> {
    const { clock } = this.context;
    const { batchSize, batchingWindow } = this.mapping;
    const batch = [...held];
    let deadline = batch.length === 0 ? Number.POSITIVE_INFINITY : clock.now() + batchingWindow * 1000;
    while (this.fitting(batch) === batch.length && batch.length < batchSize && clock.now() < deadline) {
      const received = await this.queue.receive(Math.min(RECEIVE_AT_MOST, batchSize - batch.length));
      batch.push(...received);
      if (batch.length === 0) return batch;
      if (received.length > 0) {
        deadline = Math.min(deadline, clock.now() + batchingWindow * 1000);
        if (batchingWindow === 0 && received.length < RECEIVE_AT_MOST) break;
        continue;
      }
      if (batchingWindow === 0) break;
      let cancel = () => {};
      const over = new Promise<void>((done) => {
        cancel = clock.after(deadline - clock.now(), done);
      });
      await Promise.race([over, this.queue.next()]);
      cancel();
    }
    return batch;
  }

  private async handle(received: readonly ReceivedMessage[]): Promise<void> {
    const { clock, hops } = this.context;
    const batch = received.filter((message) => this.matches(message));
    // A message that no filter wants is deleted (docs.aws.amazon.com/lambda: invocation-eventfiltering).
    for (const message of received) if (!batch.includes(message)) await this.queue.remove(message);
    if (batch.length === 0) return;
    for (const { MessageId } of batch) {
      const tries = this.underWay.get(MessageId) ?? 0;
      if (tries > 0) this.counts.overlapping += 1;
      this.underWay.set(MessageId, tries + 1);
    }
    this.counts.invocations += 1;
    const failed = await this.invoke(batch);
    for (const { MessageId } of batch) this.underWay.set(MessageId, (this.underWay.get(MessageId) ?? 1) - 1);
    // Without an answer every message comes back after its visibility timeout.
    if (failed === undefined) {
      this.counts.crashed += 1;
      return;
    }
    for (const message of batch) {
      if (failed.has(message.MessageId)) {
        this.counts.failed += 1;
        continue;
      }
      this.counts.succeeded += 1;
      hops.observe(
        `queue to ${this.consumer.definition.service}`,
        clock.now() - Number(message.Attributes['SentTimestamp']),
      );
      this.underWay.delete(message.MessageId);
      await this.queue.remove(message);
    }
  }

  /** Ids of the messages that failed; undefined when all did. */
  private async invoke(batch: readonly ReceivedMessage[]): Promise<ReadonlySet<string> | undefined> {
    const { clock } = this.context;
    const deadline = clock.now() + this.queue.visibilityTimeout * 1000;
    for (let wait = THROTTLED_MS.first; ; wait = Math.min(wait * 2, THROTTLED_MS.longest)) {
      try {
        const answer = await this.consumer.invoke({ Records: batch.map((message) => this.record(message)) });
        return this.failures(batch, answer);
      } catch (error) {
        // A throttled batch is tried again until its messages are visible to others (AWS: with-sqs, backoff strategy).
        if (!isFailure(error)) throw error;
        if (!(error instanceof ThrottledError) || clock.now() + wait >= deadline) return undefined;
        await sleep(clock, wait);
      }
    }
  }

  private failures(batch: readonly ReceivedMessage[], answer: unknown): ReadonlySet<string> | undefined {
    if (!this.mapping.partialResponses) return new Set();
    const ids = ((answer as BatchResponse | undefined)?.batchItemFailures ?? []).map((item) => item.itemIdentifier);
    // An identifier that names no message fails the whole batch (AWS: services-sqs-errorhandling).
    const known = new Set(batch.map(({ MessageId }) => MessageId));
    return ids.every((id) => id !== undefined && known.has(id)) ? new Set(ids as string[]) : undefined;
  }

  private matches({ Body }: ReceivedMessage): boolean {
    const { filters } = this.mapping;
    if (filters.length === 0) return true;
    let body: unknown = Body;
    try {
      body = JSON.parse(Body);
    } catch {}
    return filters.some((filter) => matchesEventPattern(filter, { body }));
  }

  /** A message as Lambda hands it over (AWS: Lambda, SQS event). */
  private record({ MessageId, ReceiptHandle, Body, MD5OfBody, Attributes }: ReceivedMessage): unknown {
    return {
      messageId: MessageId,
      receiptHandle: ReceiptHandle,
      body: Body,
      attributes: Attributes,
      messageAttributes: {},
      md5OfBody: MD5OfBody,
      eventSource: 'aws:sqs',
      eventSourceARN: this.queue.arn,
      awsRegion: this.context.region,
    };
  }
}
