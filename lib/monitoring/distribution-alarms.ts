import { Duration, Stack } from 'aws-cdk-lib';
import type { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { ComparisonOperator, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { warn } from '../validation/refuse';
import type { Alarms } from './alarms';
import { DISTRIBUTION_METRICS_REGION, distributionMetric } from './distribution-metric';
import { THRESHOLDS } from './thresholds';

/**
 * Error rate of a distribution. CloudFront publishes it in us-east-1 alone, so that in another region there is a warning instead:
 * the alarms of the API behind the distribution are then what counts errors.
 */
export function watchDistribution(alarms: Alarms, id: string, distribution: Distribution): void {
  alarms.markWatched(id, distribution);
  if (Stack.of(alarms).region !== DISTRIBUTION_METRICS_REGION) {
    warn(
      distribution,
      'cw-error-rate-alarm',
      `No alarm of this stack can watch the distribution: CloudFront publishes its metrics in ${DISTRIBUTION_METRICS_REGION}. Add an alarm in a stack of that region, or call leaveWithoutAlarms(distribution, reason).`,
    );
    return;
  }
  const period = Duration.minutes(5);
  alarms.add(`${id}EdgeErrorRate`, {
    metric: new MathExpression({
      expression: `IF(requests >= ${THRESHOLDS.errorRateRequestFloor}, errors, 0)`,
      usingMetrics: {
        errors: distributionMetric(distribution, '5xxErrorRate'),
        requests: distributionMetric(distribution, 'Requests'),
      },
      label: '5xx share of requests (%)',
      period,
    }),
    threshold: THRESHOLDS.errorRatePercent,
    comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
    description: `${id}: CloudFront answers more than ${THRESHOLDS.errorRatePercent}% of requests with a server error (5xx). Check whether its origins answer; the access logs show the requests.`,
    catalogueIds: ['cw-error-rate-alarm'],
  });
}
