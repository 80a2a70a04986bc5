// @project memory

import type { APIGatewayProxyResult } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { originCheck } from '../../../../lib/runtime/origin-check';
import type { DocumentPage, NewDocument, RagDocument } from '../../../../patterns/genai-rag/contract';
import { documentsApi } from '../../../../patterns/genai-rag/runtime/documents-api';
import type { MultiValueEvent } from '../../../../patterns/genai-rag/runtime/single-values';
import { postForm, refusalOf } from '../../../local/aws/s3/s3-fixture';
import { ACME, BUCKET, DocumentsFixture, OTHER, TABLE } from './documents-fixture';

const fixture = new DocumentsFixture();
beforeAll(() => fixture.start());
afterAll(() => fixture.stop());

const SECRET_HASH = '2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b';
const errors: unknown[] = [];
/** Metrics that a request left to be published, and how often that was asked for. */
let stored = false;
let published = 0;

interface Asked {
  readonly who?: typeof ACME;
  readonly body?: unknown;
  readonly id?: string;
  readonly key?: string | null;
  readonly query?: Record<string, string>;
  readonly headers?: Record<string, string | undefined>;
  /** Each value of the query's parameters, as a REST API hands them over. */
  readonly values?: Record<string, string[]>;
}

async function ask(
  method: string,
  { who = ACME, body, id, key = 'key-1', query, headers, values }: Asked = {},
): Promise<APIGatewayProxyResult> {
  const handler = documentsApi({
    library: fixture.library(),
    maxBytes: 1000,
    checkOrigin: originCheck(SECRET_HASH),
    logger: { error: (...given: unknown[]) => void errors.push(given) },
    metrics: {
      addMetric: () => {
        stored = true;
      },
      hasStoredMetrics: () => stored,
      publishStoredMetrics: () => {
        stored = false;
        published += 1;
      },
    } as never,
  });
  const claims = {
    sub: who.user,
    ...(who.tenant.startsWith('t-') && { 'cognito:groups': `tenant-${who.tenant.slice(2)}` }),
  };
  const event: MultiValueEvent = {
    httpMethod: method,
    path: id === undefined ? '/api/documents' : `/api/documents/${id}`,
    resource: id === undefined ? '/api/documents' : '/api/documents/{id}',
    pathParameters: id === undefined ? null : { id },
    queryStringParameters: query ?? null,
    headers: {
      'X-Origin-Verify': 'secret',
      'Content-Type': 'application/json',
      ...(key !== null && { 'Idempotency-Key': key }),
      ...headers,
    },
    body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
    requestContext: { requestId: 'r-1', authorizer: { claims } },
    ...(values !== undefined && { multiValueQueryStringParameters: values }),
  };
  return handler(event);
}

const json = <T>({ body }: APIGatewayProxyResult): T => JSON.parse(body) as T;
const announce = async (key: string, size = 5, who = ACME, contentType = 'text/plain') => {
  const answer = await ask('POST', { key, who, body: { name: `${key}.txt`, contentType, size } });
  expect(answer.statusCode).toBe(201);
  return json<NewDocument>(answer);
};

describe('POST /api/documents', () => {
  it('answers a document and a form that S3 takes, and keeps a row that goes by itself', async () => {
    let answer: APIGatewayProxyResult | undefined;
    const calls = await fixture.callsOf(async () => {
      answer = await ask('POST', { body: { name: ' Terms.txt ', contentType: 'text/plain', size: 5 } });
    });
    expect(calls).toEqual(['PutItem']);
    const { document, upload } = json<NewDocument>(answer as APIGatewayProxyResult);
    expect(answer).toMatchObject({ statusCode: 201, headers: { location: `/api/documents/${document.id}` } });
    expect(document).toMatchObject({ name: 'Terms.txt', contentType: 'text/plain', size: 5, status: 'waiting' });
    expect(Object.keys(document).sort()).toEqual([
      'contentType',
      'createdAt',
      'id',
      'name',
      'size',
      'status',
      'updatedAt',
    ]);
    expect((await fixture.row(ACME.tenant, document.id))?.expiresAt).toBe(fixture.now / 1000 + 86_400);
    for (const [content, status] of [
      ['hell', 400],
      ['hello!', 400],
      ['hello', 204],
    ] as const) {
      expect((await postForm(upload, content)).status, content).toBe(status);
    }
    expect(fixture.content(`uploads/t-acme/${document.id}`)).toBe('hello');
  });

  it('grants one type and one key', async () => {
    const { upload } = await announce('strict');
    const retyped = { ...upload, fields: { ...upload.fields, 'Content-Type': 'text/html' } };
    expect((await refusalOf(await postForm(retyped, 'hello')))[0]).toBe(403);
    const moved = { ...upload, fields: { ...upload.fields, key: `documents/${OTHER.tenant}/x.txt` } };
    expect((await refusalOf(await postForm(moved, 'hello')))[0]).toBe(403);
  });

  it('begins anew when nothing came for so long that DynamoDB may delete its row any moment', async () => {
    const first = await announce('late');
    fixture.now += 86_400_000 - 10_000;
    const again = await announce('late');
    expect(again.document).toMatchObject({ id: first.document.id, status: 'waiting' });
    expect((await fixture.row(ACME.tenant, first.document.id))?.expiresAt).toBe(fixture.now / 1000 + 86_400);
  });

  it('finds the same document with the same key, and refuses another one', async () => {
    const first = await announce('again');
    const again = await announce('again');
    expect(again.document).toEqual(first.document);
    const refused = await ask('POST', {
      key: 'again',
      body: { name: 'again.txt', contentType: 'text/plain', size: 6 },
    });
    expect([refused.statusCode, json<{ code: string }>(refused).code]).toEqual([409, 'idempotency_key_reused']);
    const { document } = await announce('again', 5, OTHER);
    expect(document.id).not.toBe(first.document.id);
    const colleague = { ...ACME, user: '33333333-3333-4333-8333-333333333333' };
    expect((await announce('again', 5, colleague)).document.id).not.toBe(first.document.id);
  });

  const body = { name: 'a', contentType: 'text/plain', size: 5 };
  it.each<[unknown, Asked, number, string, string | undefined]>([
    ['no key', { key: null, body }, 400, 'idempotency_key_required', 'Idempotency-Key'],
    ['a bad key', { key: 'ä', body }, 400, 'idempotency_key_required', 'Idempotency-Key'],
    ['no JSON', { body: '{' }, 400, 'invalid_json', 'body'],
    [
      'another media type',
      { body, headers: { 'Content-Type': 'text/xml' } },
      415,
      'unsupported_media_type',
      'Content-Type',
    ],
    ['no name', { body: { ...body, name: ' ' } }, 400, 'invalid_request', 'name'],
    ['a long name', { body: { ...body, name: 'a'.repeat(201) } }, 400, 'invalid_request', 'name'],
    [
      'half a character',
      { body: '{"name":"\\ud800","contentType":"text/plain","size":5}' },
      400,
      'invalid_request',
      'name',
    ],
    ['an unknown type', { body: { ...body, contentType: 'image/png' } }, 400, 'invalid_request', 'contentType'],
    ['no size', { body: { ...body, size: 0 } }, 400, 'invalid_request', 'size'],
    ['a broken size', { body: { ...body, size: 1.5 } }, 400, 'invalid_request', 'size'],
    ['too much', { body: { ...body, size: 1001 } }, 413, 'too_large', 'size'],
    ['a tenant of its own choice', { body: { ...body, tenant: 't-other' } }, 400, 'invalid_request', 'tenant'],
    ['a long body', { body: { ...body, name: 'a'.repeat(70_000) } }, 413, 'body_too_large', 'body'],
    ['a request past CloudFront', { body, headers: { 'X-Origin-Verify': 'guess' } }, 403, 'forbidden', undefined],
    ['nobody', { body, who: { tenant: 't-acme', user: 'x' } }, 401, 'unauthorized', undefined],
  ])('refuses %s', async (_, asked, status, code, field) => {
    const before = fixture.dynamodb.table(TABLE).size;
    const answer = await ask('POST', asked);
    expect([answer.statusCode, json(answer)]).toEqual([status, expect.objectContaining({ code, requestId: 'r-1' })]);
    expect(json<{ field?: string }>(answer).field).toBe(field);
    expect(answer.headers?.['content-type']).toBe('application/problem+json');
    expect(fixture.dynamodb.table(TABLE).size).toBe(before);
  });
});

describe('what a tenant has', () => {
  it('is listed newest first, page by page, and is seen by nobody else', async () => {
    const tenant = { tenant: 't-paging', user: ACME.user };
    const made: string[] = [];
    for (let index = 0; index < 5; index += 1) {
      fixture.now += 1000;
      made.unshift((await announce(`page-${index}`, 5, tenant)).document.id);
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = json<DocumentPage>(
        await ask('GET', { who: tenant, query: { limit: '2', ...(cursor && { cursor }) } }),
      );
      expect(page.documents.length).toBeLessThanOrEqual(2);
      seen.push(...page.documents.map(({ id }) => id));
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(made);
    expect(json<DocumentPage>(await ask('GET', { who: { ...ACME, tenant: 't-nobody' } })).documents).toEqual([]);
    const [id = ''] = made;
    for (const method of ['GET', 'DELETE']) {
      expect((await ask(method, { who: OTHER, id })).statusCode, method).toBe(404);
      expect((await ask(method, { who: tenant, id: '../t-paging' })).statusCode, method).toBe(404);
    }
    expect((await fixture.row('t-paging', id))?.status).toBe('waiting');
  });

  it.each([
    [{ limit: '0' }, 'invalid_limit', 'limit'],
    [{ limit: '101' }, 'invalid_limit', 'limit'],
    [{ limit: 'x' }, 'invalid_limit', 'limit'],
    [{ cursor: 'nonsense' }, 'invalid_cursor', 'cursor'],
    [
      { cursor: Buffer.from('2026-11-24T10:00:00.000Z tenant#t-other').toString('base64url') },
      'invalid_cursor',
      'cursor',
    ],
  ])('refuses the page %j', async (query, code, field) => {
    const answer = await ask('GET', { query });
    expect([answer.statusCode, json(answer)]).toEqual([400, expect.objectContaining({ code, field })]);
  });

  it('is not what waited in vain for a day, before DynamoDB deletes it', async () => {
    const { document } = await announce('in-vain', 5, OTHER);
    const listed = async () => json<DocumentPage>(await ask('GET', { who: OTHER })).documents.map(({ id }) => id);
    expect(await listed()).toContain(document.id);
    fixture.now += 86_400_000;
    expect(await listed()).not.toContain(document.id);
    expect((await ask('GET', { who: OTHER, id: document.id })).statusCode).toBe(404);
  });

  it('is downloaded under its name once it is there, and not before', async () => {
    const { document, upload } = await announce('download');
    const open = async () =>
      json<{ document: RagDocument; download?: { url: string } }>(await ask('GET', { id: document.id }));
    expect((await open()).download).toBeUndefined();
    await postForm(upload, 'hello');
    await fixture.deliver();
    const { document: there, download } = await open();
    expect(there.status).toBe('pending');
    const file = await fetch(download?.url ?? '');
    expect([file.status, await file.text(), file.headers.get('content-disposition')]).toEqual([
      200,
      'hello',
      `attachment; filename="download.txt"; filename*=UTF-8''download.txt`,
    ]);
  });
});

describe('DELETE /api/documents/{id}', () => {
  it('writes that it goes, then deletes its objects, and bears repeats', async () => {
    const { document, upload } = await announce('delete');
    await postForm(upload, 'hello');
    await fixture.deliver();
    const { id } = document;
    const calls = await fixture.callsOf(async () => {
      const answer = await ask('DELETE', { id });
      expect([answer.statusCode, json<{ document: RagDocument }>(answer).document.status]).toEqual([202, 'deleting']);
    });
    expect(calls).toEqual(['GetItem', 'TransactWriteItems', 'DeleteObjects']);
    expect(fixture.s3.keys(BUCKET).filter((key) => key.includes(id))).toEqual([]);
    expect((await ask('DELETE', { id })).statusCode).toBe(202);
    expect(json(await ask('GET', { id }))).toEqual({ document: expect.objectContaining({ status: 'deleting' }) });
    const again = await ask('POST', {
      key: 'delete',
      body: { name: 'delete.txt', contentType: 'text/plain', size: 5 },
    });
    expect([again.statusCode, json<{ code: string }>(again).code]).toEqual([409, 'document_deleted']);
    expect(new Set(await fixture.deliver())).toEqual(new Set(['known']));
    await fixture.settle();
    expect((await ask('GET', { id })).statusCode).toBe(404);
  });

  it('hides what went wrong on our side, and loses nothing of it', async () => {
    const { document } = await announce('trouble');
    const library = fixture.library((call, when) => {
      if (call === 'DeleteObjects' && when === 'before') throw Object.assign(new Error('secret'), { $metadata: {} });
    });
    await expect(library.remove(ACME, document.id)).rejects.toThrow('secret');
    expect((await fixture.row(ACME.tenant, document.id))?.status).toBe('deleting');
    expect((await ask('DELETE', { id: document.id })).statusCode).toBe(202);
  });
});

it('refuses a method that a path does not take', async () => {
  expect((await ask('PUT', { id: 'a' })).statusCode).toBe(405);
  expect(errors).toEqual([]);
});

describe('each answer', () => {
  it('says whether it is there, is all of the body, or is only begun', async () => {
    const { document } = await announce('answers');
    const { id } = document;
    expect((await ask('GET')).statusCode).toBe(200);
    expect((await ask('GET', { id })).statusCode).toBe(200);
    expect((await ask('DELETE', { id })).statusCode).toBe(202);
    expect((await ask('PUT', { id })).statusCode).toBe(405);
  });

  it('comes after what was measured is published, if anything was', async () => {
    published = 0;
    await ask('GET');
    expect(published).toBe(0);
    await announce('measured');
    expect([published, stored]).toEqual([1, false]);
  });

  it('refuses a parameter of which the event shows one value of two', async () => {
    const answer = await ask('GET', { query: { limit: '2' }, values: { limit: ['1', '2'] } });
    expect([answer.statusCode, json(answer)]).toMatchObject([400, { code: 'repeated_value', field: 'limit' }]);
  });
});
