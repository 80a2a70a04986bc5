import type { TemplateResource } from '../../../template/template-resource';
import type { Inventory } from '../../inventory';
import { mustHold, type Rule, type Verdict, verdict } from '../../rule';

/** Of a REST API: with no scopes on a method it takes identity tokens, which are for the app that users sign in to. */
function checkRest(authorizer: TemplateResource, inventory: Inventory): Verdict {
  if (authorizer.literal('Type') !== 'COGNITO_USER_POOLS')
    return mustHold(false, 'a function checks tokens; allowed: Type COGNITO_USER_POOLS');
  const open = inventory
    .referrers('AWS::ApiGateway::Method', 'AuthorizerId', authorizer)
    .filter((method) => method.list('AuthorizationScopes').length === 0);
  return verdict([
    authorizer.list('ProviderARNs').length === 0 && 'it names no user pool in ProviderARNs',
    open.length > 0 &&
      `${open.map(({ logicalId }) => logicalId).join(', ')} takes identity tokens; allowed: AuthorizationScopes, so that it takes access tokens`,
  ]);
}

export const cognitoNativeJwtAuthorizer: Rule = {
  id: 'cognito-native-jwt-authorizer',
  title: 'API Gateway checks tokens itself, and takes those of one issuer for one app',
  why: 'Code that checks tokens forgets a claim sooner or later. Without an audience, a token that another app of the same user pool got opens this API, too.',
  fix: 'Use an authorizer of type JWT with Issuer and Audience (HttpUserPoolAuthorizer in the CDK), or COGNITO_USER_POOLS with AuthorizationScopes on each method of a REST API.',
  severity: 'warning',
  profile: 'security',
  address: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html',
  example: {
    fixed: {
      Authorizer: {
        Type: 'AWS::ApiGatewayV2::Authorizer',
        Properties: {
          AuthorizerType: 'JWT',
          IdentitySource: ['$request.header.Authorization'],
          JwtConfiguration: {
            Issuer: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI',
            Audience: [{ Ref: 'App' }],
          },
        },
      },
      App: { Type: 'AWS::Cognito::UserPoolClient', Properties: { UserPoolId: 'eu-west-1_AbCdEfGhI' } },
      RestAuthorizer: {
        Type: 'AWS::ApiGateway::Authorizer',
        Properties: {
          Type: 'COGNITO_USER_POOLS',
          ProviderARNs: ['arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_AbCdEfGhI'],
        },
      },
      Method: {
        Type: 'AWS::ApiGateway::Method',
        Properties: {
          HttpMethod: 'GET',
          AuthorizationType: 'COGNITO_USER_POOLS',
          AuthorizerId: { Ref: 'RestAuthorizer' },
          AuthorizationScopes: ['shop/read'],
        },
      },
    },
    broken: [
      { 'Authorizer.Properties.AuthorizerType': 'REQUEST' },
      { 'Authorizer.Properties.JwtConfiguration': null },
      { 'Authorizer.Properties.JwtConfiguration.Issuer': null },
      { 'Authorizer.Properties.JwtConfiguration.Audience': null },
      { 'RestAuthorizer.Properties.Type': 'TOKEN' },
      { 'RestAuthorizer.Properties.ProviderARNs': null },
      { 'Method.Properties.AuthorizationScopes': null },
    ],
  },
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
