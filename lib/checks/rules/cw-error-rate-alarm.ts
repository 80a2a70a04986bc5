import { mustHold, type Rule } from '../rule';

/** Alarm when 5xx exceeds 1% of requests. */
export const cwErrorRateAlarm: Rule = {
  id: 'cw-error-rate-alarm',
  types: ['AWS::ApiGatewayV2::Api', 'AWS::ApiGateway::RestApi'],
  check: (api, inventory) => {
    const alarms = [
      ...inventory.alarmsOn('AWS/ApiGateway', '5xx', api),
      ...inventory.alarmsOn('AWS/ApiGateway', '5XXError', api),
    ];
    const rates = alarms.filter((alarm) =>
      alarm.list('Metrics').some((query) => (query as { Expression?: string }).Expression !== undefined),
    );
    return mustHold(rates.length > 0, 'no alarm on the share of requests that end in a 5xx');
  },
};
