import { Aws, Duration, Lazy, Stack } from 'aws-cdk-lib';
import type { CfnTable } from 'aws-cdk-lib/aws-glue';
import { Grant, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnEventInvokeConfig } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { HandlerCode } from '../../lib/compute/handler-code';
import { HandlerFunction } from '../../lib/compute/handler-function';
import { DeadLetterQueue } from '../../lib/messaging/dead-letter-queue';
import type { Alarms } from '../../lib/monitoring/alarms';
import type { StageSettings } from '../../lib/stage/stage';
import { acknowledge, handles } from '../../lib/validation/explain';
import { inlinePolicyReasons } from '../../lib/validation/inline-policy-reasons';
import { type PartitionedTable, PartitionsEnvironment } from './contract';

/** Props of {@link PartitionRegistrar}. */
export interface PartitionRegistrarProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  readonly databaseName: string;
  readonly alarms: Alarms;
}

/** How often it looks: the first time when the stack is made, and then with a month in hand. */
const INTERVAL = Duration.hours(12);
const RETRIES = 2;
/** An event older than this is not worth a try: the next one is on its way. */
const EVENT_AGE = Duration.hours(6);

/**
 * Registers the days of the lake's tables, for readers that know no partition projection: Redshift would find the tables
 * empty. Athena needs none of it.
 */
export class PartitionRegistrar extends Construct {
  readonly handler: HandlerFunction;
  readonly deadLetterQueue: DeadLetterQueue;
  private readonly tables: PartitionedTable[] = [];
  private readonly schedule: CfnSchedule;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: PartitionRegistrarProps,
  ) {
    super(scope, id);
    const { stage, encryptionKey, databaseName, alarms } = props;
    this.handler = new HandlerFunction(this, 'Handler', {
      stage,
      encryptionKey,
      code: HandlerCode.prebuilt('data-pipeline', 'register-partitions'),
      serviceName: 'partitions',
      timeout: Duration.minutes(2),
      environment: {
        [PartitionsEnvironment.database]: databaseName,
        [PartitionsEnvironment.tables]: Lazy.string({ produce: () => JSON.stringify(this.tables) }),
      },
    });
    this.deadLetterQueue = new DeadLetterQueue(this, 'DeadLetters', { stage });
    this.schedule = this.invokeOnSchedule();
    const { function: fn } = this.handler;
    alarms.watchFunction('Partitions', fn);
    alarms.watchDeadLetters('Partitions', this.deadLetterQueue);
    alarms.watchErrorLines('Partitions', this.handler.logGroup, this.handler.node.path);
  }

  /** Registers the days of one more table. @param resource what the schedule, which begins at once, must not come before */
  add(table: PartitionedTable, resource: CfnTable): void {
    this.tables.push(table);
    this.schedule.node.addDependency(resource);
    const { databaseName } = this.props;
    const arn = (resource: string, resourceName?: string) =>
      Stack.of(this).formatArn({ service: 'glue', resource, resourceName });
    Grant.addToPrincipal({
      grantee: this.handler.function,
      actions: ['glue:BatchCreatePartition', 'glue:GetPartitions', 'glue:GetTable'],
      // Glue checks a table's ancestors as well (Glue: resource ARNs).
      resourceArns: [arn('catalog'), arn('database', databaseName), arn('table', `${databaseName}/${table.name}`)],
    });
  }

  /** Scheduler hands its event over and does not wait for the function, which has its own retries and its own way out. */
  private invokeOnSchedule(): CfnSchedule {
    const { function: fn } = this.handler;
    const { queueArn } = this.deadLetterQueue;
    const invoke = new CfnEventInvokeConfig(this, 'InvokeConfig', {
      functionName: fn.functionName,
      qualifier: '$LATEST',
      maximumRetryAttempts: RETRIES,
      maximumEventAgeInSeconds: EVENT_AGE.toSeconds(),
      destinationConfig: { onFailure: { destination: queueArn } },
    });
    // Lambda looks at the function's right to the queue when this is made.
    invoke.node.addDependency(fn);
    const role = new Role(this, 'ScheduleRole', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    });
    for (const grantee of [role, fn]) {
      Grant.addToPrincipal({ grantee, actions: ['sqs:SendMessage'], resourceArns: [queueArn] });
    }
    Grant.addToPrincipal({ grantee: role, actions: ['lambda:InvokeFunction'], resourceArns: [fn.functionArn] });
    const policy = role.node.tryFindChild('DefaultPolicy');
    if (policy !== undefined) acknowledge(policy, inlinePolicyReasons());
    const schedule = new CfnSchedule(this, 'Schedule', {
      description: 'Registers the partitions (days) of the lake for Redshift',
      // Without a start date a rate begins at once (EventBridge Scheduler: schedule types), so past days are there at once.
      scheduleExpression: `rate(${INTERVAL.toHours()} hours)`,
      scheduleExpressionTimezone: 'UTC',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: fn.functionArn,
        roleArn: role.roleArn,
        retryPolicy: { maximumRetryAttempts: RETRIES, maximumEventAgeInSeconds: EVENT_AGE.toSeconds() },
        deadLetterConfig: { arn: queueArn },
      },
    });
    schedule.node.addDependency(role, invoke);
    handles(schedule, 'eb-scheduler-for-cron');
    handles(fn, 'lambda-async-failure-destination', 'lambda-async-retry-bounds', 'athena-partitioned');
    return schedule;
  }
}
