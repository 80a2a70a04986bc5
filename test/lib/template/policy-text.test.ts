import { describe, expect, it } from 'vitest';
import { policyText } from '../../../lib/template/policy-text';
import { CannotTell } from '../../../lib/template/template-resource';
import { att, inventoryOf, join, PARAMETER, placeholders, ref, resourceIn } from '../checks/literal-fixture';

const read = (Policy: unknown) => policyText(resourceIn(inventoryOf({ It: ['A::B::C', { Policy }] }), 'It'), 'Policy');

describe('a policy as text', () => {
  it.each([
    ['plain JSON', '[{"A":"b","C":5}]', [{ A: 'b', C: 5 }]],
    ['one whole value', join('{"A":"', ref('B'), '"}'), { A: ref('B') }],
    ['a part of one', join('{"A":"x/', ref('B'), '/y"}'), { A: join('x/', ref('B'), '/y') }],
    ['two parts', join('{"A":"', ref('B'), att('C'), '"}'), { A: join(ref('B'), att('C')) }],
    ['two values', join('{"A":"', ref('B'), '","C":"', att('D'), '"}'), { A: ref('B'), C: att('D') }],
    ['text alone', join('{"A":', '"b"}'), { A: 'b' }],
    ['a separator', { 'Fn::Join': ['"', ['{', 'A', ':', 'b', '}']] }, { A: 'b' }],
    ['a join within one', join('{"A":"', join('x', ref('B')), '"}'), { A: join('x', ref('B')) }],
    ['a reference by Fn::Sub', { 'Fn::Sub': placeholders('{"A":"#{B}"}') }, { A: ref('B') }],
    ['an attribute by Fn::Sub', { 'Fn::Sub': placeholders('{"A":"#{B.Arn}"}') }, { A: { 'Fn::GetAtt': 'B.Arn' } }],
    ['a variable of Fn::Sub', { 'Fn::Sub': [placeholders('{"A":"#{B}"}'), { B: ref('C') }] }, { A: ref('C') }],
    ['a text of Fn::Sub', { 'Fn::Sub': [placeholders('{"A":"#{B}"}'), { B: 'c' }] }, { A: 'c' }],
    ['a literal of Fn::Sub', { 'Fn::Sub': placeholders('{"A":"#{!B}"}') }, { A: placeholders('#{!B}') }],
    ['Fn::ToJsonString', { 'Fn::ToJsonString': { A: ref('B') } }, { A: ref('B') }],
  ])('is read: %s', (_, policy, document) => {
    expect(read(policy)).toEqual(document);
  });

  it.each([
    ['a parameter is it', PARAMETER],
    ['a parameter is a list of it', join('{"A":', PARAMETER, '}')],
    ['it is no JSON', 'a'],
    ['it is not set', undefined],
    ['a join is not of a list', { 'Fn::Join': ['', PARAMETER] }],
    ['a join is of a text', { 'Fn::Join': '{}' }],
    ['another function has such a list', { X: ['', ['{}']] }],
  ])('cannot be told when %s', (_, policy) => {
    expect(() => read(policy)).toThrow(new CannotTell('Policy is known only at deployment'));
  });
});
