import { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { StageSettings } from '../stage/stage';
import { acknowledge, handles } from '../validation/explain';

/** Retention of every dead-letter queue: SQS's longest, so that a weekend or a holiday loses nothing (guide 216). */
export const DEAD_LETTER_RETENTION = Duration.days(14);

/** Long polling on every queue (guide 214: 20 s, SQS's maximum). */
export const LONG_POLL = Duration.seconds(20);

/** KMS data keys are reused for an hour: KMS bills each call (kms-call-cost; SQS allows 1 min to 24 h). */
export const DATA_KEY_REUSE = Duration.hours(1);

/** Props of {@link DeadLetterQueue}. */
export interface DeadLetterQueueProps {
  readonly stage: StageSettings;
  /**
   * Key of the work queue whose redrive policy names this queue. SQS moves a message as it is encrypted, so that no other
   * setting would let it outlive that key (AWS: SQS, encryption at rest). @default - SSE-SQS, a key of SQS's own
   */
  readonly workQueueKey?: IKey;
  /** Whether what fails comes from a FIFO queue, topic or subscription. @default false */
  readonly fifo?: boolean;
}

/**
 * Where messages rest that could not be delivered or handled. Every one of them needs a depth alarm.
 *
 * What EventBridge, SNS, Pipes, Scheduler or Lambda could not deliver comes here by a send, which a lost or disabled
 * customer key would refuse just when it is what made the delivery fail (AWS: EventBridge, dead-letter queues for encrypted
 * events). Such a queue is encrypted by SQS itself (SSE-SQS), which needs no permission and outlives any key of yours
 * (docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html). What SQS moves from
 * a work queue stays encrypted with that queue's key. A failure store of records is no queue: it holds data of a stream that
 * cannot be read without the key either, and keeps the key.
 */
export class DeadLetterQueue extends Queue {
  constructor(scope: Construct, id: string, props: DeadLetterQueueProps) {
    super(scope, id, {
      fifo: props.fifo === true ? true : undefined,
      retentionPeriod: DEAD_LETTER_RETENTION,
      receiveMessageWaitTime: LONG_POLL,
      visibilityTimeout: Duration.minutes(5),
      ...(props.workQueueKey === undefined
        ? { encryption: QueueEncryption.SQS_MANAGED }
        : {
            encryption: QueueEncryption.KMS,
            encryptionMasterKey: props.workQueueKey,
            dataKeyReuse: DATA_KEY_REUSE,
          }),
      enforceSSL: true,
      removalPolicy: props.stage.removalPolicy,
    });
    handles(this, 'sqs-retention-explicit', 'sqs-long-polling', 'encrypt-everything-at-rest', 'tls-everywhere');
    const reason = 'It is itself a dead-letter queue; a queue behind it would only move the problem out of sight.';
    acknowledge(this, { 'AwsSolutions::AwsSolutions-SQS3': reason, 'Serverless::Serverless-SQSRedrivePolicy': reason });
  }
}
