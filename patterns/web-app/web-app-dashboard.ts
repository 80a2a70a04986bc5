import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { cacheMetric, clusterMetric, proxyMetric } from '../../lib/database/database-metrics';
import type { FlowDashboard } from '../../lib/monitoring/dashboard';
import { serviceMetric } from '../../lib/monitoring/service-metric';
import { APPLICATION_SERVICE } from './application-compute';
import { INSPECTION_SERVICE } from './upload-inspection';
import type { WebAppApplication } from './web-app-application';
import type { WebAppData } from './web-app-data';

/** Rows as a request meets them: the API, what runs it, the files, the database, the cache. */
export function showApplication(dashboard: FlowDashboard, application: WebAppApplication, data: WebAppData): void {
  showApi(dashboard, application);
  const { inspector, events } = application.inspection;
  dashboard.addRow({
    title: 'Uploads',
    graphs: {
      'Accepted and rejected files': [
        serviceMetric(inspector, INSPECTION_SERVICE, 'UploadsReady'),
        serviceMetric(inspector, INSPECTION_SERVICE, 'UploadsQuarantined'),
      ],
      'Age of the oldest message': [events.work.queue.metricApproximateAgeOfOldestMessage()],
      'Queue depth and dead letters': [
        events.work.queue.metricApproximateNumberOfMessagesVisible(),
        events.work.deadLetterQueue.metricApproximateNumberOfMessagesVisible(),
        events.undelivered.metricApproximateNumberOfMessagesVisible(),
      ],
      'Errors and throttles': [inspector.function.metricErrors(), inspector.function.metricThrottles()],
    },
  });
  if (data.database !== undefined) showDatabase(dashboard, data);
  if (data.cache !== undefined) {
    const { cacheName } = data.cache;
    dashboard.addRow({
      title: 'Cache',
      graphs: {
        // As the application sees them: a serverless cache publishes no misses (AWS: ElastiCache, serverless metrics).
        'Hits, misses and bypasses': [
          serviceMetric(application, APPLICATION_SERVICE, 'CacheHits'),
          serviceMetric(application, APPLICATION_SERVICE, 'CacheMisses'),
          serviceMetric(application, APPLICATION_SERVICE, 'CacheBypasses'),
        ],
        'Bytes used': [cacheMetric(cacheName, 'BytesUsedForCache', { statistic: Stats.MAXIMUM })],
        'Processing units': [cacheMetric(cacheName, 'ElastiCacheProcessingUnits', { statistic: Stats.SUM })],
        Throttles: [cacheMetric(cacheName, 'ThrottledCmds', { statistic: Stats.SUM })],
      },
    });
  }
}

function showApi(dashboard: FlowDashboard, { lambda, fargate }: WebAppApplication): void {
  if (lambda !== undefined) {
    const { api } = lambda.api;
    const { function: fn } = lambda.application;
    dashboard.addRow({
      title: 'API',
      graphs: {
        Requests: [api.metricCount({ statistic: Stats.SAMPLE_COUNT })],
        'Client errors (4xx) and server errors (5xx)': [api.metricClientError(), api.metricServerError()],
        'Latency p50 and p99': [api.metricLatency({ statistic: 'p50' }), api.metricLatency({ statistic: 'p99' })],
        'Concurrent executions and throttles': [
          fn.metric('ConcurrentExecutions', { statistic: Stats.MAXIMUM }),
          fn.metricThrottles(),
        ],
      },
    });
  }
  if (fargate !== undefined) {
    const { metrics } = fargate.api;
    dashboard.addRow({
      title: 'API',
      graphs: {
        Requests: [metrics.requests],
        'Server errors (5xx) of the tasks and the load balancer': [metrics.serverErrors, metrics.loadBalancerErrors],
        'Latency p99 and unhealthy tasks': [metrics.latencyP99, metrics.unhealthyHosts],
        'CPU and memory': [metrics.cpu, metrics.memory],
      },
    });
  }
}

function showDatabase(dashboard: FlowDashboard, { cluster: { clusterIdentifier }, proxy }: WebAppData): void {
  const most = { statistic: Stats.MAXIMUM };
  dashboard.addRow({
    title: 'Database',
    graphs: {
      'Capacity used (%)': [clusterMetric(clusterIdentifier, 'ACUUtilization', most)],
      Connections: [clusterMetric(clusterIdentifier, 'DatabaseConnections', most)],
      'Replica lag of the readers (ms)': [clusterMetric(clusterIdentifier, 'AuroraReplicaLagMaximum', most)],
      'Deadlocks per second': [clusterMetric(clusterIdentifier, 'Deadlocks', { statistic: Stats.SUM })],
    },
  });
  if (proxy === undefined) return;
  const { dbProxyName } = proxy.proxy;
  dashboard.addRow({
    title: 'Proxy',
    graphs: {
      'Client and database connections': [
        // Over all of its hosts.
        proxyMetric(dbProxyName, 'ClientConnections', { statistic: Stats.SUM }),
        proxyMetric(dbProxyName, 'DatabaseConnections', { statistic: Stats.SUM }),
      ],
      'Connection borrow latency (µs)': [
        proxyMetric(dbProxyName, 'DatabaseConnectionsBorrowLatency', { statistic: Stats.AVERAGE }),
      ],
    },
  });
}
