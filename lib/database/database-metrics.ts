import { Duration } from 'aws-cdk-lib';
import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';

// The sets of dimensions are those that AWS says are published together; an alarm on another set never fires
// (docs.aws.amazon.com/AmazonRDS: Aurora CloudWatch metrics, monitoring RDS Proxy; docs.aws.amazon.com/AmazonElastiCache:
// serverless metrics).

/** A metric of an Aurora cluster, over all of its instances. */
export function clusterMetric(clusterIdentifier: string, metricName: string, options: MetricOptions): Metric {
  return metric('AWS/RDS', metricName, { DBClusterIdentifier: clusterIdentifier }, options);
}

/** A metric of an RDS Proxy, over all of its endpoints. */
export function proxyMetric(proxyName: string, metricName: string, options: MetricOptions): Metric {
  return metric('AWS/RDS', metricName, { ProxyName: proxyName }, options);
}

/** A metric of a serverless cache. */
export function cacheMetric(cacheName: string, metricName: string, options: MetricOptions): Metric {
  return metric('AWS/ElastiCache', metricName, { clusterId: cacheName }, options);
}

function metric(
  namespace: string,
  metricName: string,
  dimensionsMap: Record<string, string>,
  options: MetricOptions,
): Metric {
  return new Metric({ namespace, metricName, dimensionsMap, period: Duration.minutes(1), ...options });
}
