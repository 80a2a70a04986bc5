import { compliant, mustHold, notApplicable, type Rule } from '../../rule';

/**
 * Tokens, or the signatures of roles, are checked by the gateway, on every route. A route that is public on purpose says so in
 * the template, by `"Metadata": { "groundplan": { "public": true } }` on the route or method; by its name alone none is.
 */
export const apigwAuthorizerOnEveryRoute: Rule = {
  id: 'apigw-authorizer-on-every-route',
  types: ['AWS::ApiGatewayV2::Route', 'AWS::ApiGateway::Method'],
  check: (route) => {
    if (route.properties['HttpMethod'] === 'OPTIONS') return notApplicable;
    if (route.declared.public === true) return compliant;
    const type = route.literal('AuthorizationType') ?? 'NONE';
    return mustHold(
      type !== 'NONE',
      'anybody may call it: AuthorizationType is NONE; allowed: an authorizer, or groundplan.public in its metadata',
    );
  },
};
