import { describe, expect, it } from 'vitest';
import { decidedTemplates } from '../../../lib/template/decided-template';
import type { TemplateDocument } from '../../../lib/template/template-resource';
import { NO_VALUE, placeholders, ref } from '../checks/literal-fixture';

const Conditions = {
  IsProd: { 'Fn::Equals': [ref('Stage'), 'prod'] },
  IsDev: { 'Fn::Not': [{ Condition: 'IsProd' }] },
  IsHere: { 'Fn::Equals': [ref('AWS::Region'), 'eu-west-1'] },
  IsNamed: { 'Fn::Equals': [ref('Name'), ''] },
  NeverHere: { 'Fn::And': [{ Condition: 'IsProd' }, { Condition: 'IsHere' }] },
  Broken: 7,
};
const base: TemplateDocument = {
  Parameters: { Stage: { Type: 'String', Default: 'dev' }, Name: { Type: 'String' } },
  Mappings: { Sizes: { dev: { memory: 128 }, prod: { memory: 1024 } } },
  Conditions,
};
const decide = (document: TemplateDocument) => decidedTemplates({ Shop: { ...base, ...document } })['Shop'] ?? {};
const value = (It: unknown) =>
  decide({ Resources: { A: { Type: 'X', Properties: { It } } } }).Resources?.['A']?.Properties;

describe('a condition', () => {
  it.each([
    ['IsProd', false],
    ['IsDev', true],
    ['NeverHere', false],
    // What only deployment knows may hold.
    ['IsHere', true],
    ['IsNamed', true],
    ['Broken', true],
    ['Missing', true],
    ['constructor', true],
  ])('%s leaves a resource and an output in: %s', (Condition, isIn) => {
    const { Resources = {}, Outputs = {} } = decide({
      Resources: { A: { Type: 'X', Condition } },
      Outputs: { O: { Value: 1, Condition } },
    });
    expect([Object.keys(Resources), Object.keys(Outputs)]).toEqual(isIn ? [['A'], ['O']] : [[], []]);
  });

  it.each([
    ['a branch that holds', { 'Fn::If': ['IsDev', 'a', 'b'] }, { It: 'a' }],
    ['a branch that does not', { 'Fn::If': ['IsProd', 'a', 'b'] }, { It: 'b' }],
    ['a branch of a branch', { 'Fn::If': ['IsProd', 'a', { 'Fn::If': ['IsDev', 'b', 'c'] }] }, { It: 'b' }],
    ['no value', { 'Fn::If': ['IsProd', 'a', NO_VALUE] }, {}],
    ['no value in a list', [{ 'Fn::If': ['IsProd', 'a', NO_VALUE] }, 'b'], { It: ['b'] }],
    ['no value by itself', NO_VALUE, {}],
    [
      'what is not decided',
      { 'Fn::If': ['IsHere', { 'Fn::If': ['IsDev', 'a', 'b'] }, NO_VALUE] },
      { It: { 'Fn::If': ['IsHere', 'a', NO_VALUE] } },
    ],
    ['a mapping', { 'Fn::FindInMap': ['Sizes', ref('Stage'), 'memory'] }, { It: 128 }],
    [
      'a mapping by what is not known',
      { 'Fn::FindInMap': ['Sizes', ref('Name'), 'memory'] },
      { It: { 'Fn::FindInMap': ['Sizes', ref('Name'), 'memory'] } },
    ],
    [
      'a mapping that is not there',
      { 'Fn::FindInMap': ['No', 'a', 'b'] },
      { It: { 'Fn::FindInMap': ['No', 'a', 'b'] } },
    ],
    ['a parameter, which may be another at deployment', ref('Stage'), { It: ref('Stage') }],
    ['a broken one', { 'Fn::If': 'x' }, { It: { 'Fn::If': 'x' } }],
    ['null, which CloudFormation does not take', null, {}],
  ])('decides %s', (_, it, decided) => {
    expect(value(it)).toEqual(decided);
  });

  it('decides policies, and leaves everything else of a template as it is', () => {
    const policy = { 'Fn::If': ['IsProd', 'Retain', 'Delete'] };
    const A = { Type: 'X', DeletionPolicy: policy, UpdateReplacePolicy: policy, DependsOn: 'B', Metadata: { a: 1 } };
    const decided = decide({ Resources: { A }, Transform: 'T' });
    expect(decided).toMatchObject({
      ...base,
      Transform: 'T',
      Resources: { A: { ...A, DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' } },
    });
  });

  it('keeps keys that objects inherit, and what is no resource', () => {
    const Resources = JSON.parse(
      '{"__proto__":{"Type":"X"},"Fn::ForEach::A":["x"],"None":null}',
    ) as TemplateDocument['Resources'];
    expect(Object.keys(decide({ ...(Resources ? { Resources } : {}) }).Resources ?? {})).toEqual([
      '__proto__',
      'Fn::ForEach::A',
      'None',
    ]);
  });
});

describe('the parameters of a nested stack', () => {
  const nested = new Map([['Shop/Nested', { parent: 'Shop', logicalId: 'Nested' }]]);
  const child = { ...base, Resources: { A: { Type: 'X', Condition: 'IsProd' }, B: { Type: 'X', Condition: 'IsDev' } } };
  const given = (Parameters: object) => {
    const Nested = { Type: 'AWS::CloudFormation::Stack', Properties: { Parameters } };
    const decided = decidedTemplates({ 'Shop/Nested': child, Shop: { ...base, Resources: { Nested } } }, { nested });
    return Object.keys(decided['Shop/Nested']?.Resources ?? {});
  };

  it('are what the stack around gives, before their defaults', () => {
    expect(given({})).toEqual(['B']);
    expect(given({ Stage: 'prod' })).toEqual(['A']);
    expect(given({ Stage: { 'Fn::If': ['IsDev', 'prod', 'dev'] } })).toEqual(['A']);
  });

  it('are not known where only deployment knows what is given', () => {
    expect(given({ Stage: ref('Stage') })).toEqual(['A', 'B']);
    expect(given({ Stage: [ref('Stage')] })).toEqual(['A', 'B']);
  });

  it('of stacks that nest each other end', () => {
    const selves = new Map([['Shop', { parent: 'Shop', logicalId: 'A' }]]);
    expect(Object.keys(decidedTemplates({ Shop: child }, { nested: selves }))).toEqual(['Shop']);
  });
});

describe('what is known beside a template', () => {
  const known = (more: object) => ({ known: () => more });
  const resources = (Condition: string, options: object) =>
    Object.keys(
      decidedTemplates({ Shop: { ...base, Resources: { A: { Type: 'X', Condition } } } }, options)['Shop']?.Resources ??
        {},
    );

  it('comes before defaults and conditions', () => {
    expect(resources('IsProd', {})).toEqual([]);
    expect(resources('IsProd', known({ parameters: { Stage: 'prod' } }))).toEqual(['A']);
    expect(resources('IsDev', known({ conditions: { IsProd: true } }))).toEqual([]);
    expect(resources('IsHere', known({ region: 'us-east-1' }))).toEqual([]);
    expect(resources('IsHere', known({ region: 'eu-west-1' }))).toEqual(['A']);
  });

  it('leaves no condition at what is deployed for certain', () => {
    const condition = (Condition: string) =>
      decide({ Resources: { A: { Type: 'X', Condition } } }).Resources?.['A']?.Condition;
    expect([condition('IsDev'), condition('IsNamed')]).toEqual([undefined, 'IsNamed']);
  });

  it.each([
    ['a reference', ref('Stage'), 'dev'],
    ['a list', ref('Zones'), ['a', 'b']],
    ['a reference to nothing known', ref('Name'), ref('Name')],
    ['the region', { 'Fn::Sub': placeholders('#{AWS::Region}') }, { 'Fn::Sub': placeholders('#{AWS::Region}') }],
    ['a text', { 'Fn::Sub': [placeholders('x-#{Stage}-#{Own}'), { Own: 1 }] }, 'x-dev-1'],
    [
      'a text in part',
      { 'Fn::Sub': placeholders('#{Stage}-#{Name}-#{!Stage}') },
      { 'Fn::Sub': placeholders('dev-#{Name}-#{!Stage}') },
    ],
    [
      'a variable',
      { 'Fn::Sub': [placeholders('#{Stage}-#{Name}'), { Stage: ref('Name') }] },
      { 'Fn::Sub': [placeholders('#{Stage}-#{Name}'), { Stage: ref('Name') }] },
    ],
    ['parts', { 'Fn::Join': ['-', ['x', ref('Stage')]] }, 'x-dev'],
    ['a choice', { 'Fn::Select': ['1', ref('Zones')] }, 'b'],
    ['a choice beyond', { 'Fn::Select': [7, ref('Zones')] }, { 'Fn::Select': [7, ['a', 'b']] }],
    ['nonsense', { 'Fn::Join': 7 }, { 'Fn::Join': 7 }],
  ])('is put in place of %s', (_what, given, expected) => {
    const Parameters = { ...base.Parameters, Zones: { Type: 'CommaDelimitedList', Default: 'a, b' } };
    const template = { ...base, Parameters, Resources: { A: { Type: 'X', Properties: { It: given } } } };
    const [first, second] = [true, false].map(
      (substitutes) =>
        decidedTemplates({ Shop: template as TemplateDocument }, { substitutes })['Shop']?.Resources?.['A']?.Properties,
    );
    expect(first).toEqual({ It: expected });
    expect(second).toEqual({ It: given });
  });
});
