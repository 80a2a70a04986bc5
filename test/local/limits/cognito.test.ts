import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect } from 'vitest';
import { GrantRefused, type LoginClient, LoginGrants } from '../../../local/aws/login-grants';
import { type LoginServer, startLoginServer } from '../../../local/aws/login-server';
import { AwsError } from '../../../local/aws/service';
import type { InvokeTrigger } from '../../../local/aws/sign-up';
import { LocalUserPool } from '../../../local/aws/user-pool';
import type { AdministeredPool } from '../../../local/aws/user-pool-admin';
import { checkUserPool, checkUserPoolClient, refreshSecondsOf } from '../../../local/aws/user-pool-limits';
import { FunctionError, ThrottledError } from '../../../local/lambda/local-function';
import { COGNITO_LIMITS } from '../../../local/limits/cognito';
import { onBothSides, outcome, testEachLimit } from './both-sides-fixture';
import { ADDRESS, administratorOf, PASSWORD } from './cognito-admin-fixture';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const CALLBACK = 'https://app.example.com/callback';
const CLIENT: LoginClient = { clientId: 'site', callbackUrls: [CALLBACK], logoutUrls: [], scopes: ['openid', 'email'] };
const VERIFIER = 'v'.repeat(43);
const text = (length: number) => 'x'.repeat(Math.max(0, length));
const challengeOf = (verifier: string) => createHash('sha256').update(verifier).digest('base64url');
const pool = new LocalUserPool(
  'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Pool',
  () => NOW,
  () => 'id',
);

/** A pool with a pre sign-up trigger. */
const answering = (preSignUp: InvokeTrigger) =>
  new LocalUserPool(
    pool.issuer,
    () => NOW,
    () => 'id',
    preSignUp,
  );

let login: LoginServer;
beforeAll(async () => {
  login = await startLoginServer(pool, [CLIENT], { now: () => NOW });
});
afterAll(() => login.close());

/** Codes and tokens of a client on a clock of their own. @throws AwsError named by the OAuth error */
function grants(changes: Partial<LoginClient> = {}) {
  const time = { now: NOW };
  let ids = 0;
  const client = { ...CLIENT, ...changes };
  const other = { ...client, clientId: 'other' };
  const given = new LoginGrants(
    [client, other],
    () => time.now,
    () => `id-${++ids}`,
  );
  const code = (verifier = VERIFIER) =>
    given.code({
      user: 'a',
      client,
      scope: 'openid',
      redirectUri: CALLBACK,
      challenge: challengeOf(verifier),
      signedInAt: NOW / 1000,
    });
  const redeem = (form: Readonly<Record<string, string>>) => {
    try {
      return given.redeem(new URLSearchParams(form));
    } catch (error) {
      throw error instanceof GrantRefused ? new AwsError(error.error, '') : error;
    }
  };
  const exchange = (form: Readonly<Record<string, string>> = {}) =>
    redeem({
      grant_type: 'authorization_code',
      client_id: 'site',
      redirect_uri: CALLBACK,
      code: code(),
      code_verifier: VERIFIER,
      ...form,
    });
  const refresh = (refresh_token: string, client_id = 'site') =>
    redeem({ grant_type: 'refresh_token', client_id, refresh_token });
  return { time, given, code, exchange, refresh };
}

/** What the authorize endpoint says: of an error for the client, or on a page of its own. */
async function authorize(changes: Readonly<Record<string, string>> = {}): Promise<string | undefined> {
  const asked = {
    response_type: 'code',
    client_id: 'site',
    redirect_uri: CALLBACK,
    scope: 'openid',
    code_challenge: challengeOf(VERIFIER),
    code_challenge_method: 'S256',
  };
  const response = await fetch(`${login.url}/oauth2/authorize?${new URLSearchParams({ ...asked, ...changes })}`, {
    redirect: 'manual',
  });
  if (response.status === 400) return response.text();
  return response.status === 302
    ? (new URL(response.headers.get('location') ?? '').searchParams.get('error') ?? undefined)
    : undefined;
}

/** What the sign-in form says to a name. */
async function signIn(username: string): Promise<void> {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: 'site',
    redirect_uri: CALLBACK,
    code_challenge: challengeOf(VERIFIER),
    code_challenge_method: 'S256',
  });
  const response = await fetch(`${login.url}/login?${query}`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ username }),
  });
  if (response.status !== 302) throw new AwsError((await response.text()).split(':')[0] ?? '', '');
}

/** What an administrator does, each call in a pool of its own. */
const admin = (settings?: Partial<AdministeredPool>, flows?: string[]) => administratorOf(pool, settings, flows);

const seconds = { AccessToken: 'seconds', IdToken: 'seconds', RefreshToken: 'seconds' } as const;
const urls = (count: number) => Array.from({ length: Math.max(0, count) }, () => CALLBACK);

testEachLimit(COGNITO_LIMITS, {
  tokenValidity: async (limit) => {
    await onBothSides(limit, (AccessTokenValidity) =>
      checkUserPoolClient({ AccessTokenValidity, TokenValidityUnits: seconds }),
    );
    await onBothSides(limit, (IdTokenValidity) =>
      checkUserPoolClient({ IdTokenValidity, TokenValidityUnits: seconds }),
    );
    const hours = { ...limit, min: 1, max: 24 };
    await onBothSides(hours, (AccessTokenValidity) => checkUserPoolClient({ AccessTokenValidity }), { furthest: 20 });
  },
  refreshTokenValidity: async (limit) => {
    const check = (RefreshTokenValidity: number) =>
      checkUserPoolClient({ RefreshTokenValidity, TokenValidityUnits: seconds });
    await onBothSides(limit, check);
    expect(refreshSecondsOf({ RefreshTokenValidity: 0 })).toBe(2_592_000);
  },
  callbackUrls: async (limit) => {
    await onBothSides(limit, (count) => checkUserPoolClient({ CallbackURLs: urls(count) }));
    await onBothSides(limit, (count) => checkUserPoolClient({ LogoutURLs: urls(count) }));
  },
  callbackUrl: async (limit) => {
    for (const [length, expected] of [
      [1024, undefined],
      [1025, limit.error],
      [5000, limit.error],
    ] as const) {
      const url = `https://a.example/${text(length - 18)}`;
      expect([url.length, await outcome(() => checkUserPoolClient({ CallbackURLs: [url] }))]).toEqual([
        length,
        expected,
      ]);
    }
    expect(await outcome(() => checkUserPoolClient({ LogoutURLs: [''] }))).toBe(limit.error);
  },
  callbackShape: async ({ error }) => {
    for (const url of [CALLBACK, 'http://localhost:5173/', 'http://127.0.0.1:8080/a?b=c', 'myapp://callback']) {
      expect([url, await outcome(() => checkUserPoolClient({ CallbackURLs: [url] }))]).toEqual([url, undefined]);
    }
    for (const url of [
      '/callback',
      'app.example.com',
      'http://app.example.com',
      'http://localhost.example.com/',
      `${CALLBACK}#x`,
    ]) {
      expect([url, await outcome(() => checkUserPoolClient({ CallbackURLs: [url] }))]).toEqual([url, error]);
    }
  },
  scopes: (limit) => onBothSides(limit, (count) => checkUserPoolClient({ AllowedOAuthScopes: urls(count) })),
  passwordLength: (limit) =>
    onBothSides(limit, (MinimumLength) => checkUserPool({ Policies: { PasswordPolicy: { MinimumLength } } })),
  groupName: async (limit) => {
    await onBothSides(limit, (length) => pool.setGroups('a', [text(length)]));
    for (const name of ['a b', ' ', 'a\n']) expect(await outcome(() => pool.setGroups('a', [name]))).toBe(limit.error);
  },
  groups: (limit) =>
    onBothSides(limit, (count) =>
      pool.setGroups(
        'a',
        Array.from({ length: Math.max(0, count) }, (_, index) => `g${index}`),
      ),
    ),
  username: async (limit) => {
    await onBothSides(limit, (length) => signIn(text(length)), { runs: 5, furthest: 300 });
    for (const name of ['a b', ' ', 'a\tb']) expect(await outcome(() => signIn(name))).toBe(limit.error);
  },
  pool: async ({ error }) => {
    const { call } = admin();
    for (const action of ['AdminCreateUser', 'AdminSetUserPassword', 'AdminInitiateAuth', 'AdminDeleteUser']) {
      const input = { UserPoolId: 'eu-west-1_None', Username: ADDRESS, Password: PASSWORD };
      expect([action, await outcome(() => call(action, input))]).toEqual([action, error]);
    }
  },
  adminUsername: async (limit) => {
    const names = admin({ usernameAttributes: [] });
    await onBothSides(limit, (length) => names.create(`${text(length)}`, {}), { runs: 0 });
    for (const name of ['a b@example.com', 'a\n']) {
      for (const act of [names.create, names.drop, (each: string) => names.setPassword(PASSWORD, each)]) {
        expect(await outcome(() => act(name))).toBe(limit.error);
      }
    }
  },
  usernameShape: async ({ error }) => {
    const { create } = admin();
    for (const name of ['alice', '@example.com', 'a@']) expect(await outcome(() => create(name))).toBe(error);
    const named = (Value: string) => ({ UserAttributes: [{ Name: 'email', Value }] });
    expect(await outcome(() => create('b@example.com', named('c@example.com')))).toBe(error);
    expect(await outcome(() => create('b@example.com', named('b@example.com')))).toBeUndefined();
    expect(await outcome(() => admin({ usernameAttributes: [] }).create('alice'))).toBeUndefined();
  },
  userExists: async ({ error }) => {
    const { create, drop } = admin();
    expect(await outcome(() => create(ADDRESS))).toBe(error);
    drop(ADDRESS);
    expect(await outcome(() => create(ADDRESS))).toBeUndefined();
  },
  user: async ({ error }) => {
    const { drop, setPassword, signIn } = admin();
    expect(await outcome(() => drop('b@example.com'))).toBe(error);
    expect(await outcome(() => setPassword(PASSWORD, 'b@example.com'))).toBe(error);
    expect(await outcome(() => signIn({ USERNAME: 'b@example.com' }, 'telling'))).toBe(error);
  },
  password: async (limit) => {
    const { setPassword } = admin({ passwordPolicy: { MinimumLength: 1 } });
    await onBothSides(limit, (length) => setPassword(text(length)), { furthest: 300 });
    for (const password of ['a b', ' ', 'a\t']) expect(await outcome(() => setPassword(password))).toBe(limit.error);
  },
  passwordPolicy: async ({ error }) => {
    const usual = admin();
    const policy = { MinimumLength: 12, RequireLowercase: true, RequireUppercase: true };
    const own = admin({ passwordPolicy: { ...policy, RequireNumbers: true, RequireSymbols: true } });
    for (const bad of ['Correct-ho1', 'correct-horse-1', 'CORRECT-HORSE-1', 'Correct-horse-x', 'Correcthorse1']) {
      expect([bad, await outcome(() => own.setPassword(bad))]).toEqual([bad, error]);
      expect([bad, await outcome(() => own.create('b@example.com', { TemporaryPassword: bad }))]).toEqual([bad, error]);
    }
    expect(await outcome(() => own.setPassword('Correct-hor1'))).toBeUndefined();
    expect(await outcome(() => usual.setPassword('Short-1'))).toBe(error);
    expect(await outcome(() => usual.setPassword('Longer-1'))).toBeUndefined();
  },
  adminClient: async ({ error }) => expect(await outcome(() => admin().signIn({}, 'none'))).toBe(error),
  flow: async ({ error }) => {
    expect(await outcome(() => admin().signIn())).toBeUndefined();
    for (const flows of [[], ['ALLOW_USER_SRP_AUTH'], ['ALLOW_USER_PASSWORD_AUTH']]) {
      expect(await outcome(() => admin({}, flows).signIn())).toBe(error);
    }
  },
  parameter: async ({ error }) => {
    const { signIn } = admin();
    for (const missing of [{ USERNAME: undefined }, { PASSWORD: undefined }, { PASSWORD: '' }]) {
      expect(await outcome(() => signIn(missing))).toBe(error);
    }
  },
  credentials: async ({ error }) => {
    const { signIn, drop } = admin();
    expect(await outcome(() => signIn({ PASSWORD: `${PASSWORD}x` }))).toBe(error);
    expect(await outcome(() => signIn({ USERNAME: 'b@example.com' }))).toBe(error);
    drop(ADDRESS);
    expect(await outcome(() => signIn())).toBe(error);
  },
  triggerRefusal: async ({ error }) => {
    const refusing = answering(async () => {
      throw new FunctionError('SignUpRefused', 'Not from there');
    });
    expect(await outcome(() => refusing.admit('a@example.com', 'site'))).toBe(error);
    await expect(refusing.admit('a@example.com', 'site')).rejects.toThrow(
      /^PreSignUp failed with error Not from there\.$/,
    );
    expect(await outcome(() => answering(async (event) => event).admit('a@example.com', 'site'))).toBeUndefined();
  },
  triggerAnswer: async ({ error }) => {
    for (const answer of [undefined, null, 'yes', true, {}, { response: null }, { response: 'yes' }]) {
      const pool = answering(async () => answer);
      expect([answer, await outcome(() => pool.admit('a@example.com', 'site'))]).toEqual([answer, error]);
    }
    expect(
      await outcome(() => answering(async () => ({ response: {} })).admit('a@example.com', 'site')),
    ).toBeUndefined();
  },
  triggerInvocation: async ({ error }) => {
    const throttled = answering(async () => {
      throw new ThrottledError('Rate Exceeded.');
    });
    expect(await outcome(() => throttled.admit('a@example.com', 'site'))).toBe(error);
  },
  redirect: async ({ error }) => {
    expect(await authorize()).toBeUndefined();
    for (const redirect_uri of [
      '',
      `${CALLBACK}/`,
      `${CALLBACK}?a=b`,
      CALLBACK.toUpperCase(),
      'https://app.example.com',
      `${CALLBACK}#`,
    ]) {
      expect([redirect_uri, await authorize({ redirect_uri })]).toEqual([redirect_uri, error]);
    }
  },
  scope: async ({ error }) => {
    for (const scope of ['openid', 'openid email']) expect(await authorize({ scope })).toBeUndefined();
    for (const scope of ['phone', 'openid phone', 'OPENID']) expect(await authorize({ scope })).toBe(error);
  },
  challenge: async ({ error }) => {
    for (const code_challenge of ['', text(42), text(44), `${text(42)}=`, `${text(42)}+`]) {
      expect([code_challenge, await authorize({ code_challenge })]).toEqual([code_challenge, error]);
    }
    expect(await authorize({ code_challenge_method: 'plain' })).toBe(error);
  },
  verifier: async (limit) => {
    const exchange = (verifier: string) => {
      const { code, exchange: redeem } = grants();
      return redeem({ code: code(verifier), code_verifier: verifier });
    };
    await onBothSides({ ...limit }, (length) => exchange(text(Math.max(1, length))));
    expect(await outcome(() => exchange(`${text(40)}-._~`))).toBeUndefined();
    for (const sign of ['+', '/', '=', ' ', 'é'])
      expect(await outcome(() => exchange(text(43) + sign))).toBe(limit.error);
  },
  client: async ({ error }) => expect(await outcome(() => grants().exchange({ client_id: 'none' }))).toBe(error),
  grantType: async ({ error }) => {
    for (const grant_type of ['password', 'client_credentials', 'AUTHORIZATION_CODE']) {
      expect(await outcome(() => grants().exchange({ grant_type }))).toBe(error);
    }
  },
  codeMs: async (limit) => {
    const after = (ms: number) => {
      const { time, code, exchange } = grants();
      const given = code();
      time.now += Math.max(0, ms);
      return exchange({ code: given });
    };
    await onBothSides(limit, after, { furthest: 600_000 });
  },
  grant: async ({ error }) => {
    const { code, exchange, refresh } = grants({ rotatesRefreshTokens: true });
    const used = code();
    const { refreshToken = '' } = exchange({ code: used });
    expect(await outcome(() => exchange({ code: used }))).toBe(error);
    expect(await outcome(() => exchange({ code_verifier: 'w'.repeat(43) }))).toBe(error);
    expect(await outcome(() => exchange({ redirect_uri: `${CALLBACK}/` }))).toBe(error);
    expect(await outcome(() => exchange({ client_id: 'other' }))).toBe(error);
    expect(await outcome(() => refresh(refreshToken, 'other'))).toBe(error);
    expect(await outcome(() => refresh(refreshToken))).toBeUndefined();
    expect(await outcome(() => refresh(refreshToken))).toBe(error);
  },
  refreshExpired: async ({ error }) => {
    for (const [refreshSeconds, lives] of [
      [undefined, 2_592_000],
      [3600, 3600],
    ] as const) {
      for (const [after, expected] of [
        [lives * 1000 - 1, undefined],
        [lives * 1000, error],
        [lives * 2000, error],
      ] as const) {
        const { time, exchange, refresh } = grants(refreshSeconds === undefined ? {} : { refreshSeconds });
        const { refreshToken = '' } = exchange();
        time.now += after;
        expect(await outcome(() => refresh(refreshToken))).toBe(expected);
      }
    }
  },
});
