// @project proofs
// @node24 alone

import { Agent, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import jwt from 'jsonwebtoken';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { describeWithPostgres } from '../../../fixtures/describe-with';
import { eventually } from '../../../fixtures/eventually';
import { type PostgresFixture, startPostgres } from '../../../fixtures/postgres';
import { newKey } from '../runtime/application-fixture';
import { type ServerFixture, startServer, startTokens, type TokenFixture } from './server-fixture';

interface Said {
  readonly method?: string;
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly agent?: Agent;
}

function say(url: string, { method = 'GET', token, headers = {}, body, agent }: Said = {}) {
  return new Promise<{ status: number; closes: boolean; headers: Record<string, unknown>; text: string }>(
    (resolve, reject) => {
      const asked = request(
        url,
        {
          method,
          agent: agent ?? false,
          headers: {
            ...(token !== undefined && { authorization: `Bearer ${token}` }),
            'content-type': 'application/json',
            ...headers,
          },
        },
        (answer) => {
          let text = '';
          answer.on('data', (chunk: Buffer) => {
            text += chunk.toString('utf8');
          });
          answer.on('error', reject);
          answer.on('end', () => {
            const closes = answer.headers.connection === 'close';
            resolve({ status: answer.statusCode ?? 0, closes, headers: answer.headers, text });
          });
        },
      );
      asked.on('error', reject);
      asked.end(body);
    },
  );
}

describeWithPostgres('the server of the container, as it is built', () => {
  let postgres: PostgresFixture;
  let tokens: TokenFixture;
  let server: ServerFixture;
  beforeAll(async () => {
    [postgres, tokens] = await Promise.all([startPostgres(), startTokens()]);
  });
  afterAll(async () => {
    tokens.close();
    await postgres.stop();
  });
  beforeEach(async () => {
    server = await startServer(postgres.endpoint, tokens.url);
  });
  afterEach(() => server.stop());

  const create = async (token: string) => {
    const headers = { 'idempotency-key': newKey() };
    const made = await say(`${server.url}/api/items`, { method: 'POST', token, headers, body: '{"title":"t"}' });
    expect(made.status).toBe(201);
    return JSON.parse(made.text) as { id: string };
  };

  it('serves who shows a good access token, and asks for the keys once', async () => {
    const before = tokens.asked();
    const alice = tokens.token('alice');
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => say(`${server.url}/api/items`, { token: alice })),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(tokens.asked() - before).toBe(1);
    const { id } = await create(alice);
    expect((await say(`${server.url}/api/items/${id}`, { token: alice })).status).toBe(200);
    expect((await say(`${server.url}/api/items/${id}`, { token: tokens.token('bob') })).status).toBe(404);
    expect((await say(`${server.url}/api/health`)).text).toBe('{"status":"ok"}');
  });

  it('serves nobody else', async () => {
    const good = tokens.token('alice');
    const [head = '', payload = '', signature = ''] = good.split('.');
    const forged = Buffer.from(JSON.stringify({ ...jwt.decode(good, { json: true }), sub: 'bob' })).toString(
      'base64url',
    );
    const none = Buffer.from('{"alg":"none","kid":"key-1"}').toString('base64url');
    const bad = {
      nothing: undefined,
      garbage: 'garbage',
      'an identity token': tokens.token('alice', { token_use: 'id', aud: 'client-1' }),
      'another client': tokens.token('alice', { client_id: 'other' }),
      'another issuer': tokens.token('alice', { iss: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Other' }),
      expired: tokens.token('alice', {}, { expiresIn: -10 }),
      'another payload': `${head}.${forged}.${signature}`,
      'no signature': `${none}.${payload}.`,
    };
    for (const [name, token] of Object.entries(bad)) {
      expect([name, (await say(`${server.url}/api/items`, { token })).status]).toEqual([name, 401]);
    }
  });

  it('refuses a body that is too large while it comes, and serves on', async () => {
    const token = tokens.token('alice');
    const headers = { 'idempotency-key': newKey(), 'transfer-encoding': 'chunked' };
    const body = JSON.stringify({ title: 'x', notes: 'n'.repeat(2_000_000) });
    const large = await say(`${server.url}/api/items`, { method: 'POST', token, headers, body }).catch(
      (error: unknown) => error,
    );
    // Its client may hear of it by an answer, or by the end of the connection while it still sends.
    expect(large instanceof Error || (large as { status: number }).status === 413).toBe(true);
    expect((await say(`${server.url}/api/items`, { token })).status).toBe(200);
  });

  it('names each request in its answer and in the log, by CloudFront’s name if that is one', async () => {
    const named = await say(`${server.url}/api/health`, { headers: { 'x-amz-cf-id': 'Abc_d-e==' } });
    expect(named.headers['x-request-id']).toBe('Abc_d-e==');
    const unnamed = await say(`${server.url}/api/health`, { headers: { 'x-amz-cf-id': 'bad name"}' } });
    expect(unnamed.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('drops no request when it is told to stop under load', async () => {
    const token = tokens.token('alice');
    const { id } = await create(token);
    const outcome = { answered: 0, refused: 0, dropped: [] as unknown[], closing: 0 };
    let isTerminating = false;
    /** One connection of a load balancer, which goes elsewhere when it is told to, or no new one is to be had. */
    const connection = async (n: number) => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      for (;;) {
        try {
          const path = n % 3 === 0 ? '/api/items' : `/api/items/${id}`;
          const { status, closes } = await say(`${server.url}${path}`, { token, agent });
          if (status !== 200) outcome.dropped.push(status);
          outcome.answered += 1;
          if (!closes) continue;
          outcome.closing += 1;
          break;
        } catch (error) {
          outcome.dropped.push(error);
          break;
        }
      }
      agent.destroy();
      expect(isTerminating).toBe(true);
    };
    const connections = Promise.all(Array.from({ length: 24 }, (_, n) => connection(n)));
    // One that is idle when the server is told, and asks a moment later.
    const idle = new Agent({ keepAlive: true, maxSockets: 1 });
    await say(`${server.url}/api/items`, { token, agent: idle });
    await eventually(() => expect(outcome.answered).toBeGreaterThan(200));
    isTerminating = true;
    const exit = server.terminate();
    await eventually(() => expect(server.log().some(({ message }) => message === 'Stopping')).toBe(true));
    expect(await say(`${server.url}/api/items`, { token, agent: idle })).toMatchObject({ status: 200, closes: true });
    await connections;
    idle.destroy();
    expect(outcome.dropped).toEqual([]);
    expect(outcome.closing).toBe(24);
    expect(await exit).toBe(0);
    await expect(say(`${server.url}/api/health`)).rejects.toThrow('ECONNREFUSED');
    expect(server.log().at(-1)).toMatchObject({ message: 'Stopped' });
  });

  it('finishes what is in flight before it goes, and closes its connections to the database', async () => {
    const token = tokens.token('alice');
    const { id } = await create(token);
    await postgres.query('BEGIN');
    await postgres.query('SELECT FROM items WHERE id = $1 FOR UPDATE', [id]);
    const slow = say(`${server.url}/api/items/${id}`, {
      method: 'PUT',
      token,
      headers: { 'if-match': '"1"' },
      body: '{"title":"late","notes":""}',
    });
    await eventually(async () => {
      const rows = await postgres.query(
        "SELECT FROM pg_stat_activity WHERE usename = 'app' AND wait_event_type = 'Lock'",
      );
      expect(rows).toHaveLength(1);
    });
    const exit = server.terminate();
    await eventually(() => expect(server.log().some(({ message }) => message === 'Stopping')).toBe(true));
    await wait(100);
    await postgres.query('COMMIT');
    expect(await slow).toMatchObject({ status: 200, closes: true });
    expect(await exit).toBe(0);
    await eventually(async () => {
      expect(await postgres.query("SELECT FROM pg_stat_activity WHERE usename = 'app'")).toEqual([]);
    });
    const [row] = await postgres.query('SELECT title FROM items WHERE id = $1', [id]);
    expect(row).toEqual({ title: 'late' });
  });
});
