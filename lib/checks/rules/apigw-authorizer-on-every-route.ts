import { mustHold, notApplicable, type Rule } from '../rule';

/** Tokens, or the signatures of roles, are checked by the gateway, on every route. */
export const apigwAuthorizerOnEveryRoute: Rule = {
  id: 'apigw-authorizer-on-every-route',
  types: ['AWS::ApiGatewayV2::Route', 'AWS::ApiGateway::Method'],
  check: (route) => {
    if (route.properties['HttpMethod'] === 'OPTIONS') return notApplicable;
    const type = route.literal('AuthorizationType') ?? 'NONE';
    return mustHold(type !== 'NONE', 'anybody may call it: AuthorizationType is NONE');
  },
};
