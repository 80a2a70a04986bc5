import { describe, expect, it } from 'vitest';
import { Problem } from '../../../../lib/runtime/problem';
import { LARGEST_BODY_BYTES } from '../../../../patterns/genai-rag/contract';
import { announcedDocument, documentIdOf } from '../../../../patterns/genai-rag/runtime/document-request';
import type { ApiEvent } from '../../../../patterns/genai-rag/runtime/question';

const DOCUMENT = { name: 'Fares', contentType: 'text/plain', size: 10 };
const MAX_BYTES = 1000;

function event(changed: Partial<ApiEvent> = {}, headers: ApiEvent['headers'] = {}): ApiEvent {
  return {
    httpMethod: 'POST',
    path: '/',
    resource: '/',
    headers: { 'Idempotency-Key': 'key-1', 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(DOCUMENT),
    requestContext: { requestId: 'r' },
    ...changed,
  };
}
const announced = (changed: object) =>
  announcedDocument(event({ body: JSON.stringify({ ...DOCUMENT, ...changed }) }), MAX_BYTES);

/** Status, code and field of what is refused. */
function refusal(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (error instanceof Problem) return [error.status, error.code, error.field];
    throw error;
  }
}
const refusalOf = (given: ApiEvent) => refusal(() => announcedDocument(given, MAX_BYTES));

describe('an announced document', () => {
  it('is read, its name as a person sees it', () => {
    expect(announced({ name: ' F\u200bares ' })).toEqual({ ...DOCUMENT, idempotencyKey: 'key-1' });
  });

  it('may be encoded', () => {
    const body = Buffer.from(JSON.stringify(DOCUMENT)).toString('base64');
    expect(announcedDocument(event({ body, isBase64Encoded: true }), MAX_BYTES).name).toBe('Fares');
    expect(refusalOf(event({ body }))).toEqual([400, 'invalid_json', 'body']);
  });

  it('has a name of 1 to 200 characters', () => {
    for (const length of [1, 200]) expect(announced({ name: '🚂'.repeat(length) }).name).toBe('🚂'.repeat(length));
    for (const name of ['', ' ', '\u200b', '🚂'.repeat(201), 'a\u0000', 1, undefined]) {
      expect(refusal(() => announced({ name }))).toEqual([400, 'invalid_request', 'name']);
    }
  });

  it('has a size of 1 byte to the largest', () => {
    for (const size of [1, MAX_BYTES]) expect(announced({ size }).size).toBe(size);
    expect(refusal(() => announced({ size: MAX_BYTES + 1 }))).toEqual([413, 'too_large', 'size']);
    for (const size of [0, -1, 1.5, '1', null]) {
      expect(refusal(() => announced({ size }))).toEqual([400, 'invalid_request', 'size']);
    }
  });

  it('is of a type that is known', () => {
    for (const contentType of ['image/png', 'toString', undefined]) {
      expect(refusal(() => announced({ contentType }))).toEqual([400, 'invalid_request', 'contentType']);
    }
  });

  it.each(['a', 'x'.repeat(128), 'Az09_-'])('may have the key %s', (key) => {
    expect(announcedDocument(event({}, { 'Idempotency-Key': key }), MAX_BYTES).idempotencyKey).toBe(key);
  });

  it.each([undefined, '', 'x'.repeat(129), ' a', 'a ', 'a#', '#a'])('may not have the key %j', (key) => {
    const refused = [400, 'idempotency_key_required', 'Idempotency-Key'];
    expect(refusalOf(event({}, { 'Idempotency-Key': key }))).toEqual(refused);
  });

  it.each([undefined, 'text/plain', 'x application/json', 'application/jsonx'])('may not be sent as %s', (type) => {
    const refused = [415, 'unsupported_media_type', 'Content-Type'];
    expect(refusalOf(event({}, { 'Content-Type': type }))).toEqual(refused);
  });

  it('may be sent as JSON of any character set', () => {
    const sent = event({}, { 'Content-Type': 'Application/JSON;charset=utf-8' });
    expect(announcedDocument(sent, MAX_BYTES).name).toBe('Fares');
  });

  it('has a body of at most 64 KiB', () => {
    const body = (bytes: number) => event({ body: '[]'.padEnd(bytes) });
    expect(refusalOf(body(LARGEST_BODY_BYTES))).toEqual([400, 'invalid_request', 'body']);
    expect(refusalOf(body(LARGEST_BODY_BYTES + 1))).toEqual([413, 'body_too_large', 'body']);
    for (const none of [null, '{']) expect(refusalOf(event({ body: none }))).toEqual([400, 'invalid_json', 'body']);
  });

  it('is refused with the field that is wrong', () => {
    expect(refusal(() => announced({ more: 1, most: 2 }))).toEqual([400, 'invalid_request', 'more']);
    const long = { ['x'.repeat(101)]: 1 };
    expect(refusal(() => announced(long))).toEqual([400, 'invalid_request', 'x'.repeat(100)]);
  });
});

describe('the id of a document', () => {
  const ID = '0190abcd-0000-8000-8000-000000000001';
  const read = (id: string | undefined) => refusal(() => documentIdOf(event({ pathParameters: { id } })));

  it('is a UUID, whatever its case', () => {
    expect([read(ID), read(ID.toUpperCase())]).toEqual([ID, ID]);
  });

  it.each([
    undefined,
    '',
    `${ID}0`,
    `0${ID}`,
    ID.slice(1),
    ID.slice(0, -1),
    '0190abcg-0000-8000-8000-000000000001',
    '0190abcd-0g00-8000-8000-000000000001',
    '0190abcd-0000-8000-8000-00000000000g',
    '0190abcd-0000-8000-000000000001',
    '0190abcd-0000-8000-8000-8000-000000000001',
  ])('is not %j', (id) => {
    expect(read(id)).toEqual([404, 'not_found', 'id']);
  });

  it('is not found in no path', () => {
    expect(refusal(() => documentIdOf(event({ pathParameters: null })))).toEqual([404, 'not_found', 'id']);
  });
});
