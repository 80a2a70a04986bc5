import { isWatchedElsewhere, REQUEST_PATHS } from '../../request-path-alarms';
import { mustHold, notApplicable, type Rule } from '../../rule';

/** Metrics of how long an answer takes. */
const LATENCIES: Readonly<Record<string, readonly [namespace: string, metric: string]>> = {
  'AWS::ApiGatewayV2::Api': ['AWS/ApiGateway', 'Latency'],
  'AWS::ApiGateway::RestApi': ['AWS/ApiGateway', 'Latency'],
  'AWS::ElasticLoadBalancingV2::LoadBalancer': ['AWS/ApplicationELB', 'TargetResponseTime'],
  'AWS::CloudFront::Distribution': ['AWS/CloudFront', 'OriginLatency'],
};

export const cwP99LatencyAlarm: Rule = {
  id: 'cw-p99-latency-alarm',
  title: 'An alarm watches the slowest hundredth of the requests',
  why: 'An average hides slow requests: at 200 ms on average, one user in a hundred may wait for ten seconds. The 99th percentile shows them.',
  fix: 'Add an alarm with ExtendedStatistic p99 on Latency of the API, TargetResponseTime of the load balancer, or OriginLatency of the distribution.',
  severity: 'warning',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html',
  example: {
    fixed: {
      Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'orders', ProtocolType: 'HTTP' } },
      Alarm: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          Namespace: 'AWS/ApiGateway',
          MetricName: 'Latency',
          Dimensions: [{ Name: 'ApiId', Value: { Ref: 'Api' } }],
          Threshold: 500,
          ComparisonOperator: 'GreaterThanThreshold',
          ExtendedStatistic: 'p99',
        },
      },
    },
    broken: [
      { Alarm: null },
      { 'Alarm.Properties.ExtendedStatistic': 'p50' },
      { 'Alarm.Properties.ExtendedStatistic': null, 'Alarm.Properties.Statistic': 'Average' },
      { 'Alarm.Properties.MetricName': 'Count' },
    ],
  },
  types: REQUEST_PATHS,
  check: (resource, inventory) => {
    const [namespace, metric] = LATENCIES[resource.type] ?? ['', ''];
    const alarms = inventory.alarmsOn(namespace, metric, resource);
    const p99 = alarms.filter((alarm) => JSON.stringify(alarm.properties).includes('"p99"'));
    if (p99.length === 0 && isWatchedElsewhere(resource, inventory)) return notApplicable;
    return mustHold(p99.length > 0, `no alarm on the p99 of ${metric}`);
  },
};
