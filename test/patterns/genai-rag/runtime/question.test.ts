import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../../../lib/runtime/problem';
import { LARGEST_BODY_BYTES, LONGEST_QUESTION } from '../../../../patterns/genai-rag/contract';
import { type ApiEvent, conversationOf, headerOf, questionOf } from '../../../../patterns/genai-rag/runtime/question';

const CONVERSATION = '01900000-0000-7000-8000-000000000001';

function event(changed: Partial<ApiEvent> = {}, headers: ApiEvent['headers'] = {}): ApiEvent {
  return {
    httpMethod: 'POST',
    path: '/',
    resource: '/',
    pathParameters: { id: CONVERSATION },
    headers: { 'Idempotency-Key': 'key-1', 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify({ question: 'What is the fare?' }),
    requestContext: { requestId: 'r' },
    ...changed,
  };
}
const asked = (body: unknown) => event({ body: JSON.stringify(body) });

/** Status, code and field of what is refused. */
function refusal(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (error instanceof Problem) return [error.status, error.code, error.field];
    throw error;
  }
}
const refusalOf = (given: ApiEvent) => refusal(() => questionOf(given));

describe('a header', () => {
  it('is found whatever its case, and not in no headers', () => {
    expect(headerOf(event({}, { 'X-TEST': 'yes' }), 'x-test')).toBe('yes');
    expect(headerOf(event({}, {}), 'x-test')).toBeUndefined();
    expect(headerOf(event({ headers: null }), 'x-test')).toBeUndefined();
  });
});

describe('a conversation', () => {
  it.each([CONVERSATION, CONVERSATION.toUpperCase(), 'abcdef01-2345-7678-bfff-0123456789ab'])('is %s', (id) => {
    expect(conversationOf(event({ pathParameters: { id } }))).toBe(id.toLowerCase());
  });

  it.each([
    '',
    '01900000-0000-4000-8000-000000000001',
    '01900000-0000-7000-7000-000000000001',
    '01900000-0000-7000-c000-000000000001',
    `${CONVERSATION}0`,
    `0${CONVERSATION}`,
    CONVERSATION.slice(1),
    CONVERSATION.slice(0, -1),
    CONVERSATION.replaceAll('-', ''),
    '0190000g-0000-7000-8000-000000000001',
    '01900000-00g0-7000-8000-000000000001',
    '01900000-0000-70g0-8000-000000000001',
    '01900000-0000-7000-80g0-000000000001',
    '01900000-0000-7000-8000-00000000000g',
    `${CONVERSATION}\n`,
  ])('is not %j', (id) => {
    expect(refusal(() => conversationOf(event({ pathParameters: { id } })))).toEqual([404, 'not_found', 'id']);
  });

  it('is not found in no path', () => {
    expect(refusal(() => conversationOf(event({ pathParameters: null })))).toEqual([404, 'not_found', 'id']);
  });
});

describe('a question', () => {
  it('is read as a person sees it, and known by what was asked where', () => {
    const text = '  What is the f\u200bare? ';
    const hash = createHash('sha256')
      .update(JSON.stringify([CONVERSATION, text]))
      .digest('hex');
    expect(questionOf(asked({ question: text }))).toEqual({
      conversation: CONVERSATION,
      text: 'What is the fare?',
      key: 'key-1',
      hash,
      streams: false,
    });
  });

  it('may be encoded', () => {
    const body = Buffer.from(JSON.stringify({ question: 'größer?' })).toString('base64');
    expect(questionOf(event({ body, isBase64Encoded: true })).text).toBe('größer?');
    expect(refusalOf(event({ body, isBase64Encoded: false }))).toEqual([400, 'invalid_json', 'body']);
  });

  it.each([
    ['text/event-stream', true],
    ['application/json, TEXT/Event-Stream;q=0.5', true],
    ['application/json', false],
    ['text/event-streams', false],
    ['xtext/event-stream', false],
    [undefined, false],
  ])('by a client that accepts %s streams: %s', (accept, streams) => {
    expect(questionOf(event({}, { Accept: accept })).streams).toBe(streams);
  });

  it('has 1 to 1,000 characters', () => {
    for (const length of [1, LONGEST_QUESTION]) {
      expect(questionOf(asked({ question: 'x'.repeat(length) })).text).toHaveLength(length);
    }
    expect(LONGEST_QUESTION).toBe(1000);
    for (const question of ['', ' ', '\u200b ', 'x'.repeat(LONGEST_QUESTION + 1), 'a\u0000', 1, null]) {
      expect(refusalOf(asked({ question }))).toEqual([400, 'invalid_request', 'question']);
    }
  });

  it.each(['a', 'x'.repeat(128), 'Az09_-'])('may have the key %s', (key) => {
    expect(questionOf(event({}, { 'Idempotency-Key': key })).key).toBe(key);
  });

  it.each([undefined, '', 'x'.repeat(129), ' a', 'a ', 'a#', '#a', 'a\n'])('may not have the key %j', (key) => {
    const refused = [400, 'idempotency_key_required', 'Idempotency-Key'];
    expect(refusalOf(event({}, { 'Idempotency-Key': key }))).toEqual(refused);
  });

  it.each(['application/json', 'Application/JSON; charset=utf-8'])('may be sent as %s', (type) => {
    expect(questionOf(event({}, { 'Content-Type': type })).key).toBe('key-1');
  });

  it.each([undefined, 'text/plain', 'x application/json', 'application/jsonx'])('may not be sent as %s', (type) => {
    const refused = [415, 'unsupported_media_type', 'Content-Type'];
    expect(refusalOf(event({}, { 'Content-Type': type }))).toEqual(refused);
  });

  it('has a body of at most 64 KiB', () => {
    const body = (bytes: number) => event({ body: '{}'.padEnd(bytes) });
    expect(LARGEST_BODY_BYTES).toBe(65_536);
    expect(refusalOf(body(LARGEST_BODY_BYTES))).toEqual([400, 'invalid_request', 'question']);
    expect(refusalOf(body(LARGEST_BODY_BYTES + 1))).toEqual([413, 'body_too_large', 'body']);
  });

  it('is refused with the field that is wrong', () => {
    expect(refusalOf(asked({ question: 'a', more: 1, most: 2 }))).toEqual([400, 'invalid_request', 'more']);
    expect(refusalOf(asked({ question: 'a', ['x'.repeat(101)]: 1 }))).toEqual([
      400,
      'invalid_request',
      'x'.repeat(100),
    ]);
    expect(refusalOf(asked([]))).toEqual([400, 'invalid_request', 'body']);
    for (const body of [null, '', '{']) expect(refusalOf(event({ body }))).toEqual([400, 'invalid_json', 'body']);
  });

  it('is another where anything of it is another', () => {
    const hashOf = (id: string, question: string) =>
      questionOf(event({ pathParameters: { id }, body: JSON.stringify({ question }) })).hash;
    const id = fc.integer({ min: 0, max: 9 }).map((digit) => `${CONVERSATION.slice(0, -1)}${digit}`);
    const question = fc.constantFrom('a', 'b', 'ab', 'a b');
    fc.assert(
      fc.property(id, question, id, question, (id1, text1, id2, text2) => {
        expect(hashOf(id1, text1) === hashOf(id2, text2)).toBe(id1 === id2 && text1 === text2);
      }),
    );
  });
});
