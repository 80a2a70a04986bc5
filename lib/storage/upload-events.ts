import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { HandlerFunction } from '../compute/handler-function';
import { DeadLetterQueue } from '../messaging/dead-letter-queue';
import { QueueConsumer } from '../messaging/queue-consumer';
import { WorkQueue } from '../messaging/work-queue';
import { UPLOAD_FOLDERS } from '../runtime/upload-limits';
import type { StageSettings } from '../stage/stage';
import { handles } from '../validation/explain';

/** How long and how often EventBridge retries a target (its own maximum, stated: 24 h and 185 tries). */
const TARGET_RETRY_AGE = Duration.hours(24);
const TARGET_RETRY_ATTEMPTS = 185;

/** Props of {@link UploadEvents}. */
export interface UploadEventsProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  /** A bucket that tells EventBridge of its objects. */
  readonly bucket: IBucket;
  /** Inspects each uploaded file. It receives one or more events of a file, in any order. */
  readonly consumer: HandlerFunction;
  /** The consumer's timeout, which the queue's visibility follows. */
  readonly timeout: Duration;
  /** Files in one invocation. 1 to 10. @default 10 */
  readonly batchSize?: number;
  /** Invocations at once. 2 to 1,000. @default 5 */
  readonly maxConcurrency?: number;
  /** Folders of whose new files it receives events. @default - the folder of uploads */
  readonly created?: readonly string[];
  /** Folders of whose deleted files it receives events, too. @default - none */
  readonly deleted?: readonly string[];
}

/**
 * Tells a function of every file that comes into a folder, however it came (a form, a PUT, a copy, or parts that were completed),
 * and of those that go where that matters: EventBridge keeps trying for a day, a queue keeps the event for days more, and what fails for good rests in one
 * of two dead-letter queues, each of which wants a depth alarm.
 */
export class UploadEvents extends Construct {
  readonly rule: Rule;
  /** Sends events of deleted files. */
  readonly deletedRule?: Rule;
  readonly work: WorkQueue;
  /** Events that EventBridge could not hand to the queue. */
  readonly undelivered: DeadLetterQueue;
  readonly feed: QueueConsumer;

  constructor(scope: Construct, id: string, props: UploadEventsProps) {
    super(scope, id);
    const { bucket, consumer, timeout, batchSize, maxConcurrency } = props;
    this.work = new WorkQueue(this, 'Work', { ...props, consumerTimeout: timeout });
    this.undelivered = new DeadLetterQueue(this, 'Undelivered', props);
    const { created = [UPLOAD_FOLDERS.uploads], deleted = [] } = props;
    const description =
      props.created === undefined ? 'Files created in the uploads folder' : `Files created in ${created.join(', ')}`;
    this.rule = this.tell('Rule', description, 'Object Created', created, bucket);
    if (deleted.length > 0) {
      const gone = `Files deleted from ${deleted.join(', ')}`;
      this.deletedRule = this.tell('DeletedRule', gone, 'Object Deleted', deleted, bucket);
    }
    this.feed = new QueueConsumer(this, 'Consumer', {
      queue: this.work,
      consumer: consumer.function,
      timeout,
      batchSize,
      maxConcurrency,
    });
  }

  /** S3 tells the default bus, and no other (AWS: S3 with EventBridge). */
  private tell(id: string, description: string, detailType: string, folders: readonly string[], bucket: IBucket): Rule {
    const key = folders.map((prefix) => ({ prefix }));
    const rule = new Rule(this, id, {
      description,
      eventPattern: {
        source: ['aws.s3'],
        detailType: [detailType],
        detail: { bucket: { name: [bucket.bucketName] }, object: { key } },
      },
    });
    const { queue } = this.work;
    for (const each of [queue, this.undelivered]) {
      each.addToResourcePolicy(
        new PolicyStatement({
          principals: [new ServicePrincipal('events.amazonaws.com')],
          actions: ['sqs:SendMessage'],
          resources: [each.queueArn],
          conditions: { ArnEquals: { 'aws:SourceArn': rule.ruleArn } },
        }),
      );
    }
    rule.addTarget({
      bind: () => ({
        arn: queue.queueArn,
        deadLetterConfig: { arn: this.undelivered.queueArn },
        retryPolicy: {
          maximumEventAgeInSeconds: TARGET_RETRY_AGE.toSeconds(),
          maximumRetryAttempts: TARGET_RETRY_ATTEMPTS,
        },
      }),
    });
    handles(rule, 'eb-target-dlq', 'eb-content-filter', 's3-event-driven-ingest');
    return rule;
  }
}
