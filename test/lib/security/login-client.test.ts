import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { describe, expect, it } from 'vitest';
import {
  LoginClient,
  LoginProvider,
  LoginProviders,
  STAGE_NAMES,
  type StageName,
  stages,
  UserDirectory,
} from '../../../lib';
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

const ADMIN = 'ALLOW_ADMIN_USER_PASSWORD_AUTH';

/** Flows of the one client of a stack. */
function flowsOf(stack: Stack): unknown {
  const clients = Object.values(resourcesOf(Template.fromStack(stack), 'AWS::Cognito::UserPoolClient'));
  expect(clients).toHaveLength(1);
  return clients[0]?.Properties['ExplicitAuthFlows'];
}

describe('sign-in by an administrator, with IAM', () => {
  const site = (stage?: StageName) => {
    const stack = new Stack(testApp(), 'Site');
    const userPool = UserPool.fromUserPoolId(stack, 'Pool', 'eu-west-1_abc');
    new LoginClient(stack, 'Login', { userPool, ...URLS, ...(stage !== undefined && { stage: stages[stage] }) });
    return flowsOf(stack);
  };
  const api = (stage: StageName) => {
    const stack = new Stack(testApp(), 'Api');
    new UserDirectory(stack, 'Users', { stage: stages[stage] });
    return flowsOf(stack);
  };

  it('is taken by the client of a site in dev alone, and only where the stage is named', () => {
    expect(STAGE_NAMES.map(site)).toEqual([
      [ADMIN, 'ALLOW_USER_SRP_AUTH'],
      ['ALLOW_USER_SRP_AUTH'],
      ['ALLOW_USER_SRP_AUTH'],
    ]);
    expect(site()).toEqual(['ALLOW_USER_SRP_AUTH']);
  });

  it('is not taken where passwords are not', () => {
    const stack = new Stack(testApp(), 'Site');
    const userPool = new UserPool(stack, 'Pool');
    const providers = new LoginProviders(stack, 'Providers', { userPool, providers: [CORP] });
    new LoginClient(stack, 'Login', { userPool, ...URLS, stage: stages.dev, providers, passwordSignIn: false });
    expect(flowsOf(stack)).toEqual(['ALLOW_CUSTOM_AUTH']);
  });

  it('is taken by the client of an API in dev alone', () => {
    const others = ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'];
    expect(STAGE_NAMES.map(api)).toEqual([[ADMIN, ...others], others, others]);
  });
});
