import { describe, expect, it } from 'vitest';
import { type Deployed, Evaluator, type TemplateValues } from '../../../lib/template/evaluator';
import { placeholders } from '../checks/literal-fixture';

const template: TemplateValues = {
  Parameters: {
    Size: { Type: 'String', Default: 'small' },
    Email: {},
    Zones: { Type: 'CommaDelimitedList', Default: 'a, b,c' },
    Image: { Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>', Default: '/images/latest' },
    Count: { Type: 'Number', Default: 3 },
  },
  Mappings: { Sizes: { small: { memory: 128 }, large: { memory: 1024 } } },
  Conditions: {
    IsSmall: { 'Fn::Equals': [{ Ref: 'Size' }, 'small'] },
    IsHere: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] },
    Both: { 'Fn::And': [{ Condition: 'IsSmall' }, { Condition: 'IsHere' }] },
    Either: { 'Fn::Or': [{ Condition: 'IsSmall' }, { Condition: 'IsHere' }] },
    IsLarge: { 'Fn::Not': [{ Condition: 'IsSmall' }] },
    Endless: { 'Fn::Not': [{ Condition: 'Endless' }] },
    Wrong: { 'Fn::Join': ['', []] },
  },
};

const deployed = (changes: Partial<Deployed> = {}): Deployed => ({
  region: 'eu-west-1',
  reference: (id) => ({ 'AWS::Region': 'eu-west-1', 'AWS::NoValue': undefined, Queue: 'https://queue' })[id],
  attribute: (id, attribute) => `${id}-${attribute}`,
  output: (stackName, name) => `${stackName}.${name}`,
  exported: (name) => `exported ${name}`,
  ...changes,
});

const evaluate = (value: unknown, changes?: Partial<Deployed>) =>
  new Evaluator(template, deployed(changes)).evaluate(value);

describe('a value of a template', () => {
  it.each([
    [{ Ref: 'Queue' }, 'https://queue'],
    [{ Ref: 'Size' }, 'small'],
    [{ Ref: 'Zones' }, ['a', 'b', 'c']],
    [{ 'Fn::Select': [1, { Ref: 'Zones' }] }, 'b'],
    [{ 'Fn::GetAtt': ['Queue', 'Arn'] }, 'Queue-Arn'],
    [{ 'Fn::GetAtt': 'Stack.Outputs.Name' }, 'Stack-Outputs.Name'],
    [{ 'Fn::Join': ['/', ['a', { Ref: 'Queue' }, 3]] }, 'a/https://queue/3'],
    [{ 'Fn::Select': ['1', { 'Fn::Split': ['-', { 'Fn::GetAtt': ['Queue', 'Arn'] }] }] }, 'Arn'],
    [
      { 'Fn::Sub': placeholders('a #{Queue} #{Queue.Arn} #{!Literal}') },
      placeholders('a https://queue Queue-Arn #{Literal}'),
    ],
    [{ 'Fn::Sub': [placeholders('#{Name}-#{Size}'), { Name: { Ref: 'Queue' } }] }, 'https://queue-small'],
    [{ 'Fn::FindInMap': ['Sizes', { Ref: 'Size' }, 'memory'] }, 128],
    [{ 'Fn::If': ['IsSmall', 'yes', 'no'] }, 'yes'],
    [{ 'Fn::If': ['IsLarge', 'yes', { Ref: 'Size' }] }, 'small'],
    [{ 'Fn::GetAZs': '' }, ['eu-west-1a', 'eu-west-1b', 'eu-west-1c']],
    [{ 'Fn::GetAZs': 'us-east-1' }, ['us-east-1a', 'us-east-1b', 'us-east-1c']],
    [{ 'Fn::ImportValue': { 'Fn::Sub': placeholders('#{Size}-vpc') } }, 'exported small-vpc'],
    [{ 'Fn::GetStackOutput': { StackName: 'Other', OutputName: { Ref: 'Size' } } }, 'Other.small'],
    [{ 'Fn::Base64': 'abc' }, 'YWJj'],
    [{ 'Fn::Length': ['a', 'b'] }, 2],
    [{ 'Fn::ToJsonString': { a: { Ref: 'Size' } } }, '{"a":"small"}'],
    [
      { a: [1, { Ref: 'Size' }], b: null, c: { Ref: 'Queue', more: true } },
      { a: [1, 'small'], b: null, c: { Ref: 'Queue', more: true } },
    ],
  ])('%j is %j', (value, expected) => {
    expect(evaluate(value)).toEqual(expected);
  });

  it('leaves out what has no value, in maps and lists', () => {
    const none = { 'Fn::If': ['IsLarge', 1, { Ref: 'AWS::NoValue' }] };
    const found = evaluate({ a: none, b: [none, 2], c: { d: none } });
    expect(found).toEqual({ b: [2], c: {} });
    expect(Object.keys(found as object)).toEqual(['b', 'c']);
  });

  it('takes the values of parameters that it is given before their defaults', () => {
    expect(evaluate({ 'Fn::If': ['IsSmall', 'yes', 'no'] }, { parameters: { Size: 'large' } })).toBe('no');
    expect(evaluate({ Ref: 'Email' }, { parameters: { Email: 'a@b.c' } })).toBe('a@b.c');
  });

  it.each([
    [{ Ref: 'Email' }, 'The parameter Email has no value here'],
    // Its default is the name of the value.
    [{ Ref: 'Image' }, 'The parameter Image has no value here'],
    [{ 'Fn::FindInMap': ['Sizes', 'medium', 'memory'] }, 'The template maps nothing at Sizes.medium.memory'],
    [{ 'Fn::If': ['Unknown', 1, 2] }, 'The template has no condition Unknown'],
    [{ 'Fn::If': ['Endless', 1, 2] }, 'The condition Endless depends on itself'],
    [{ 'Fn::If': ['Wrong', 1, 2] }, '{"Fn::Join":["",[]]} is no condition'],
    [{ 'Fn::Cidr': ['10.0.0.0/16', 2] }, 'The intrinsic Fn::Cidr is not known here'],
  ])('is an error for %j', (value, message) => {
    expect(() => evaluate(value)).toThrow(message);
  });
});

describe('a condition', () => {
  it.each([
    ['IsSmall', true, true],
    ['IsHere', true, true],
    ['Both', true, true],
    ['Either', true, true],
    ['IsLarge', false, false],
  ])('%s holds: %s', (name, expected) => {
    expect(new Evaluator(template, deployed()).holds(name)).toBe(expected);
  });

  it('holds for some values and not for others', () => {
    const large = new Evaluator(template, deployed({ parameters: { Size: 'large' } }));
    expect(['IsSmall', 'IsHere', 'Both', 'Either', 'IsLarge'].map((name) => large.holds(name))).toEqual([
      ...[false, true, false, true, true],
    ]);
  });

  it.each([
    [{ Ref: 'Count' }, '3', true],
    [{ Ref: 'Count' }, 3, true],
    [true, 'true', true],
    ['True', 'true', false],
    [{ Ref: 'Count' }, '30', false],
  ])('compares %j with %j as texts: %s', (left, right, same) => {
    const conditions = { Conditions: { Same: { 'Fn::Equals': [left, right] } } };
    expect(new Evaluator({ ...template, ...conditions }, deployed()).holds('Same')).toBe(same);
  });

  it('compares lists by what is in them', () => {
    const conditions = {
      Conditions: {
        Same: {
          'Fn::Equals': [
            ['a', { Ref: 'Size' }],
            ['a', 'small'],
          ],
        },
      },
    };
    expect(new Evaluator({ ...template, ...conditions }, deployed()).holds('Same')).toBe(true);
  });
});
