import { Duration, Stack } from 'aws-cdk-lib';
import { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { expect, it } from 'vitest';
import { distributionMetric } from '../../../lib/monitoring/distribution-metric';

const distribution = Distribution.fromDistributionAttributes(new Stack(), 'Distribution', {
  distributionId: 'E123',
  domainName: 'd123.cloudfront.net',
});

it.each([
  ['5xxErrorRate', 'Average'],
  ['Requests', 'Sum'],
])('has the dimensions and the region that CloudFront has: %s', (name, statistic) => {
  const { namespace, region, dimensions, period, ...metric } = distributionMetric(distribution, name);
  expect({ namespace, region, dimensions }).toEqual({
    namespace: 'AWS/CloudFront',
    region: 'us-east-1',
    dimensions: { DistributionId: 'E123', Region: 'Global' },
  });
  expect([metric.metricName, metric.statistic, period.toSeconds()]).toEqual([name, statistic, 300]);
});

it('takes options of its own', () => {
  const { period, label } = distributionMetric(distribution, 'Requests', { period: Duration.minutes(1), label: 'all' });
  expect([period.toSeconds(), label]).toEqual([60, 'all']);
});
