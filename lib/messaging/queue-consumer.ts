import type { Duration } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { acknowledge, handles } from '../validation/explain';
import { refuse } from '../validation/refuse';
import type { WorkQueue } from './work-queue';

/** Props of {@link QueueConsumer}. */
export interface QueueConsumerProps {
  readonly queue: WorkQueue;
  readonly consumer: IFunction;
  /** The consumer's timeout, when it is known; checked against the queue's. @default - not checked */
  readonly timeout?: Duration;
  /** Messages in one invocation. 1 to 10 for FIFO, to 10,000 for standard queues with a batching window. @default 10 */
  readonly batchSize?: number;
  /** Invocations at once. 2 to 1,000 (AWS: SQS event source maximum concurrency). @default 5 */
  readonly maxConcurrency?: number;
}

/** Feeds a queue to a function: partial batch responses, bounded concurrency, nothing implicit. */
export class QueueConsumer extends Construct {
  readonly mapping: EventSourceMapping;

  /** @throws RefusedValueError for a batch size or concurrency that SQS refuses, or a timeout that the queue cannot hold. */
  constructor(scope: Construct, id: string, props: QueueConsumerProps) {
    super(scope, id);
    const { queue } = props.queue;
    const batchSize = props.batchSize ?? 10;
    const maxConcurrency = props.maxConcurrency ?? 5;
    const window = props.queue.batchingWindow.toSeconds();
    const largest = queue.fifo || window === 0 ? 10 : 10_000;
    if (!Number.isInteger(batchSize) || batchSize < 1 || batchSize > largest) {
      refuse(this, {
        prop: 'batchSize',
        value: batchSize,
        allowed: `a whole number from 1 to ${largest}`,
        fix: queue.fifo ? 'use at most 10, the limit of FIFO queues' : 'use at most 10, or set a batching window',
        catalogueId: 'sqs-esm-explicit-config',
      });
    }
    if (!Number.isInteger(maxConcurrency) || maxConcurrency < 2 || maxConcurrency > 1000) {
      refuse(this, {
        prop: 'maxConcurrency',
        value: maxConcurrency,
        allowed: 'a whole number from 2 to 1000',
        fix: 'use 2 for the slowest drain that SQS offers',
        catalogueId: 'sqs-esm-explicit-config',
      });
    }
    const timeout = props.timeout?.toSeconds();
    if (timeout !== undefined && timeout > props.queue.consumerTimeout.toSeconds()) {
      refuse(this, {
        prop: 'timeout',
        value: `${timeout} s`,
        allowed: `at most ${props.queue.consumerTimeout.toSeconds()} s, from which the queue's visibility was derived`,
        fix: "raise the queue's consumerTimeout to the function's timeout",
        catalogueId: 'sqs-visibility-timeout-exceeds-processing',
      });
    }
    // Exactly what Lambda's poller does with the role (AWS Lambda: permissions for SQS event sources).
    Grant.addToPrincipal({
      grantee: props.consumer,
      actions: ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
      resourceArns: [queue.queueArn],
    });
    const key = queue.encryptionMasterKey;
    if (key !== undefined) {
      Grant.addToPrincipal({ grantee: props.consumer, actions: ['kms:Decrypt'], resourceArns: [key.keyArn] });
    }
    this.mapping = new EventSourceMapping(this, 'Mapping', {
      target: props.consumer,
      eventSourceArn: queue.queueArn,
      batchSize,
      // A FIFO queue takes no batching window (AWS: Lambda with SQS).
      maxBatchingWindow: queue.fifo ? undefined : props.queue.batchingWindow,
      maxConcurrency,
      reportBatchItemFailures: true,
    });
    handles(
      this.mapping,
      'lambda-sqs-partial-batch',
      'sqs-esm-explicit-config',
      'lambda-reserved-concurrency-isolation',
      'one-queue-per-service',
    );
    acknowledge(this.mapping, {
      'Serverless::Serverless-LambdaEventSourceMappingDestination':
        "An SQS mapping has no failure destination of its own: what fails stays in the queue and goes to the queue's dead-letter queue.",
    });
  }
}
