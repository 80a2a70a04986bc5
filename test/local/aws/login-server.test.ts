import { createHash } from 'node:crypto';
import { CognitoJwtVerifier } from 'aws-jwt-verify';
import jsonwebtoken from 'jsonwebtoken';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LoginServer, startLoginServer } from '../../../local/aws/login-server';
import { authorizedClaims, LocalUserPool, subjectOf } from '../../../local/aws/user-pool';
import { FunctionError } from '../../../local/lambda/local-function';

const NOW = Date.UTC(2026, 10, 24, 10, 0, 0);
const CALLBACK = 'http://127.0.0.1:4000/signed-in';
const HOME = 'http://127.0.0.1:4000/';
const VERIFIER = 'a-verifier-of-at-least-43-characters-as-the-rfc-says';
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');
const ADA = 'ada@example.com';

let now: number;
let ids = 0;
let login: LoginServer;
const newId = () => `id-${++ids}`;
const pool = new LocalUserPool('https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Pool', () => now, newId);

beforeEach(async () => {
  now = NOW;
  const site = { callbackUrls: [CALLBACK], logoutUrls: [HOME], scopes: ['openid', 'email'] };
  const clients = [
    { clientId: 'site', ...site },
    { clientId: 'rotating', ...site, rotatesRefreshTokens: true, validitySeconds: 300 },
  ];
  login = await startLoginServer(pool, clients, { now: () => now, newId });
});
afterEach(() => login.close());

type Query = Readonly<Record<string, string | undefined>>;

/** Leaves out what is undefined. */
const encoded = (query: Query) =>
  new URLSearchParams(Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined));
const authorize = (changes: Query = {}) =>
  encoded({
    response_type: 'code',
    client_id: 'site',
    redirect_uri: CALLBACK,
    scope: 'openid email',
    state: 'a state',
    nonce: 'a nonce',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    ...changes,
  });
const ask = (path: string, init: RequestInit = {}) => fetch(`${login.url}${path}`, { redirect: 'manual', ...init });
const submit = (query: URLSearchParams, username = ADA) =>
  ask(`/login?${query}`, { method: 'POST', body: new URLSearchParams({ username }) });
const sentTo = (response: Response) => new URL(response.headers.get('location') ?? '');
const codeOf = async (changes: Query = {}) => sentTo(await submit(authorize(changes))).searchParams.get('code') ?? '';
const exchange = (form: Query) => ask('/oauth2/token', { method: 'POST', body: encoded(form) });
const codeForm = (code: string, changes: Query = {}) => ({
  grant_type: 'authorization_code',
  client_id: 'site',
  redirect_uri: CALLBACK,
  code,
  code_verifier: VERIFIER,
  ...changes,
});
type Tokens = Record<'access_token' | 'id_token' | 'refresh_token', string> & { readonly expires_in: number };
const tokensOf = async (response: Response) => (await response.json()) as Tokens;
const errorOf = async (response: Response) => [response.status, await response.json()];
const claimsOf = (token: string) => jsonwebtoken.decode(token) as jsonwebtoken.JwtPayload;

describe('an account', () => {
  it('is made with the first sign-in, if the pre sign-up trigger lets it, by a provider where a client takes no password', async () => {
    const told: string[] = [];
    const checked = new LocalUserPool(
      pool.issuer,
      () => now,
      newId,
      async (event) => {
        told.push(`${event.triggerSource} ${event.request.userAttributes['email']}`);
        if (!event.request.userAttributes['email']?.endsWith('@example.com'))
          throw new FunctionError('Refused', 'Not you');
        return event;
      },
    );
    const site = { callbackUrls: [CALLBACK], logoutUrls: [HOME], scopes: ['openid', 'email'] };
    const own = await startLoginServer(checked, [
      { clientId: 'site', ...site, providers: ['COGNITO', 'Corp'] },
      { clientId: 'sso', ...site, providers: ['Corp'] },
    ]);
    const enter = (client_id: string, username: string) =>
      fetch(`${own.url}/login?${authorize({ client_id })}`, {
        method: 'POST',
        redirect: 'manual',
        body: new URLSearchParams({ username }),
      });
    try {
      const refused = await enter('site', 'eve@example.net');
      expect([refused.status, await refused.text()]).toEqual([400, 'PreSignUp failed with error Not you.']);
      expect(refused.headers.get('set-cookie')).toBeNull();
      for (const _ of [1, 2]) expect((await enter('site', ADA)).status).toBe(302);
      expect((await enter('sso', 'ben@example.com')).status).toBe(302);
      expect(told).toEqual([
        'PreSignUp_SignUp eve@example.net',
        `PreSignUp_SignUp ${ADA}`,
        'PreSignUp_ExternalProvider ben@example.com',
      ]);
    } finally {
      await own.close();
    }
  });
});

describe('the authorize endpoint', () => {
  it('asks who is there, and sends back with a code and the state', async () => {
    const form = await ask(`/oauth2/authorize?${authorize()}`);
    expect(form.status).toBe(200);
    const page = await form.text();
    expect(page).toContain('<label for="username">');
    expect(page).toContain('value="ada@example.com"');

    const back = await submit(authorize());
    expect(back.status).toBe(302);
    expect(`${sentTo(back).origin}${sentTo(back).pathname}`).toBe(CALLBACK);
    expect(sentTo(back).searchParams.get('state')).toBe('a state');
    expect(sentTo(back).searchParams.get('code')).toBeTruthy();
  });

  it('sends nobody to an address, or for a client, that it does not know', async () => {
    const strangers = [
      { client_id: 'other' },
      { redirect_uri: 'http://127.0.0.1:4000/elsewhere' },
      { redirect_uri: `${CALLBACK}?more` },
      { redirect_uri: undefined },
    ];
    for (const stranger of strangers) {
      for (const answer of [await ask(`/oauth2/authorize?${authorize(stranger)}`), await submit(authorize(stranger))]) {
        expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
      }
    }
  });

  it.each([
    ['another response type', { response_type: 'token' }, 'invalid_request'],
    ['no challenge', { code_challenge: undefined }, 'invalid_request'],
    ['a plain challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['no method', { code_challenge_method: undefined }, 'invalid_request'],
    ['a scope of others', { scope: 'openid phone' }, 'invalid_scope'],
  ])('tells the client of %s', async (_what, change, error) => {
    for (const answer of [await ask(`/oauth2/authorize?${authorize(change)}`), await submit(authorize(change))]) {
      expect(Object.fromEntries(sentTo(answer).searchParams)).toEqual({ error, state: 'a state' });
    }
  });

  it('shows text as text', async () => {
    const clients = [{ clientId: 'site', callbackUrls: [CALLBACK], logoutUrls: [], scopes: ['openid', 'email'] }];
    const other = await startLoginServer(pool, clients, { suggestedUser: '"><script>&' });
    const page = await (await fetch(`${other.url}/oauth2/authorize?${authorize({ state: '"><script>' })}`)).text();
    await other.close();
    expect(page).not.toContain('<script>');
    expect(page).toContain('value="&quot;>&lt;script>&amp;"');
  });

  it('asks nobody twice who has signed in, until the sign-out', async () => {
    const cookie = (await submit(authorize(), 'grace@example.com')).headers.get('set-cookie') ?? '';
    expect(cookie).toContain('HttpOnly');
    const headers = { cookie: cookie.split(';')[0] ?? '' };
    const again = await ask(`/oauth2/authorize?${authorize()}`, { headers });
    const tokens = await tokensOf(await exchange(codeForm(sentTo(again).searchParams.get('code') ?? '')));
    expect(claimsOf(tokens.id_token)['email']).toBe('grace@example.com');

    const out = await ask(`/logout?${encoded({ client_id: 'site', logout_uri: HOME })}`, { headers });
    expect(sentTo(out).href).toBe(HOME);
    expect(out.headers.get('set-cookie')).toMatch(/^cognito=; .*Max-Age=0/);
  });

  it('signs out to no address that it does not know', async () => {
    for (const query of [{ logout_uri: 'http://elsewhere/' }, { client_id: 'other' }]) {
      const out = await ask(`/logout?${encoded({ client_id: 'site', logout_uri: HOME, ...query })}`);
      expect([out.status, out.headers.get('location')]).toEqual([400, null]);
    }
  });
});

describe('the token endpoint', () => {
  it('exchanges a code for tokens that the pool and a verifier of AWS accept', async () => {
    const answer = await exchange(codeForm(await codeOf()));
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    const tokens = await tokensOf(answer);
    expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 3600, refresh_token: expect.any(String) });
    expect(authorizedClaims(tokens.access_token, pool, ['site'], now)).toMatchObject({
      sub: subjectOf(ADA),
      client_id: 'site',
      token_use: 'access',
      scope: 'openid email',
    });
    expect(claimsOf(tokens.id_token)).toMatchObject({ aud: 'site', nonce: 'a nonce', email: ADA, token_use: 'id' });

    const verifier = CognitoJwtVerifier.create({ userPoolId: pool.id, clientId: 'site', tokenUse: 'access' });
    const keys = await (await ask(`/${pool.id}/.well-known/jwks.json`)).json();
    verifier.cacheJwks(keys as Parameters<typeof verifier.cacheJwks>[0]);
    // Its clock is the real one.
    const graceSeconds = Math.abs(Date.now() - NOW) / 1000 + 7200;
    const verified = await verifier.verify(tokens.access_token, { graceSeconds });
    expect(verified.sub).toBe(subjectOf(ADA));
  });

  it('takes a code once', async () => {
    const form = codeForm(await codeOf());
    expect((await exchange(form)).status).toBe(200);
    expect(await errorOf(await exchange(form))).toEqual([400, { error: 'invalid_grant' }]);
  });

  it('takes a code for five minutes', async () => {
    const [early, late] = [await codeOf(), await codeOf()];
    now += 5 * 60_000 - 1;
    expect((await exchange(codeForm(early))).status).toBe(200);
    now += 1;
    expect(await errorOf(await exchange(codeForm(late)))).toEqual([400, { error: 'invalid_grant' }]);
  });

  it.each([
    ['another verifier', { code_verifier: `${VERIFIER}x` }],
    ['another address', { redirect_uri: HOME }],
    ['another client', { client_id: 'rotating' }],
    ['another code', { code: 'none' }],
  ])('refuses %s, and then the code itself', async (_what, change) => {
    const code = await codeOf();
    expect(await errorOf(await exchange(codeForm(code, change)))).toEqual([400, { error: 'invalid_grant' }]);
    const rightful = await exchange(codeForm(code));
    expect(rightful.status).toBe('code' in change ? 200 : 400);
  });

  it('names what a request lacks', async () => {
    const code = await codeOf();
    for (const name of ['grant_type', 'client_id', 'redirect_uri', 'code', 'code_verifier']) {
      const answer = await exchange(codeForm(code, { [name]: undefined }));
      expect([name, ...(await errorOf(answer))]).toEqual([name, 400, { error: 'invalid_request' }]);
    }
    expect(await errorOf(await exchange(codeForm(code, { client_id: 'other' })))).toEqual([
      400,
      { error: 'invalid_client' },
    ]);
    const password = await exchange({ grant_type: 'password', client_id: 'site' });
    expect(await errorOf(password)).toEqual([400, { error: 'unsupported_grant_type' }]);
    const asJson = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
    expect(await errorOf(await ask('/oauth2/token', asJson))).toEqual([400, { error: 'invalid_request' }]);
  });

  it('renews tokens by the same refresh token, as often as asked, without a nonce', async () => {
    const { refresh_token, access_token } = await tokensOf(await exchange(codeForm(await codeOf())));
    for (let time = 0; time < 2; time += 1) {
      now += 3_600_000;
      expect(authorizedClaims(access_token, pool, ['site'], now)).toBeUndefined();
      const renewed = await tokensOf(await exchange({ grant_type: 'refresh_token', client_id: 'site', refresh_token }));
      expect(renewed).not.toHaveProperty('refresh_token');
      expect(claimsOf(renewed.id_token)).not.toHaveProperty('nonce');
      // When somebody signed in stays what it was.
      expect(claimsOf(renewed.access_token)['auth_time']).toBe(NOW / 1000);
      expect(authorizedClaims(renewed.access_token, pool, ['site'], now)?.['sub']).toBe(subjectOf(ADA));
    }
  });

  it('rotates refresh tokens where the client says so', async () => {
    const client_id = 'rotating';
    const first = await tokensOf(await exchange(codeForm(await codeOf({ client_id }), { client_id })));
    expect(first.expires_in).toBe(300);
    const form = { grant_type: 'refresh_token', client_id, refresh_token: first.refresh_token };
    const second = await tokensOf(await exchange(form));
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(await errorOf(await exchange(form))).toEqual([400, { error: 'invalid_grant' }]);
    expect((await exchange({ ...form, refresh_token: second.refresh_token })).status).toBe(200);
  });

  it('renews nothing for another client, or for who was signed out everywhere', async () => {
    const { refresh_token } = await tokensOf(await exchange(codeForm(await codeOf())));
    const form = { grant_type: 'refresh_token', client_id: 'site', refresh_token };
    const refused = [400, { error: 'invalid_grant' }];
    expect(await errorOf(await exchange({ ...form, client_id: 'rotating' }))).toEqual(refused);
    login.revoke('grace@example.com');
    expect((await exchange(form)).status).toBe(200);
    login.revoke(ADA);
    expect(await errorOf(await exchange(form))).toEqual(refused);
  });

  it('gives an identity token for openid alone', async () => {
    const tokens = await tokensOf(await exchange(codeForm(await codeOf({ scope: 'email' }))));
    expect(tokens).not.toHaveProperty('id_token');
  });
});
