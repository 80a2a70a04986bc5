import { describe, expect, it } from 'vitest';
import { TemplateIndex } from '../../../lib/template/template-index';
import { CannotTell } from '../../../lib/template/template-resource';
import { att, join, PARAMETER, placeholders, ref } from '../checks/literal-fixture';

const ids = (found: Iterable<{ readonly logicalId: string }>) => [...found].map(({ logicalId }) => logicalId);

describe('a reference', () => {
  const Resources = { A: { Type: 'A::A::A' }, B: { Type: 'B::B::B' }, Long1: { Type: 'C::C::C' } };
  const index = new TemplateIndex({ Mine: { Resources } });
  const from = index.find('Mine', 'A') ?? expect.fail();
  const named = (value: unknown) =>
    [...index.references(from, value)].map(({ resource, attribute }) => [resource.logicalId, attribute]);

  it.each<[string, unknown, readonly (readonly [string, string?])[]]>([
    ['Ref', ref('A'), [['A', undefined]]],
    ['Fn::GetAtt as a list', att('A', 'Arn'), [['A', 'Arn']]],
    ['Fn::GetAtt of a part', { 'Fn::GetAtt': ['A', 'Endpoint', 'Address'] }, [['A', 'Endpoint.Address']]],
    ['Fn::GetAtt as a text', { 'Fn::GetAtt': 'A.Endpoint.Address' }, [['A', 'Endpoint.Address']]],
    [
      'Fn::Sub',
      { 'Fn::Sub': placeholders('x#{A}-#{B.Name.Id}-#{C}-#{AWS::Region}') },
      [
        ['A', undefined],
        ['B', 'Name.Id'],
      ],
    ],
    ['Fn::Sub with variables', { 'Fn::Sub': [placeholders('x#{V}'), { V: ref('B') }] }, [['B', undefined]]],
    [
      'Fn::Join',
      join('x', ref('B'), att('A')),
      [
        ['B', undefined],
        ['A', 'Arn'],
      ],
    ],
    [
      'a deep one',
      { X: [{ Y: { 'Fn::If': ['C', ref('B'), ref('A')] } }] },
      [
        ['B', undefined],
        ['A', undefined],
      ],
    ],
    [
      'Fn::Sub with both',
      { 'Fn::Sub': [placeholders('#{A}#{V}'), { V: ref('B') }] },
      [
        ['A', undefined],
        ['B', undefined],
      ],
    ],
    ['a longer name', { 'Fn::Sub': placeholders('#{Long1.Arn}') }, [['Long1', 'Arn']]],
    ['what only looks like one', { X: 'A', Y: { Z: placeholders('#{A}') } }, []],
    ['a parameter', PARAMETER, []],
    ['a text', 'A', []],
    ['nothing', null, []],
    ['Fn::ImportValue of what no stack exports', { 'Fn::ImportValue': 'name' }, []],
    ['Fn::GetStackOutput of what is not there', { 'Fn::GetStackOutput': { StackName: 'X', OutputName: 'Y' } }, []],
  ])('is read from %s', (_, value, found) => {
    expect(named(value)).toEqual(found);
  });

  it('is first, or later', () => {
    const both = join(ref('B'), ref('A'));
    expect(index.referent(from, both)?.logicalId).toBe('B');
    expect(index.names(from, both, from)).toBe(false);
    expect(index.mentions(from, both, from)).toBe(true);
    expect(index.mentions(from, ref('B'), from)).toBe(false);
    expect(index.mustFind(from, both, 'it').logicalId).toBe('B');
    expect(() => index.mustFind(from, 'A', 'the thing')).toThrow(new CannotTell('the thing is not in these templates'));
  });

  it('is followed into other stacks, and not by an id alone', () => {
    const Outputs = { Out: { Value: att('Queue'), Export: { Name: 'queue' } }, Bare: { Value: ref('Queue') } };
    const stacks = {
      Theirs: { Resources: { Queue: { Type: 'AWS::SQS::Queue' } }, Outputs },
      Mine: { Resources: { Fn: { Type: 'AWS::Lambda::Function' } } },
    };
    const output = (StackName: string, OutputName = 'Bare') => ({ 'Fn::GetStackOutput': { StackName, OutputName } });
    const across = new TemplateIndex(stacks, { stackNames: new Map([['prod-theirs', 'Theirs']]) });
    const mine = across.find('Mine', 'Fn') ?? expect.fail();
    const found = (value: unknown) => across.referent(mine, value)?.logicalId;
    expect(found({ 'Fn::ImportValue': 'queue' })).toBe('Queue');
    expect([found(output('Theirs')), found(output('prod-theirs')), found(output('Theirs', 'Out'))]).toEqual([
      'Queue',
      'Queue',
      'Queue',
    ]);
    expect([found(output('Mine')), found(ref('Queue')), found({ 'Fn::ImportValue': 'other' })]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect([found({ X: 'queue' }), found({ X: { StackName: 'Theirs', OutputName: 'Bare' } })]).toEqual([
      undefined,
      undefined,
    ]);
    expect(across.find('Mine', 'Queue')).toBeUndefined();
  });
});

it('finds resources by type, in order, and calls them by their paths', () => {
  const Resources = { A: { Type: 'X' }, B: { Type: 'Y' }, C: { Type: 'X' } };
  const index = new TemplateIndex({ Mine: { Resources }, Empty: {} }, {}, new Map([['Mine/A', 'Mine/Shop/A']]));
  expect([ids(index.ofType('X')), ids(index.ofType('Y', 'X')), ids(index.ofType('Z'))]).toEqual([
    ['A', 'C'],
    ['B', 'A', 'C'],
    [],
  ]);
  expect(index.resources.map(({ path }) => path)).toEqual(['Mine/Shop/A', 'B', 'C']);
});
