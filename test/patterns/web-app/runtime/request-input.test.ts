// @project unit

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import {
  characters,
  expectedVersion,
  idempotencyKeyOf,
  identifierOf,
  notFound,
  onlyValueOf,
  parseBody,
} from '../../../../patterns/web-app/runtime/request-input';
import { problemOf } from './problem-fixture';

const ID = '01234567-89ab-cdef-0123-456789abcdef';
const headers = (given: Readonly<Record<string, string>>) => new Headers(given);
/** Headers as they came, also those that `Headers` would trim. */
const raw = (name: string, value: string) => ({ get: (asked: string) => (asked === name ? value : null) });

describe('a text of 2 to 4 characters', () => {
  const isTaken = (text: string) => z.string().check(characters(2, 4)).safeParse(text).success;

  it.each(['ab', 'abc', 'abcd', '📚📚', '📚📚📚📚', ' ab ', 'ab  '])('may be %j', (text) => {
    expect(isTaken(text)).toBe(true);
  });

  it.each(['', 'a', '📚', '    ', ' a ', ' a  ', 'abcde', '📚📚📚📚📚', ' abc ', 'ab   '])('is not %j', (text) => {
    expect(isTaken(text)).toBe(false);
  });

  it('is counted by code points, those at its ends not when they are blank', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 6 }), (text) => {
        const [all, told] = [text, text.trim()].map((each) => Array.from(each).length);
        expect(isTaken(text)).toBe((told ?? 0) >= 2 && (all ?? 0) <= 4);
      }),
    );
  });

  it('says its bounds', () => {
    expect(z.string().check(characters(2, 4)).safeParse('a').error?.issues[0]?.message).toBe('has 2 to 4 characters');
  });
});

describe('a parameter that may come once', () => {
  const ask = (values: string[] | undefined) =>
    onlyValueOf({ req: { queries: (name) => (name === 'limit' ? values : ['another']) } }, 'limit');

  it('is its value, if there is one', () => {
    expect([ask(undefined), ask([]), ask(['']), ask(['5'])]).toEqual([undefined, undefined, '', '5']);
  });

  it.each([[['5', '5']], [['', '']], [['1', '2', '3']]])('is refused as %j', (values) => {
    expect(problemOf(() => ask(values))).toMatchObject({ status: 400, code: 'invalid_limit', field: 'limit' });
  });
});

describe('an Idempotency-Key', () => {
  const key = (value: string) => idempotencyKeyOf(raw('idempotency-key', value));

  it.each(['a', 'Z', '0', '9', '-', '_', 'k'.repeat(128), 'azAZ09_-'])('may be %s', (value) => {
    expect(key(value)).toBe(value);
  });

  it.each(['', 'k'.repeat(129), 'a b', ' a', 'a ', 'a\n', 'ä', 'a.b', 'a/b', '@', '[', '`', '{', '~', ':'])(
    'is not %j',
    (value) => {
      expect(problemOf(() => key(value))).toMatchObject({
        status: 400,
        code: 'idempotency_key_required',
        field: 'Idempotency-Key',
      });
    },
  );

  it('is required', () => {
    expect(problemOf(() => idempotencyKeyOf(headers({}))).code).toBe('idempotency_key_required');
  });
});

describe('If-Match', () => {
  const version = (value: string) => expectedVersion(raw('if-match', value));

  it.each([
    ['"1"', 1],
    ['"9"', 9],
    ['"10"', 10],
    ['"999999999"', 999_999_999],
    [' "7" ', 7],
  ])('%s names version %d', (value, expected) => {
    expect(version(value)).toBe(expected);
  });

  it.each([
    ...['', '1', '""', '"0"', '"01"', '"-1"', '"1.5"', '"1000000000"', '"1', '1"', '*', 'W/"1"', '"1", "2"', '"a"'],
    ...['x"1"', '"1"x', '"1a"', '" 1"'],
  ])('%j names none', (value) => {
    expect(problemOf(() => version(value))).toMatchObject({
      status: 400,
      code: 'invalid_if_match',
      field: 'If-Match',
    });
  });

  it('is required', () => {
    expect(problemOf(() => expectedVersion(headers({})))).toMatchObject({
      status: 428,
      code: 'precondition_required',
      field: 'If-Match',
    });
  });
});

describe('an identifier of a path', () => {
  it('may be written in capitals', () => {
    expect([identifierOf(ID), identifierOf(ID.toUpperCase())]).toEqual([ID, ID]);
  });

  it('names nothing if it is none', () => {
    for (const text of ['', 'x', ID.slice(1), `${ID}0`])
      expect(problemOf(() => identifierOf(text))).toMatchObject({ status: 404, code: 'not_found' });
    expect(notFound()).toMatchObject({ status: 404, code: 'not_found', message: 'Not found.' });
  });
});

describe('a body', () => {
  const Schema = z.strictObject({ a: z.object({ b: z.array(z.int()) }) });
  const JSON_TYPE = headers({ 'content-type': 'application/json' });
  const refused = (text: string) => problemOf(() => parseBody(Schema, JSON_TYPE, text));

  it.each([
    'application/json',
    'APPLICATION/JSON',
    'application/json; charset=utf-8',
    'application/json;charset=utf-8',
  ])('is read as %s', (type) => {
    expect(parseBody(Schema, raw('content-type', type), '{"a":{"b":[1]}}')).toEqual({ a: { b: [1] } });
  });

  it.each(['', 'text/plain', 'application/jsonx', ' application/json', 'text/application/json', 'application/xml'])(
    'is not read as %j',
    (type) => {
      const problem = problemOf(() => parseBody(Schema, raw('content-type', type), '{"a":{"b":[1]}}'));
      expect(problem).toMatchObject({ status: 415, code: 'unsupported_media_type', field: 'Content-Type' });
    },
  );

  it('is not read without a type', () => {
    expect(problemOf(() => parseBody(Schema, headers({}), '{}'))).toMatchObject({ status: 415 });
  });

  it('is JSON', () => {
    for (const text of ['', '{', 'undefined', "{'a':1}"])
      expect(refused(text)).toMatchObject({ status: 400, code: 'invalid_json', field: 'body' });
  });

  it('is refused with the path of the first field at fault, of 100 characters at most', () => {
    const unknown = (name: string) => refused(JSON.stringify({ a: { b: [] }, [name]: 1, another: 1 }));
    expect(refused('{"a":{"b":[1,"x"]}}')).toMatchObject({ status: 400, code: 'invalid_request', field: 'a.b.1' });
    expect(refused('{"a":1}').field).toBe('a');
    expect(unknown('c').field).toBe('c');
    expect([99, 100, 101].map((length) => unknown('x'.repeat(length)).field?.length)).toEqual([99, 100, 100]);
    expect(refused('{"a":1}').message).toMatch(/^a: ./);
  });

  it('is refused as a whole where no field is at fault', () => {
    for (const text of ['1', 'null', '[]', '""']) expect(refused(text).field).toBe('body');
    expect(refused('1').message).toMatch(/^body: ./);
  });
});
