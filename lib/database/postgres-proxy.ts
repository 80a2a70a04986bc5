import { ArnFormat, CfnOutput, Duration, Fn, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { type Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { type ISecurityGroup, type IVpc, Port, SecurityGroup, type SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { Grant, type IGrantable, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  DatabaseCluster,
  DatabaseProxy,
  DatabaseProxyEndpoint,
  DefaultAuthScheme,
  type IDatabaseCluster,
  ProxyEndpointTargetRole,
  ProxyTarget,
} from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { stackOwnName } from '../naming/stack-own-name';
import type { StageSettings } from '../stage/stage';
import { acknowledge, handles } from '../validation/explain';
import { inlinePolicyReasons } from '../validation/inline-policy-reasons';
import { refuse } from '../validation/refuse';
import { proxyMetric } from './database-metrics';
import { POSTGRES_PORT } from './postgres-cluster';

/** A cluster that a proxy can stand in front of; a `PostgresCluster` is one. */
export interface ProxiedDatabase {
  readonly cluster: IDatabaseCluster;
  /** Least capacity in ACU. @default - unknown: taken as above 0 */
  readonly minCapacity?: number;
  /** Instances beside the writer. @default 0 */
  readonly readers?: number;
}

/** Props of {@link PostgresProxy}. */
export interface PostgresProxyProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  readonly vpc: IVpc;
  /** Subnets without a way out, in at least two zones. */
  readonly subnets: SubnetSelection;
  readonly database: ProxiedDatabase;
  /** Peers that may open connections. */
  readonly clients: ISecurityGroup;
  /** The user of PostgreSQL that clients connect as, with `rds_iam`. It is the only one that the proxy can be. */
  readonly user: string;
}

/** Of 63 that RDS takes (AWS: RDS Proxy, CreateDBProxy). */
const MAX_NAME = 60;
/** Ends the name of the endpoint for reads. */
const READ = '-read';
/** Share of the cluster's connections; the rest is for migrations and for people. */
const MAX_CONNECTIONS_PERCENT = 90;
const MAX_IDLE_CONNECTIONS_PERCENT = 50;
/** A function's sandbox that sleeps for longer than this connects anew. */
const IDLE_CLIENT_TIMEOUT = Duration.minutes(30);
/** Well below the 30 s that an API waits for an answer: the caller hears of a full pool, and does not hang (AWS default: 120 s). */
const BORROW_TIMEOUT = Duration.seconds(10);

/**
 * RDS Proxy: many clients share few connections, and a failover is its business and not that of each client's DNS cache
 * (rds-proxy-for-many-clients, rds-dns-ttl-or-proxy). Clients prove who they are by IAM, and so does the proxy to the database:
 * there is no password. At least 8 ACU-hours of it are billed, whatever the cluster uses.
 */
export class PostgresProxy extends Construct {
  readonly proxy: DatabaseProxy;
  /** For reads that may lag behind; absent without a reader. */
  readonly readEndpoint?: DatabaseProxyEndpoint;
  readonly logGroup: LogGroup;
  private resourceId?: CfnOutput;

  /** @throws RefusedValueError for a cluster that pauses: the proxy's connections would keep it awake. */
  constructor(
    scope: Construct,
    id: string,
    private readonly props: PostgresProxyProps,
  ) {
    super(scope, id);
    const { vpc, subnets, database, clients } = props;
    if (database.minCapacity === 0) {
      refuse(this, {
        prop: 'minCapacity',
        value: '0 ACU with a proxy',
        allowed: 'at least 0.5 ACU',
        fix: 'raise it: the connections of a proxy keep the cluster awake, so that it never pauses; or go without a proxy',
        catalogueId: 'aurora-serverless-bounds',
      });
    }
    // Without a name no one could own its log group before RDS makes one that is kept forever.
    const name = stackOwnName(this, { maxLength: MAX_NAME });
    this.logGroup = this.createLogGroup(`/aws/rds/proxy/${name}`);
    const securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: 'The proxy: in from its clients, out to the database',
      allowAllOutbound: false,
    });
    this.proxy = new DatabaseProxy(this, 'Proxy', {
      dbProxyName: name,
      proxyTarget: ProxyTarget.fromCluster(this.target()),
      defaultAuthScheme: DefaultAuthScheme.IAM_AUTH,
      requireTLS: true,
      role: this.createRole(),
      vpc,
      vpcSubnets: subnets,
      securityGroups: [securityGroup],
      maxConnectionsPercent: MAX_CONNECTIONS_PERCENT,
      maxIdleConnectionsPercent: MAX_IDLE_CONNECTIONS_PERCENT,
      idleClientTimeout: IDLE_CLIENT_TIMEOUT,
      borrowTimeout: BORROW_TIMEOUT,
    });
    // A target is looked at when it is registered, and is refused while it has no instance.
    this.proxy.node.addDependency(this.logGroup, database.cluster);
    securityGroup.connections.allowFrom(clients, Port.tcp(POSTGRES_PORT), 'PostgreSQL from its clients');
    if ((database.readers ?? 0) > 0) this.readEndpoint = this.createReadEndpoint(securityGroup);
    handles(
      this.proxy,
      'rds-proxy-for-many-clients',
      'rds-dns-ttl-or-proxy',
      'tls-everywhere',
      'secrets-lambda-runtime-fetch',
    );
  }

  /** `host` of the writer, and of a reader: the writer's where there is none. */
  get hosts(): { readonly writer: string; readonly reader: string } {
    const { endpoint } = this.proxy;
    return { writer: endpoint, reader: this.readEndpoint?.endpoint ?? endpoint };
  }

  /** Lets a principal connect through the proxy, to either endpoint, as its user. */
  grantConnect(grantee: IGrantable): Grant {
    const { grantPrincipal } = grantee;
    const stack = Stack.of(this);
    const other = Construct.isConstruct(grantPrincipal) ? Stack.of(grantPrincipal) : stack;
    if (other === stack) return this.proxy.grantConnect(grantee, this.props.user);
    other.addStackDependency(stack);
    const resourceName = `${this.publishedId()}/${this.props.user}`;
    const arnFormat = ArnFormat.COLON_RESOURCE_NAME;
    const resourceArn = stack.formatArn({ service: 'rds-db', resource: 'dbuser', resourceName, arnFormat });
    return Grant.addToPrincipal({ grantee, actions: ['rds-db:connect'], resourceArns: [resourceArn] });
  }

  /**
   * The proxy's id, for another stack: the last part of its ARN. It is taken out in this stack, because `Fn::Split` takes no value that
   * another stack gives at deployment (cfn-lint: E1022).
   */
  private publishedId(): string {
    const stack = Stack.of(this);
    this.resourceId ??= new CfnOutput(this, 'ResourceId', {
      value: Fn.select(6, Fn.split(':', this.proxy.dbProxyArn)),
      description: 'Id of the proxy, for those who may connect to it',
    });
    const region = Token.isUnresolved(stack.region) ? undefined : stack.region;
    return Fn.getStackOutput(stack.stackName, String(stack.resolve(this.resourceId.logicalId)), region);
  }

  /** A metric of the proxy over all of its endpoints (AWS: monitoring RDS Proxy metrics). @default - the average of a minute */
  metric(metricName: string, options?: MetricOptions): Metric {
    return proxyMetric(this.proxy.dbProxyName, metricName, options ?? {});
  }

  /** How long clients wait for a connection, in microseconds. @default - the average of a minute */
  metricBorrowLatency(options?: MetricOptions): Metric {
    return this.metric('DatabaseConnectionsBorrowLatency', options);
  }

  /** Connections of clients: each host of the proxy counts its own. @default - the sum of a minute */
  metricClientConnections(options?: MetricOptions): Metric {
    return this.metric('ClientConnections', { statistic: Stats.SUM, ...options });
  }

  /** The cluster, with a port that checks of security groups can read: that of CDK's cluster is known after deployment. */
  private target(): IDatabaseCluster {
    const { cluster } = this.props.database;
    const { port } = cluster.clusterEndpoint;
    if (!Token.isUnresolved(port)) return cluster;
    return DatabaseCluster.fromDatabaseClusterAttributes(this, 'Target', {
      clusterIdentifier: cluster.clusterIdentifier,
      engine: cluster.engine,
      port: POSTGRES_PORT,
      securityGroups: cluster.connections.securityGroups,
    });
  }

  /** It may be the one user at the one cluster, no one else (AWS: RDS Proxy, end-to-end IAM authentication). */
  private createRole(): Role {
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('rds.amazonaws.com') });
    this.props.database.cluster.grantConnect(role, this.props.user);
    const policy = role.node.tryFindChild('DefaultPolicy');
    if (policy !== undefined) acknowledge(policy, inlinePolicyReasons());
    return role;
  }

  private createReadEndpoint(securityGroup: SecurityGroup): DatabaseProxyEndpoint {
    const { vpc, subnets } = this.props;
    return new DatabaseProxyEndpoint(this, 'ReadEndpoint', {
      // Without one the CDK makes it of the construct's path, and a second copy in the account finds it taken.
      dbProxyEndpointName: `${stackOwnName(this, { maxLength: MAX_NAME - READ.length })}${READ}`,
      dbProxy: this.proxy,
      vpc,
      vpcSubnets: subnets,
      securityGroups: [securityGroup],
      targetRole: ProxyEndpointTargetRole.READ_ONLY,
    });
  }

  private createLogGroup(logGroupName: string): LogGroup {
    const { stage, encryptionKey } = this.props;
    const logGroup = new LogGroup(this, 'LogGroup', {
      logGroupName,
      retention: stage.logRetention,
      encryptionKey,
      // It goes with the proxy in every stage: kept, its name would be taken when a proxy comes back.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    handles(logGroup, 'cw-log-retention', 'logs-everywhere', 'encrypt-everything-at-rest');
    return logGroup;
  }
}
