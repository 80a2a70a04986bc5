import { expect, it } from 'vitest';
import { textOf, UNKNOWN } from '../../../lib/template/literal-text';
import { att, PARAMETER, placeholders } from '../checks/literal-fixture';

const U = UNKNOWN;

it.each([
  ['plain', 'plain'],
  ['', ''],
  [undefined, ''],
  [null, U],
  [5, '5'],
  [PARAMETER, U],
  [att('A'), U],
  [{ 'Fn::Join': ['-', ['a', PARAMETER, 'b']] }, `a-${U}-b`],
  [{ 'Fn::Join': ['', ['a', { 'Fn::Join': ['/', ['b', 'c']] }]] }, 'ab/c'],
  [{ 'Fn::Join': ['', PARAMETER] }, U],
  [{ 'Fn::Join': 'a' }, U],
  [{ 'Fn::Sub': placeholders('a-#{B.C}-d#{E}') }, `a-${U}-d${U}`],
  [{ 'Fn::Sub': [placeholders('a-#{B}'), { B: 'c' }] }, `a-${U}`],
  [{ X: ['', ['a']] }, U],
  [{}, U],
])('%j reads %j', (value, text) => {
  expect(textOf(value)).toBe(text);
});
