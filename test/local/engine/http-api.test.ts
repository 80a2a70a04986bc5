import { generateKeyPairSync } from 'node:crypto';
import { decode, sign } from 'jsonwebtoken';
import { describe, expect, it } from 'vitest';
import type { LocalEngine } from '../../../local/engine/local-engine';
import { withEventDriven } from '../../patterns/event-driven/engine';

const list = (engine: LocalEngine, authorization?: string) =>
  engine.request({ method: 'GET', path: '/orders', headers: authorization === undefined ? {} : { authorization } });

/** Claims of a good token, changed, and signed by somebody. */
function forged(engine: LocalEngine, changes: object, algorithm: 'RS256' | 'HS256' | 'none' = 'RS256'): string {
  const good = decode(engine.signedIn('alice').authorization.replace('Bearer ', '')) as object;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = algorithm === 'RS256' ? privateKey : algorithm === 'HS256' ? 'secret' : '';
  return `Bearer ${sign({ ...good, ...changes }, key, { algorithm })}`;
}

describe('the local API', () => {
  it('lets in who has a token of the pool, and nobody else', async () => {
    await withEventDriven({}, async (engine) => {
      const { authorization } = engine.signedIn('alice');
      const [head, body, signature] = authorization.split('.');
      const tampered = Buffer.from(JSON.stringify({ sub: 'bob' })).toString('base64url');
      const statuses: Record<string, number> = {};
      for (const [what, token] of Object.entries({
        good: authorization,
        none: undefined,
        garbage: 'Bearer x.y.z',
        tampered: `${head}.${tampered}.${signature}`,
        unsigned: `${head}.${body}.`,
        'another key': forged(engine, {}),
        'no algorithm': forged(engine, {}, 'none'),
        'a shared secret': forged(engine, {}, 'HS256'),
      })) {
        statuses[what] = (await list(engine, token)).statusCode;
      }
      const { good, ...others } = statuses;
      expect(good).toBe(200);
      expect(new Set(Object.values(others))).toEqual(new Set([401]));
    });
  });

  it('refuses a token of the pool for another client, and one that has expired', async () => {
    await withEventDriven({}, async (engine) => {
      const [pool] = engine.userPools.values();
      const [client] = engine.template.ofType('AWS::Cognito::UserPoolClient');
      const other = `Bearer ${pool?.accessToken('alice', 'another-client')}`;
      const short = `Bearer ${pool?.accessToken('bob', client?.name ?? '', 60)}`;
      expect((await list(engine, other)).statusCode).toBe(401);
      expect((await list(engine, short)).statusCode).toBe(200);
      await engine.during(new Promise<void>((done) => engine.clock.after(61_000, done)));
      expect((await list(engine, short)).statusCode).toBe(401);
    });
  });

  it('throttles as its stage says, and refuses what is too large or not there', async () => {
    await withEventDriven({}, async (engine) => {
      const headers = engine.signedIn('alice');
      const many = Array.from({ length: 150 }, () => engine.api.request({ method: 'GET', path: '/nothing', headers }));
      const statuses = (await engine.during(Promise.all(many))).map(({ statusCode }) => statusCode);
      expect(statuses.filter((status) => status === 404)).toHaveLength(100);
      expect(statuses.filter((status) => status === 429)).toHaveLength(50);
      await engine.during(new Promise<void>((done) => engine.clock.after(1000, done)));
      const body = 'x'.repeat(10 * 1024 * 1024 + 1);
      expect((await engine.request({ method: 'POST', path: '/orders', headers, body })).statusCode).toBe(413);
    });
  });
});
