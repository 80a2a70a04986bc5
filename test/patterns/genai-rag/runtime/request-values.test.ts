import { describe, expect, it } from 'vitest';
import { announcedDocument } from '../../../../patterns/genai-rag/runtime/document-request';
import { type ApiEvent, questionOf } from '../../../../patterns/genai-rag/runtime/question';
import { type MultiValueEvent, requireSingleValues } from '../../../../patterns/genai-rag/runtime/single-values';

const ID = '01900000-0000-7000-8000-000000000001';

/** A request as a REST API hands it on: of what came twice it has the last value, and all of them beside it. */
function event(headers: Record<string, string[]>, query: Record<string, string[]>): MultiValueEvent {
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
    requestContext: { requestId: 'request-1' },
  };
}
const refused = (code: string, field: string) => expect.objectContaining({ status: 400, code, field });

describe('a value that came twice', () => {
  it.each(['limit', 'cursor', '__proto__'])('is refused as parameter %s', (name) => {
    const twice = event({}, Object.fromEntries([[name, ['1', '5']]]));
    expect(() => requireSingleValues(twice)).toThrow(refused('repeated_value', name));
    expect(() => requireSingleValues(event({}, { [name]: ['1'] }))).not.toThrow();
  });

  it.each(['Idempotency-Key', 'IDEMPOTENCY-KEY', 'content-type'])('is refused as header %s', (name) => {
    expect(() => requireSingleValues(event({ [name]: ['one', 'two'] }, {}))).toThrow(refused('repeated_value', name));
    expect(() => requireSingleValues(event({ [name]: ['one'], Accept: ['a', 'b'] }, {}))).not.toThrow();
  });

  it('is not missed where an event has none', () => {
    const { multiValueHeaders: _, multiValueQueryStringParameters: __, ...plain } = event({}, {});
    expect(() => requireSingleValues({ ...plain, multiValueHeaders: null })).not.toThrow();
  });
});

it.each(['\0', '\b', '\u001f', '\ufffe', '\uffff', '\ud800', '\udc00'])(
  'no text may have the character %j',
  (character) => {
    const text = `a ${character} b`;
    const headers = { 'Content-Type': ['application/json'], 'Idempotency-Key': ['k'] };
    const asked = (body: object): ApiEvent => ({ ...event(headers, {}), body: JSON.stringify(body) });
    expect(() => questionOf(asked({ question: text }))).toThrow(refused('invalid_request', 'question'));
    const document = { name: text, contentType: 'text/plain', size: 1 };
    expect(() => announcedDocument(asked(document), 10)).toThrow(refused('invalid_request', 'name'));
  },
);
