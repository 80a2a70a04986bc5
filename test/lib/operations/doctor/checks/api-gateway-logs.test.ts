import { describe, expect, it } from 'vitest';
import { apiGatewayLogs } from '../../../../../lib/operations/doctor/checks/api-gateway-logs';
import { denied } from '../account-fixture';
import { type Resources, useDoctor } from '../doctor-fixture';

const { told } = useDoctor();
const stage = (Properties: object): Resources => ({ Stage: { Type: 'AWS::ApiGateway::Stage', Properties } });
const LOGGING = stage({ MethodSettings: [{ LoggingLevel: 'OFF' }, { LoggingLevel: 'ERROR' }] });
const ACCESS = stage({ AccessLogSetting: { DestinationArn: 'x' } });
const none = { 'apigateway:GET': () => ({}) };

describe("API Gateway's role for logs", () => {
  it.each([
    [LOGGING, {}, ['ok']],
    [LOGGING, none, ['will-fail']],
    [ACCESS, none, ['will-fail']],
    [LOGGING, { 'apigateway:GET': () => ({ cloudwatchRoleArn: '' }) }, ['will-fail']],
    [LOGGING, { 'apigateway:GET': () => ({ cloudwatchRoleArn: null }) }, ['will-fail']],
    [stage({}), none, []],
    [stage({ MethodSettings: [{ LoggingLevel: 'OFF' }, {}] }), none, []],
    [{ ...LOGGING, Account: { Type: 'AWS::ApiGateway::Account' } }, none, []],
  ])('%#: %j', async (resources, answers, expected) => {
    expect((await told(apiGatewayLogs.id, resources, answers)).map(({ is }) => is)).toEqual(expected);
  });

  it('is set by a command, and cannot be told without permission', async () => {
    const [found] = await told(apiGatewayLogs.id, LOGGING, none);
    expect(found?.commands).toEqual([
      expect.stringMatching(/^aws apigateway update-account --region eu-west-1 --patch-operations /),
    ]);
    expect(await told(apiGatewayLogs.id, LOGGING, { 'apigateway:GET': denied })).toMatchObject([
      { is: 'cannot-tell', reason: 'no permission for apigateway:GET in eu-west-1' },
    ]);
  });
});
