import { apigwAuthorizerOnEveryRoute } from '../../../../../lib/checks/rules/api-gateway/apigw-authorizer-on-every-route';
import { cases, PARAMETER } from '../../literal-fixture';

const open = 'AuthorizationType is NONE';

cases(
  apigwAuthorizerOnEveryRoute,
  { Route: ['AWS::ApiGatewayV2::Route', { AuthorizationType: 'JWT', RouteKey: 'GET /' }] },
  [
    ['compliant', 'a token is asked for'],
    ['compliant', 'a signature is asked for', { 'Route.AuthorizationType': 'AWS_IAM' }],
    ['violation', 'nothing is', { 'Route.AuthorizationType': 'NONE' }, open],
    ['violation', 'nothing is said', { 'Route.AuthorizationType': undefined }, open],
    ['cannot-tell', 'a parameter says it', { 'Route.AuthorizationType': PARAMETER }],
    [
      'compliant',
      'it is public on purpose',
      { Route: ['AWS::ApiGatewayV2::Route', {}, { groundplan: { public: true } }] },
    ],
    ['violation', 'it is not', { Route: ['AWS::ApiGatewayV2::Route', {}, { groundplan: { public: false } }] }, open],
  ],
);
cases(
  apigwAuthorizerOnEveryRoute,
  { Method: ['AWS::ApiGateway::Method', { HttpMethod: 'GET', AuthorizationType: 'NONE' }] },
  [
    ['violation', 'anyone may call it', {}, open],
    ['not-applicable', 'it is a preflight request', { 'Method.HttpMethod': 'OPTIONS' }],
  ],
);
