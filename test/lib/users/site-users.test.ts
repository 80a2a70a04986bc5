import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Mfa } from 'aws-cdk-lib/aws-cognito';
import { describe, expect, it } from 'vitest';
import { DataKey, LoginProvider, type StageName, stages } from '../../../lib';
import { type SiteUsersProps, siteUsers } from '../../../lib/users/site-users';
import { testApp } from '../../synthesize';

const identityProviders = [LoginProvider.saml({ name: 'Corp', metadataUrl: 'https://login.example.com/metadata.xml' })];

function fixture(props: Partial<SiteUsersProps>, name: StageName = 'prod') {
  const stack = new Stack(testApp(), 'Mine');
  const stage = stages[name];
  const { key: encryptionKey } = new DataKey(stack, 'Key', { stage, description: 'Logs' });
  const made = siteUsers(stack, { stage, encryptionKey, mailFrom: 'a@example.com', ...props });
  return { ...made, template: Template.fromStack(stack) };
}

describe('the users of a site', () => {
  it('sign in with a password by default, and there is no more than a pool and its login', () => {
    const { template, signIn } = fixture({});
    expect(signIn).toEqual({});
    template.resourceCountIs('AWS::Cognito::UserPoolIdentityProvider', 0);
    template.resourceCountIs('AWS::Lambda::Function', 0);
    template.resourceCountIs('AWS::Cognito::UserPoolDomain', 1);
  });

  it('come by an identity provider too, checked by their domain without self sign-up', () => {
    const { template, signIn } = fixture({ identityProviders, allowedEmailDomains: ['example.com'] });
    expect(signIn.providers?.names).toEqual(['Corp']);
    template.hasResourceProperties('AWS::Cognito::UserPool', {
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
    });
    template.resourceCountIs('AWS::Lambda::Function', 1);
  });

  it.each(['dev', 'prod'] as const)('come by it alone, and make no account with a password, in %s', (stage) => {
    const { template, signIn } = fixture({ identityProviders, passwordSignIn: false }, stage);
    expect(signIn.passwordSignIn).toBe(false);
    template.hasResourceProperties('AWS::Cognito::UserPool', {
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
    });
  });

  it.each([
    [{ passwordSignIn: false }, /Mine: passwordSignIn is false; allowed: only with identityProviders/],
    [{ passwordSignIn: false, identityProviders, selfSignUp: true }, /selfSignUp is true; allowed: no such value with/],
    [{ passwordSignIn: false, identityProviders, mfa: Mfa.REQUIRED }, /mfa is 'ON'; allowed: no such value with/],
  ])('are not %j', (props, message) => {
    expect(() => fixture(props)).toThrow(message);
  });

  it('may be said to have no accounts of their own where that is so', () => {
    expect(() => fixture({ passwordSignIn: false, identityProviders, selfSignUp: false })).not.toThrow();
  });
});
