// @node24

import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { logger } from '../../../../lib/runtime/observability';
import type { Database } from '../../../../lib/runtime/postgres';
import { DatabaseUnavailable } from '../../../../lib/runtime/postgres-errors';
import { LARGEST_BODY_BYTES } from '../../../../patterns/web-app/contract';
import { applicationOn, ask } from './application-fixture';

/** A database that answers all with the same rows, or fails. */
function answering(rows: unknown[] | Error): Database {
  return {
    query: async () => {
      if (rows instanceof Error) throw rows;
      return { rows: rows as never[], repeated: false };
    },
    close: async () => {},
  };
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const KEY = { 'idempotency-key': 'key-1' };
const ID = '00000000-0000-4000-8000-000000000000';
const row = {
  id: ID,
  title: 't',
  notes: '',
  version: 1,
  created_at: new Date(0),
  updated_at: new Date(0),
  attachments: [],
};
const post = (body: unknown, headers: Record<string, string> = KEY) =>
  ask(applicationOn(answering([{ ...row, created: true }])), '/api/items', { method: 'POST', headers, body });

afterEach(() => vi.restoreAllMocks());

describe('every answer', () => {
  it('carries the name of its request, and is kept by nobody', async () => {
    const application = applicationOn(answering([]));
    for (const [path, user] of [
      ['/api/health', ''],
      ['/api/items', 'alice'],
      ['/api/items', ''],
      [`/api/items/${ID}`, 'alice'],
      ['/api/nothing', 'alice'],
    ] as const) {
      const { headers, json, status } = await ask(application, path, { user });
      expect(headers.get('x-request-id')).toMatch(/^request-\d+$/);
      expect(headers.get('cache-control')).toBe('no-store');
      if (status >= 400) {
        expect(headers.get('content-type')).toBe('application/problem+json');
        expect(json).toMatchObject({
          type: 'about:blank',
          status,
          code: expect.any(String),
          detail: expect.any(String),
        });
        expect(json.requestId).toBe(headers.get('x-request-id'));
      }
    }
  });

  it('tells nothing of an error that was not foreseen, which the log tells with the name of its request', async () => {
    const lines = vi.spyOn(logger, 'error').mockReturnValue(undefined as never);
    const secret = Object.assign(new Error('password authentication failed for user app'), {
      severity: 'ERROR',
      code: '42P01',
    });
    const { status, json, text } = await ask(applicationOn(answering(secret)), '/api/items');
    expect([status, json.code]).toEqual([500, 'internal']);
    expect(text).not.toContain('password');
    expect(lines).toHaveBeenCalledOnce();
    expect(lines.mock.calls[0]?.[1]).toMatchObject({ requestId: json.requestId, error: secret });
  });

  it('asks to come again when the database is away', async () => {
    vi.spyOn(logger, 'error').mockReturnValue(undefined as never);
    const application = applicationOn(answering(new DatabaseUnavailable('No connection to the database')));
    const { status, json, headers } = await ask(application, '/api/items');
    expect([status, json.code, headers.get('retry-after')]).toEqual([503, 'unavailable', '1']);
  });
});

describe('who may ask', () => {
  it('is nobody without a token, but for the health', async () => {
    const database = answering(new Error('never asked'));
    for (const [method, path] of [
      ['GET', '/api/items'],
      ['POST', '/api/items'],
      ['GET', `/api/items/${ID}`],
      ['PUT', `/api/items/${ID}`],
      ['DELETE', `/api/items/${ID}`],
      ['POST', `/api/items/${ID}/attachments`],
      ['GET', `/api/items/${ID}/attachments/${ID}`],
      ['POST', `/api/items/${ID}/attachments/${ID}/complete`],
      ['GET', '/api/nothing'],
    ] as const) {
      const { status } = await ask(applicationOn(database), path, { method, user: '' });
      expect([method, path, status]).toEqual([method, path, 401]);
    }
    const health = await ask(applicationOn(database), '/api/health', { user: '' });
    expect([health.status, health.json]).toEqual([200, { status: 'ok' }]);
  });

  it('comes through CloudFront, by one of the values that it may send now', async () => {
    const originVerifiers = `${sha256('old')},${sha256('new')}`;
    const application = applicationOn(answering([]), undefined, { originVerifiers });
    const status = async (headers: Record<string, string>, path = '/api/items') =>
      (await ask(application, path, { headers })).status;
    expect(await status({ 'x-origin-verify': 'old' })).toBe(200);
    expect(await status({ 'x-origin-verify': 'new' })).toBe(200);
    expect(await status({ 'x-origin-verify': 'other' })).toBe(403);
    // What the function's environment shows opens nothing.
    expect(await status({ 'x-origin-verify': sha256('new') })).toBe(403);
    expect(await status({})).toBe(403);
    expect(await status({}, '/api/health')).toBe(403);
  });
});

describe('a request that is not right', () => {
  it('is refused with what is wrong with it', async () => {
    const cases: [unknown, string, string | undefined][] = [
      ['{"title":', 'invalid_json', 'body'],
      [[], 'invalid_request', 'body'],
      [{}, 'invalid_request', 'title'],
      [{ title: '' }, 'invalid_request', 'title'],
      [{ title: '  ' }, 'invalid_request', 'title'],
      [{ title: 'x'.repeat(201) }, 'invalid_request', 'title'],
      [{ title: 7 }, 'invalid_request', 'title'],
      [{ title: 'a\0b' }, 'invalid_request', 'title'],
      [{ title: 'a\uffffb' }, 'invalid_request', 'title'],
      [{ title: 'a', notes: 'a\ufffeb' }, 'invalid_request', 'notes'],
      [{ title: 'a', notes: 'a\u0001b' }, 'invalid_request', 'notes'],
      ['{"title":"a\\ud800b"}', 'invalid_request', 'title'],
      [{ title: 'x', notes: 'ü'.repeat(8193) }, 'invalid_request', 'notes'],
      [{ title: 'x', owner: 'bob' }, 'invalid_request', 'owner'],
      [{ title: 'x', id: ID }, 'invalid_request', 'id'],
      ['{"title":"x","__proto__":{"notes":"n"}}', 'invalid_request', '__proto__'],
    ];
    for (const [body, code, field] of cases) {
      const { status, json } = await post(body);
      expect([body, status, json.code, json.field]).toEqual([body, 400, code, field]);
    }
    expect((await post({ title: '📚'.repeat(200) })).status).toBe(201);
    expect((await post({ title: 'x', notes: 'ü'.repeat(8192) })).status).toBe(201);
  });

  it('is refused without a usable key, or of another type', async () => {
    for (const key of ['', 'a b', 'x'.repeat(129), 'a%b', "a'b", 'a.b']) {
      const { status, json } = await post({ title: 'x' }, { 'idempotency-key': key });
      expect([key, status, json.code]).toEqual([key, 400, 'idempotency_key_required']);
    }
    expect((await post({ title: 'x' }, {})).json.field).toBe('Idempotency-Key');
    expect((await post({ title: 'x' }, { ...KEY, 'content-type': 'text/plain' })).status).toBe(415);
  });

  it('is refused above the largest body, whatever it says of its length, and told where files go', async () => {
    const database = answering(new Error('never asked'));
    const body = JSON.stringify({ title: 'x', notes: 'n'.repeat(LARGEST_BODY_BYTES) });
    for (const length of [undefined, String(body.length)]) {
      const headers = { ...KEY, ...(length !== undefined && { 'content-length': length }) };
      const { status, json } = await ask(applicationOn(database), '/api/items', { method: 'POST', headers, body });
      expect([status, json.code]).toEqual([413, 'body_too_large']);
      expect(json.detail).toContain('/attachments');
    }
  });

  it.each([
    ['POST', '/api/items'],
    ['PUT', `/api/items/${ID}`],
    ['PATCH', '/api/items'],
  ])('is read up to the largest body by %s, and no byte further', async (method, path) => {
    const of = async (bytes: number) => {
      const headers = { ...KEY, 'if-match': '"1"' };
      const answer = await ask(applicationOn(answering([])), path, { method, headers, body: '"'.repeat(bytes) });
      return answer.status;
    };
    expect(await of(LARGEST_BODY_BYTES)).toBe(method === 'PATCH' ? 404 : 400);
    expect(await of(LARGEST_BODY_BYTES + 1)).toBe(413);
  });

  it('is told that there is nothing, of a path or by a method that is none', async () => {
    for (const [method, path] of [
      ['GET', '/api/nothing'],
      ['PATCH', `/api/items/${ID}`],
    ] as const) {
      const { status, json } = await ask(applicationOn(answering([])), path, { method });
      expect([status, json.code]).toEqual([404, 'not_found']);
    }
  });
});
