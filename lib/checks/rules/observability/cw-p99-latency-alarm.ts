import { isWatchedElsewhere, REQUEST_PATHS } from '../../request-path-alarms';
import { mustHold, notApplicable, type Rule } from '../../rule';

/** Metrics of how long an answer takes. */
const LATENCIES: Readonly<Record<string, readonly [namespace: string, metric: string]>> = {
  'AWS::ApiGatewayV2::Api': ['AWS/ApiGateway', 'Latency'],
  'AWS::ApiGateway::RestApi': ['AWS/ApiGateway', 'Latency'],
  'AWS::ElasticLoadBalancingV2::LoadBalancer': ['AWS/ApplicationELB', 'TargetResponseTime'],
  'AWS::CloudFront::Distribution': ['AWS/CloudFront', 'OriginLatency'],
};

/** Alarm when p99 latency breaks the SLA (e.g. 500 ms). */
export const cwP99LatencyAlarm: Rule = {
  id: 'cw-p99-latency-alarm',
  types: REQUEST_PATHS,
  check: (resource, inventory) => {
    const [namespace, metric] = LATENCIES[resource.type] ?? ['', ''];
    const alarms = inventory.alarmsOn(namespace, metric, resource);
    const p99 = alarms.filter((alarm) => JSON.stringify(alarm.properties).includes('"p99"'));
    if (p99.length === 0 && isWatchedElsewhere(resource, inventory)) return notApplicable;
    return mustHold(p99.length > 0, `no alarm on the p99 of ${metric}`);
  },
};
