import { apigwAccessLogs } from '../../../../../lib/checks/rules/api-gateway/apigw-access-logs';
import { att, cases, PARAMETER } from '../../literal-fixture';

const format = '{ "id": "$context.requestId", "ms": "$context.responseLatency" }';

for (const [type, settings] of [
  ['AWS::ApiGatewayV2::Stage', 'AccessLogSettings'],
  ['AWS::ApiGateway::Stage', 'AccessLogSetting'],
] as const) {
  cases(apigwAccessLogs, { Stage: [type, { [settings]: { DestinationArn: att('Log'), Format: format } }] }, [
    ['compliant', 'it logs who asked and how long it took'],
    [
      'compliant',
      'it logs the integration latency',
      { [`Stage.${settings}.Format`]: '$context.requestId $context.integration.latency' },
    ],
    ['violation', 'it logs nowhere', { [`Stage.${settings}.DestinationArn`]: undefined }, 'no access log'],
    ['violation', 'it logs no id', { [`Stage.${settings}.Format`]: '$context.responseLatency' }, '$context.requestId'],
    ['violation', 'it logs no latency', { [`Stage.${settings}.Format`]: '$context.requestId' }, 'no latency'],
    ['violation', 'it says nothing', { [`Stage.${settings}`]: undefined }, ['no access log', 'requestId', 'latency']],
    ['cannot-tell', 'a parameter says it', { [`Stage.${settings}`]: PARAMETER }],
  ]);
}
