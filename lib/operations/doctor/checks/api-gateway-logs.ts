import type { TemplateResource } from '../../../template/template-resource';
import { type Check, ok, willFail } from '../question';

/** Whether API Gateway has a role to write logs with, where a REST API's stage wants logs (AWS: API Gateway, CloudWatch logging). */
export const apiGatewayLogs: Check = {
  id: 'api-gateway-logs',
  questions: (place) => {
    const stages = place.ofType('AWS::ApiGateway::Stage').filter(wantsLogs);
    // A template that sets the account's role itself needs none before.
    if (stages.length === 0 || place.ofType('AWS::ApiGateway::Account').length > 0) return [];
    return [
      {
        subject: 'role for logs',
        resources: stages,
        ask: async (aws) => {
          const { cloudwatchRoleArn: role } = await aws.call('apigateway:GET');
          if (typeof role === 'string' && role !== '') return ok(role);
          return willFail(
            'API Gateway has no role for logs in this region: "CloudWatch Logs role ARN must be set in account settings to enable logging"',
            `aws apigateway update-account --region ${place.region} --patch-operations op=replace,path=/cloudwatchRoleArn,value=<ARN of a ` +
              'role with AmazonAPIGatewayPushToCloudWatchLogs>',
          );
        },
      },
    ];
  },
};

function wantsLogs({ properties }: TemplateResource): boolean {
  const { AccessLogSetting, MethodSettings } = properties;
  const settings = Array.isArray(MethodSettings) ? (MethodSettings as readonly unknown[]) : [];
  const logs = settings.some((each) => {
    const { LoggingLevel = 'OFF' } = (each ?? {}) as { readonly LoggingLevel?: unknown };
    return LoggingLevel !== 'OFF';
  });
  return AccessLogSetting !== undefined || logs;
}
