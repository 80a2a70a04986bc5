import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';

/** A count that our code sends (lib/runtime/observability). @param service its name in metrics */
export function serviceMetric(service: string, metricName: string): Metric {
  return new Metric({
    namespace: 'Groundplan',
    metricName,
    statistic: 'Sum',
    period: Duration.minutes(5),
    dimensionsMap: { service },
  });
}
