import { createHash } from 'node:crypto';
import type { IUserPool } from 'aws-cdk-lib/aws-cognito';
import { type ISecurityGroup, Port } from 'aws-cdk-lib/aws-ec2';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IDatabaseCluster } from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { HandlerCode } from '../../lib/compute/handler-code';
import { refuseTooManyConnections } from '../../lib/database/connection-limits';
import { DataClients } from '../../lib/database/data-clients';
import { POSTGRES_PORT, PostgresCluster } from '../../lib/database/postgres-cluster';
import { PostgresProxy } from '../../lib/database/postgres-proxy';
import { DatabaseSchema } from '../../lib/database/schema';
import { ValkeyCache } from '../../lib/database/valkey-cache';
import { DATABASE_WITHOUT_PROXY } from '../../lib/facts/regions';
import { Alarms } from '../../lib/monitoring/alarms';
import { watchCache, watchCluster, watchProxy } from '../../lib/monitoring/database-alarms';
import type { SignInOptions } from '../../lib/security/login-client';
import type { ManagedLogin } from '../../lib/security/managed-login';
import { refusePoolSettings } from '../../lib/security/pool-settings';
import { siteUsers } from '../../lib/users/site-users';
import { refuse } from '../../lib/validation/refuse';
import { checkRegion } from '../../lib/validation/region';
import { CACHE_KEY_PREFIX, DATABASE_NAME, DATABASE_USER, WebAppEnvironment } from './contract';
import { MIGRATIONS } from './runtime/migrations';
import type { WebAppFoundation } from './web-app-foundation';
import type { WebAppProps } from './web-app-props';

/** A cluster that paused takes about 15 s to come back (corrections 14); one that runs answers at once, or fails over. */
const CONNECT_SECONDS = { paused: 20, running: 3 } as const;

/** Props of {@link WebAppData}. */
export interface WebAppDataProps extends WebAppProps {
  readonly foundation: WebAppFoundation;
}

/**
 * What is kept: the database with its schema, the cache, and the users. Whoever is to use it wears `clients`, is granted by
 * {@link grantUse} and gets {@link environment}; nothing here knows who that is, so that what uses it can come and go.
 */
export class WebAppData extends Construct {
  readonly alarms: Alarms;
  /** Undefined when the cluster is yours. */
  readonly database?: PostgresCluster;
  readonly cluster: IDatabaseCluster;
  /** Between Lambda and the database, in the stages whose database never pauses. */
  readonly proxy?: PostgresProxy;
  /** Undefined when there is none. */
  readonly cache?: ValkeyCache;
  /** Worn by what connects to database and cache. */
  readonly clients: ISecurityGroup;
  readonly schema: DatabaseSchema;
  readonly userPool: IUserPool;
  /** Where people sign in, without a path. */
  readonly loginUrl: string;
  /** Undefined when the users are yours. */
  readonly login?: ManagedLogin;
  /** By what users sign in; of yours with a password. */
  readonly signIn: SignInOptions = {};

  /** @throws RefusedValueError for a prop that cannot work; see {@link WebAppProps}. */
  constructor(
    scope: Construct,
    id: string,
    private readonly props: WebAppDataProps,
  ) {
    super(scope, id);
    const { foundation, data = {}, compute = 'lambda', existing = {} } = props;
    const { stage, vpc, dataSubnets: subnets } = foundation;
    const encryptionKey = foundation.dataKey.key;
    this.alarms = new Alarms(this, 'Alarms', { stage, topic: foundation.alarmTopic.topic });

    this.clients = existing.database?.clients ?? new DataClients(this, 'Clients', { vpc }).securityGroup;
    const { clients } = this;
    if (existing.database === undefined) {
      this.database = new PostgresCluster(this, 'Database', {
        stage,
        encryptionKey,
        vpc,
        subnets,
        databaseName: DATABASE_NAME,
        minCapacity: data.minCapacity,
        maxCapacity: data.maxCapacity,
        readers: data.readers,
        backupRetention: data.backupRetention,
      });
      watchCluster(this.alarms, 'Database', this.database);
    }
    this.cluster = this.database?.cluster ?? this.existingCluster();
    // A proxy keeps a cluster awake, and bills 8 ACU-hours an hour: not for one that is to pause.
    if (compute === 'lambda' && this.database?.minCapacity !== 0) {
      this.proxy = new PostgresProxy(this, 'Proxy', {
        stage,
        encryptionKey,
        vpc,
        subnets,
        database: this.database ?? { cluster: this.cluster },
        clients,
        user: DATABASE_USER,
      });
      watchProxy(this.alarms, 'Proxy', this.proxy.proxy);
    } else {
      checkRegion(this, DATABASE_WITHOUT_PROXY);
      // Behind a proxy the cluster lets in no one but that.
      const rule = 'PostgreSQL from its clients';
      this.database?.cluster.connections.allowFrom(clients, Port.tcp(POSTGRES_PORT), rule);
    }
    this.schema = new DatabaseSchema(this, 'Schema', {
      stage,
      encryptionKey,
      cluster: this.cluster,
      secret: this.database?.secret ?? existing.database?.secret ?? this.refuseCluster('a secret'),
      databaseName: DATABASE_NAME,
      user: DATABASE_USER,
      code: HandlerCode.prebuilt('web-app', 'migrate'),
      version: createHash('sha256').update(JSON.stringify(MIGRATIONS)).digest('hex'),
    });

    if (data.cache !== false) {
      this.cache = new ValkeyCache(this, 'Cache', {
        stage,
        encryptionKey,
        vpc,
        subnets,
        clients,
        keyPrefix: CACHE_KEY_PREFIX,
      });
      watchCache(this.alarms, 'Cache', this.cache);
    }

    if (existing.users !== undefined) {
      refusePoolSettings(this, 'login.', props.login);
      ({ userPool: this.userPool, loginUrl: this.loginUrl } = existing.users);
      return;
    }
    const { users, login, signIn } = siteUsers(this, { ...props.login, stage, encryptionKey });
    const { userPool } = users;
    this.userPool = userPool;
    this.login = login;
    this.signIn = signIn;
    // An address that SES does not know fails in seconds, before there is a cluster that prod keeps under a name of its own.
    this.database?.cluster.node.addDependency(userPool);
    this.loginUrl = this.login.url;
  }

  /** What a function or a task needs to find the database and the cache: names, no secret. */
  environment(): Readonly<Record<string, string>> {
    const { cache, database, proxy, cluster } = this;
    const direct = {
      writer: cluster.clusterEndpoint.hostname,
      reader: database?.readers === 0 ? cluster.clusterEndpoint.hostname : cluster.clusterReadEndpoint.hostname,
    };
    const { writer, reader } = proxy?.hosts ?? direct;
    const seconds = database?.minCapacity === 0 ? CONNECT_SECONDS.paused : CONNECT_SECONDS.running;
    return {
      [WebAppEnvironment.databaseWriter]: `${writer}:${POSTGRES_PORT}`,
      [WebAppEnvironment.databaseReader]: `${reader}:${POSTGRES_PORT}`,
      [WebAppEnvironment.databaseTrust]: proxy === undefined ? 'rds' : 'amazon',
      [WebAppEnvironment.databaseConnectSeconds]: String(seconds),
      ...(cache !== undefined && {
        [WebAppEnvironment.cacheEndpoint]: cache.endpoint,
        [WebAppEnvironment.cacheName]: cache.cacheName,
        [WebAppEnvironment.cacheUser]: cache.userName,
      }),
    };
  }

  /** Lets a principal connect to the database and the cache, as the application. It must wear {@link clients}, too. */
  grantUse(grantee: IGrantable): void {
    if (this.proxy !== undefined) this.proxy.grantConnect(grantee);
    else this.cluster.grantConnect(grantee, DATABASE_USER);
    this.cache?.grantConnect(grantee);
  }

  /**
   * Makes sure that so many clients find a connection (rds-size-for-connections). A proxy shares connections, and a cluster of
   * yours has a size that only you know.
   *
   * @throws RefusedValueError if they do not
   */
  makeRoomFor(scope: Construct, prop: string, clients: number, poolSize: number): void {
    if (this.proxy !== undefined || this.database === undefined) return;
    const { minCapacity, maxCapacity } = this.database;
    refuseTooManyConnections(scope, { prop, clients, poolSize, minCapacity, maxCapacity });
  }

  private existingCluster(): IDatabaseCluster {
    const cluster = this.props.existing?.database?.cluster;
    if (cluster === undefined) throw new Error('There is neither a cluster of ours nor one of yours');
    try {
      // Both throw when the cluster was imported without them.
      void cluster.clusterResourceIdentifier;
      void cluster.clusterEndpoint;
    } catch {
      return this.refuseCluster('its endpoints and its clusterResourceIdentifier');
    }
    return cluster;
  }

  private refuseCluster(missing: string): never {
    return refuse(this, {
      prop: 'existing.database.cluster',
      value: `imported without ${missing}`,
      allowed: 'a cluster with endpoints, clusterResourceIdentifier, secret and security group',
      fix: 'import it by DatabaseCluster.fromDatabaseClusterAttributes with all of them',
    });
  }
}
