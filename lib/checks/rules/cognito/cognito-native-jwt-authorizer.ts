import type { TemplateResource } from '../../../template/template-resource';
import type { Inventory } from '../../inventory';
import { mustHold, type Rule, type Verdict, verdict } from '../../rule';

/** Of a REST API: with no scopes on a method it takes identity tokens, which are for the app that users sign in to. */
function checkRest(authorizer: TemplateResource, inventory: Inventory): Verdict {
  if (authorizer.literal('Type') !== 'COGNITO_USER_POOLS')
    return mustHold(false, 'a function checks tokens; allowed: Type COGNITO_USER_POOLS');
  const open = inventory
    .ofType('AWS::ApiGateway::Method')
    .filter((method) => inventory.names(method, method.get('AuthorizerId'), authorizer))
    .filter((method) => method.list('AuthorizationScopes').length === 0);
  return verdict([
    authorizer.list('ProviderARNs').length === 0 && 'it names no user pool in ProviderARNs',
    open.length > 0 &&
      `${open.map(({ logicalId }) => logicalId).join(', ')} takes identity tokens; allowed: AuthorizationScopes, so that it takes access tokens`,
  ]);
}

/** Let API Gateway check Cognito JWTs, with no custom code. */
export const cognitoNativeJwtAuthorizer: Rule = {
  id: 'cognito-native-jwt-authorizer',
  types: ['AWS::ApiGatewayV2::Authorizer', 'AWS::ApiGateway::Authorizer'],
  check: (authorizer, inventory) => {
    if (authorizer.type === 'AWS::ApiGateway::Authorizer') return checkRest(authorizer, inventory);
    if (authorizer.literal('AuthorizerType') !== 'JWT')
      return mustHold(false, 'a function checks tokens; allowed: AuthorizerType JWT');
    return verdict([
      !authorizer.has('JwtConfiguration.Issuer') && 'JwtConfiguration has no Issuer',
      authorizer.list('JwtConfiguration.Audience').length === 0 &&
        'JwtConfiguration has no Audience: tokens of other apps pass',
    ]);
  },
};
