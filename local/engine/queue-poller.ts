import type { LocalQueue, Message } from '../aws/sqs-queue';
import { type LocalFunction, MAX_ENVIRONMENTS } from '../lambda/local-function';
import type { Faults } from './faults';
import type { Random } from './random';

/** What happened to a queue's messages. */
export interface PollerCounts {
  invocations: number;
  succeeded: number;
  failed: number;
  crashed: number;
}

interface BatchResponse {
  readonly batchItemFailures?: readonly { readonly itemIdentifier?: string }[];
}

/** Feeds a queue to a function as an event source mapping with partial batch responses does. */
export class QueuePoller {
  readonly counts: PollerCounts = { invocations: 0, succeeded: 0, failed: 0, crashed: 0 };

  constructor(
    readonly queue: LocalQueue,
    private readonly consumer: LocalFunction,
    private readonly batchSize: number,
    private readonly maxConcurrency: number,
    private readonly region: string,
    private readonly deadLetter: (message: Message, arn: string) => void,
    private readonly faults: Faults,
    private readonly random: Random,
  ) {}

  /** Receives a batch for each environment and has them handled. @returns whether there was any */
  async step(): Promise<boolean> {
    const batches = Array.from({ length: Math.min(this.maxConcurrency, MAX_ENVIRONMENTS) }, () => this.batch());
    return (await Promise.all(batches)).includes(true);
  }

  private async batch(): Promise<boolean> {
    const batch = this.queue.receive(this.batchSize, undefined, this.deadLetter);
    if (batch.length === 0) return false;
    const { crashBeforeEffect = 0, crashAfterEffect = 0 } = this.faults;
    const [before, after] = [this.random() < crashBeforeEffect, this.random() < crashAfterEffect];
    this.counts.invocations += 1;
    if (before) {
      this.counts.crashed += 1;
      return true;
    }
    const answer = await this.consumer
      .invoke({ Records: batch.map((message) => this.record(message)) })
      .catch(() => undefined);
    // Without an answer every message comes back after its visibility timeout.
    if (after || answer === undefined) {
      this.counts.crashed += 1;
      return true;
    }
    const failures = new Set(
      ((answer as BatchResponse).batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier),
    );
    for (const { messageId, receiptHandle = '' } of batch) {
      if (failures.has(messageId)) this.counts.failed += 1;
      else {
        this.counts.succeeded += 1;
        this.queue.remove(receiptHandle);
      }
    }
    return true;
  }

  /** A message as Lambda hands it over (AWS: Lambda, SQS event). */
  private record(message: Message): unknown {
    const { MessageId, ReceiptHandle, Body, MD5OfBody, Attributes } = this.queue.answer(message);
    return {
      messageId: MessageId,
      receiptHandle: ReceiptHandle,
      body: Body,
      attributes: Attributes,
      messageAttributes: {},
      md5OfBody: MD5OfBody,
      eventSource: 'aws:sqs',
      eventSourceARN: this.queue.arn,
      awsRegion: this.region,
    };
  }
}
