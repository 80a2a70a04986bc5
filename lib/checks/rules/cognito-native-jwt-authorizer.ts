import { mustHold, type Rule, verdict } from '../rule';

/** Let API Gateway check Cognito JWTs, with no custom code. */
export const cognitoNativeJwtAuthorizer: Rule = {
  id: 'cognito-native-jwt-authorizer',
  types: ['AWS::ApiGatewayV2::Authorizer'],
  check: (authorizer) => {
    if (authorizer.literal('AuthorizerType') !== 'JWT')
      return mustHold(false, 'a function checks tokens; allowed: AuthorizerType JWT');
    return verdict([
      !authorizer.has('JwtConfiguration.Issuer') && 'JwtConfiguration has no Issuer',
      authorizer.list('JwtConfiguration.Audience').length === 0 &&
        'JwtConfiguration has no Audience: tokens of other apps pass',
    ]);
  },
};
