import { Size, Stack } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Table, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { CfnServerlessCache } from 'aws-cdk-lib/aws-elasticache';
import { type CfnDBCluster, DatabaseCluster, DatabaseProxy } from 'aws-cdk-lib/aws-rds';
import { cacheMetric, clusterMetric, proxyMetric } from '../../database/database-metrics';
import { maxConnections } from '../../facts/postgres-connections';
import { watchCache, watchCluster, watchProxy } from '../database-alarms';
import type { WatchedKind } from './watched-kind';

const sum = { statistic: Stats.SUM };
const most = { statistic: Stats.MAXIMUM };
const average = { statistic: Stats.AVERAGE };

const tables: WatchedKind = {
  types: ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'],
  find: (table) => {
    if (!(table instanceof Table || table instanceof TableV2)) return undefined;
    return {
      resource: table,
      watch: (alarms, id) => alarms.watchTable(id, table),
      row: {
        title: 'Other tables',
        name: table.tableName,
        graphs: {
          'Consumed read units': table.metricConsumedReadCapacityUnits(),
          'Consumed write units': table.metricConsumedWriteCapacityUnits(),
          'Throttled reads': table.metric('ReadThrottleEvents', sum),
          'Throttled writes': table.metric('WriteThrottleEvents', sum),
        },
      },
    };
  },
};

const clusters: WatchedKind = {
  types: ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance'],
  find: (cluster) => {
    if (!(cluster instanceof DatabaseCluster)) return undefined;
    const { serverlessV2ScalingConfiguration } = cluster.node.defaultChild as CfnDBCluster;
    // CDK knows it when all instances are known.
    const scaling: CfnDBCluster.ServerlessV2ScalingConfigurationProperty | undefined = Stack.of(cluster).resolve(
      serverlessV2ScalingConfiguration,
    );
    const { minCapacity, maxCapacity } = scaling ?? {};
    const serverless = scaling !== undefined;
    const isPostgres = cluster.engine?.engineType === 'aurora-postgresql';
    const connections =
      isPostgres && typeof minCapacity === 'number' && typeof maxCapacity === 'number'
        ? maxConnections(minCapacity, maxCapacity)
        : undefined;
    return {
      resource: cluster,
      watch: (alarms, id) => watchCluster(alarms, id, { cluster, maxConnections: connections, serverless }),
      row: {
        title: 'Other databases',
        name: cluster.clusterIdentifier,
        graphs: {
          'Capacity or CPU used (%)': clusterMetric(
            cluster.clusterIdentifier,
            serverless ? 'ACUUtilization' : 'CPUUtilization',
            most,
          ),
          Connections: clusterMetric(cluster.clusterIdentifier, 'DatabaseConnections', most),
          'Deadlocks per second': clusterMetric(cluster.clusterIdentifier, 'Deadlocks', sum),
        },
      },
    };
  },
};

const proxies: WatchedKind = {
  types: ['AWS::RDS::DBProxy'],
  find: (proxy) => {
    if (!(proxy instanceof DatabaseProxy)) return undefined;
    return {
      resource: proxy,
      watch: (alarms, id) => watchProxy(alarms, id, proxy),
      row: {
        title: 'Other proxies',
        name: proxy.dbProxyName,
        graphs: {
          'Client connections': proxyMetric(proxy.dbProxyName, 'ClientConnections', sum),
          'Database connections': proxyMetric(proxy.dbProxyName, 'DatabaseConnections', sum),
          'Connection borrow latency (µs)': proxyMetric(proxy.dbProxyName, 'DatabaseConnectionsBorrowLatency', average),
        },
      },
    };
  },
};

const caches: WatchedKind = {
  types: ['AWS::ElastiCache::ServerlessCache'],
  find: (cache) => {
    if (!(cache instanceof CfnServerlessCache)) return undefined;
    const { dataStorage } = (cache.cacheUsageLimits ?? {}) as CfnServerlessCache.CacheUsageLimitsProperty;
    const { maximum } = (dataStorage ?? {}) as CfnServerlessCache.DataStorageProperty;
    const largest = maximum === undefined ? undefined : Size.gibibytes(maximum);
    const name = cache.serverlessCacheName;
    return {
      resource: cache,
      watch: (alarms, id) => watchCache(alarms, id, { cache, largest }),
      row: {
        title: 'Other caches',
        name,
        graphs: {
          'Bytes used': cacheMetric(name, 'BytesUsedForCache', most),
          'Processing units': cacheMetric(name, 'ElastiCacheProcessingUnits', sum),
          Throttles: cacheMetric(name, 'ThrottledCmds', sum),
        },
      },
    };
  },
};

/** Tables, databases and caches. */
export const DATABASES: readonly WatchedKind[] = [tables, clusters, proxies, caches];
