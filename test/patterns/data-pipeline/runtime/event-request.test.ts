// @project unit
// @node24

import { describe, expect, it } from 'vitest';
import { CLOCK_TOLERANCE_MS } from '../../../../patterns/data-pipeline/clickstream-schema';
import { MAX_RECORD_BYTES, readEventRequest } from '../../../../patterns/data-pipeline/runtime/event-request';

const NOW = Date.UTC(2026, 10, 24, 10);
const event = {
  event_id: 'e1',
  event_type: 'page_view',
  occurred_at: new Date(NOW).toISOString(),
  session_id: 'session-1',
  page: '/',
};
const base64 = (text: string) => Buffer.from(text).toString('base64');
const read = (body: unknown, isBase64Encoded = false) =>
  readEventRequest({ body: typeof body === 'string' ? body : JSON.stringify(body), isBase64Encoded }, NOW);
const refused = (code: string, field?: string, status = 400) => expect.objectContaining({ status, code, field });
/** A request with the event in base64, by a key of its sender's. */
const wrapped = (changes: object = {}) => ({ key: 'k', data: base64(JSON.stringify(event)), ...changes });

describe('an event as it is', () => {
  it('is put by its session, as it was sent', () => {
    const text = ` ${JSON.stringify({ ...event, more: [1] })}\n`;
    const { Data, PartitionKey } = read(text);
    expect([Buffer.from(Data).toString(), PartitionKey]).toEqual([text, 'session-1']);
    expect(read(base64(text), true)).toEqual({ Data, PartitionKey });
  });

  it('may have columns of its own, even those of a request with base64', () => {
    expect(read({ ...event, data: 'x', key: 1 }).PartitionKey).toBe('session-1');
  });

  it.each([
    ['no body', undefined, refused('not_json')],
    ['no JSON', '{', refused('not_json')],
    ['a list', [event], refused('not_an_object')],
    ['null', null, refused('not_an_object')],
    ['text', '"x"', refused('not_an_object')],
    ['no session', { ...event, session_id: undefined }, refused('missing', 'session_id')],
    ['an unknown type', { ...event, event_type: 'x' }, refused('out_of_range', 'event_type')],
    ['base64 that does not say so', base64(JSON.stringify(event)), refused('not_json')],
  ])('is no event: %s', (_, body, problem) => {
    const request = body === undefined ? { isBase64Encoded: false } : undefined;
    expect(() => (request === undefined ? read(body) : readEventRequest(request, NOW))).toThrow(problem);
  });

  it('is of now, give or take a clock', () => {
    const at = (ms: number) => ({ ...event, occurred_at: new Date(ms).toISOString() });
    expect(() => read(at(NOW + CLOCK_TOLERANCE_MS))).not.toThrow();
    expect(() => read(at(NOW + CLOCK_TOLERANCE_MS + 1))).toThrow(refused('clock_skew', 'occurred_at'));
  });

  it('takes as many bytes with its key as a stream does', () => {
    const text = JSON.stringify(event);
    const filled = text + ' '.repeat(1_048_576 - 'session-1'.length - text.length);
    expect(MAX_RECORD_BYTES).toBe(1_048_576);
    expect(read(filled).Data).toHaveLength(MAX_RECORD_BYTES - 9);
    expect(() => read(`${filled} `)).toThrow(refused('too_large', undefined, 413));
  });
});

describe('an event in base64', () => {
  it('is put by the key of its sender', () => {
    const { Data, PartitionKey } = read(wrapped());
    expect([Buffer.from(Data).toString(), PartitionKey]).toEqual([JSON.stringify(event), 'k']);
  });

  it('has a key of 1 to 256 characters', () => {
    for (const key of ['k', 'k'.repeat(255), 'k'.repeat(256)]) expect(read(wrapped({ key })).PartitionKey).toBe(key);
    for (const key of ['', 'k'.repeat(257), 1, null, undefined]) {
      expect(() => read(wrapped({ key }))).toThrow(refused('out_of_range', 'key'));
    }
  });

  it('counts the bytes of its key', () => {
    const text = JSON.stringify(event);
    const filled = (bytes: number) => base64(text + ' '.repeat(bytes - text.length));
    expect(() => read(wrapped({ key: 'ü', data: filled(MAX_RECORD_BYTES - 2) }))).not.toThrow();
    const tooLarge = refused('too_large', undefined, 413);
    expect(() => read(wrapped({ key: 'ü', data: filled(MAX_RECORD_BYTES - 1) }))).toThrow(tooLarge);
  });

  it('is padded in any of the ways there are', () => {
    const texts = ['', ' ', '  '].map((blank) => base64(JSON.stringify(event) + blank));
    expect(new Set(texts.map((text) => /=*$/.exec(text)?.[0])).size).toBe(3);
    for (const data of texts) expect(() => read(wrapped({ data }))).not.toThrow();
  });

  it.each([
    ...[
      'a',
      'ab',
      'abc',
      'abcde',
      'ab-_',
      'a===',
      'a b=',
      'ab=c',
      '=abc',
      'abc=====',
      'äbcd',
      'ab\nc',
      '====',
      'abcd\n',
    ],
    ...[1, null, [], {}],
  ])('is not %j', (data) => {
    expect(() => read(wrapped({ data }))).toThrow(refused('not_base64', 'data'));
  });

  it.each([
    ['nothing', '', 'not_json'],
    ['no JSON', base64('x'), 'not_json'],
    ['signs of base64 that are no text', 'AZaz09+/', 'not_utf8'],
    ['no event', base64('{}'), 'missing'],
  ])('holds an event, not %s', (_, data, code) => {
    expect(() => read(wrapped({ data }))).toThrow(expect.objectContaining({ status: 400, code }));
  });
});
