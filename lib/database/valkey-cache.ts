import { Fn, Size } from 'aws-cdk-lib';
import { type Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { type ISecurityGroup, type IVpc, Port, SecurityGroup, type SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { CfnServerlessCache, CfnUser, CfnUserGroup } from 'aws-cdk-lib/aws-elasticache';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { accountUniqueName } from '../naming/account-unique-name';
import { stackOwnName } from '../naming/stack-own-name';
import type { StageSettings } from '../stage/stage';
import { handles } from '../validation/explain';
import { refuse } from '../validation/refuse';
import { cacheMetric } from './database-metrics';

/** What the cache may grow to, and so what it may cost. */
export interface ValkeyLimits {
  /** GB that it keeps at most: 1 to 5000. @default - dev and staging 1, prod 10 */
  readonly maxGb?: number;
  /** ElastiCache processing units a second, at most: 1000 to 15,000,000. @default - dev 1000, staging 5000, prod 50,000 */
  readonly maxEcpuPerSecond?: number;
}

/** Props of {@link ValkeyCache}. */
export interface ValkeyCacheProps extends ValkeyLimits {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  readonly vpc: IVpc;
  /** Subnets without a way out, in two or three zones. */
  readonly subnets: SubnetSelection;
  /** Peers that may open connections. */
  readonly clients: ISecurityGroup;
  /** Beginning of every key that clients may touch, such as `item:`. */
  readonly keyPrefix: string;
}

const DEFAULTS = {
  dev: { gb: 1, ecpu: 1000 },
  staging: { gb: 1, ecpu: 5000 },
  prod: { gb: 10, ecpu: 50_000 },
} as const;
/** AWS: ElastiCache Serverless, scaling limits. */
const GB = { least: 1, most: 5000 } as const;
const ECPU = { least: 1000, most: 15_000_000 } as const;
const PORT = 6379;
/** Names of caches, users and groups (AWS::ElastiCache::ServerlessCache, AWS::ElastiCache::User). */
const NAME_LENGTH = 40;

/**
 * What cache-aside with a lock does (EVAL for the lock, and what its scripts call): nothing that lists keys or empties the cache.
 * AUTH and HELLO, by which clients log in, are always allowed.
 */
const COMMANDS = ['get', 'set', 'del', 'eval'];

/**
 * ElastiCache Serverless for Valkey: TLS always, no nodes to size, and bounds on what it may cost. Clients prove who they are by
 * IAM; their user may run the commands of a cache on keys of one prefix, nothing else. It is a cache: what is in it can be lost at
 * any time (cache-is-not-the-database).
 */
export class ValkeyCache extends Construct {
  readonly cache: CfnServerlessCache;
  /** Name of the cache, which a token is made for. */
  readonly cacheName: string;
  /** The user to connect as; with IAM it is the user's id, too. */
  readonly userName: string;
  readonly user: CfnUser;
  /** Maximum size. */
  readonly largest: Size;
  readonly securityGroup: SecurityGroup;

  /** @throws RefusedValueError for limits that ElastiCache refuses, a prefix that is no prefix, or subnets in too few zones. */
  constructor(scope: Construct, id: string, props: ValkeyCacheProps) {
    super(scope, id);
    const { stage, encryptionKey, vpc, subnets, clients, keyPrefix } = props;
    const defaults = DEFAULTS[stage.name];
    const maxGb = props.maxGb ?? defaults.gb;
    const maxEcpu = props.maxEcpuPerSecond ?? defaults.ecpu;
    this.refuseLimit('maxGb', maxGb, 'GB', GB);
    this.refuseLimit('maxEcpuPerSecond', maxEcpu, 'ECPU/s', ECPU);
    this.refusePrefix(keyPrefix);
    this.largest = Size.gibibytes(maxGb);
    const { subnetIds } = vpc.selectSubnets(subnets);
    // All three must have names, lower-case letters, digits and hyphens. ElastiCache changes no subnets: another set of zones replaces
    // the cache, which holds nothing that is not in the database, and the new one has to have another name.
    const name = stackOwnName(this, { maxLength: NAME_LENGTH });
    this.cacheName = accountUniqueName(this, 'cache', [
      vpc.selectSubnets(subnets).subnets.map(({ node }) => node.path),
    ]);
    this.userName = name;
    this.user = new CfnUser(this, 'User', {
      engine: 'valkey',
      userId: name,
      userName: name,
      authenticationMode: { Type: 'iam' },
      accessString: ['on', `~${keyPrefix}*`, '-@all', ...COMMANDS.map((command) => `+${command}`)].join(' '),
    });
    // A group for Valkey needs no user `default`, and takes only users who prove who they are (AWS: ElastiCache, RBAC).
    const group = new CfnUserGroup(this, 'UserGroup', {
      engine: 'valkey',
      userGroupId: name,
      userIds: [this.user.ref],
    });
    this.securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: 'The cache: whom it lets in is named, and it calls nobody',
      allowAllOutbound: false,
    });
    this.securityGroup.connections.allowFrom(clients, Port.tcp(PORT), 'Valkey from its clients');
    this.cache = new CfnServerlessCache(this, 'Cache', {
      serverlessCacheName: this.cacheName,
      engine: 'valkey',
      majorEngineVersion: '8',
      description: 'Cache of data that is also in the database; losing it loses nothing',
      subnetIds,
      securityGroupIds: [this.securityGroup.securityGroupId],
      userGroupId: group.ref,
      kmsKeyId: encryptionKey.keyArn,
      cacheUsageLimits: {
        dataStorage: { maximum: maxGb, unit: 'GB' },
        ecpuPerSecond: { maximum: maxEcpu },
      },
      // A snapshot of yesterday spares the database a cold start; elsewhere it is not worth its storage.
      ...(stage.strict && { dailySnapshotTime: '06:00', snapshotRetentionLimit: 1 }),
    });
    handles(
      this.cache,
      'cache-engine-not-memcached',
      'cache-serverless-limits',
      'cache-multi-az',
      'cache-vpc-reachability',
      'encrypt-everything-at-rest',
      'tls-everywhere',
      'vpc-data-private',
      'vpc-security-group-scope',
    );
    handles(this.user, 'iam-no-static-keys');
  }

  /** `host:port`, for TLS. */
  get endpoint(): string {
    return Fn.join(':', [this.cache.attrEndpointAddress, this.cache.attrEndpointPort]);
  }

  /** Lets a principal connect as the one user, by IAM (AWS: ElastiCache, authenticating with IAM). */
  grantConnect(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['elasticache:Connect'],
      resourceArns: [this.cache.attrArn, this.user.attrArn],
    });
  }

  /** A metric of the cache (AWS: ElastiCache, serverless metrics). @default - the average of a minute */
  metric(metricName: string, options?: MetricOptions): Metric {
    return cacheMetric(this.cacheName, metricName, options ?? {});
  }

  /** Commands that the usage limit throttled. @default - the sum of a minute */
  metricThrottles(options?: MetricOptions): Metric {
    return this.metric('ThrottledCmds', { statistic: Stats.SUM, ...options });
  }

  /** Memory that is used. @default - the maximum of a minute */
  metricBytesUsed(options?: MetricOptions): Metric {
    return this.metric('BytesUsedForCache', { statistic: Stats.MAXIMUM, ...options });
  }

  private refuseLimit(
    prop: string,
    value: number,
    unit: string,
    { least, most }: { least: number; most: number },
  ): void {
    if (Number.isInteger(value) && value >= least && value <= most) return;
    refuse(this, {
      prop,
      value: `${value} ${unit}`,
      allowed: `a whole number of ${unit}, ${least} to ${most}`,
      fix: 'choose a value in that range: it limits the cost of the cache, which evicts or throttles at the limit',
      catalogueId: 'cache-serverless-limits',
    });
  }

  private refusePrefix(keyPrefix: string): void {
    if (/^[a-z0-9_-]+:$/.test(keyPrefix)) return;
    refuse(this, {
      prop: 'keyPrefix',
      value: keyPrefix,
      allowed: "lower-case letters, digits, - and _, with a colon at the end: 'item:'",
      fix: 'correct the prefix: it separates the clients of a cache and is part of an access pattern, so that it must not contain *',
    });
  }
}
