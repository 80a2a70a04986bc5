import { mustHold, type Rule } from '../rule';

/** Alarm when p99 latency breaks the SLA (e.g. 500 ms). */
export const cwP99LatencyAlarm: Rule = {
  id: 'cw-p99-latency-alarm',
  types: ['AWS::ApiGatewayV2::Api', 'AWS::ApiGateway::RestApi'],
  check: (api, inventory) => {
    const alarms = inventory.alarmsOn('AWS/ApiGateway', 'Latency', api);
    const p99 = alarms.filter((alarm) => JSON.stringify(alarm.properties).includes('"p99"'));
    return mustHold(p99.length > 0, 'no alarm on the p99 of Latency');
  },
};
