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

export const cwErrorRateAlarm: Rule = {
  id: 'cw-error-rate-alarm',
  title: 'An alarm watches the share of requests that end in a server error',
  why: 'A number of errors means little: 10 are an outage at night, and noise at noon. Without an alarm on the share, users see errors long before you do.',
  fix: 'Add an alarm on the expression 100 * errors / requests of the API or load balancer, with a Threshold of 1 percent; for CloudFront, one on 5xxErrorRate.',
  severity: 'warning',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html',
  example: {
    fixed: {
      Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'orders', ProtocolType: 'HTTP' } },
      Alarm: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          Metrics: [
            { Id: 'share', Expression: '100 * errors / requests' },
            {
              Id: 'errors',
              ReturnData: false,
              MetricStat: {
                Metric: {
                  Namespace: 'AWS/ApiGateway',
                  MetricName: '5xx',
                  Dimensions: [{ Name: 'ApiId', Value: { Ref: 'Api' } }],
                },
                Period: 300,
                Stat: 'Sum',
              },
            },
            {
              Id: 'requests',
              ReturnData: false,
              MetricStat: {
                Metric: {
                  Namespace: 'AWS/ApiGateway',
                  MetricName: 'Count',
                  Dimensions: [{ Name: 'ApiId', Value: { Ref: 'Api' } }],
                },
                Period: 300,
                Stat: 'Sum',
              },
            },
          ],
          Threshold: 1,
          ComparisonOperator: 'GreaterThanThreshold',
        },
      },
    },
    broken: [
      { Alarm: null },
      { 'Alarm.Properties.Metrics.0.Expression': null },
      { 'Alarm.Properties.Metrics.1.MetricStat.Metric.MetricName': '4xx' },
    ],
  },
  types: REQUEST_PATHS,
  check: (resource, inventory) => {
    const watched = watches(resource, inventory);
    if (!watched && isWatchedElsewhere(resource, inventory)) return notApplicable;
    return mustHold(watched, 'no alarm on the share of requests that end in a 5xx');
  },
};
