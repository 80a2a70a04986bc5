import { Duration } from 'aws-cdk-lib';
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { DeduplicationScope, FifoThroughputLimit, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { StageSettings } from '../stage/stage';
import { handles } from '../validation/explain';
import { refuse } from '../validation/refuse';
import { DATA_KEY_REUSE, DeadLetterQueue, LONG_POLL } from './dead-letter-queue';

/** How often a message is tried before it goes to the dead-letter queue. AWS advises at least 5 with Lambda. */
const DEFAULT_MAX_RECEIVE_COUNT = 5;

/** AWS's advice for Lambda consumers: visibility of six function timeouts, plus the batching window. */
const VISIBILITY_FACTOR = 6;

/** Props of {@link WorkQueue}. */
export interface WorkQueueProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  /** Timeout of the function that consumes the queue. 1 s to 2 h (six times it must fit SQS's 12 h). */
  readonly consumerTimeout: Duration;
  /** The consumer's batching window. 0 s to 5 min. @default Duration.seconds(0) */
  readonly batchingWindow?: Duration;
  /** @default - six times the consumer's timeout, plus the batching window */
  readonly visibilityTimeout?: Duration;
  /** Tries before a message goes to the dead-letter queue. 3 to 10. @default 5 */
  readonly maxReceiveCount?: number;
  /** How long an unhandled message waits. Below the dead-letter queue's 14 days. @default Duration.days(4) */
  readonly retention?: Duration;
  /** A FIFO queue in high-throughput mode. @default false */
  readonly fifo?: boolean;
}

/**
 * One service's queue with its dead-letter queue: long polling, explicit retention, encryption, TLS only, and a
 * visibility timeout that the consumer cannot outrun.
 */
export class WorkQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetterQueue: DeadLetterQueue;
  /** What the visibility timeout was derived from. */
  readonly consumerTimeout: Duration;
  /** The batching window that the consumer must use. */
  readonly batchingWindow: Duration;

  /** @throws RefusedValueError for a visibility, retention or receive count that loses or doubles messages. */
  constructor(scope: Construct, id: string, props: WorkQueueProps) {
    super(scope, id);
    this.consumerTimeout = props.consumerTimeout;
    this.batchingWindow = props.batchingWindow ?? Duration.seconds(0);
    const visibilityTimeout = this.visibilityTimeout(props);
    const maxReceiveCount = this.maxReceiveCount(props);
    const retention = this.retention(props);

    this.deadLetterQueue = new DeadLetterQueue(this, 'DeadLetterQueue', {
      ...props,
      workQueueKey: props.encryptionKey,
    });
    this.queue = new Queue(this, 'Queue', {
      ...(props.fifo === true && {
        fifo: true,
        deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
        fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
      }),
      visibilityTimeout,
      retentionPeriod: retention,
      receiveMessageWaitTime: LONG_POLL,
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount },
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: props.encryptionKey,
      dataKeyReuse: DATA_KEY_REUSE,
      enforceSSL: true,
      removalPolicy: props.stage.removalPolicy,
    });
    handles(
      this.queue,
      'sqs-dlq-required',
      'lambda-sqs-max-receive-count',
      'sqs-visibility-timeout-exceeds-processing',
      'sqs-long-polling',
      'sqs-retention-explicit',
      'encrypt-everything-at-rest',
      'tls-everywhere',
    );
  }

  /** A metric of the queue (AWS: SQS, available CloudWatch metrics). */
  metric(metricName: string, options?: MetricOptions): Metric {
    return this.queue.metric(metricName, options);
  }

  /** Messages that wait. @default - the maximum of five minutes */
  metricDepth(options?: MetricOptions): Metric {
    return this.queue.metricApproximateNumberOfMessagesVisible(options);
  }

  /** Age of the oldest message, in seconds. @default - the maximum of five minutes */
  metricAge(options?: MetricOptions): Metric {
    return this.queue.metricApproximateAgeOfOldestMessage(options);
  }

  /** Messages in the dead-letter queue. @default - the maximum of five minutes */
  metricDeadLetters(options?: MetricOptions): Metric {
    return this.deadLetterQueue.metricApproximateNumberOfMessagesVisible(options);
  }

  private visibilityTimeout(props: WorkQueueProps): Duration {
    const floor = props.consumerTimeout.toSeconds() * VISIBILITY_FACTOR + this.batchingWindow.toSeconds();
    const given = props.visibilityTimeout?.toSeconds() ?? floor;
    if (given < floor || given > 43_200) {
      refuse(this, {
        prop: 'visibilityTimeout',
        value: `${given} s`,
        allowed: `${floor} s (six consumer timeouts and the batching window) to 43200 s`,
        fix: 'raise visibilityTimeout, omit it, or shorten the consumer timeout',
        catalogueId: 'sqs-visibility-timeout-exceeds-processing',
      });
    }
    return Duration.seconds(given);
  }

  private maxReceiveCount(props: WorkQueueProps): number {
    const count = props.maxReceiveCount ?? DEFAULT_MAX_RECEIVE_COUNT;
    if (!Number.isInteger(count) || count < 3 || count > 10) {
      refuse(this, {
        prop: 'maxReceiveCount',
        value: count,
        allowed: 'a whole number from 3 to 10',
        fix: 'use 5 unless you have measured otherwise',
        catalogueId: 'lambda-sqs-max-receive-count',
      });
    }
    return count;
  }

  private retention(props: WorkQueueProps): Duration {
    const retention = props.retention ?? Duration.days(4);
    if (retention.toSeconds() < 60 || retention.toSeconds() >= Duration.days(14).toSeconds()) {
      refuse(this, {
        prop: 'retention',
        value: `${retention.toSeconds()} s`,
        allowed: '60 s to less than 14 days',
        fix: "keep it below the dead-letter queue's 14 days: age counts from the first send",
        catalogueId: 'sqs-retention-explicit',
      });
    }
    return retention;
  }
}
