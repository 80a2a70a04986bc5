import { describe, expect, it } from 'vitest';
import { namesIn, TemplateIndex } from '../../../lib/template/template-index';
import { CannotTell, type TemplateDocument } from '../../../lib/template/template-resource';
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

describe('an export', () => {
  const exporting = (Name: unknown) => ({
    Theirs: {
      Parameters: { Stage: { Type: 'String', Default: 'dev' }, Open: { Type: 'String' } },
      Resources: { Queue: { Type: 'AWS::SQS::Queue' } },
      Outputs: { Out: { Value: att('Queue'), Export: { Name } } },
    },
    Mine: {
      Parameters: { Net: { Type: 'String', Default: 'theirs' } },
      Resources: {
        Fn: {
          Type: 'AWS::Lambda::Function',
          Properties: { A: [{ 'Fn::ImportValue': { 'Fn::Sub': placeholders('#{Net}-queue') } }] },
        },
      },
    },
  });
  const of = (name: unknown) => new TemplateIndex(exporting(name), { stackNames: new Map([['theirs', 'Theirs']]) });

  it.each([
    ['text', 'theirs-queue', 'theirs-queue'],
    ['the stack name', { 'Fn::Sub': placeholders('#{AWS::StackName}-queue') }, 'theirs-queue'],
    ['a default', join(ref('Stage'), '-queue'), 'dev-queue'],
    ['the region', { 'Fn::Sub': placeholders('#{AWS::Region}-queue') }, 'AWS::Region-queue'],
    ['a parameter without a default', ref('Open'), undefined],
    ["the stack's id", ref('AWS::StackId'), undefined],
    ['nothing', undefined, undefined],
  ])('is known by %s', (_, name, known) => {
    const index = of(name);
    expect(index.exportName('Theirs', name)).toBe(known);
    expect([...index.exported().keys()]).toEqual(known === undefined ? [] : [known]);
  });

  it('is found by a name that is put together on both sides', () => {
    const index = of({ 'Fn::Sub': placeholders('#{AWS::StackName}-queue') });
    const mine = index.find('Mine', 'Fn') ?? expect.fail();
    expect(index.referent(mine, mine.properties)?.logicalId).toBe('Queue');
    expect([...index.importers()].map(([name, each]) => [name, ids(each)])).toEqual([['theirs-queue', ['Fn']]]);
  });
});

describe('a nested stack', () => {
  const Resources = {
    Nested: { Type: 'AWS::CloudFormation::Stack', Properties: { Parameters: { P: ref('Queue'), Text: 'x' } } },
    Queue: { Type: 'AWS::SQS::Queue' },
  };
  const Inner = { Resources: { A: { Type: 'X', Properties: { It: ref('P') } } }, Outputs: { O: { Value: ref('A') } } };
  // A nested stack may have any name among these templates.
  const nested = new Map([['Inner', { parent: 'Shop', logicalId: 'Nested' }]]);
  const index = new TemplateIndex({ Shop: { Resources }, Inner }, { nested });
  const [maker, queue] = [index.find('Shop', 'Nested'), index.find('Shop', 'Queue')];

  it('is known with what makes it, and what is in it', () => {
    expect([index.makerOf('Inner'), index.makerOf('Shop')]).toEqual([maker, undefined]);
    expect([index.rootOf('Inner'), index.rootOf('Shop'), index.rootOf('Other')]).toEqual(['Shop', 'Shop', 'Other']);
    expect([maker && ids(index.madeBy(maker)), queue && ids(index.madeBy(queue))]).toEqual([['A'], []]);
    expect([ids(index.ofStack('Inner')), ids(index.ofStack('Other'))]).toEqual([['A'], []]);
    expect(index.stackKeys).toEqual(['Shop', 'Inner']);
  });

  it('is given parameters, and gives outputs', () => {
    expect(index.given('Inner', 'P')).toEqual({ stack: 'Shop', value: ref('Queue') });
    expect([index.given('Inner', 'constructor'), index.given('Shop', 'P')]).toEqual([undefined, undefined]);
    expect(index.referent({ stack: 'Inner' }, ref('P'))).toBe(queue);
    expect(index.referent({ stack: 'Shop' }, att('Nested', 'Outputs.O'))?.logicalId).toBe('A');
    expect(index.referent({ stack: 'Shop' }, att('Nested', 'Outputs.Missing'))).toBe(maker);
  });

  it('is a neighbour as a whole', () => {
    const uses = new TemplateIndex(
      {
        Shop: { Resources: { ...Resources, It: { Type: 'X', Properties: { A: att('Nested', 'Outputs.O') } } } },
        Inner,
      },
      { nested },
    );
    const it = uses.find('Shop', 'It') ?? expect.fail();
    expect([ids(uses.neighbours(it)), uses.referent(it, it.properties)?.logicalId]).toEqual([['Nested'], 'A']);
  });

  it('that makes itself has an end', () => {
    const selves = new Map([['Shop', { parent: 'Shop', logicalId: 'Nested' }]]);
    expect(new TemplateIndex({ Shop: { Resources } }, { nested: selves }).rootOf('Shop')).toBe('Shop');
  });
});

it('passes over what is no resource, and knows stacks by their own keys', () => {
  const odd = {
    A: null,
    B: [],
    C: 'x',
    'Fn::ForEach::D': ['x'],
    E: { Type: 'X' },
  } as unknown as TemplateDocument['Resources'];
  const index = new TemplateIndex(
    { Shop: odd ? { Resources: odd } : {} },
    { stackNames: new Map([['prod-shop', 'Shop']]) },
  );
  expect(ids(index.resources)).toEqual(['E']);
  expect([index.template('constructor'), index.realName('Shop'), index.realName('Other')]).toEqual([
    undefined,
    'prod-shop',
    'Other',
  ]);
});

it('a variable of Fn::Sub hides a resource of its name', () => {
  expect([...namesIn('Fn::Sub', [placeholders('#{A}#{B.Arn}#{!C}'), { A: 1 }])]).toEqual([
    { id: 'B', attribute: 'Arn' },
  ]);
  expect([...namesIn('Fn::Sub', null), ...namesIn('Other', 'A')]).toEqual([]);
});
