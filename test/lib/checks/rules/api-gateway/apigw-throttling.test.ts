import { apigwThrottling } from '../../../../../lib/checks/rules/api-gateway/apigw-throttling';
import { bounds, cases, type Literals, PARAMETER } from '../../literal-fixture';

const limits = { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 };
const http: Literals = { Stage: ['AWS::ApiGatewayV2::Stage', { DefaultRouteSettings: limits }] };
const all = { HttpMethod: '*', ResourcePath: '/*', ...limits };
const rest: Literals = { Stage: ['AWS::ApiGateway::Stage', { MethodSettings: [all] }] };
const unlimited = ['no ThrottlingRateLimit', 'no ThrottlingBurstLimit'];
const says = "allowed: at most the account's 10000";

bounds(apigwThrottling, http, 'Stage.DefaultRouteSettings.ThrottlingRateLimit', {
  max: 10_000,
  unset: 'violation',
  says,
});
bounds(apigwThrottling, rest, 'Stage.MethodSettings.0.ThrottlingRateLimit', { max: 10_000, unset: 'violation', says });
cases(apigwThrottling, http, [
  ['violation', 'no burst is set', { 'Stage.DefaultRouteSettings.ThrottlingBurstLimit': undefined }, 'BurstLimit'],
  ['violation', 'no rate is set', { 'Stage.DefaultRouteSettings.ThrottlingRateLimit': undefined }, 'RateLimit'],
  ['violation', 'nothing is set', { 'Stage.DefaultRouteSettings': undefined }, unlimited],
  ['cannot-tell', 'a parameter says it', { 'Stage.DefaultRouteSettings': PARAMETER }],
]);
cases(apigwThrottling, rest, [
  ['compliant', 'one method has more', { 'Stage.MethodSettings': [{ HttpMethod: 'GET', ResourcePath: '/a' }, all] }],
  ['violation', 'it is one method alone', { 'Stage.MethodSettings.0.HttpMethod': 'GET' }, unlimited],
  ['violation', 'it is one path alone', { 'Stage.MethodSettings.0.ResourcePath': '/a' }, unlimited],
  ['violation', 'nothing is set', { 'Stage.MethodSettings': undefined }, unlimited],
]);
