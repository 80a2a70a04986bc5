import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { type Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { type ISecurityGroup, type IVpc, Port, SecurityGroup, type SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  AuroraPostgresEngineVersion,
  CfnDBInstance,
  CfnDBSubnetGroup,
  ClusterInstance,
  Credentials,
  DatabaseCluster,
  DatabaseClusterEngine,
  DatabaseInsightsMode,
  type IClusterInstance,
  ParameterGroup,
  type ServerlessV2ClusterInstanceProps,
} from 'aws-cdk-lib/aws-rds';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { maxConnections } from '../facts/postgres-connections';
import { stackOwnName } from '../naming/stack-own-name';
import { zoneOf } from '../network/zones';
import type { StageSettings } from '../stage/stage';
import { acknowledge, handles } from '../validation/explain';
import { refuse } from '../validation/refuse';
import { clusterMetric } from './database-metrics';
import { capacityOf, type PostgresCapacity } from './postgres-capacity';

/** Props of {@link PostgresCluster}. */
export interface PostgresClusterProps extends PostgresCapacity {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  readonly vpc: IVpc;
  /** Subnets without a way out, in at least two zones. */
  readonly subnets: SubnetSelection;
  /** Name of the database that is made. */
  readonly databaseName: string;
  /** Instances beside the writer, each in the next zone. 0 to 15; at least 1 in prod. @default - dev 0, staging and prod 1 */
  readonly readers?: number;
  /** 7 to 35 days, whole ones. @default - dev 7, staging 14, prod 35 */
  readonly backupRetention?: Duration;
  /** When it pauses, if its least capacity is 0: 5 minutes to 24 hours after the last query. @default Duration.minutes(5) */
  readonly autoPause?: Duration;
  /** Peers that may open connections. @default - none, until a proxy or a client is allowed */
  readonly clients?: ISecurityGroup;
}

const ENGINE = DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_17_9 });
/** A number that checks can read; that of CDK's cluster is known after deployment. */
export const POSTGRES_PORT = 5432;
/** RDS keeps the password, and changes it each week (AWS: password management with RDS and Secrets Manager). */
const ADMINISTRATOR = 'administrator';
const BACKUP_DAYS = { dev: 7, staging: 14, prod: 35 } as const;
const READERS = { dev: 0, staging: 1, prod: 1 } as const;
/** Readers of a cluster at most (guide 141). */
const MAX_READERS = 15;
/** While Europe and America are asleep: backups first, changes after them. */
const BACKUP_WINDOW = '06:00-06:30';
const MAINTENANCE_WINDOW = 'sun:07:00-sun:08:00';

const PARAMETERS = {
  // PostgreSQL then takes no connection without TLS (tls-everywhere).
  'rds.force_ssl': '1',
  // Milliseconds from which a statement is logged. Its values are not: they are the users'.
  log_min_duration_statement: '1000',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_lock_waits: '1',
  log_statement: 'ddl',
  // A client that died inside of a transaction holds its locks no longer than this (milliseconds).
  idle_in_transaction_session_timeout: '60000',
} as const;

/** A connection that no one uses keeps a cluster awake, and a function that sleeps keeps its own (milliseconds). */
const LET_IT_PAUSE = { idle_session_timeout: '300000' } as const;

/**
 * Aurora PostgreSQL Serverless v2: a writer, and readers in other zones that take over when it fails. It is encrypted, takes TLS
 * alone, knows applications by IAM and keeps no password of theirs; that of the administrator is RDS's own and rotates.
 */
export class PostgresCluster extends Construct {
  readonly cluster: DatabaseCluster;
  /** The administrator's, for migrations by the Data API. */
  readonly secret: ISecret;
  readonly minCapacity: number;
  readonly maxCapacity: number;
  readonly readers: number;
  readonly databaseName: string;
  /** Its log in CloudWatch: slow statements, lock waits, changes of the schema, errors. */
  readonly logGroup: LogGroup;

  /** @throws RefusedValueError for capacity, readers, backups or a pause that Aurora does not have or the stage forbids. */
  constructor(
    scope: Construct,
    id: string,
    private readonly props: PostgresClusterProps,
  ) {
    super(scope, id);
    const { stage, encryptionKey, vpc, subnets, databaseName, clients } = props;
    const { min, max } = capacityOf(this, stage, props);
    this.minCapacity = min;
    this.maxCapacity = max;
    this.readers = this.readersOf();
    this.databaseName = databaseName;
    // RDS would make the log group itself, without a retention, so the name must be known before. It also keeps CloudFormation
    // from replacing the cluster, which would be an empty one: the name is taken.
    const name = stackOwnName(this, { maxLength: 60 });
    this.logGroup = this.createLogGroup(`/aws/rds/cluster/${name}/postgresql`);
    const securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: 'The database: whom it lets in is named, and it calls nobody',
      allowAllOutbound: false,
    });
    securityGroup.applyRemovalPolicy(stage.removalPolicy);
    // What it counts for 7 days is free, but it takes memory that a small instance does not have (AWS: minimum capacity).
    const insights = stage.strict
      ? { enablePerformanceInsights: true, performanceInsightEncryptionKey: encryptionKey }
      : {};
    const [writer, ...readers] = this.instances(insights);
    this.cluster = new DatabaseCluster(this, 'Cluster', {
      clusterIdentifier: name,
      engine: ENGINE,
      writer,
      readers,
      serverlessV2MinCapacity: min,
      serverlessV2MaxCapacity: max,
      serverlessV2AutoPauseDuration: min === 0 ? this.autoPause() : undefined,
      vpc,
      vpcSubnets: subnets,
      securityGroups: [securityGroup],
      port: POSTGRES_PORT,
      defaultDatabaseName: databaseName,
      credentials: Credentials.fromUsername(ADMINISTRATOR, { encryptionKey }),
      manageMasterUserPassword: true,
      iamAuthentication: true,
      enableDataApi: true,
      storageEncrypted: true,
      storageEncryptionKey: encryptionKey,
      backup: { retention: this.backupRetention(), preferredWindow: BACKUP_WINDOW },
      preferredMaintenanceWindow: MAINTENANCE_WINDOW,
      copyTagsToSnapshot: true,
      cloudwatchLogsExports: ['postgresql'],
      ...insights,
      databaseInsightsMode: stage.strict ? DatabaseInsightsMode.STANDARD : undefined,
      parameterGroup: new ParameterGroup(this, 'Parameters', {
        engine: ENGINE,
        description: 'TLS alone, and what is worth logging; a change may take a restart, in the maintenance window',
        parameters: { ...PARAMETERS, ...(min === 0 && LET_IT_PAUSE) },
        removalPolicy: stage.removalPolicy,
      }),
      deletionProtection: stage.deletionProtection,
      deleteAutomatedBackups: stage.removalPolicy === RemovalPolicy.DESTROY,
      removalPolicy: stage.removalPolicy,
    });
    // The CDK lets them go where it keeps the cluster, which is in the one and is reached by the others.
    for (const part of this.cluster.node.findAll()) {
      if (part instanceof CfnDBSubnetGroup || part instanceof CfnDBInstance)
        part.applyRemovalPolicy(stage.removalPolicy);
    }
    this.cluster.node.addDependency(this.logGroup);
    const { secret } = this.cluster;
    if (secret === undefined) throw new Error('The cluster has no secret of its administrator');
    this.secret = secret;
    if (clients !== undefined)
      securityGroup.connections.allowFrom(clients, Port.tcp(POSTGRES_PORT), 'PostgreSQL from its clients');
    this.explain();
  }

  /** Connections that one instance takes. */
  get maxConnections(): number {
    return maxConnections(this.minCapacity, this.maxCapacity);
  }

  /** Lets a principal connect to the cluster itself as one user of PostgreSQL, by IAM. */
  grantConnect(grantee: IGrantable, user: string): Grant {
    return this.cluster.grantConnect(grantee, user);
  }

  /** A metric of the cluster over all of its instances (AWS: Aurora CloudWatch metrics). @default - the average of a minute */
  metric(metricName: string, options?: MetricOptions): Metric {
    return clusterMetric(this.cluster.clusterIdentifier, metricName, options ?? {});
  }

  /** Share of the maximum capacity that is used, in percent. @default - the maximum of a minute */
  metricCapacity(options?: MetricOptions): Metric {
    return this.metric('ACUUtilization', { statistic: Stats.MAXIMUM, ...options });
  }

  /** Open connections. @default - the maximum of a minute */
  metricConnections(options?: MetricOptions): Metric {
    return this.metric('DatabaseConnections', { statistic: Stats.MAXIMUM, ...options });
  }

  /** Writer first. Each is in the next zone, so that no zone takes two of them away (aurora-reader-second-az). */
  private instances(insights: ServerlessV2ClusterInstanceProps): IClusterInstance[] {
    const { vpc, subnets } = this.props;
    const availabilityZones = [...new Set(vpc.selectSubnets(subnets).subnets.map(zoneOf))];
    return Array.from({ length: 1 + this.readers }, (_, index) =>
      ClusterInstance.serverlessV2(index === 0 ? 'Writer' : `Reader${index}`, {
        availabilityZone: availabilityZones[index % availabilityZones.length],
        autoMinorVersionUpgrade: true,
        publiclyAccessible: false,
        ...insights,
        preferredMaintenanceWindow: MAINTENANCE_WINDOW,
        // Promotion tier 1: as large as the writer at any moment, so that it can take over.
        ...(index > 0 && { scaleWithWriter: true }),
      }),
    );
  }

  private createLogGroup(logGroupName: string): LogGroup {
    const { stage, encryptionKey } = this.props;
    const logGroup = new LogGroup(this, 'LogGroup', {
      logGroupName,
      retention: stage.logRetention,
      encryptionKey,
      removalPolicy: stage.removalPolicy,
    });
    handles(logGroup, 'cw-log-retention', 'logs-everywhere', 'encrypt-everything-at-rest');
    return logGroup;
  }

  private readersOf(): number {
    const { stage, readers = READERS[stage.name] } = this.props;
    const least = stage.strict ? 1 : 0;
    if (Number.isInteger(readers) && readers >= least && readers <= MAX_READERS) return readers;
    return refuse(this, {
      prop: 'readers',
      value: readers,
      allowed: `${least} to ${MAX_READERS} in ${stage.name}`,
      fix: 'keep a reader in another zone, which takes over when the writer fails',
      catalogueId: 'aurora-reader-second-az',
    });
  }

  private backupRetention(): Duration {
    const { stage, backupRetention = Duration.days(BACKUP_DAYS[stage.name]) } = this.props;
    const days = backupRetention.toDays({ integral: false });
    if (Number.isInteger(days) && days >= 7 && days <= 35) return backupRetention;
    return refuse(this, {
      prop: 'backupRetention',
      value: `${days} days`,
      allowed: '7 to 35 whole days',
      fix: 'use snapshots or AWS Backup for longer retention',
      catalogueId: 'rds-backup-retention',
    });
  }

  private autoPause(): Duration {
    const { autoPause = Duration.minutes(5) } = this.props;
    const seconds = autoPause.toSeconds();
    if (seconds >= 300 && seconds <= 86_400) return autoPause;
    return refuse(this, {
      prop: 'autoPause',
      value: `${seconds} s`,
      allowed: '300 s to 86400 s',
      fix: 'choose a time in that range, or a minCapacity above 0',
      catalogueId: 'aurora-serverless-bounds',
    });
  }

  private explain(): void {
    const { stage } = this.props;
    handles(
      this.cluster,
      'aurora-default-relational',
      'aurora-reader-second-az',
      'aurora-serverless-bounds',
      'aurora-storage-not-provisioned',
      'encrypt-everything-at-rest',
      'logs-everywhere',
      'rds-backup-retention',
      'rds-own-parameter-group',
      'secrets-rotation',
      'tls-everywhere',
      'vpc-data-private',
      'vpc-security-group-scope',
    );
    if (!stage.deletionProtection) {
      const unprotected =
        'Outside of prod a stack is meant to go without a trace; prod protects its cluster and keeps it when the stack goes.';
      acknowledge(this.cluster, {
        'AwsSolutions::AwsSolutions-RDS10': unprotected,
        'HIPAA.Security::HIPAA.Security-RDSInstanceDeletionProtectionEnabled': unprotected,
        'NIST.800.53.R5::NIST.800.53.R5-RDSInstanceDeletionProtectionEnabled': unprotected,
      });
    }
    const backedUp =
      'Aurora backs the cluster up continuously, for any second of 7 to 35 days; an AWS Backup plan is an account-wide decision of the owner.';
    const monitored =
      'ACUUtilization and Performance Insights tell what to do about a serverless instance; processes of its host cannot be acted upon.';
    for (const child of this.cluster.node.findAll()) {
      if (!('attrDbInstanceArn' in child)) continue;
      acknowledge(child, {
        'HIPAA.Security::HIPAA.Security-RDSInBackupPlan': backedUp,
        'NIST.800.53.R5::NIST.800.53.R5-RDSInBackupPlan': backedUp,
        'HIPAA.Security::HIPAA.Security-RDSEnhancedMonitoringEnabled': monitored,
        'NIST.800.53.R5::NIST.800.53.R5-RDSEnhancedMonitoringEnabled': monitored,
      });
    }
  }
}
