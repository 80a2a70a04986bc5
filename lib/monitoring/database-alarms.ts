import { Duration, type Size } from 'aws-cdk-lib';
import { ComparisonOperator, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Alarms } from './alarms';
import { cacheMetric, clusterMetric, natMetric, proxyMetric } from './database-metrics';
import { serviceMetric } from './service-metric';

/** Share of what a store can take at which somebody should look (catalogue: rds-connections-alarm, aurora-capacity-alarm). */
const FULL_PERCENT = 80;
const ACU_PERCENT = 90;
/** A minute at the ceiling is a burst that the ceiling is for; five in a row are a ceiling that is too low. */
const MINUTES_AT_THE_CEILING = 5;
/** Clients that wait this long on average for a connection of the proxy wait for others to give theirs back. */
const BORROW_LATENCY = Duration.millis(200);
/** Commands that a cache refuses within a minute, for three in a row: its usage limit is reached. */
const THROTTLED_MINUTES = 3;
/** Reads that go past the cache within five minutes, for three in a row: it is not one slow lock, it is away. */
const BYPASSES = { reads: 20, periods: 3 } as const;

/** What an alarm needs to know of a cluster. */
export interface WatchedCluster {
  readonly clusterIdentifier: string;
  /** Connections that the smallest instance takes at its largest capacity. */
  readonly maxConnections: number;
}

/** Connections that run out, and capacity at its ceiling. */
export function watchCluster(alarms: Alarms, id: string, { clusterIdentifier, maxConnections }: WatchedCluster): void {
  alarms.add(`${id}Connections`, {
    metric: clusterMetric(clusterIdentifier, 'DatabaseConnections', { statistic: Stats.MAXIMUM }),
    threshold: Math.floor((maxConnections * FULL_PERCENT) / 100),
    periods: 3,
    description: `${id}: ${FULL_PERCENT}% of the ${maxConnections} connections are in use; the next ones are refused.`,
    catalogueIds: ['rds-connections-alarm'],
  });
  alarms.add(`${id}Capacity`, {
    metric: clusterMetric(clusterIdentifier, 'ACUUtilization', { statistic: Stats.MAXIMUM }),
    threshold: ACU_PERCENT,
    periods: MINUTES_AT_THE_CEILING,
    description: `${id}: the database is at ${ACU_PERCENT}% of its largest capacity and cannot grow: raise maxCapacity.`,
    catalogueIds: ['aurora-capacity-alarm'],
  });
}

/**
 * How long clients wait for a connection of a proxy: what runs out there is not clients, of which it holds any number, but
 * connections to lend.
 */
export function watchProxy(alarms: Alarms, id: string, proxyName: string): void {
  alarms.add(`${id}BorrowLatency`, {
    // In microseconds, and of use as an average (AWS: monitoring RDS Proxy metrics).
    metric: proxyMetric(proxyName, 'DatabaseConnectionsBorrowLatency', { statistic: Stats.AVERAGE }),
    threshold: BORROW_LATENCY.toMilliseconds() * 1000,
    periods: 3,
    description: `${id}: requests wait ${BORROW_LATENCY.toMilliseconds()} ms on average for a database connection.`,
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
    description: `${id}: ${FULL_PERCENT}% of the ${most} connections that its clients may open at once are open.`,
    catalogueIds: ['rds-connections-alarm'],
  });
}

/** What an alarm needs to know of a cache. */
export interface WatchedCache {
  readonly cacheName: string;
  /** What it may grow to. */
  readonly largest: Size;
}

/** Commands that a cache refuses, and room that runs out. Requests go on without it, only slower. */
export function watchCache(alarms: Alarms, id: string, { cacheName, largest }: WatchedCache): void {
  alarms.add(`${id}Throttles`, {
    metric: cacheMetric(cacheName, 'ThrottledCmds', { statistic: Stats.SUM }),
    threshold: 1,
    periods: THROTTLED_MINUTES,
    description: `${id}: the cache refuses commands at its usage limit, and the database answers in its place.`,
    catalogueIds: ['cache-aside'],
  });
  if (!alarms.full) return;
  alarms.add(`${id}Room`, {
    metric: cacheMetric(cacheName, 'BytesUsedForCache', { statistic: Stats.MAXIMUM }),
    threshold: Math.floor((largest.toBytes() * FULL_PERCENT) / 100),
    periods: 3,
    description: `${id}: ${FULL_PERCENT}% of the cache's room is used; keys are evicted before their time when it is full.`,
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
    description: `${id}: the application does without the cache, and the database answers in its place; its log says why.`,
    catalogueIds: ['cache-aside'],
  });
}

/** Bytes that leave by a NAT gateway in an hour, and ports that run out. @param hourly the bound of what is meant */
export function watchNat(alarms: Alarms, id: string, natGatewayId: string, hourly: Size): void {
  alarms.add(`${id}Bytes`, {
    metric: natMetric(natGatewayId, 'BytesOutToDestination', { statistic: Stats.SUM, period: Duration.hours(1) }),
    threshold: hourly.toBytes(),
    comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
    description: `${id}: more than ${hourly.toGibibytes()} GiB left by the NAT gateway within an hour, at $0.045 each.`,
    catalogueIds: ['vpc-nat-bytes-alarm'],
  });
  alarms.add(`${id}Ports`, {
    metric: natMetric(natGatewayId, 'ErrorPortAllocation', { statistic: Stats.SUM }),
    threshold: 1,
    description: `${id}: the NAT gateway has no port left for a destination; connections fail.`,
    catalogueIds: ['vpc-nat-bytes-alarm'],
  });
}
