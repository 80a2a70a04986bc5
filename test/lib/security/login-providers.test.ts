import { Stack } from 'aws-cdk-lib';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { expect, it } from 'vitest';
import { LoginProvider, LoginProviders } from '../../../lib';
import { testApp } from '../../synthesize';

const CORP = LoginProvider.saml({ name: 'Corp', metadataUrl: 'https://login.example.com/metadata.xml' });
const OTHER = LoginProvider.saml({ name: 'Other', metadataUrl: 'https://login.example.org/metadata.xml' });

function providersOf(providers: readonly LoginProvider[]) {
  const stack = new Stack(testApp(), 'Mine');
  return new LoginProviders(stack, 'Providers', { userPool: new UserPool(stack, 'Pool'), providers });
}

it('identity providers are known by their names', () => {
  const { names, resources } = providersOf([CORP, OTHER]);
  expect(names).toEqual(['Corp', 'Other']);
  expect(resources.map(({ providerName }) => providerName)).toEqual(['Corp', 'Other']);
});

it.each([
  [[], /Mine\/Providers: identityProviders is 'empty'; allowed: at least one/],
  [[CORP, CORP], /identityProviders is 'Corp'/],
])('identity providers are not %j', (list, message) => {
  expect(() => providersOf(list)).toThrow(message);
});
