import { describe, expect, it } from 'vitest';
import { pageRequestOf } from '../../../patterns/genai-rag/runtime/cursor';
import { announcedDocument, pageOf } from '../../../patterns/genai-rag/runtime/document-request';
import { type ApiEvent, questionOf } from '../../../patterns/genai-rag/runtime/question';

const ID = '01900000-0000-7000-8000-000000000001';

/** A request as a REST API hands it on: of what came twice it has the last value, and all of them beside it. */
function event(headers: Record<string, string[]>, query: Record<string, string[]>, body?: object): ApiEvent {
  const last = (lists: Record<string, string[]>) =>
    Object.fromEntries(Object.entries(lists).map(([name, values]) => [name, values.at(-1)]));
  return {
    httpMethod: 'POST',
    path: '/',
    resource: '/',
    headers: last(headers),
    multiValueHeaders: headers,
    queryStringParameters: last(query),
    multiValueQueryStringParameters: query,
    pathParameters: { id: ID },
    body: JSON.stringify(body),
    requestContext: { requestId: 'request-1' },
  };
}
const refused = (code: string, field: string) => expect.objectContaining({ status: 400, code, field });
const JSON_TYPE = { 'Content-Type': ['application/json'] };
const KEY = { 'Idempotency-Key': ['k'], ...JSON_TYPE };

describe('a value that came twice', () => {
  it.each(['limit', 'cursor'])('is refused as %s of a page', (name) => {
    const query = { [name]: ['1', '5'] };
    expect(() => pageRequestOf(event({}, query), /./)).toThrow(refused(`invalid_${name}`, name));
    expect(() => pageOf(event({}, query))).toThrow(refused(`invalid_${name}`, name));
  });

  it.each(['Idempotency-Key', 'IDEMPOTENCY-KEY'])('is refused as %s', (name) => {
    const twice = event({ ...JSON_TYPE, [name]: ['one', 'two'] }, {}, { question: 'What?' });
    expect(() => questionOf(twice)).toThrow(refused('idempotency_key_required', 'Idempotency-Key'));
    expect(() => announcedDocument(twice, 10)).toThrow(refused('idempotency_key_required', 'Idempotency-Key'));
  });

  it('is no other that came once', () => {
    expect(questionOf(event(KEY, {}, { question: 'What?' })).key).toBe('k');
    expect(pageOf(event({}, { limit: ['5'] })).limit).toBe(5);
  });
});

it.each(['\0', '\b', '\u001f', '\ufffe', '\uffff', '\ud800', '\udc00'])(
  'no text may have the character %j',
  (character) => {
    const text = `a ${character} b`;
    expect(() => questionOf(event(KEY, {}, { question: text }))).toThrow(refused('invalid_request', 'question'));
    const document = { name: text, contentType: 'text/plain', size: 1 };
    expect(() => announcedDocument(event(KEY, {}, document), 10)).toThrow(refused('invalid_request', 'name'));
  },
);
