import { App, Stack } from 'aws-cdk-lib';
import { Mfa } from 'aws-cdk-lib/aws-cognito';
import { expect, it } from 'vitest';
import { type PoolSettings, refusePoolSettings } from '../../../lib/security/pool-settings';

const SETTINGS: readonly [PoolSettings, string][] = [
  [{ selfSignUp: true }, 'login.selfSignUp is true'],
  [{ selfSignUp: false }, 'login.selfSignUp is false'],
  [{ allowedEmailDomains: ['example.com'] }, "login.allowedEmailDomains is 'example.com'"],
  [{ mfa: Mfa.OPTIONAL }, "login.mfa is 'OPTIONAL'"],
  [{ allowedEmailDomains: [] }, 'login.allowedEmailDomains is '],
];

it('what a pool is like is not for a pattern to say of a pool that is brought', () => {
  const stack = new Stack(new App(), 'Stack');
  expect(() => refusePoolSettings(stack, 'login.')).not.toThrow();
  expect(() => refusePoolSettings(stack, 'login.', { selfSignUp: undefined })).not.toThrow();
  for (const [settings, message] of SETTINGS) {
    expect(() => refusePoolSettings(stack, 'login.', settings)).toThrow(
      `${message}; allowed: only with a user pool of the pattern. Fix: omit it, and set it where your user pool is created`,
    );
  }
});
