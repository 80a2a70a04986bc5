import { cognitoNativeJwtAuthorizer } from '../../../../../lib/checks/rules/cognito/cognito-native-jwt-authorizer';
import { cases, type Literals, PARAMETER, ref } from '../../literal-fixture';

const JWT = 'Authorizer.JwtConfiguration';
const http: Literals = {
  Authorizer: [
    'AWS::ApiGatewayV2::Authorizer',
    { AuthorizerType: 'JWT', JwtConfiguration: { Issuer: 'https://sso.example.com', Audience: ['shop'] } },
  ],
};
cases(cognitoNativeJwtAuthorizer, http, [
  ['compliant', 'the gateway checks tokens'],
  [
    'violation',
    'a function does',
    { 'Authorizer.AuthorizerType': 'REQUEST' },
    'a function checks tokens; allowed: AuthorizerType JWT',
  ],
  ['violation', 'any issuer may', { [`${JWT}.Issuer`]: undefined }, 'no Issuer'],
  ['violation', 'any app may', { [`${JWT}.Audience`]: [] }, 'no Audience'],
  ['violation', 'nothing is said', { [JWT]: undefined }, ['no Issuer', 'no Audience']],
  ['cannot-tell', 'a parameter says it', { 'Authorizer.AuthorizerType': PARAMETER }],
]);

const rest: Literals = {
  Authorizer: ['AWS::ApiGateway::Authorizer', { Type: 'COGNITO_USER_POOLS', ProviderARNs: ['arn'] }],
  Method: ['AWS::ApiGateway::Method', { AuthorizerId: ref('Authorizer'), AuthorizationScopes: ['shop/read'] }],
};
cases(cognitoNativeJwtAuthorizer, rest, [
  ['compliant', 'access tokens are taken'],
  ['violation', 'a function checks', { 'Authorizer.Type': 'TOKEN' }, 'allowed: Type COGNITO_USER_POOLS'],
  ['violation', 'no pool is named', { 'Authorizer.ProviderARNs': [] }, 'no user pool in ProviderARNs'],
  ['violation', 'a method takes identity tokens', { 'Method.AuthorizationScopes': [] }, 'Method takes identity tokens'],
  ['compliant', 'a method of another does', { 'Method.AuthorizationScopes': [], 'Method.AuthorizerId': 'other' }],
]);
