import { Duration, Size } from 'aws-cdk-lib';
import { ComparisonOperator, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { CfnNatGateway } from 'aws-cdk-lib/aws-ec2';
import type { CfnServerlessCache } from 'aws-cdk-lib/aws-elasticache';
import type { IDatabaseCluster, IDatabaseProxy } from 'aws-cdk-lib/aws-rds';
import { cacheMetric, clusterMetric, proxyMetric } from '../database/database-metrics';
import { natMetric } from '../network/nat';
import type { Alarms } from './alarms';
import { serviceMetric } from './service-metric';

/** Share of a store's capacity at which an operator should act (catalogue: rds-connections-alarm, aurora-capacity-alarm). */
const FULL_PERCENT = 80;
const ACU_PERCENT = 90;
/** A minute at the ceiling is a burst that the ceiling is for; five in a row are a ceiling that is too low. */
const MINUTES_AT_THE_CEILING = 5;
/** Clients that wait this long on average for a connection of the proxy wait for others to give theirs back. */
const BORROW_LATENCY = Duration.millis(200);
/** Commands that a cache refuses within a minute, for three in a row: its usage limit is reached. */
const THROTTLED_MINUTES = 3;
/** Reads that bypass the cache within five minutes, for three in a row: not one slow lock, but a cache that is unavailable. */
const BYPASSES = { reads: 20, periods: 3 } as const;

/** A NAT gateway that passes on more than this within an hour does what no one declared. */
const NAT_AN_HOUR = Size.gibibytes(10);

/** What an alarm needs to know of a cluster; a `PostgresCluster` is one. */
export interface WatchedCluster {
  readonly cluster: IDatabaseCluster;
  /** Connections that the smallest instance takes at its largest capacity. @default - unknown: no alarm on connections */
  readonly maxConnections?: number;
  /** Whether its instances are of Serverless v2. @default true */
  readonly serverless?: boolean;
}

/** Connections that run out, and capacity at its ceiling. */
export function watchCluster(
  alarms: Alarms,
  id: string,
  { cluster, maxConnections, serverless = true }: WatchedCluster,
): void {
  const { clusterIdentifier } = cluster;
  alarms.markWatched(id, cluster);
  if (maxConnections !== undefined) {
    alarms.add(`${id}Connections`, {
      metric: clusterMetric(clusterIdentifier, 'DatabaseConnections', { statistic: Stats.MAXIMUM }),
      threshold: Math.floor((maxConnections * FULL_PERCENT) / 100),
      periods: 3,
      description: `${id}: ${FULL_PERCENT}% of the ${maxConnections} database connections are in use. At the limit new connections are refused: raise maxCapacity, or lower the concurrency of the clients.`,
      catalogueIds: ['rds-connections-alarm'],
    });
  }
  alarms.add(`${id}Capacity`, {
    metric: clusterMetric(clusterIdentifier, serverless ? 'ACUUtilization' : 'CPUUtilization', {
      statistic: Stats.MAXIMUM,
    }),
    threshold: ACU_PERCENT,
    periods: MINUTES_AT_THE_CEILING,
    description: serverless
      ? `${id}: the database uses ${ACU_PERCENT}% of its maximum capacity and cannot scale further. Raise maxCapacity, or find the expensive queries.`
      : `${id}: an instance of the database uses ${ACU_PERCENT}% of its CPU. Use a larger instance, or find the expensive queries.`,
    catalogueIds: ['aurora-capacity-alarm'],
  });
}

/**
 * How long clients wait for a connection of a proxy: what runs out there is not clients, of which it holds any number, but
 * connections to lend.
 */
export function watchProxy(alarms: Alarms, id: string, proxy: IDatabaseProxy): void {
  alarms.markWatched(id, proxy);
  alarms.add(`${id}BorrowLatency`, {
    // In microseconds, and of use as an average (AWS: monitoring RDS Proxy metrics).
    metric: proxyMetric(proxy.dbProxyName, 'DatabaseConnectionsBorrowLatency', { statistic: Stats.AVERAGE }),
    threshold: BORROW_LATENCY.toMilliseconds() * 1000,
    periods: 3,
    description: `${id}: requests wait ${BORROW_LATENCY.toMilliseconds()} ms on average for a database connection. All connections of the proxy are busy: look for slow queries and long transactions.`,
    catalogueIds: ['rds-connections-alarm', 'rds-proxy-for-many-clients'],
  });
}

/** Clients that a proxy holds at once. @param most that can be: what runs at once, and what each of it opens */
export function watchProxyClients(alarms: Alarms, id: string, proxyName: string, most: number): void {
  alarms.add(`${id}Clients`, {
    // Each host of a proxy counts its own, once a minute; all of them are the sum (AWS: monitoring RDS Proxy metrics).
    metric: proxyMetric(proxyName, 'ClientConnections', { statistic: Stats.SUM }),
    threshold: Math.floor((most * FULL_PERCENT) / 100),
    periods: 3,
    description: `${id}: ${FULL_PERCENT}% of the ${most} client connections that can be open at once are open. Check the traffic, and whether clients close their connections.`,
    catalogueIds: ['rds-connections-alarm'],
  });
}

/** What an alarm needs to know of a cache; a `ValkeyCache` is one. */
export interface WatchedCache {
  readonly cache: CfnServerlessCache;
  /** Maximum size. @default - unknown: no alarm on its memory */
  readonly largest?: Size;
}

/** Throttled commands of a cache, and memory that runs out. Requests are served without the cache, only slower. */
export function watchCache(alarms: Alarms, id: string, { cache, largest }: WatchedCache): void {
  const { serverlessCacheName } = cache;
  alarms.markWatched(id, cache);
  alarms.add(`${id}Throttles`, {
    metric: cacheMetric(serverlessCacheName, 'ThrottledCmds', { statistic: Stats.SUM }),
    threshold: 1,
    periods: THROTTLED_MINUTES,
    description: `${id}: the cache throttles commands at its usage limit, and the database serves those reads. Raise the cache's maximum, or find the hot keys.`,
    catalogueIds: ['cache-aside'],
  });
  if (!alarms.full || largest === undefined) return;
  alarms.add(`${id}Room`, {
    metric: cacheMetric(serverlessCacheName, 'BytesUsedForCache', { statistic: Stats.MAXIMUM }),
    threshold: Math.floor((largest.toBytes() * FULL_PERCENT) / 100),
    periods: 3,
    description: `${id}: ${FULL_PERCENT}% of the cache's memory is used. A full cache evicts keys before they expire: raise its maximum.`,
    catalogueIds: ['cache-aside'],
  });
}

/**
 * Reads that an application answers without its cache, which it counts itself: a cache that is out of reach, or that refuses its
 * login, publishes nothing. Only where alarms are `full`.
 */
export function watchCacheUse(alarms: Alarms, id: string, service: string): void {
  if (!alarms.full) return;
  alarms.add(`${id}Bypasses`, {
    metric: serviceMetric(alarms, service, 'CacheBypasses'),
    threshold: BYPASSES.reads,
    periods: BYPASSES.periods,
    description: `${id}: the application bypasses the cache, and the database serves all reads. The application's log shows why the cache does not answer.`,
    catalogueIds: ['cache-aside'],
  });
}

/**
 * Bytes that leave by a NAT gateway in an hour, and ports that run out.
 *
 * @param hourly the bound of what is meant. @default Size.gibibytes(10): $0.45 in that hour
 */
export function watchNat(alarms: Alarms, id: string, gateway: CfnNatGateway, hourly: Size = NAT_AN_HOUR): void {
  alarms.markWatched(id, gateway);
  const { attrNatGatewayId: natGatewayId } = gateway;
  alarms.add(`${id}Bytes`, {
    metric: natMetric(natGatewayId, 'BytesOutToDestination', { statistic: Stats.SUM, period: Duration.hours(1) }),
    threshold: hourly.toBytes(),
    comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
    description: `${id}: more than ${hourly.toGibibytes()} GiB were sent through the NAT gateway within an hour, at $0.045 for each GiB. Find out which task sends it; VPC endpoints avoid the charge for AWS services.`,
    catalogueIds: ['vpc-nat-bytes-alarm'],
  });
  alarms.add(`${id}Ports`, {
    metric: natMetric(natGatewayId, 'ErrorPortAllocation', { statistic: Stats.SUM }),
    threshold: 1,
    description: `${id}: the NAT gateway has no free port for a destination, and new connections fail. Reuse connections, or spread them over more destinations or gateways.`,
    catalogueIds: ['vpc-nat-bytes-alarm'],
  });
}
