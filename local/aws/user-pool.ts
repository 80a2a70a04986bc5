import { createHash, generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto';
import { type JwtPayload, sign, verify } from 'jsonwebtoken';
import { askPreSignUp, type InvokeTrigger, type SignUpSource } from './sign-up';
import { checkGroups } from './user-pool-limits';

/** Claims of a token that was accepted. */
export type Claims = Readonly<Record<string, string>>;

/** What managed login asks a pool for. */
export interface SignInRequest {
  /** E-mail address. */
  readonly user: string;
  readonly clientId: string;
  /** Separated by spaces. */
  readonly scope: string;
  /** Comes back in the identity token. */
  readonly nonce?: string;
  /** Seconds since 1970. @default - now */
  readonly signedInAt?: number;
  /** @default 3600 */
  readonly validitySeconds?: number;
}

/** A user pool of the template: issues access tokens as Cognito does, and checks them as an authorizer does. */
export class LocalUserPool {
  /** Made when they are first needed: they take the time of many requests. */
  private pair?: ReturnType<typeof newKeys>;
  private readonly issued = new Map<string, { readonly token: string; readonly expiresAt: number }>();
  /** By a user's name and by their `sub`. */
  private readonly groups = new Map<string, readonly string[]>();
  /** The `sub` of everyone with an account. */
  private readonly accounts = new Set<string>();

  constructor(
    /** `https://cognito-idp.<region>.amazonaws.com/<pool>`. */
    readonly issuer: string,
    /** Milliseconds since 1970. */
    private readonly now: () => number,
    /** Makes token ids. */
    private readonly newId: () => string,
    /** `LambdaConfig.PreSignUp`. @default - everyone gets an account */
    private readonly preSignUp?: InvokeTrigger,
  ) {}

  /**
   * Makes an account for who has none, as sign-up does, once the pre sign-up trigger lets it.
   *
   * @param user e-mail address
   * @throws AwsError for an account that the trigger refuses
   */
  async admit(user: string, clientId: string, source: SignUpSource = 'PreSignUp_SignUp'): Promise<void> {
    const userName = subjectOf(user);
    if (this.accounts.has(userName)) return;
    if (this.preSignUp !== undefined) {
      await askPreSignUp(this.preSignUp, { source, poolId: this.id, userName, email: user, clientId });
    }
    this.accounts.add(userName);
  }

  private get keys(): ReturnType<typeof newKeys> {
    this.pair ??= newKeys();
    return this.pair;
  }

  /** The key that tokens are checked with, as the pool's JWKS publishes it. */
  get publicKey(): KeyObject {
    return this.keys.publicKey;
  }

  /** The pool's part of {@link issuer}. */
  get id(): string {
    return this.issuer.slice(this.issuer.lastIndexOf('/') + 1);
  }

  /** What the pool publishes at `/.well-known/jwks.json`. */
  get keySet(): { readonly keys: readonly JsonWebKey[] } {
    return { keys: [{ ...this.keys.publicKey.export({ format: 'jwk' }), kid: 'local', alg: 'RS256', use: 'sig' }] };
  }

  /** Says which groups a user is in; their next tokens say so, too. @param user e-mail address, or what tokens call them */
  setGroups(user: string, groups: readonly string[]): void {
    checkGroups(groups);
    for (const name of [user, subjectOf(user)]) this.groups.set(name, groups);
    this.issued.clear();
  }

  /** A token of a user in no group has no such claim (docs.aws.amazon.com/cognito: cognito-user-pools-user-groups). */
  private groupsClaim(user: string): object {
    const groups = this.groups.get(user) ?? [];
    return groups.length === 0 ? {} : { 'cognito:groups': groups };
  }

  /** An access token of a signed-in user, the same until a minute before it expires. */
  accessToken(user: string, clientId: string, validitySeconds = 3600): string {
    const known = this.issued.get(`${user}/${clientId}`);
    if (known !== undefined && known.expiresAt - 60_000 > this.now()) return known.token;
    const issuedAt = Math.floor(this.now() / 1000);
    const claims = {
      sub: user,
      iss: this.issuer,
      ...this.groupsClaim(user),
      client_id: clientId,
      token_use: 'access',
      scope: 'aws.cognito.signin.user.admin',
      auth_time: issuedAt,
      iat: issuedAt,
      exp: issuedAt + validitySeconds,
      jti: this.newId(),
      username: user,
    };
    const token = sign(claims, this.keys.privateKey, { algorithm: 'RS256', keyid: 'local' });
    this.issued.set(`${user}/${clientId}`, { token, expiresAt: this.now() + validitySeconds * 1000 });
    return token;
  }

  /**
   * New tokens of a user who came through managed login. Cognito names a user by a UUID, which here follows from the address;
   * the identity token is for the client, the access token for the API
   * (docs.aws.amazon.com/cognito: amazon-cognito-user-pools-using-the-id-token, -the-access-token).
   */
  signIn({ user, clientId, scope, nonce, signedInAt, validitySeconds = 3600 }: SignInRequest): {
    readonly accessToken: string;
    readonly idToken: string;
  } {
    const now = Math.floor(this.now() / 1000);
    const sub = subjectOf(user);
    const times = { auth_time: signedInAt ?? now, iat: now, exp: now + validitySeconds };
    const shared = { sub, iss: this.issuer, ...this.groupsClaim(sub), ...times };
    const access = { client_id: clientId, token_use: 'access', scope, version: 2, jti: this.newId(), username: sub };
    const identity = {
      aud: clientId,
      token_use: 'id',
      'cognito:username': sub,
      email: user,
      email_verified: true,
      ...(nonce === undefined ? {} : { nonce }),
      jti: this.newId(),
    };
    const signed = (claims: object) =>
      sign({ ...shared, ...claims }, this.keys.privateKey, { algorithm: 'RS256', keyid: 'local' });
    return {
      accessToken: signed(access),
      // Signed for whoever asks: a signature takes as long as a request.
      get idToken() {
        return signed(identity);
      },
    };
  }
}

function newKeys() {
  return generateKeyPairSync('rsa', { modulusLength: 2048 });
}

/** The `sub` of a user who signs in by an e-mail address. */
export function subjectOf(user: string): string {
  const hex = createHash('sha256').update(user).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}

/** What a token says, when the pool has signed it and its time has not run out. */
export function verifiedClaims(token: string, pool: LocalUserPool, now: number): JwtPayload | undefined {
  const clockTimestamp = Math.floor(now / 1000);
  try {
    const claims = signedClaims(token, pool);
    const { exp = 0, nbf = 0, iat = 0 } = claims;
    return exp <= clockTimestamp || Math.max(nbf, iat) > clockTimestamp ? undefined : claims;
  } catch {
    return undefined;
  }
}

/** What tokens say whose signature was right, by pool: clients send a token many times. */
const SIGNED = new WeakMap<LocalUserPool, Map<string, JwtPayload>>();

/** What a token says, whatever its times are. @throws Error for a token with another signature or from another issuer */
function signedClaims(token: string, pool: LocalUserPool): JwtPayload {
  const known = SIGNED.get(pool) ?? new Map<string, JwtPayload>();
  const claims =
    known.get(token) ??
    (verify(token, pool.publicKey, {
      algorithms: ['RS256', 'RS384', 'RS512'],
      issuer: pool.issuer,
      ignoreExpiration: true,
      ignoreNotBefore: true,
    }) as JwtPayload);
  SIGNED.set(pool, known.set(token, claims));
  return claims;
}

/**
 * Checks a token as the JWT authorizer of an HTTP API does: signature by the issuer's key and an RSA algorithm, `iss`,
 * `aud` or else `client_id`, `exp`, `nbf`, `iat` (docs.aws.amazon.com/apigateway: http-api-jwt-authorizer).
 *
 * @returns the claims, each as text; undefined for a token that is not to be let in
 */
export function authorizedClaims(
  token: string,
  pool: LocalUserPool,
  audience: readonly string[],
  now: number,
): Claims | undefined {
  const claims = verifiedClaims(token, pool, now);
  if (claims === undefined) return undefined;
  const given = claims.aud ?? (claims['client_id'] as string | undefined);
  const audiences = Array.isArray(given) ? given : [given];
  if (!audiences.some((each) => each !== undefined && audience.includes(each))) return undefined;
  return Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, textOf(value)]));
}

/** API Gateway hands lists over in brackets, separated by spaces. */
function textOf(value: unknown): string {
  return Array.isArray(value) ? `[${value.join(' ')}]` : String(value);
}
