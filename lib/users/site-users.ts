import { Mfa } from 'aws-cdk-lib/aws-cognito';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { SignInOptions } from '../security/login-client';
import { LoginProviders } from '../security/login-providers';
import { ManagedLogin } from '../security/managed-login';
import type { PoolSettings } from '../security/pool-settings';
import { UserDirectory } from '../security/user-directory';
import type { StageSettings } from '../stage/stage';
import { refuse } from '../validation/refuse';
import { AllowedEmailDomains } from './allowed-email-domains';

/** Props of {@link siteUsers}. */
export interface SiteUsersProps extends PoolSettings {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  /** Sender address of e-mail to users. @default - Cognito's sender; a strict stage asks at deployment */
  readonly mailFrom?: string;
}

/** The users of a site, and how they sign in. */
export interface SiteUsers {
  readonly users: UserDirectory;
  readonly login: ManagedLogin;
  /** For the site's client. */
  readonly signIn: SignInOptions;
}

/**
 * Creates a user pool with managed login in a scope: who may make an account, and who signs in by what.
 *
 * @throws RefusedValueError for settings that cannot work, or that contradict each other
 */
export function siteUsers(scope: Construct, props: SiteUsersProps): SiteUsers {
  const { stage, encryptionKey, mailFrom, allowedEmailDomains, mfa, identityProviders, passwordSignIn } = props;
  const byProviderAlone = passwordSignIn === false;
  if (byProviderAlone) refuseBesideProviders(scope, props);
  const users = new UserDirectory(scope, 'Users', {
    stage,
    mfa,
    client: false,
    email: { from: mailFrom },
    // An account with a password would be of no use.
    selfSignUp: byProviderAlone ? false : props.selfSignUp,
  });
  const { userPool } = users;
  const providers =
    identityProviders === undefined
      ? undefined
      : new LoginProviders(scope, 'IdentityProviders', { userPool, providers: identityProviders });
  if (allowedEmailDomains !== undefined) {
    new AllowedEmailDomains(scope, 'SignUp', { stage, encryptionKey, users, providers, allowedEmailDomains });
  }
  const login = new ManagedLogin(scope, 'Login', { userPool });
  return { users, login, signIn: { providers, passwordSignIn } };
}

/** What is about passwords, which no one has. */
function refuseBesideProviders(scope: Construct, { selfSignUp, mfa, identityProviders }: SiteUsersProps): void {
  if (identityProviders === undefined) {
    refuse(scope, {
      prop: 'passwordSignIn',
      value: false,
      allowed: 'only with identityProviders: without one no one could sign in',
      fix: 'add an identity provider, or omit passwordSignIn',
    });
  }
  const [prop, value] = selfSignUp === true ? ['selfSignUp', true] : mfa === Mfa.REQUIRED ? ['mfa', mfa] : [undefined];
  if (prop === undefined) return;
  refuse(scope, {
    prop,
    value,
    allowed: 'no such value with passwordSignIn: false: users have no password here',
    fix: `omit ${prop}: accounts and second factors are the identity provider's`,
  });
}
