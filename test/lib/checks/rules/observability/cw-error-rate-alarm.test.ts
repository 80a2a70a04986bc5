import { cwErrorRateAlarm } from '../../../../../lib/checks/rules/observability/cw-error-rate-alarm';
import { alarm, type Case, cases, type Literal, type Literals, ref } from '../../literal-fixture';

const rate = (
  namespace: string,
  metric: string,
  Value: unknown,
  more: object[] = [{ Id: 'share', Expression: '100 * e / a' }],
): Literal => [
  'AWS::CloudWatch::Alarm',
  {
    Metrics: [
      ...more,
      {
        Id: 'e',
        MetricStat: { Metric: { Namespace: namespace, MetricName: metric, Dimensions: [{ Name: 'Id', Value }] } },
      },
    ],
  },
];
const says = 'no alarm on the share of requests that end in a 5xx';

for (const [type, namespace, ...metrics] of [
  ['AWS::ApiGatewayV2::Api', 'AWS/ApiGateway', '5xx'],
  ['AWS::ApiGateway::RestApi', 'AWS/ApiGateway', '5XXError'],
  [
    'AWS::ElasticLoadBalancingV2::LoadBalancer',
    'AWS/ApplicationELB',
    'HTTPCode_Target_5XX_Count',
    'HTTPCode_ELB_5XX_Count',
  ],
] as const) {
  for (const metric of metrics) {
    cases(cwErrorRateAlarm, { Api: [type, {}], Alarm: rate(namespace, metric, ref('Api')) }, [
      ['compliant', `the share of ${metric} is watched`],
      ['violation', 'nothing is', { Alarm: undefined }, says],
      ['violation', 'their number is', { Alarm: rate(namespace, metric, ref('Api'), []) }, says],
      ['violation', 'that of another is', { Alarm: rate(namespace, metric, 'other') }, says],
    ]);
  }
}
cases(cwErrorRateAlarm, { Api: ['AWS::ApiGatewayV2::Api', {}] }, [
  ['not-applicable', 'it is for sockets', { 'Api.ProtocolType': 'WEBSOCKET' }],
]);
cases(cwErrorRateAlarm, { Balancer: ['AWS::ElasticLoadBalancingV2::LoadBalancer', {}] }, [
  ['violation', 'it is for requests', { 'Balancer.Type': 'application' }, says],
  ['not-applicable', 'it is for TCP', { 'Balancer.Type': 'network' }],
]);

const site: Literals = {
  Site: [
    'AWS::CloudFront::Distribution',
    { DistributionConfig: { Origins: [{ Id: 'api', DomainName: 'example.com' }] } },
  ],
};
cases(cwErrorRateAlarm, site, [
  ['violation', 'nothing is watched', {}, says],
  ...['5xxErrorRate', 'TotalErrorRate'].map(
    (metric): Case => ['compliant', `${metric} is`, { Alarm: alarm('AWS/CloudFront', metric, ref('Site')) }],
  ),
  ['violation', 'something else is', { Alarm: alarm('AWS/CloudFront', '4xxErrorRate', ref('Site')) }, says],
]);
