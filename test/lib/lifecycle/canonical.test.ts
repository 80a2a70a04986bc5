import { describe, expect, it } from 'vitest';
import { canonical } from '../../../lib/lifecycle/canonical';

describe('a value as text', () => {
  it.each([
    [80, '80'],
    [true, 'true'],
    [
      { a: 1, b: [2, false] },
      { b: ['2', 'false'], a: '1' },
    ],
    [{ 'Fn::GetAtt': 'Table.Stream.Arn' }, { 'Fn::GetAtt': ['Table', 'Stream.Arn'] }],
  ])('%j is as %j', (one, other) => {
    expect(canonical(one)).toBe(canonical(other));
  });

  it.each([
    [80, 81],
    ['true', 'True'],
    [
      ['a', 'b'],
      ['b', 'a'],
    ],
    [{ a: 1 }, { a: 1, b: undefined, c: null }],
    [{ a: {} }, { a: [] }],
    [{ __proto__: null, a: 1 }, { a: 2 }],
    [undefined, null],
    [{ 'Fn::GetAtt': 'A.B' }, { 'Fn::GetAtt': 'A.C' }],
  ])('%j is not as %j', (one, other) => {
    expect(canonical(one)).not.toBe(canonical(other));
  });
});
