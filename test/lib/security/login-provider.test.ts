import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { describe, expect, it } from 'vitest';
import { LoginProvider, LoginProviders } from '../../../lib';
import { resourcesOf, testApp } from '../../synthesize';

const ARN = 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:idp-AbCdEf';
const METADATA_URL = 'https://login.example.com/metadata.xml';
const XML = '<EntityDescriptor entityID="https://login.example.com"/>';

function fixture(make: (stack: Stack) => readonly LoginProvider[]) {
  const stack = new Stack(testApp(), 'Mine');
  const userPool = new UserPool(stack, 'Pool');
  const providers = new LoginProviders(stack, 'Providers', { userPool, providers: make(stack) });
  return { stack, providers, template: () => Template.fromStack(stack) };
}
const secretOf = (stack: Stack) => Secret.fromSecretCompleteArn(stack, 'Secret', ARN);
const propertiesOf = (make: (stack: Stack) => LoginProvider) =>
  Object.values(
    resourcesOf(fixture((stack) => [make(stack)]).template(), 'AWS::Cognito::UserPoolIdentityProvider'),
  ).map(({ Properties: { UserPoolId: _, ...rest } }) => rest);

describe('an identity provider', () => {
  it('by SAML is known by its metadata, and maps the address', () => {
    expect(propertiesOf(() => LoginProvider.saml({ name: 'Corp', metadataUrl: METADATA_URL }))).toEqual([
      {
        ProviderName: 'Corp',
        ProviderType: 'SAML',
        ProviderDetails: { MetadataURL: METADATA_URL },
        AttributeMapping: { email: 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress' },
      },
    ]);
    const [own] = propertiesOf(() => LoginProvider.saml({ name: 'Corp', metadata: XML, emailAttribute: 'mail' }));
    expect(own).toMatchObject({ ProviderDetails: { MetadataFile: XML }, AttributeMapping: { email: 'mail' } });
  });

  it('by OIDC has its secret by reference alone', () => {
    const [oidc] = propertiesOf((stack) =>
      LoginProvider.oidc({
        name: 'Corp',
        issuer: 'https://login.example.com',
        clientId: 'client',
        clientSecret: secretOf(stack),
        secretField: 'secret',
      }),
    );
    expect(oidc).toEqual({
      ProviderName: 'Corp',
      ProviderType: 'OIDC',
      ProviderDetails: {
        client_id: 'client',
        client_secret: `{{resolve:secretsmanager:${ARN}:SecretString:secret::}}`,
        oidc_issuer: 'https://login.example.com',
        attributes_request_method: 'GET',
        authorize_scopes: 'openid email',
      },
      AttributeMapping: { email: 'email' },
    });
  });

  it('Google and Apple have the names that Cognito has for them', () => {
    const reference = `{{resolve:secretsmanager:${ARN}:SecretString:::}}`;
    expect(
      propertiesOf((stack) => LoginProvider.google({ clientId: 'client', clientSecret: secretOf(stack) })),
    ).toMatchObject([
      {
        ProviderName: 'Google',
        ProviderType: 'Google',
        ProviderDetails: { client_id: 'client', client_secret: reference },
      },
    ]);
    expect(
      propertiesOf((stack) =>
        LoginProvider.apple({ clientId: 'client', teamId: 'team', keyId: 'key', privateKey: secretOf(stack) }),
      ),
    ).toMatchObject([
      {
        ProviderName: 'SignInWithApple',
        ProviderType: 'SignInWithApple',
        ProviderDetails: { client_id: 'client', team_id: 'team', key_id: 'key', private_key: reference },
      },
    ]);
  });

  const saml = (changes: object) => () => fixture(() => [LoginProvider.saml({ name: 'Corp', ...changes })]);
  it.each([
    [{}, /Corp.metadataUrl is 'undefined'; allowed: exactly one of metadataUrl and metadata/],
    [{ metadataUrl: METADATA_URL, metadata: XML }, /exactly one/],
    [{ metadataUrl: 'http://login.example.com/metadata' }, /Corp.metadataUrl is 'http:.*https:\/\//],
    [{ metadata: 'metadata.xml' }, /Corp.metadata is 'metadata.xml'; allowed: the XML/],
    [{ name: 'ab', metadata: XML }, /name is 'ab'; allowed: 3 to 32/],
    [{ name: 'a'.repeat(33), metadata: XML }, /name is/],
    [{ name: 'Our Corp', metadata: XML }, /name is 'Our Corp'/],
    [{ name: '-Corp', metadata: XML }, /name is '-Corp'/],
    [{ name: 'Google', metadata: XML }, /name is 'Google'; allowed: .* other than cognito/],
    [{ name: 'COGNITO', metadata: XML }, /name is 'COGNITO'/],
  ])('by SAML is not %j', (changes, message) => {
    expect(saml(changes)).toThrow(message);
  });

  it.each(['abc', 'a'.repeat(32), 'Corp-2'])('may be called %s', (name) => {
    expect(saml({ name, metadata: XML })).not.toThrow();
  });

  it.each(['http://login.example.com', 'https://login.example.com/', 'login.example.com', 'https://'])(
    'by OIDC has no issuer %s',
    (issuer) => {
      const build = () =>
        fixture((stack) => [
          LoginProvider.oidc({ name: 'Corp', issuer, clientId: 'c', clientSecret: secretOf(stack) }),
        ]);
      expect(build).toThrow(/Corp.issuer is/);
    },
  );
});
