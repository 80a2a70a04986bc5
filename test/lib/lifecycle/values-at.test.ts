import { describe, expect, it } from 'vitest';
import { alternatives, valuesAt } from '../../../lib/lifecycle/values-at';

const late = { 'Fn::ImportValue': 'x' };

describe('the values at a path', () => {
  it.each([
    ['a plain one', { A: { B: 1 } }, [1]],
    ['in each item of a list', { A: [{ B: 1 }, { C: 2 }, { B: 3 }] }, [1, 3]],
    ['in lists of lists', { A: [[{ B: 1 }]] }, [1]],
    ['in both branches of a condition', { A: { 'Fn::If': ['C', { B: 1 }, { B: 2 }] } }, [1, 2]],
    ['in a branch without a value', { A: { 'Fn::If': ['C', { B: 1 }, { Ref: 'AWS::NoValue' }] } }, [1]],
    ['in a condition in a list', { A: [{ 'Fn::If': ['C', { B: 1 }, { B: 2 }] }, { B: 3 }] }, [1, 2, 3]],
    ['in a condition of a condition', { A: { 'Fn::If': ['C', { 'Fn::If': ['D', { B: 1 }, { B: 2 }] }, 3] } }, [1, 2]],
    ['an intrinsic on the way stands for itself', { A: late }, [late]],
    ['a list at the end stays one', { A: { B: [1, 2] } }, [[1, 2]]],
    ['nothing', { A: {} }, []],
    ['null on the way', { A: null }, []],
    ['a text on the way', { A: 'B' }, []],
    ['what objects inherit', { A: Object.create({ B: 1 }) }, []],
    ['a macro beside other keys is no intrinsic', { A: { Ref: 'X', B: 1 } }, [1]],
  ])('%s', (_, properties, values) => {
    expect(valuesAt(properties, 'A.B')).toEqual(values);
  });

  it.each([null, undefined, 'text', [], 7])('%j has none', (properties) => {
    expect(valuesAt(properties, 'constructor')).toEqual([]);
  });
});

it('a value may be each item of a list and each branch', () => {
  expect(alternatives(1)).toEqual([1]);
  expect(alternatives([1, { 'Fn::If': ['C', 2, [3]] }])).toEqual([1, 2, 3]);
  expect(alternatives({ 'Fn::If': 'broken' })).toEqual([{ 'Fn::If': 'broken' }]);
});
