import { numberOf } from '../../../template/template-resource';
import { type Rule, verdict } from '../../rule';

/** Requests per second of an account in a region (API Gateway quotas). */
const ACCOUNT_RATE = 10_000;

interface MethodSetting {
  readonly HttpMethod?: string;
  readonly ResourcePath?: string;
}

/** What single methods of a REST API are held to says nothing of the others. */
function isForAll({ HttpMethod, ResourcePath }: MethodSetting): boolean {
  return HttpMethod === '*' && ResourcePath === '/*';
}

export const apigwThrottling: Rule = {
  id: 'apigw-throttling',
  title: 'Each stage of an API limits its rate and its burst, to at most 10,000 requests a second',
  why: 'All APIs of an account share 10,000 requests a second in a region. Without a limit of its own, one client that floods one API uses them up, and every other API answers 429.',
  fix: 'Set ThrottlingRateLimit and ThrottlingBurstLimit in DefaultRouteSettings of the stage, or in MethodSettings for all methods of a REST API.',
  severity: 'warning',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html',
  example: {
    fixed: {
      Stage: {
        Type: 'AWS::ApiGatewayV2::Stage',
        Properties: {
          StageName: '$default',
          DefaultRouteSettings: { ThrottlingRateLimit: 10_000, ThrottlingBurstLimit: 5000 },
        },
      },
      RestStage: {
        Type: 'AWS::ApiGateway::Stage',
        Properties: {
          StageName: 'live',
          MethodSettings: [
            { HttpMethod: '*', ResourcePath: '/*', ThrottlingRateLimit: 10_000, ThrottlingBurstLimit: 5000 },
          ],
        },
      },
    },
    broken: [
      { 'Stage.Properties.DefaultRouteSettings': null },
      { 'Stage.Properties.DefaultRouteSettings.ThrottlingRateLimit': null },
      { 'Stage.Properties.DefaultRouteSettings.ThrottlingRateLimit': 10_001 },
      { 'Stage.Properties.DefaultRouteSettings.ThrottlingBurstLimit': null },
      { 'RestStage.Properties.MethodSettings': null },
      { 'RestStage.Properties.MethodSettings.0.ThrottlingRateLimit': 10_001 },
      { 'RestStage.Properties.MethodSettings.0.HttpMethod': 'GET' },
    ],
  },
  types: ['AWS::ApiGatewayV2::Stage', 'AWS::ApiGateway::Stage'],
  check: (stage) => {
    const settings =
      stage.type === 'AWS::ApiGatewayV2::Stage'
        ? stage.literal('DefaultRouteSettings')
        : stage.maps<MethodSetting>('MethodSettings').find(isForAll);
    const { ThrottlingRateLimit, ThrottlingBurstLimit } = (settings ?? {}) as Record<string, unknown>;
    const rate = numberOf(ThrottlingRateLimit, 'ThrottlingRateLimit');
    return verdict([
      rate === undefined && 'no ThrottlingRateLimit: one client can use up the account',
      ThrottlingBurstLimit === undefined && 'no ThrottlingBurstLimit',
      rate !== undefined &&
        rate > ACCOUNT_RATE &&
        `ThrottlingRateLimit is ${rate}; allowed: at most the account's ${ACCOUNT_RATE}`,
    ]);
  },
};
