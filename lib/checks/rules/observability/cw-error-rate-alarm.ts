import type { TemplateResource } from '../../../template/template-resource';
import type { Inventory } from '../../inventory';
import { isWatchedElsewhere, REQUEST_PATHS } from '../../request-path-alarms';
import { mustHold, notApplicable, type Rule } from '../../rule';

/** Metrics that count answers with a 5xx. */
const COUNTS: Readonly<Record<string, readonly [namespace: string, ...metrics: string[]]>> = {
  'AWS::ApiGatewayV2::Api': ['AWS/ApiGateway', '5xx'],
  'AWS::ApiGateway::RestApi': ['AWS/ApiGateway', '5XXError'],
  'AWS::ElasticLoadBalancingV2::LoadBalancer': [
    'AWS/ApplicationELB',
    'HTTPCode_Target_5XX_Count',
    'HTTPCode_ELB_5XX_Count',
  ],
};
/** CloudFront's metric is the share itself. */
const SHARES: readonly [namespace: string, ...metrics: string[]] = ['AWS/CloudFront', '5xxErrorRate', 'TotalErrorRate'];

function isRate(alarm: TemplateResource): boolean {
  return alarm.list('Metrics').some((query) => (query as { Expression?: string }).Expression !== undefined);
}

function watches(resource: TemplateResource, inventory: Inventory): boolean {
  const counts = COUNTS[resource.type];
  const [namespace, ...metrics] = counts ?? SHARES;
  const alarms = metrics.flatMap((metric) => inventory.alarmsOn(namespace, metric, resource));
  return counts === undefined ? alarms.length > 0 : alarms.some(isRate);
}

/** Alarm when 5xx exceeds 1% of requests. */
export const cwErrorRateAlarm: Rule = {
  id: 'cw-error-rate-alarm',
  types: REQUEST_PATHS,
  check: (resource, inventory) => {
    const watched = watches(resource, inventory);
    if (!watched && isWatchedElsewhere(resource, inventory)) return notApplicable;
    return mustHold(watched, 'no alarm on the share of requests that end in a 5xx');
  },
};
