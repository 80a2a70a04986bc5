import { Duration, Lazy, Stack } from 'aws-cdk-lib';
import type { CfnTable } from 'aws-cdk-lib/aws-glue';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { HandlerCode } from '../../lib/compute/handler-code';
import { HandlerFunction } from '../../lib/compute/handler-function';
import type { DeadLetterQueue } from '../../lib/messaging/dead-letter-queue';
import { invokeOnSchedule } from '../../lib/messaging/invocation-schedule';
import type { Alarms } from '../../lib/monitoring/alarms';
import type { StageSettings } from '../../lib/stage/stage';
import { handles } from '../../lib/validation/explain';
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
    // Not a ScheduledFunction: its resources have been right below this construct, and another one between would replace them.
    const { schedule, deadLetterQueue } = invokeOnSchedule(this, {
      stage,
      handler: this.handler,
      description: 'Registers the partitions (days) of the lake for Redshift',
      every: INTERVAL,
      retries: RETRIES,
      eventAge: EVENT_AGE,
      roleId: 'ScheduleRole',
    });
    this.schedule = schedule;
    this.deadLetterQueue = deadLetterQueue;
    handles(this.handler.function, 'athena-partitioned');
    alarms.watchHandler('Partitions', this.handler);
    alarms.watchDeadLetters('Partitions', deadLetterQueue);
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
}
