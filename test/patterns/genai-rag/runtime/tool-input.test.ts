import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inputProblem } from '../../../../patterns/genai-rag/runtime/tool-input';

const VALUES: Readonly<Record<string, unknown>> = {
  object: {},
  array: [],
  string: '',
  number: 1.5,
  boolean: false,
  null: null,
};

describe('an input', () => {
  it.each(Object.keys(VALUES))('of the type %s is no other', (type) => {
    for (const [name, value] of Object.entries(VALUES)) {
      expect(inputProblem(value, { type })).toBe(name === type ? undefined : `input is no ${type}`);
    }
  });

  it('of a whole number is a number without a part', () => {
    expect(inputProblem(2, { type: 'integer' })).toBeUndefined();
    expect(inputProblem(2, { type: 'number' })).toBeUndefined();
    for (const value of [2.5, '2', null]) expect(inputProblem(value, { type: 'integer' })).toBe('input is no integer');
  });

  it('is of one of several types, of any where none is told, and of one that is not known', () => {
    const type = ['string', 'null'];
    expect([inputProblem('a', { type }), inputProblem(null, { type })]).toEqual([undefined, undefined]);
    expect(inputProblem(1, { type })).toBe('input is no string or null');
    expect(inputProblem(1, {})).toBeUndefined();
    expect(inputProblem(1, { type: [] })).toBeUndefined();
    expect(inputProblem(1, { type: 'decimal' })).toBeUndefined();
  });

  it('is one of a list', () => {
    expect(inputProblem('a', { enum: ['a', 'b'] })).toBeUndefined();
    expect(inputProblem('c', { enum: ['a', 'b'] })).toBe('input is none of ["a","b"]');
    expect(inputProblem('c', { enum: 'a' })).toBeUndefined();
  });

  const list = (length: number) => Array.from({ length }, () => 0);
  const text = (length: number) => '🚂'.repeat(length);
  it.each<[keyword: string, of: (bound: number) => unknown, wrong: number, others: readonly unknown[]]>([
    ['minLength', text, -1, [0, [], null]],
    ['maxLength', text, 1, [9, list(9), null]],
    ['minItems', list, -1, [0, '', null]],
    ['maxItems', list, 1, [9, text(9), null]],
    ['minimum', (bound) => bound, -1, ['', [], null]],
    ['maximum', (bound) => bound, 1, [text(9), list(9), null]],
  ])('is within %s', (keyword, of, wrong, others) => {
    const schema = { [keyword]: 3 };
    expect(inputProblem(of(3), schema)).toBeUndefined();
    expect(inputProblem(of(3 - wrong), schema)).toBeUndefined();
    expect(inputProblem(of(3 + wrong), schema)).toBe(`input is not within ${keyword} 3`);
    for (const other of others) expect(inputProblem(other, schema)).toBeUndefined();
    expect(inputProblem(of(3 + wrong), { [keyword]: '3' })).toBeUndefined();
  });

  it('has items of their schema, and its first problem is told', () => {
    const schema = { items: { type: 'string' } };
    expect(inputProblem(['a', 'b'], schema)).toBeUndefined();
    expect(inputProblem(['a', 1, null], schema)).toBe('input.1 is no string');
    expect(inputProblem(['a', 1], { items: 'string' })).toBeUndefined();
    expect(inputProblem('a', { items: { type: 'null' } })).toBeUndefined();
  });

  it('has the members that are required, of their own', () => {
    const schema = { required: ['from', 'toString'] };
    expect(inputProblem({ from: 1, toString: 1 }, schema)).toBeUndefined();
    expect(inputProblem({ from: 1 }, schema)).toBe('input.toString is missing');
    expect(inputProblem({}, { required: 'from' })).toBeUndefined();
    expect(inputProblem([], schema)).toBeUndefined();
  });

  it('has members of their schema, however deep they are', () => {
    const schema = { properties: { a: { properties: { b: { type: 'integer' } } }, c: 'string' } };
    expect(inputProblem({ a: { b: 1 }, c: 1, d: 1 }, schema)).toBeUndefined();
    expect(inputProblem({ a: { b: 'x' } }, schema)).toBe('input.a.b is no integer');
    expect(inputProblem({ a: 1 }, { properties: [{ type: 'null' }] })).toBeUndefined();
  });

  it('has members that are known, where no others may be', () => {
    const closed = { properties: { a: {} }, additionalProperties: false };
    expect(inputProblem({ a: 1 }, closed)).toBeUndefined();
    expect(inputProblem({ a: 1, b: 1 }, closed)).toBe('input.b is not known');
    expect(inputProblem({ toString: 1 }, closed)).toBe('input.toString is not known');
    expect(inputProblem({ b: 1 }, { ...closed, additionalProperties: true })).toBeUndefined();
    expect(inputProblem({ b: 1 }, { additionalProperties: false })).toBe('input.b is not known');
  });

  it('is judged, whatever it and its schema are', () => {
    const schema = fc.dictionary(
      fc.constantFrom(
        'type',
        'enum',
        'required',
        'properties',
        'additionalProperties',
        'items',
        'minLength',
        'maximum',
      ),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.jsonValue(), schema, (value, of) => {
        expect(['string', 'undefined']).toContain(typeof inputProblem(value, of));
      }),
    );
  });
});
