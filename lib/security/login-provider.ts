import { Token } from 'aws-cdk-lib';
import { CfnUserPoolIdentityProvider, type IUserPool } from 'aws-cdk-lib/aws-cognito';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { refuse } from '../validation/refuse';

/** What is common to all identity providers. */
export interface LoginProviderOptions {
  /** What the provider calls a user's e-mail address. @default - `email`; for SAML the claim `emailaddress` of WS-Federation */
  readonly emailAttribute?: string;
}

/** Options of {@link LoginProvider.saml}. */
export interface SamlOptions extends LoginProviderOptions {
  /** 3 to 32 of A-Z, a-z, 0-9 and inner hyphens. People see it on the login page. A change makes new users of them. */
  readonly name: string;
  /** https URL of the provider's metadata, which Cognito reads again every few hours. Exactly one of this and `metadata`. */
  readonly metadataUrl?: string;
  /** The metadata itself, as XML. @default - read from `metadataUrl` */
  readonly metadata?: string;
}

/** What a provider knows this pool by. The secret is read at deployment, and never in a template. */
export interface ClientOptions extends LoginProviderOptions {
  readonly clientId: string;
  /** The client secret, in Secrets Manager in the pool's region. A secret that changes is read with the provider's next change. */
  readonly clientSecret: ISecret;
  /** Member of a secret that is JSON. @default - the whole secret */
  readonly secretField?: string;
}

/** Options of {@link LoginProvider.oidc}. */
export interface OidcOptions extends ClientOptions {
  /** 3 to 32 of A-Z, a-z, 0-9 and inner hyphens. People see it on the login page. A change makes new users of them. */
  readonly name: string;
  /** https URL of the issuer, without a slash at its end, under which `/.well-known/openid-configuration` is. */
  readonly issuer: string;
}

/** Options of {@link LoginProvider.apple}. */
export interface AppleOptions extends LoginProviderOptions {
  /** Services ID. */
  readonly clientId: string;
  readonly teamId: string;
  readonly keyId: string;
  /** The private key, in Secrets Manager in the pool's region. */
  readonly privateKey: ISecret;
  /** Member of a secret that is JSON. @default - the whole secret */
  readonly secretField?: string;
}

interface Definition {
  readonly type: 'SAML' | 'OIDC' | 'Google' | 'SignInWithApple';
  readonly name: string;
  readonly email: string;
  readonly details: Readonly<Record<string, string>>;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9-]{1,30}[A-Za-z0-9]$/;
/** Names that Cognito has for providers of its own (AWS: Cognito, SupportedIdentityProviders). */
const RESERVED = ['cognito', 'facebook', 'google', 'loginwithamazon', 'signinwithapple'];
const SAML_EMAIL = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress';
const SCOPES = 'openid email';

/**
 * Who else knows the users of a pool: a company's single sign-on by SAML or OIDC, Google, or Apple. Users come from it through managed login,
 * and get an account of their own with the first sign-in, beside one with a password and the same address.
 */
export abstract class LoginProvider {
  /** Such as Microsoft Entra ID, Okta or Google Workspace by SAML 2.0. */
  static saml(options: SamlOptions): LoginProvider {
    const { name, metadataUrl, metadata, emailAttribute = SAML_EMAIL } = options;
    const details: Record<string, string> =
      metadataUrl === undefined ? { MetadataFile: metadata ?? '' } : { MetadataURL: metadataUrl };
    return new DefinedProvider({ type: 'SAML', name, email: emailAttribute, details }, (scope) => {
      refuseName(scope, name);
      const isOne = (metadataUrl === undefined) !== (metadata === undefined);
      if (!isOne)
        refuseDetail(scope, name, 'metadataUrl', metadataUrl ?? 'undefined', 'exactly one of metadataUrl and metadata');
      if (metadataUrl !== undefined) refuseUrl(scope, name, 'metadataUrl', metadataUrl);
      if (metadata !== undefined && !Token.isUnresolved(metadata) && !/^\s*</.test(metadata)) {
        refuseDetail(
          scope,
          name,
          'metadata',
          metadata.slice(0, 40),
          'the XML of the metadata, not the name of its file',
        );
      }
    });
  }

  /** Any provider of OpenID Connect. */
  static oidc(options: OidcOptions): LoginProvider {
    const { name, issuer, clientId, emailAttribute = 'email' } = options;
    const details = {
      client_id: clientId,
      client_secret: secretOf(options.clientSecret, options.secretField),
      oidc_issuer: issuer,
      attributes_request_method: 'GET',
      authorize_scopes: SCOPES,
    };
    return new DefinedProvider({ type: 'OIDC', name, email: emailAttribute, details }, (scope) => {
      refuseName(scope, name);
      refuseUrl(scope, name, 'issuer', issuer);
    });
  }

  /** Google accounts: anyone's, unless `allowedEmailDomains` says otherwise. */
  static google(options: ClientOptions): LoginProvider {
    const details = {
      client_id: options.clientId,
      client_secret: secretOf(options.clientSecret, options.secretField),
      authorize_scopes: SCOPES,
    };
    return new DefinedProvider({ type: 'Google', name: 'Google', email: options.emailAttribute ?? 'email', details });
  }

  /** Apple accounts: anyone's, whose address may be one of Apple's that forwards. */
  static apple(options: AppleOptions): LoginProvider {
    const details = {
      client_id: options.clientId,
      team_id: options.teamId,
      key_id: options.keyId,
      private_key: secretOf(options.privateKey, options.secretField),
      authorize_scopes: 'email',
    };
    const name = 'SignInWithApple';
    return new DefinedProvider({ type: name, name, email: options.emailAttribute ?? 'email', details });
  }

  /** What Cognito calls it. */
  abstract readonly name: string;

  /** @internal */
  abstract bind(scope: Construct, userPool: IUserPool): CfnUserPoolIdentityProvider;
}

class DefinedProvider extends LoginProvider {
  constructor(
    private readonly definition: Definition,
    private readonly check: (scope: Construct) => void = () => undefined,
  ) {
    super();
  }

  get name(): string {
    return this.definition.name;
  }

  bind(scope: Construct, userPool: IUserPool): CfnUserPoolIdentityProvider {
    this.check(scope);
    const { type, name, email, details } = this.definition;
    return new CfnUserPoolIdentityProvider(scope, name, {
      userPoolId: userPool.userPoolId,
      providerName: name,
      providerType: type,
      providerDetails: { ...details },
      attributeMapping: { email },
    });
  }
}

/** A reference that CloudFormation resolves at deployment: it takes one in any property (AWS: CloudFormation, dynamic references). */
function secretOf(secret: ISecret, field: string | undefined): string {
  return (field === undefined ? secret.secretValue : secret.secretValueFromJson(field)).unsafeUnwrap();
}

function refuseName(scope: Construct, name: string): void {
  if (NAME.test(name) && !RESERVED.includes(name.toLowerCase())) return;
  refuse(scope, {
    prop: 'name',
    value: name,
    allowed: `3 to 32 of A-Z, a-z, 0-9 and inner hyphens, other than ${RESERVED.join(', ')}`,
    fix: 'choose another: people see it on the login page',
  });
}

function refuseUrl(scope: Construct, name: string, prop: string, url: string): void {
  if (Token.isUnresolved(url) || (/^https:\/\/[^/\s]/.test(url) && URL.canParse(url) && !url.endsWith('/'))) return;
  refuseDetail(scope, name, prop, url, 'a URL that begins with https://, without a slash at its end');
}

function refuseDetail(scope: Construct, name: string, prop: string, value: string, allowed: string): never {
  return refuse(scope, {
    prop: `${name}.${prop}`,
    value,
    allowed,
    fix: 'see the documentation of the identity provider',
  });
}
