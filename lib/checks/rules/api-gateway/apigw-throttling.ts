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

/** Set stage and route throttles below the 10,000 rps account limit. */
export const apigwThrottling: Rule = {
  id: 'apigw-throttling',
  types: ['AWS::ApiGatewayV2::Stage', 'AWS::ApiGateway::Stage'],
  check: (stage) => {
    const settings =
      stage.type === 'AWS::ApiGatewayV2::Stage'
        ? stage.literal('DefaultRouteSettings')
        : (stage.list('MethodSettings') as MethodSetting[]).find(isForAll);
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
