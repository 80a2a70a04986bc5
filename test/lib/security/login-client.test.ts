import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { describe, expect, it } from 'vitest';
import { LoginClient, LoginProvider, LoginProviders } from '../../../lib';
import { resourcesOf, testApp } from '../../synthesize';

const CORP = LoginProvider.saml({ name: 'Corp', metadataUrl: 'https://login.example.com/metadata.xml' });
const OTHER = LoginProvider.saml({ name: 'Other', metadataUrl: 'https://login.example.org/metadata.xml' });
const URLS = { callbackUrls: ['https://app.example.com/in'], logoutUrls: ['https://app.example.com/'] };

function clientOf(list: readonly LoginProvider[] | undefined, passwordSignIn?: boolean) {
  const stack = new Stack(testApp(), 'Mine');
  const userPool = new UserPool(stack, 'Pool');
  const providers =
    list === undefined ? undefined : new LoginProviders(stack, 'Providers', { userPool, providers: list });
  new LoginClient(stack, 'Client', { userPool, providers, passwordSignIn, ...URLS });
  const template = Template.fromStack(stack);
  const [client] = Object.values(resourcesOf(template, 'AWS::Cognito::UserPoolClient')) as {
    Properties: Record<string, unknown>;
    DependsOn?: string[];
  }[];
  return { client, ids: Object.keys(resourcesOf(template, 'AWS::Cognito::UserPoolIdentityProvider')) };
}

describe('a client of a pool with identity providers', () => {
  it('offers them beside a password, once they are there', () => {
    const { client, ids } = clientOf([CORP, OTHER]);
    expect(client?.Properties['SupportedIdentityProviders']).toEqual(['COGNITO', 'Corp', 'Other']);
    expect(client?.Properties['ExplicitAuthFlows']).toEqual(['ALLOW_USER_SRP_AUTH']);
    expect(ids).toHaveLength(2);
    expect(client?.DependsOn).toEqual(expect.arrayContaining(ids));
  });

  it('without passwords offers no form, and takes no password by the API either', () => {
    const { client } = clientOf([CORP], false);
    expect(client?.Properties['SupportedIdentityProviders']).toEqual(['Corp']);
    expect(client?.Properties['ExplicitAuthFlows']).toEqual(['ALLOW_CUSTOM_AUTH']);
  });

  it('is as before without them', () => {
    const { client } = clientOf(undefined);
    expect(client?.Properties['SupportedIdentityProviders']).toEqual(['COGNITO']);
    expect(client?.DependsOn).toBeUndefined();
  });

  it('needs a way in', () => {
    expect(() => clientOf(undefined, false)).toThrow(
      /Mine\/Client: passwordSignIn is false; allowed: only with providers/,
    );
  });
});
