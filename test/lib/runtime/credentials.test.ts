import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { roleCredentials } from '../../../lib/runtime/credentials';

const NOW = Date.UTC(2026, 10, 24);
let asked: { readonly url: string; readonly headers: unknown }[];
/** What the container hands out. */
let answer: { ok: boolean; status?: number; body: object };

beforeEach(() => {
  asked = [];
  answer = { ok: true, body: { AccessKeyId: 'a', SecretAccessKey: 's', Token: 't' } };
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
  for (const name of ['ACCESS_KEY_ID', 'SECRET_ACCESS_KEY', 'SESSION_TOKEN']) vi.stubEnv(`AWS_${name}`, undefined);
  for (const name of [
    'CREDENTIALS_RELATIVE_URI',
    'CREDENTIALS_FULL_URI',
    'AUTHORIZATION_TOKEN',
    'AUTHORIZATION_TOKEN_FILE',
  ])
    vi.stubEnv(`AWS_CONTAINER_${name}`, undefined);
  vi.spyOn(AbortSignal, 'timeout');
  vi.spyOn(globalThis, 'fetch').mockImplementation((async (url: string, { headers }: RequestInit) => {
    asked.push({ url, headers });
    return { ...answer, json: async () => answer.body };
  }) as never);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const at = (url: string) => vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', url);

describe('credentials of the environment', () => {
  it('are as they are there, with a token or without', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
    expect(await roleCredentials()()).toEqual({ accessKeyId: 'key', secretAccessKey: 'secret' });
    vi.stubEnv('AWS_SESSION_TOKEN', 'token');
    expect(await roleCredentials()()).toMatchObject({ sessionToken: 'token' });
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', undefined);
    await expect(roleCredentials()()).rejects.toThrow('AWS_SECRET_ACCESS_KEY');
    expect(asked).toEqual([]);
  });
});

describe('credentials of a container', () => {
  const expires = (ms: number) => {
    answer = { ok: true, body: { ...answer.body, Expiration: new Date(Date.now() + ms).toISOString() } };
  };

  it('come from where ECS has them, in two seconds', async () => {
    vi.stubEnv('AWS_CONTAINER_CREDENTIALS_RELATIVE_URI', '/role');
    at('https://other.example/');
    expect(await roleCredentials()()).toEqual({ accessKeyId: 'a', secretAccessKey: 's', sessionToken: 't' });
    expect(asked).toEqual([{ url: 'http://169.254.170.2/role', headers: {} }]);
    expect(AbortSignal.timeout).toHaveBeenCalledWith(2000);
  });

  it('may have no token', async () => {
    at('http://localhost/');
    answer = { ok: true, body: { AccessKeyId: 'a', SecretAccessKey: 's' } };
    expect(await roleCredentials()()).toEqual({ accessKeyId: 'a', secretAccessKey: 's' });
  });

  it('are kept until five minutes before they expire', async () => {
    at('http://localhost/');
    const source = roleCredentials();
    expires(3_600_000);
    await source();
    vi.setSystemTime(NOW + 3_300_000 - 1);
    await source();
    expect(asked).toHaveLength(1);
    vi.setSystemTime(NOW + 3_300_000);
    await source();
    expect(asked).toHaveLength(2);
  });

  it('are asked for each time when nothing says how long they are good', async () => {
    at('http://localhost/');
    const source = roleCredentials();
    await source();
    await source();
    expect(asked).toHaveLength(2);
  });

  it('are asked for once by all who want them at once, and again after a failure', async () => {
    at('http://localhost/');
    const source = roleCredentials();
    answer = { ok: false, status: 500, body: {} };
    const failures = await Promise.allSettled([source(), source()]);
    expect(failures.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(asked).toHaveLength(1);
    answer = { ok: true, body: { AccessKeyId: 'b', SecretAccessKey: 's' } };
    expect((await source()).accessKeyId).toBe('b');
  });

  it('are an error when there are none', async () => {
    at('http://localhost/');
    answer = { ok: false, status: 404, body: { AccessKeyId: 'a', SecretAccessKey: 's' } };
    await expect(roleCredentials()()).rejects.toThrow("The container's credentials answered 404");
    for (const body of [{ AccessKeyId: 'a' }, { SecretAccessKey: 's' }]) {
      answer = { ok: true, body };
      await expect(roleCredentials()()).rejects.toThrow('The container has no credentials');
    }
  });

  it.each([
    ...['http://localhost/x', 'http://127.0.0.1/x', 'http://127.1.22.233:8080/x', 'http://[::1]/x'],
    ...['http://169.254.170.2/x', 'http://169.254.170.23/x', 'http://[fd00:ec2::23]/x', 'https://example.com/x'],
  ])('are asked for at %s', async (url) => {
    at(url);
    await roleCredentials()();
    expect(asked.map((each) => each.url)).toEqual([url]);
  });

  it.each([
    ...['http://example.com', 'http://localhost.example.com', 'http://xlocalhost', 'http://169.254.170.24'],
    ...[
      'http://128.0.0.1',
      'http://169.254.170.1',
      'http://x169.254.170.2.example',
      'http://[fd00:ec2::24]',
      'http://[::2]',
    ],
  ])('are not asked for at %s', async (url) => {
    at(url);
    await expect(roleCredentials()()).rejects.toThrow(`${url} is no place for credentials`);
    expect(asked).toEqual([]);
  });

  it('need an address', async () => {
    await expect(roleCredentials()()).rejects.toThrow('AWS_CONTAINER_CREDENTIALS_FULL_URI');
  });

  it('are asked for with the token of the container, that of its file before the other', async () => {
    at('http://localhost/');
    vi.stubEnv('AWS_CONTAINER_AUTHORIZATION_TOKEN', 'plain');
    await roleCredentials()();
    const folder = mkdtempSync(join(tmpdir(), 'token-'));
    try {
      writeFileSync(join(folder, 'token'), ' of the file\n');
      vi.stubEnv('AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE', join(folder, 'token'));
      await roleCredentials()();
    } finally {
      rmSync(folder, { recursive: true });
    }
    expect(asked.map(({ headers }) => headers)).toEqual([{ authorization: 'plain' }, { authorization: 'of the file' }]);
  });
});
