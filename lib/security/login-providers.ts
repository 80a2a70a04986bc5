import type { CfnUserPoolIdentityProvider, IUserPool } from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { refuse } from '../validation/refuse';
import type { LoginProvider } from './login-provider';

/** Props of {@link LoginProviders}. */
export interface LoginProvidersProps {
  /** With a domain of managed login, which users come back to from the provider. */
  readonly userPool: IUserPool;
  /** At least one, each of another name. */
  readonly providers: readonly LoginProvider[];
}

/** The identity providers of a user pool. */
export class LoginProviders extends Construct {
  /** What Cognito calls them. */
  readonly names: readonly string[];
  readonly resources: readonly CfnUserPoolIdentityProvider[];

  /** @throws RefusedValueError for no provider, a name that is there twice, or a provider that cannot be one. */
  constructor(scope: Construct, id: string, { userPool, providers }: LoginProvidersProps) {
    super(scope, id);
    this.names = providers.map(({ name }) => name);
    const twice = this.names.filter((name, index) => this.names.indexOf(name) !== index);
    if (this.names.length === 0 || twice.length > 0) {
      refuse(this, {
        prop: 'identityProviders',
        value: twice.length > 0 ? twice : 'empty',
        allowed: 'at least one identity provider, each of another name',
        fix: 'remove or rename it; omit identityProviders to let users sign in with a password alone',
      });
    }
    this.resources = providers.map((provider) => provider.bind(this, userPool));
  }
}
