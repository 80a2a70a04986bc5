// @project unit

import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import jwt, { type SignOptions } from 'jsonwebtoken';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { problemAnswer } from '../../../../lib/runtime/problem';
import { tokenCheck } from '../../../../patterns/web-app/container/tokens';

const POOL = 'eu-west-1_Example01';
const CLIENT = 'client-1';
const ISSUER = `https://cognito-idp.eu-west-1.amazonaws.com/${POOL}`;

const pair = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
const [FIRST, SECOND, FOREIGN] = [pair(), pair(), pair()];

/** A user pool's key set, as it is served over the wire. */
class KeyServer {
  readonly keys = new Map<string, KeyObject>([['key-1', FIRST.publicKey]]);
  asked = 0;
  /** What it answers in place of its keys. */
  trouble?: { readonly status: number; readonly body: string };
  private readonly server: Server = createServer((_, response) => {
    this.asked += 1;
    const keys = [...this.keys].map(([kid, key]) => ({
      ...key.export({ format: 'jwk' }),
      kid,
      use: 'sig',
      alg: 'RS256',
    }));
    response.statusCode = this.trouble?.status ?? 200;
    response.end(this.trouble?.body ?? JSON.stringify({ keys }));
  });

  async start(): Promise<string> {
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

function token(options: SignOptions = {}, claims: object = {}, key: KeyObject = FIRST.privateKey): string {
  const payload = { sub: 'ada', token_use: 'access', client_id: CLIENT, iss: ISSUER, ...claims };
  return jwt.sign(payload, key, { algorithm: 'RS256', keyid: 'key-1', expiresIn: 3600, ...options });
}

/** Signed by a stranger, with the name of a key that never was. */
const forged = () => token({ keyid: randomUUID() }, {}, FOREIGN.privateKey);

let keys: KeyServer;
let check: (header?: string) => Promise<string>;
let now: number;
beforeEach(async () => {
  keys = new KeyServer();
  now = 1000;
  check = tokenCheck({ userPoolId: POOL, clientId: CLIENT, endpoint: await keys.start(), now: () => now });
});
afterEach(() => keys.stop());

/** What the API answers: the status of the problem, or 200. */
async function statusOf(given: string | undefined): Promise<number> {
  try {
    await check(given === undefined ? undefined : `Bearer ${given}`);
    return 200;
  } catch (error) {
    return problemAnswer(error, 'request-1', { error: () => undefined }).statusCode;
  }
}
const statusesOf = (tokens: readonly string[]) => Promise.all(tokens.map(statusOf));
const times = (count: number, make: () => string) => Array.from({ length: count }, make);

describe('tokens that name a key which never was', () => {
  it('are 401, one after the other and fifty at once, for one fetch', async () => {
    expect(await statusOf(token())).toBe(200);
    for (const each of times(10, forged)) expect(await statusOf(each)).toBe(401);
    expect(await statusesOf(times(50, forged))).toEqual(times(50, () => '').map(() => 401));
    expect(keys.asked).toBe(2);
    expect(await statusOf(token())).toBe(200);
  });

  it('are 401 before anyone has signed in', async () => {
    expect(await statusesOf(times(50, forged))).toEqual(times(50, () => '').map(() => 401));
    for (const each of times(10, forged)) expect(await statusOf(each)).toBe(401);
    expect(keys.asked).toBe(1);
    expect(await statusOf(token())).toBe(200);
  });

  it('are 401 while the keys cannot be fetched again, without a storm of fetches', async () => {
    expect(await statusOf(token())).toBe(200);
    keys.trouble = { status: 503, body: '' };
    expect(await statusesOf(times(50, forged))).toEqual(times(50, () => '').map(() => 401));
    for (const each of times(20, forged)) expect(await statusOf(each)).toBe(401);
    expect(keys.asked).toBe(2);
    expect(await statusOf(token({ expiresIn: 60 }))).toBe(200);
  });
});

it('fetches a key that is new', async () => {
  expect(await statusOf(token())).toBe(200);
  keys.keys.set('key-2', SECOND.publicKey);
  const rotated = () => token({ keyid: 'key-2' }, {}, SECOND.privateKey);
  expect(await statusesOf(times(20, rotated))).toEqual(times(20, () => '').map(() => 200));
  expect(keys.asked).toBe(2);
  expect(await statusOf(token({ keyid: 'key-2' }, {}, FOREIGN.privateKey))).toBe(401);
});

describe('without any keys', () => {
  it.each([
    ['an error', { status: 500, body: '' }],
    ['no JSON', { status: 200, body: '<html>' }],
    ['no key set', { status: 200, body: '{"message":"hello"}' }],
  ])('the answer is 503 for a server that answers %s, and 200 once it serves', async (_, trouble) => {
    keys.trouble = trouble;
    expect(await statusesOf([token(), forged(), token()])).toEqual([503, 503, 503]);
    expect(await statusOf(token())).toBe(503);
    expect(keys.asked).toBe(1);
    delete keys.trouble;
    now += 1000;
    expect(await statusOf(token())).toBe(200);
  });

  it('the answer is 503 for a server that is not there', async () => {
    keys.stop();
    expect(await statusOf(token())).toBe(503);
  });

  it('the answer is still 401 for what is no token of the pool', async () => {
    keys.trouble = { status: 500, body: '' };
    expect(await statusOf('garbage')).toBe(401);
    expect(await statusOf(undefined)).toBe(401);
    expect(await statusOf(token({}, { iss: `${ISSUER}0` }))).toBe(401);
  });
});

describe('a token that is wrong', () => {
  const [head = '', payload = '', signature = ''] = token().split('.');
  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

  it.each([
    ['no kid', jwt.sign({ sub: 'ada', iss: ISSUER }, FIRST.privateKey, { algorithm: 'RS256' })],
    ['a kid that is no text', `${encoded({ alg: 'RS256', kid: 7 })}.${payload}.${signature}`],
    ['a kid of a prototype', token({ keyid: '__proto__' })],
    ['alg none', `${encoded({ alg: 'none', kid: 'key-1' })}.${payload}.`],
    ['alg HS256', jwt.sign({ sub: 'ada', iss: ISSUER }, 'secret', { algorithm: 'HS256', keyid: 'key-1' })],
    ['alg ES256', `${encoded({ alg: 'ES256', kid: 'key-1' })}.${payload}.${signature}`],
    ['another issuer', token({}, { iss: 'https://evil.example' })],
    ['another client', token({}, { client_id: 'other' })],
    ['another use', token({}, { token_use: 'id' })],
    ['its time behind it', token({ expiresIn: -10 })],
    ['its time before it', token({ notBefore: 600 })],
    ['no time', `${head}.${encoded({ sub: 'ada', iss: ISSUER, client_id: CLIENT })}.${signature}`],
    ["a stranger's signature", token({}, {}, FOREIGN.privateKey)],
    ['a header that is null', `${encoded(null)}.${payload}.${signature}`],
    ['a payload that is null', `${head}.${encoded(null)}.${signature}`],
    ['a payload that is a list', `${head}.${encoded([])}.${signature}`],
    ['two parts', `${head}.${payload}`],
    ['four parts', `${head}.${payload}.${signature}.x`],
    ['dots', '...'],
  ])('is 401: %s', async (_, given) => {
    expect(await statusOf(given)).toBe(401);
    expect(await statusOf(token())).toBe(200);
  });

  it('is 401 whatever it holds', async () => {
    await check(`Bearer ${token()}`);
    const part = fc.oneof(
      fc.string({ unit: fc.constantFrom(...'abcXYZ019_-'), maxLength: 20 }),
      fc.json().map((text) => Buffer.from(text).toString('base64url')),
      fc.record({ alg: fc.constantFrom('RS256', 'none', 'ES256', ''), kid: fc.jsonValue() }).map(encoded),
      fc.constantFrom(head, payload, signature),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 4 }), async (parts) => {
        const given = parts.join('.');
        expect(await statusOf(given)).toBe(given === `${head}.${payload}.${signature}` ? 200 : 401);
      }),
      { seed: 5, numRuns: 1000 },
    );
  });
});
