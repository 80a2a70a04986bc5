// @node24

import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { logger } from '../../../../lib/runtime/observability';
import { describeWithPostgres } from '../../../fixtures/describe-with';
import { type PostgresFixture, startPostgres } from '../../../fixtures/postgres';
import { newKey } from '../runtime/application-fixture';

interface Invoked {
  /** Of the token; null where no token was asked for. */
  readonly claims?: object | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly rawQueryString?: string;
  readonly isBase64Encoded?: boolean;
}

describeWithPostgres('the application behind an HTTP API', () => {
  let postgres: PostgresFixture;
  beforeAll(async () => {
    postgres = await startPostgres();
    const { host, port } = postgres.endpoint;
    const variables = {
      DATABASE_WRITER: `${host}:${port}`,
      DATABASE_READER: `${host}:${port}`,
      DATABASE_TRUST: 'none',
      DATABASE_CONNECT_SECONDS: '5',
      UPLOADS_BUCKET: 'uploads',
      UPLOADS_MAX_BYTES: '1000',
      UPLOAD_URL_SECONDS: '900',
      ORIGIN_VERIFIERS: createHash('sha256').update('secret').digest('hex'),
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'example',
      AWS_LAMBDA_FUNCTION_NAME: 'items-api',
      POWERTOOLS_METRICS_NAMESPACE: 'WebApp',
      POWERTOOLS_SERVICE_NAME: 'items-api',
    };
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  });
  afterEach(() => vi.restoreAllMocks());
  afterAll(async () => {
    const { database } = await import('../../../../patterns/web-app/runtime/stores.js');
    await database().close();
    vi.unstubAllEnvs();
    await postgres.stop();
  });

  const invoke = async (
    method: string,
    rawPath: string,
    { claims = { sub: 'alice' }, headers = {}, body, rawQueryString = '', isBase64Encoded = false }: Invoked = {},
  ) => {
    // Loaded by each test, so that a handler that cannot be loaded fails them all by name.
    const { handler } = await import('../../../../patterns/web-app/handlers/items-api.js');
    return handler({
      version: '2.0',
      rawPath,
      rawQueryString,
      headers: { 'x-origin-verify': 'secret', 'content-type': 'application/json', ...headers },
      body,
      isBase64Encoded,
      requestContext: {
        requestId: 'gateway-1',
        http: { method },
        ...(claims !== null && { authorizer: { jwt: { claims, scopes: [] } } }),
      },
    } as never);
  };

  it('takes who asks from the token that API Gateway checked, and nothing from the request', async () => {
    const body = JSON.stringify({ title: 'from Lambda' });
    const headers = { 'idempotency-key': newKey(), 'x-user': 'bob', authorization: 'Bearer whatever' };
    const made = await invoke('POST', '/api/items', { headers, body });
    expect(made).toMatchObject({ statusCode: 201, headers: { 'x-request-id': 'gateway-1' } });
    const { id } = JSON.parse(made.body ?? '') as { id: string };
    expect((await invoke('GET', `/api/items/${id}`)).statusCode).toBe(200);
    expect((await invoke('GET', `/api/items/${id}`, { claims: { sub: 'bob' } })).statusCode).toBe(404);
    for (const claims of [{}, { sub: '' }, { sub: ['alice'] }, null]) {
      expect((await invoke('GET', '/api/items', { claims })).statusCode).toBe(401);
    }
    const rows = await postgres.query('SELECT owner FROM items');
    expect(rows).toEqual([{ owner: 'alice' }]);
  });

  it('answers a health check that carries no token, and nobody who comes around CloudFront', async () => {
    expect(await invoke('GET', '/api/health', { claims: null })).toMatchObject({
      statusCode: 200,
      body: '{"status":"ok"}',
    });
    const around = await invoke('GET', '/api/items', { headers: { 'x-origin-verify': 'guess' } });
    expect(around.statusCode).toBe(403);
  });

  it('reads bodies in base64, and counts them itself', async () => {
    const headers = { 'idempotency-key': newKey() };
    const body = Buffer.from(JSON.stringify({ title: 'Bücher' })).toString('base64');
    const made = await invoke('POST', '/api/items', { headers, body, isBase64Encoded: true });
    expect(JSON.parse(made.body ?? '')).toMatchObject({ title: 'Bücher' });
    const large = JSON.stringify({ title: 'x', notes: 'n'.repeat(70_000) });
    const lying = { 'idempotency-key': newKey(), 'content-length': '10' };
    const refused = await invoke('POST', '/api/items', { headers: lying, body: large });
    expect([refused.statusCode, JSON.parse(refused.body ?? '').code]).toEqual([413, 'body_too_large']);
  });

  it('answers any method, with a body or without one', async () => {
    for (const method of ['get', 'Head', 'delete', 'PROPFIND', 'x']) {
      const { statusCode } = await invoke(method, '/api/nothing', { body: '{}' });
      expect([method, statusCode]).toEqual([method, 404]);
    }
    for (const method of ['TRACE', 'CONNECT', 'track']) {
      const answer = await invoke(method, '/api/items', { body: '{}' });
      expect(answer.statusCode).toBe(405);
      expect(JSON.parse(answer.body ?? '')).toMatchObject({ code: 'method_not_allowed', field: 'method' });
    }
  });

  it('passes the query on', async () => {
    const page = await invoke('GET', '/api/items', { rawQueryString: 'limit=1' });
    expect(JSON.parse(page.body ?? '').items).toHaveLength(1);
    expect((await invoke('GET', '/api/items', { rawQueryString: 'limit=0' })).statusCode).toBe(400);
  });

  it('grants an upload without a call to AWS', async () => {
    const made = await invoke('POST', '/api/items', {
      headers: { 'idempotency-key': newKey() },
      body: '{"title":"t"}',
    });
    const { id } = JSON.parse(made.body ?? '') as { id: string };
    const body = JSON.stringify({ name: 'a.png', contentType: 'image/png', size: 10 });
    const granted = await invoke('POST', `/api/items/${id}/attachments`, {
      headers: { 'idempotency-key': newKey() },
      body,
    });
    expect(JSON.parse(granted.body ?? '')).toMatchObject({
      upload: { kind: 'form', fields: { 'Content-Type': 'image/png' } },
    });
  });

  it('never answers with more than Lambda lets through', async () => {
    const lines = vi.spyOn(logger, 'error').mockReturnValue(undefined as never);
    await postgres.query('ALTER TABLE items DROP CONSTRAINT items_notes_check');
    const { id } =
      (await postgres.query<{ id: string }>("SELECT id FROM items WHERE owner = 'alice' LIMIT 1"))[0] ?? {};
    await postgres.query("UPDATE items SET notes = repeat('n', 5600000) WHERE id = $1", [id]);
    const answer = await invoke('GET', `/api/items/${id}`);
    expect([answer.statusCode, JSON.parse(answer.body ?? '').code]).toEqual([500, 'internal']);
    expect(lines).toHaveBeenCalledOnce();
  });
});
