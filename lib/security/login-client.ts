import { Duration } from 'aws-cdk-lib';
import {
  CfnManagedLoginBranding,
  type IUserPool,
  OAuthScope,
  UserPoolClient,
  UserPoolClientIdentityProvider,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import type { StageSettings } from '../stage/stage';
import { takesAdminSignIn } from '../stage/try-output';
import { refuse } from '../validation/refuse';
import type { LoginProviders } from './login-providers';

/** Where a site's people come back to. */
export interface LoginUrls {
  /** Where the login sends people with their code. https, or http on localhost alone. At least one. */
  readonly callbackUrls: readonly string[];
  /** Where people go after they have signed out. https, or http on localhost alone. At least one. */
  readonly logoutUrls: readonly string[];
}

/** By what users sign in. */
export interface SignInOptions {
  /** Identity providers of the pool. @default - none */
  readonly providers?: LoginProviders;
  /** Whether users sign in with a password of the pool. `false`: only by one of `providers`. @default true */
  readonly passwordSignIn?: boolean;
}

/** Props of {@link LoginClient}. */
export interface LoginClientProps extends LoginUrls, SignInOptions {
  /** With a domain of managed login. */
  readonly userPool: IUserPool;
  /**
   * In dev an administrator may sign users in by password, with IAM's `cognito-idp:AdminInitiateAuth`, as `groundplan try` does.
   *
   * @default - the code grant and SRP alone
   */
  readonly stage?: StageSettings;
}

/**
 * What a site signs people in with: a public client, without a secret, for the code grant with PKCE alone. It belongs in the site's
 * own stack, since it knows the site's URLs, and the pool's stack knows nothing of it.
 */
export class LoginClient extends Construct {
  readonly client: UserPoolClient;

  /** @throws RefusedValueError for no URL, or one that Cognito does not take. */
  constructor(scope: Construct, id: string, props: LoginClientProps) {
    super(scope, id);
    this.refuseUrls('callbackUrls', props.callbackUrls);
    this.refuseUrls('logoutUrls', props.logoutUrls);
    const { providers, passwordSignIn = true } = props;
    if (!passwordSignIn && providers === undefined) this.refuseNoWayIn();
    const admin = props.stage !== undefined && takesAdminSignIn(props.stage);
    this.client = new UserPoolClient(this, 'Client', {
      userPool: props.userPool,
      generateSecret: false,
      supportedIdentityProviders: [
        ...(passwordSignIn ? [UserPoolClientIdentityProvider.COGNITO] : []),
        ...(providers?.names ?? []).map((name) => UserPoolClientIdentityProvider.custom(name)),
      ],
      oAuth: {
        flows: { authorizationCodeGrant: true, implicitCodeGrant: false, clientCredentials: false },
        scopes: [OAuthScope.OPENID, OAuthScope.EMAIL],
        callbackUrls: [...props.callbackUrls],
        logoutUrls: [...props.logoutUrls],
      },
      // Stated, because what Cognito chooses else allows refreshing past the rotation (AWS: Cognito, refresh tokens).
      // Leaving out COGNITO hides the form alone: who has an account with a password could use the API (AWS: Cognito,
      // SupportedIdentityProviders). Custom authentication needs triggers that the pool does not have, and lets no one in.
      authFlows: passwordSignIn ? { userSrp: true, ...(admin && { adminUserPassword: true }) } : { custom: true },
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      accessTokenValidity: Duration.hours(1),
      idTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.days(30),
      // Each refresh token is good once; the last one lives on for a minute, for an answer that was lost on its way.
      refreshTokenRotationGracePeriod: Duration.minutes(1),
    });
    if (providers !== undefined) this.client.node.addDependency(...providers.resources);
    // Without a style for the client, managed login answers that it is unavailable.
    new CfnManagedLoginBranding(this, 'Branding', {
      userPoolId: props.userPool.userPoolId,
      clientId: this.client.userPoolClientId,
      useCognitoProvidedValues: true,
    });
  }

  private refuseNoWayIn(): never {
    return refuse(this, {
      prop: 'passwordSignIn',
      value: false,
      allowed: 'only with providers: without one no one could sign in',
      fix: 'add an identity provider, or omit passwordSignIn',
    });
  }

  private refuseUrls(prop: string, urls: readonly string[]): void {
    const bad = urls.filter((url) => !/^(https:\/\/|http:\/\/localhost(:\d+)?(\/|$))/.test(url) || url.includes('#'));
    if (urls.length === 0 || bad.length > 0) {
      refuse(this, {
        prop,
        value: urls.length === 0 ? 'empty' : bad,
        allowed: 'URLs that begin with https:// (or http://localhost), without a fragment; at least one',
        fix: 'pass the URL of your site, such as https://app.example.com/signed-in',
      });
    }
  }
}
