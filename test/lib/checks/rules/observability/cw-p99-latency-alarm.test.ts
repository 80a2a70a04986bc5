import { cwP99LatencyAlarm } from '../../../../../lib/checks/rules/observability/cw-p99-latency-alarm';
import { alarm, cases, type Literal, ref } from '../../literal-fixture';

const p99 = { ExtendedStatistic: 'p99' };

for (const [type, namespace, metric] of [
  ['AWS::ApiGatewayV2::Api', 'AWS/ApiGateway', 'Latency'],
  ['AWS::ApiGateway::RestApi', 'AWS/ApiGateway', 'Latency'],
  ['AWS::ElasticLoadBalancingV2::LoadBalancer', 'AWS/ApplicationELB', 'TargetResponseTime'],
  ['AWS::CloudFront::Distribution', 'AWS/CloudFront', 'OriginLatency'],
] as const) {
  const says = `no alarm on the p99 of ${metric}`;
  const api: Literal = [type, { DistributionConfig: { Origins: [{ Id: 'api', DomainName: 'example.com' }] } }];
  cases(cwP99LatencyAlarm, { Api: api, Alarm: alarm(namespace, metric, ref('Api'), p99) }, [
    ['compliant', 'it is watched'],
    ['violation', 'nothing is', { Alarm: undefined }, says],
    ['violation', 'the average is', { 'Alarm.ExtendedStatistic': undefined, 'Alarm.Statistic': 'Average' }, says],
    ['violation', 'the p90 is', { 'Alarm.ExtendedStatistic': 'p90' }, says],
    ['violation', 'that of another is', { 'Alarm.Dimensions.0.Value': 'other' }, says],
  ]);
}
cases(cwP99LatencyAlarm, { Api: ['AWS::ApiGatewayV2::Api', { ProtocolType: 'WEBSOCKET' }] }, [
  ['not-applicable', 'it is for sockets'],
]);
cases(cwP99LatencyAlarm, { Balancer: ['AWS::ElasticLoadBalancingV2::LoadBalancer', { Type: 'network' }] }, [
  ['not-applicable', 'it is for TCP'],
]);
