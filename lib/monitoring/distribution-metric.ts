import { Duration } from 'aws-cdk-lib';
import type { IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import { Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';

/** Where CloudFront publishes its metrics; an alarm reads its own region alone. */
export const DISTRIBUTION_METRICS_REGION = 'us-east-1';

/**
 * A metric of a distribution, over five minutes (docs.aws.amazon.com/AmazonCloudFront: programming-cloudwatch-metrics). A rate has an
 * average, all else a sum. Not that of CDK's distribution, which lacks the dimension `Region` and is empty (aws-cdk #19245).
 */
export function distributionMetric(
  { distributionId }: IDistribution,
  metricName: string,
  options: MetricOptions = {},
): Metric {
  return new Metric({
    namespace: 'AWS/CloudFront',
    metricName,
    dimensionsMap: { DistributionId: distributionId, Region: 'Global' },
    statistic: metricName.endsWith('Rate') ? Stats.AVERAGE : Stats.SUM,
    period: Duration.minutes(5),
    region: DISTRIBUTION_METRICS_REGION,
    ...options,
  });
}
