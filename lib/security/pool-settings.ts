import type { Mfa } from 'aws-cdk-lib/aws-cognito';
import type { IConstruct } from 'constructs';
import { refuse } from '../validation/refuse';
import type { LoginProvider } from './login-provider';

/** What a pattern may say of a user pool that it creates. */
export interface PoolSettings {
  readonly selfSignUp?: boolean;
  readonly allowedEmailDomains?: readonly string[];
  readonly mfa?: Mfa;
  readonly identityProviders?: readonly LoginProvider[];
  readonly passwordSignIn?: boolean;
}

/**
 * Refuses settings of a user pool that is brought, or where there is none: who may make an account, for one.
 *
 * @param at where the pattern has the settings: empty, or the props before them, such as `login.`
 * @throws RefusedValueError for a value
 */
export function refusePoolSettings(scope: IConstruct, at: string, settings: PoolSettings = {}): void {
  const { selfSignUp, allowedEmailDomains, mfa, passwordSignIn } = settings;
  const identityProviders = settings.identityProviders?.map(({ name }) => name);
  for (const [prop, value] of Object.entries({
    selfSignUp,
    allowedEmailDomains,
    mfa,
    identityProviders,
    passwordSignIn,
  })) {
    if (value === undefined) continue;
    refuse(scope, {
      prop: `${at}${prop}`,
      value,
      allowed: 'only with a user pool of the pattern',
      fix: 'omit it, and set it where your user pool is created',
    });
  }
}
