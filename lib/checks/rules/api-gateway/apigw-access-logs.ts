import { type Rule, verdict } from '../../rule';

/** Log every request. */
export const apigwAccessLogs: Rule = {
  id: 'apigw-access-logs',
  types: ['AWS::ApiGatewayV2::Stage', 'AWS::ApiGateway::Stage'],
  check: (stage) => {
    const settings = stage.type === 'AWS::ApiGatewayV2::Stage' ? 'AccessLogSettings' : 'AccessLogSetting';
    const format = JSON.stringify(stage.get(`${settings}.Format`) ?? '');
    return verdict([
      !stage.has(`${settings}.DestinationArn`) && 'no access log',
      !/requestId/.test(format) && 'the access log has no $context.requestId',
      !/[lL]atency/.test(format) && 'the access log has no latency',
    ]);
  },
};
