import { Duration, Stack } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IConstruct } from 'constructs';
import { METRICS_NAMESPACE, MetricDimensions } from '../runtime/contract';

/**
 * A count that our code sends (lib/runtime/observability).
 *
 * @param scope the handler that sends it, or anything in its stack, whose name is a dimension
 * @param service its name in metrics
 */
export function serviceMetric(scope: IConstruct, service: string, metricName: string): Metric {
  return new Metric({
    namespace: METRICS_NAMESPACE,
    metricName,
    statistic: 'Sum',
    period: Duration.minutes(5),
    dimensionsMap: { [MetricDimensions.service]: service, [MetricDimensions.stack]: Stack.of(scope).stackName },
  });
}
