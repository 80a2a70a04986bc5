import { Aws, Duration } from 'aws-cdk-lib';
import { Grant, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { KnowledgeBase, S3DataSourceOptions } from '../../lib/ai/knowledge-base';
import type { S3DataSource } from '../../lib/ai/s3-data-source';
import { DeadLetterQueue } from '../../lib/messaging/dead-letter-queue';
import type { Alarms } from '../../lib/monitoring/alarms';
import type { StageSettings } from '../../lib/stage/stage';
import { acknowledge, handles } from '../../lib/validation/explain';
import { inlinePolicyReasons } from '../../lib/validation/inline-policy-reasons';
import { refuse } from '../../lib/validation/refuse';

/** Documents of a bucket that someone else fills. */
export interface DataSourceOptions extends S3DataSourceOptions {
  /** How often changes are ingested. Whole hours from 1 to 168. @default Duration.hours(24) */
  readonly every?: Duration;
}

/** Props of {@link SyncedSource}. */
export interface SyncedSourceProps extends DataSourceOptions {
  readonly stage: StageSettings;
  readonly alarms: Alarms;
  readonly knowledgeBase: KnowledgeBase;
}

/**
 * One more source of documents, whose ingestion Scheduler starts by itself, without a function. A knowledge base runs one job at a
 * time, so a start that meets another is tried again for an hour.
 */
export class SyncedSource extends Construct {
  readonly source: S3DataSource;
  readonly schedule: CfnSchedule;
  /** Starts that failed for good. */
  readonly deadLetterQueue: DeadLetterQueue;

  /** @throws RefusedValueError for a rate that is no whole number of hours up to a week */
  constructor(scope: Construct, id: string, props: SyncedSourceProps) {
    super(scope, id);
    const { stage, alarms, knowledgeBase, every = Duration.hours(24), ...options } = props;
    const hours = every.toMilliseconds() / 3_600_000;
    if (!Number.isInteger(hours) || hours < 1 || hours > 168) {
      refuse(this, {
        prop: 'every',
        value: `${hours} h`,
        allowed: 'whole hours from 1 to 168',
        fix: 'upload documents that must be found sooner to the application, which ingests them within minutes',
        catalogueId: 'rag-knowledge-base',
      });
    }
    this.source = knowledgeBase.addS3DataSource(id, options);
    this.deadLetterQueue = new DeadLetterQueue(this, 'DeadLetters', { stage });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    });
    const allow = (action: string, arn: string) =>
      Grant.addToPrincipal({ grantee: role, actions: [action], resourceArns: [arn] });
    allow('bedrock:StartIngestionJob', knowledgeBase.knowledgeBaseArn);
    allow('sqs:SendMessage', this.deadLetterQueue.queueArn);
    const policy = role.node.tryFindChild('DefaultPolicy');
    if (policy !== undefined) acknowledge(policy, inlinePolicyReasons());
    this.schedule = new CfnSchedule(this, 'Schedule', {
      description: `Ingests the changes of ${id}`,
      scheduleExpression: hours === 1 ? 'rate(1 hour)' : `rate(${hours} hours)`,
      scheduleExpressionTimezone: 'UTC',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        // AWS: EventBridge Scheduler, universal targets: the service as the SDK for Java names it.
        arn: `arn:${Aws.PARTITION}:scheduler:::aws-sdk:bedrockagent:startIngestionJob`,
        roleArn: role.roleArn,
        input: JSON.stringify({
          KnowledgeBaseId: knowledgeBase.knowledgeBaseId,
          DataSourceId: this.source.dataSourceId,
        }),
        retryPolicy: { maximumRetryAttempts: 60, maximumEventAgeInSeconds: Duration.hours(1).toSeconds() },
        deadLetterConfig: { arn: this.deadLetterQueue.queueArn },
      },
    });
    // A rate begins at once, and needs the right to by then.
    this.schedule.node.addDependency(role);
    handles(this.schedule, 'eb-scheduler-for-cron', 'rag-knowledge-base');
    alarms.watchDeadLetters(`${id}Source`, this.deadLetterQueue);
  }
}
