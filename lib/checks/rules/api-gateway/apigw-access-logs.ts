import { type Rule, verdict } from '../../rule';

export const apigwAccessLogs: Rule = {
  id: 'apigw-access-logs',
  title: 'Each stage of an API logs every request with its id and its latency',
  why: 'Without an access log you cannot say who called what, or which requests were slow. The request id is what leads from an answer to the logs of the function behind it.',
  fix: 'Set AccessLogSettings (AccessLogSetting of a REST API) with the ARN of a log group and a Format with $context.requestId and $context.responseLatency.',
  severity: 'warning',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html',
  example: {
    fixed: {
      Stage: {
        Type: 'AWS::ApiGatewayV2::Stage',
        Properties: {
          StageName: '$default',
          AccessLogSettings: {
            DestinationArn: { 'Fn::GetAtt': ['Log', 'Arn'] },
            Format: '{"id":"$context.requestId","status":"$context.status","ms":"$context.responseLatency"}',
          },
        },
      },
      Log: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 30 } },
    },
    broken: [
      { 'Stage.Properties.AccessLogSettings': null },
      { 'Stage.Properties.AccessLogSettings.DestinationArn': null },
      {
        'Stage.Properties.AccessLogSettings.Format': '{"status":"$context.status","ms":"$context.responseLatency"}',
      },
      { 'Stage.Properties.AccessLogSettings.Format': '{"id":"$context.requestId","status":"$context.status"}' },
    ],
  },
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
