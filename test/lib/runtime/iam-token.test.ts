import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { roleCredentials } from '../../../lib/runtime/credentials';
import { cacheToken, databaseToken } from '../../../lib/runtime/iam-token';

const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: 'session/token+with=signs!',
};
const now = new Date('2026-11-24T10:11:12Z');
const signer = { region: 'eu-west-1', credentials: async () => credentials, now: () => now };

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Signature Version 4 of a GET, from AWS's description of it (Create a signed AWS API request), and nothing of ours. */
function signatureOf(host: string, parameters: readonly string[], service: string): string {
  const query = parameters.filter((each) => !each.startsWith('X-Amz-Signature=')).sort();
  const canonical = ['GET', '/', query.join('&'), `host:${host}`, '', 'host', sha256('')].join('\n');
  const scope = `20261124/eu-west-1/${service}/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', '20261124T101112Z', scope, sha256(canonical)].join('\n');
  const date = hmac(`AWS4${credentials.secretAccessKey}`, '20261124');
  const key = hmac(hmac(hmac(date, 'eu-west-1'), service), 'aws4_request');
  return createHmac('sha256', key).update(text).digest('hex');
}

function parts(token: string) {
  const [host = '', query = ''] = token.split('/?');
  return { host, parameters: query.split('&'), values: Object.fromEntries(new URLSearchParams(query)) };
}

describe('a login token of a database', () => {
  it('is a presigned address for 15 minutes, with the signature that AWS computes', async () => {
    const endpoint = { host: 'proxy.abc.eu-west-1.rds.amazonaws.com', port: 5432 };
    const { host, parameters, values } = parts(await databaseToken(endpoint, 'app', signer));
    expect(host).toBe('proxy.abc.eu-west-1.rds.amazonaws.com:5432');
    expect(values).toMatchObject({
      Action: 'connect',
      DBUser: 'app',
      'X-Amz-Expires': '900',
      'X-Amz-Date': '20261124T101112Z',
      'X-Amz-Credential': 'AKIDEXAMPLE/20261124/eu-west-1/rds-db/aws4_request',
      'X-Amz-Security-Token': credentials.sessionToken,
      'X-Amz-SignedHeaders': 'host',
      'X-Amz-Signature': signatureOf(host, parameters, 'rds-db'),
    });
    expect(Object.keys(values)).toHaveLength(9);
  });

  it('differs for another endpoint and another user', async () => {
    const token = async (host: string, user: string) =>
      parts(await databaseToken({ host, port: 5432 }, user, signer)).values['X-Amz-Signature'];
    expect(new Set([await token('a', 'app'), await token('b', 'app'), await token('a', 'admin')]).size).toBe(3);
  });
});

describe('a login token of a cache', () => {
  it('names the cache and that it is serverless, for 15 minutes, with the signature that AWS computes', async () => {
    const { host, parameters, values } = parts(await cacheToken('web-app-cache', 'app-1a2b', signer));
    expect(host).toBe('web-app-cache');
    expect(values).toMatchObject({
      Action: 'connect',
      User: 'app-1a2b',
      ResourceType: 'ServerlessCache',
      'X-Amz-Expires': '900',
      'X-Amz-Signature': signatureOf(host, parameters, 'elasticache'),
    });
  });
});

describe('the credentials that tokens are signed with', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('are those of the environment, as they are now', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'first');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
    vi.stubEnv('AWS_SESSION_TOKEN', 'token');
    const source = roleCredentials();
    expect(await source()).toEqual({ accessKeyId: 'first', secretAccessKey: 'secret', sessionToken: 'token' });
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'second');
    expect((await source()).accessKeyId).toBe('second');
  });

  it('are asked for in a container, with its authorization, once until they are about to expire', async () => {
    let asked = 0;
    let minutes = 60;
    const authorizations: unknown[] = [];
    const server = createServer((request, response) => {
      asked += 1;
      authorizations.push(request.headers.authorization);
      const Expiration = new Date(Date.now() + minutes * 60_000).toISOString();
      response.end(JSON.stringify({ AccessKeyId: `key-${asked}`, SecretAccessKey: 's', Token: 't', Expiration }));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    vi.stubEnv('AWS_CONTAINER_CREDENTIALS_RELATIVE_URI', undefined);
    const { port } = server.address() as AddressInfo;
    vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', `http://127.0.0.1:${port}/role`);
    vi.stubEnv('AWS_CONTAINER_AUTHORIZATION_TOKEN', 'of the container');
    const source = roleCredentials();
    const answers = await Promise.all(Array.from({ length: 10 }, () => source()));
    expect(answers.map(({ accessKeyId }) => accessKeyId)).toEqual(answers.map(() => 'key-1'));
    expect(authorizations).toEqual(['of the container']);
    // Four minutes are too few to begin anything with.
    minutes = 4;
    const other = roleCredentials();
    expect([(await other()).accessKeyId, (await other()).accessKeyId]).toEqual(['key-2', 'key-3']);
    vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', 'http://example.com/role');
    await expect(roleCredentials()()).rejects.toThrow('no place for credentials');
    server.close();
  });
});
