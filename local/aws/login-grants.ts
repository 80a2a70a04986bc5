import { createHash } from 'node:crypto';
import { COGNITO_LIMITS } from '../limits/cognito';
import { exceeds } from '../limits/limit';
import { refreshSecondsOf } from './user-pool-limits';

/** A client of a user pool, as managed login knows it: `AWS::Cognito::UserPoolClient`. */
export interface LoginClient {
  readonly clientId: string;
  /** `CallbackURLs`. */
  readonly callbackUrls: readonly string[];
  /** `LogoutURLs`. */
  readonly logoutUrls: readonly string[];
  /** `AllowedOAuthScopes`. */
  readonly scopes: readonly string[];
  /** `SupportedIdentityProviders`, where `COGNITO` is a password. @default - a password alone */
  readonly providers?: readonly string[];
  /** `RefreshTokenRotation`: a refresh token is good once, and brings the next. @default false */
  readonly rotatesRefreshTokens?: boolean;
  /** Seconds that access and identity tokens live. @default 3600 */
  readonly validitySeconds?: number;
  /** Seconds that refresh tokens live. @default - 30 days */
  readonly refreshSeconds?: number;
}

/** What a person signed in for. */
export interface Grant {
  readonly user: string;
  readonly client: LoginClient;
  readonly scope: string;
  readonly redirectUri: string;
  readonly challenge: string;
  readonly nonce?: string;
  /** Seconds since 1970. */
  readonly signedInAt: number;
}

/** An error of the token endpoint, by its name. */
export class GrantRefused extends Error {
  constructor(readonly error: 'invalid_request' | 'invalid_client' | 'invalid_grant' | 'unsupported_grant_type') {
    super(error);
  }
}

const LIMITS = COGNITO_LIMITS.rows;
const VERIFIER = /^[A-Za-z0-9\-._~]+$/;

/** What was given out for a grant, and when, in milliseconds since 1970. */
interface Given {
  readonly grant: Grant;
  readonly at: number;
}

/** Codes and refresh tokens that managed login gave out. */
export class LoginGrants {
  private readonly codes = new Map<string, Given>();
  private readonly refreshTokens = new Map<string, Given>();

  constructor(
    private readonly clients: readonly LoginClient[],
    /** Milliseconds since 1970. */
    private readonly now: () => number,
    private readonly newId: () => string,
  ) {}

  /** A code for who signed in. */
  code(grant: Grant): string {
    const code = this.newId();
    this.codes.set(code, { grant, at: this.now() });
    return code;
  }

  /**
   * What a form of the token endpoint is worth.
   *
   * @returns the grant, and the refresh token to hand out with it
   * @throws GrantRefused as Cognito does (docs.aws.amazon.com/cognito: token-endpoint)
   */
  redeem(form: URLSearchParams): { readonly grant: Grant; readonly refreshToken?: string } {
    const type = required(form, 'grant_type');
    const client = this.clients.find(({ clientId }) => clientId === required(form, 'client_id'));
    if (client === undefined) throw new GrantRefused(LIMITS.client.error);
    if (type === 'authorization_code') {
      const grant = this.fromCode(client, form);
      return { grant, refreshToken: this.refreshToken(grant) };
    }
    if (type !== 'refresh_token') throw new GrantRefused(LIMITS.grantType.error);
    const token = required(form, 'refresh_token');
    const { grant, at } = this.refreshTokens.get(token) ?? {};
    if (grant === undefined || at === undefined || grant.client !== client) throw new GrantRefused(LIMITS.grant.error);
    const { refreshSeconds = refreshSecondsOf({}) } = client;
    if (this.now() >= at + refreshSeconds * 1000) throw new GrantRefused(LIMITS.refreshExpired.error);
    if (client.rotatesRefreshTokens !== true) return { grant };
    this.refreshTokens.delete(token);
    return { grant, refreshToken: this.refreshToken(grant) };
  }

  /** Ends every session of a user, as an administrator's global sign-out does. */
  revoke(user: string): void {
    for (const [token, { grant }] of this.refreshTokens) if (grant.user === user) this.refreshTokens.delete(token);
  }

  private fromCode(client: LoginClient, form: URLSearchParams): Grant {
    const code = required(form, 'code');
    const redirectUri = required(form, 'redirect_uri');
    const verifier = required(form, 'code_verifier');
    if (exceeds(LIMITS.verifier, verifier.length) || !VERIFIER.test(verifier))
      throw new GrantRefused(LIMITS.verifier.error);
    const known = this.codes.get(code);
    if (known === undefined) throw new GrantRefused(LIMITS.grant.error);
    // Shown once, used up: whoever guesses a verifier has one guess.
    this.codes.delete(code);
    const { grant, at } = known;
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const fits = grant.client === client && grant.redirectUri === redirectUri && grant.challenge === challenge;
    if (!fits) throw new GrantRefused(LIMITS.grant.error);
    if (exceeds(LIMITS.codeMs, this.now() - at)) throw new GrantRefused(LIMITS.codeMs.error);
    return grant;
  }

  private refreshToken(grant: Grant): string {
    const token = this.newId();
    this.refreshTokens.set(token, { grant, at: this.now() });
    return token;
  }
}

function required(form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (value === null || value === '') throw new GrantRefused('invalid_request');
  return value;
}
