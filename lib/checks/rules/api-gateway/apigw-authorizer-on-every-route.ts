import { compliant, mustHold, notApplicable, type Rule } from '../../rule';

/**
 * Tokens, or the signatures of roles, are checked by the gateway, on every route. A route that is public on purpose says so in
 * the template, by `"Metadata": { "groundplan": { "public": true } }` on the route or method; by its name alone none is.
 */
export const apigwAuthorizerOnEveryRoute: Rule = {
  id: 'apigw-authorizer-on-every-route',
  title: 'Each route of an API asks for a token or a signature, unless it is public on purpose',
  why: 'A route without an authorizer runs your code for anyone who finds its address, at your cost and with the permissions of the function.',
  fix: 'Set AuthorizationType to JWT or AWS_IAM (defaultAuthorizer of HttpApi in the CDK), or declare the route public with Metadata.groundplan.public.',
  severity: 'error',
  profile: 'security',
  address: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control.html',
  example: {
    fixed: {
      Orders: {
        Type: 'AWS::ApiGatewayV2::Route',
        Properties: { RouteKey: 'POST /orders', AuthorizationType: 'JWT', AuthorizerId: { Ref: 'Authorizer' } },
      },
      Health: {
        Type: 'AWS::ApiGatewayV2::Route',
        Properties: { RouteKey: 'GET /health' },
        Metadata: { groundplan: { public: true } },
      },
      Authorizer: { Type: 'AWS::ApiGatewayV2::Authorizer', Properties: { AuthorizerType: 'JWT' } },
    },
    broken: [
      { 'Orders.Properties.AuthorizationType': null },
      { 'Orders.Properties.AuthorizationType': 'NONE' },
      { 'Health.Metadata': null },
      {
        Orders: {
          Type: 'AWS::ApiGateway::Method',
          Properties: { HttpMethod: 'POST', AuthorizationType: 'NONE' },
        },
      },
    ],
  },
  types: ['AWS::ApiGatewayV2::Route', 'AWS::ApiGateway::Method'],
  check: (route) => {
    if (route.properties['HttpMethod'] === 'OPTIONS') return notApplicable;
    if (route.declared.public === true) return compliant;
    const type = route.literal('AuthorizationType') ?? 'NONE';
    return mustHold(
      type !== 'NONE',
      'anyone may call it: AuthorizationType is NONE; allowed: an authorizer, or groundplan.public in its metadata',
    );
  },
};
