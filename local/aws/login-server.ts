import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { COGNITO_LIMITS } from '../limits/cognito';
import { exceeds } from '../limits/limit';
import { answeringAll, originForm } from './any-request';
import { type Grant, GrantRefused, type LoginClient, LoginGrants } from './login-grants';
import { loginPage } from './login-page';
import { bodyOf } from './server';
import { AwsError } from './service';
import type { SignUpSource } from './sign-up';
import type { LocalUserPool } from './user-pool';

export interface LoginServerOptions {
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
  /** Makes codes and refresh tokens. @default randomUUID */
  readonly newId?: () => string;
  /** Who the sign-in form suggests. @default ada@example.com */
  readonly suggestedUser?: string;
}

/** Managed login of one pool, on 127.0.0.1. */
export interface LoginServer {
  /** Origin: `loginUrl` of a site. */
  readonly url: string;
  /** Ends every session of a user, as an administrator's global sign-out does. */
  revoke(user: string): void;
  close(): Promise<void>;
}

const LIMITS = COGNITO_LIMITS.rows;
/** A SHA-256 in base64url (RFC 7636, 4.2). */
const CHALLENGE = /^[A-Za-z0-9_-]{43}$/;
/** Managed login keeps people signed in by a cookie, so that the next site asks no more. */
const SESSION_COOKIE = 'cognito';

/**
 * Simulates managed login: whoever names an address is signed in, without a password, and gets an account with the first sign-in, if
 * the pool's pre sign-up trigger lets it. The rest is as Cognito's endpoints:
 * authorize, token, logout (docs.aws.amazon.com/cognito: cognito-userpools-server-contract-reference) and the pool's key set.
 * PKCE is demanded, which Cognito leaves to the client.
 *
 * @param clients read at each request: callback URLs may be known later than the login's own
 */
export async function startLoginServer(
  pool: LocalUserPool,
  clients: readonly LoginClient[],
  { now = Date.now, newId = randomUUID, suggestedUser = 'ada@example.com' }: LoginServerOptions = {},
): Promise<LoginServer> {
  const grants = new LoginGrants(clients, now, newId);
  const login = new ManagedLogin(pool, clients, grants, now, suggestedUser);
  const server = createServer(
    answeringAll((request: IncomingMessage, response: ServerResponse) => login.answer(request, response)),
  );
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    revoke: (user) => grants.revoke(user),
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

/** A request to sign in that may go on. */
type SignInQuery = Omit<Grant, 'user' | 'signedInAt'> & { readonly state: string };

class ManagedLogin {
  constructor(
    private readonly pool: LocalUserPool,
    private readonly clients: readonly LoginClient[],
    private readonly grants: LoginGrants,
    private readonly now: () => number,
    private readonly suggestedUser: string,
  ) {}

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(`http://login${originForm(request.url ?? '/')}`);
    switch (`${request.method} ${pathname}`) {
      case 'GET /oauth2/authorize':
        return this.authorize(request, response, searchParams);
      case 'POST /login':
        return this.signIn(request, response, searchParams);
      case 'POST /oauth2/token':
        return this.token(request, response);
      case 'OPTIONS /oauth2/token':
        allowAnyOrigin(response).end();
        return;
      case 'GET /logout':
        return this.logout(response, searchParams);
      case `GET /${this.pool.id}/.well-known/jwks.json`:
        return json(response, 200, this.pool.keySet);
      default:
        page(response, 404, 'There is no such page.');
    }
  }

  private authorize(request: IncomingMessage, response: ServerResponse, query: URLSearchParams): void {
    const asked = this.check(response, query);
    if (asked === undefined) return;
    const session = sessionIn(request.headers.cookie);
    if (session === undefined) {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
      response.end(loginPage(`/login?${query}`, this.suggestedUser));
    } else this.sendBack(response, asked, session);
  }

  private async signIn(request: IncomingMessage, response: ServerResponse, query: URLSearchParams): Promise<void> {
    const asked = this.check(response, query);
    if (asked === undefined) return;
    const user = new URLSearchParams((await bodyOf(request)).toString('utf8')).get('username')?.trim() ?? '';
    const cookie = `${SESSION_COOKIE}=${encodeURIComponent(user)}; Path=/; HttpOnly; SameSite=Lax`;
    if (exceeds(LIMITS.username, user.length) || /\s/.test(user)) {
      page(response, 400, `${LIMITS.username.error}: name who you are`);
      return;
    }
    try {
      await this.pool.admit(user, asked.client.clientId, sourceOf(asked.client));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      page(response, 400, error.message);
      return;
    }
    this.sendBack(response.setHeader('set-cookie', cookie), asked, user);
  }

  private sendBack(response: ServerResponse, { state, ...asked }: SignInQuery, user: string): void {
    const code = this.grants.code({ ...asked, user, signedInAt: Math.floor(this.now() / 1000) });
    redirect(response, asked.redirectUri, { code, state });
  }

  /** Without a client and an address that are known, the browser is not redirected; other errors go to the client. */
  private check(response: ServerResponse, query: URLSearchParams): SignInQuery | undefined {
    const client = this.clients.find(({ clientId }) => clientId === query.get('client_id'));
    const redirectUri = query.get('redirect_uri') ?? '';
    if (client === undefined || !client.callbackUrls.includes(redirectUri)) {
      page(response, 400, client === undefined ? 'invalid_request: no such client' : LIMITS.redirect.error);
      return undefined;
    }
    const state = query.get('state') ?? '';
    const scope = query.get('scope') ?? client.scopes.join(' ');
    const challenge = query.get('code_challenge') ?? '';
    const pkce = CHALLENGE.test(challenge) && query.get('code_challenge_method') === 'S256';
    const error =
      query.get('response_type') !== 'code' || !pkce
        ? LIMITS.challenge.error
        : scope.split(' ').every((each) => client.scopes.includes(each))
          ? undefined
          : LIMITS.scope.error;
    if (error !== undefined) {
      redirect(response, redirectUri, { error, state });
      return undefined;
    }
    const nonce = query.get('nonce');
    return { client, redirectUri, scope, challenge, state, ...(nonce === null ? {} : { nonce }) };
  }

  private async token(request: IncomingMessage, response: ServerResponse): Promise<void> {
    allowAnyOrigin(response);
    const form = new URLSearchParams((await bodyOf(request)).toString('utf8'));
    try {
      const urlencoded = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
      if (!urlencoded) throw new GrantRefused('invalid_request');
      const { grant, refreshToken } = this.grants.redeem(form);
      const { user, client, scope, signedInAt } = grant;
      const { clientId, validitySeconds = 3600 } = client;
      // A token that is renewed answers no sign-in, and so no nonce (OpenID Connect Core 12.2).
      const nonce = form.get('grant_type') === 'authorization_code' ? grant.nonce : undefined;
      const asked = { user, clientId, scope, signedInAt, validitySeconds };
      const tokens = this.pool.signIn(nonce === undefined ? asked : { ...asked, nonce });
      json(response, 200, {
        // An identity token comes for `openid` alone (docs.aws.amazon.com/cognito: authorization-endpoint).
        ...(scope.split(' ').includes('openid') ? { id_token: tokens.idToken } : {}),
        access_token: tokens.accessToken,
        ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
        expires_in: validitySeconds,
        token_type: 'Bearer',
      });
    } catch (error) {
      if (!(error instanceof GrantRefused)) throw error;
      json(response, 400, { error: error.error });
    }
  }

  private logout(response: ServerResponse, query: URLSearchParams): void {
    const client = this.clients.find(({ clientId }) => clientId === query.get('client_id'));
    const logoutUri = query.get('logout_uri') ?? '';
    if (client === undefined || !client.logoutUrls.includes(logoutUri)) page(response, 400, 'Invalid request');
    else redirect(response.setHeader('set-cookie', `${SESSION_COOKIE}=; Path=/; Max-Age=0`), logoutUri, {});
  }
}

/** Who comes by a client without passwords comes from an identity provider. */
function sourceOf({ providers = ['COGNITO'] }: LoginClient): SignUpSource {
  return providers.includes('COGNITO') ? 'PreSignUp_SignUp' : 'PreSignUp_ExternalProvider';
}

/** Who is signed in; a cookie that is not ours says nothing. */
function sessionIn(cookie = ''): string | undefined {
  const [, session] = new RegExp(`(?:^|; )${SESSION_COOKIE}=([^;]+)`).exec(cookie) ?? [];
  try {
    return session === undefined ? undefined : decodeURIComponent(session);
  } catch {
    return undefined;
  }
}

/** Cognito answers browsers of any site: the code and its verifier are what counts. */
function allowAnyOrigin(response: ServerResponse): ServerResponse {
  return response
    .setHeader('access-control-allow-origin', '*')
    .setHeader('access-control-allow-headers', '*')
    .setHeader('access-control-allow-methods', 'GET, POST');
}

function redirect(response: ServerResponse, to: string, query: Readonly<Record<string, string>>): void {
  const given = Object.entries(query).filter(([, value]) => value !== '');
  const url = new URL(to);
  for (const [name, value] of given) url.searchParams.set(name, value);
  response.writeHead(302, { location: url.href, 'cache-control': 'no-store' }).end();
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json;charset=UTF-8', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

function page(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(text);
}
