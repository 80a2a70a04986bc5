import { describe, expect, it } from 'vitest';
import { NoResources, NotATemplate, parseTemplate } from '../../../lib/template/parse-template';
import { placeholders } from '../checks/literal-fixture';

const yaml = (properties: string) => `Resources:\n  It:\n    Type: AWS::X\n    Properties:\n      ${properties}\n`;
const properties = (text: string) => parseTemplate(yaml(text)).Resources?.['It']?.Properties;

describe('a template of JSON', () => {
  it('is read, with or without spaces and a mark of its encoding', () => {
    const template = { Resources: { It: { Type: 'AWS::X' } } };
    for (const before of ['', '\n  ', '\uFEFF']) {
      expect(parseTemplate(`${before}${JSON.stringify(template)}\n`)).toEqual(template);
    }
  });

  it('keeps keys that objects inherit', () => {
    const { Resources = {} } = parseTemplate('{"Resources":{"__proto__":{"Type":"A"},"constructor":{"Type":"B"}}}');
    expect(Object.entries(Resources)).toEqual([
      ['__proto__', { Type: 'A' }],
      ['constructor', { Type: 'B' }],
    ]);
  });

  it('may have loops, null for Properties, and outputs', () => {
    const template = {
      Resources: { 'Fn::ForEach::X': ['a', [], {}], It: { Type: 'A', Properties: null } },
      Outputs: { O: {}, 'Fn::ForEach::O': [] },
    };
    expect(parseTemplate(JSON.stringify(template))).toEqual(template);
  });
});

describe('a template of YAML', () => {
  it.each([
    ['A: !Ref B', { A: { Ref: 'B' } }],
    ['A: !Condition B', { A: { Condition: 'B' } }],
    ['A: !GetAtt B.C.D', { A: { 'Fn::GetAtt': ['B', 'C.D'] } }],
    ['A: !GetAtt [B, C]', { A: { 'Fn::GetAtt': ['B', 'C'] } }],
    [placeholders("A: !Sub '#{B}-c'"), { A: { 'Fn::Sub': placeholders('#{B}-c') } }],
    ['A: !Join ["", [a, !Ref B]]', { A: { 'Fn::Join': ['', ['a', { Ref: 'B' }]] } }],
    [
      'A: !If [C, !GetAtt B.Arn, !Ref AWS::NoValue]',
      { A: { 'Fn::If': ['C', { 'Fn::GetAtt': ['B', 'Arn'] }, { Ref: 'AWS::NoValue' }] } },
    ],
    [
      'A: !GetStackOutput { StackName: S, OutputName: O }',
      { A: { 'Fn::GetStackOutput': { StackName: 'S', OutputName: 'O' } } },
    ],
    ['A: !ImportValue\n        Fn::Sub: x', { A: { 'Fn::ImportValue': { 'Fn::Sub': 'x' } } }],
    ['A: !Select [1, !Split ["/", !Ref B]]', { A: { 'Fn::Select': [1, { 'Fn::Split': ['/', { Ref: 'B' }] }] } }],
    ['A: 2012-10-17', { A: '2012-10-17' }],
    // YAML 1.1, as CloudFormation reads it.
    ['A: yes\n      B: off\n      C: "yes"', { A: true, B: false, C: 'yes' }],
    ['A: 80\n      B: ~', { A: 80, B: null }],
  ])('%s', (text, value) => {
    expect(properties(text)).toEqual(value);
  });

  it.each([
    'Equals',
    'And',
    'Or',
    'Not',
    'Base64',
    'Cidr',
    'FindInMap',
    'GetAZs',
    'Length',
    'ToJsonString',
    'Transform',
  ])('!%s is short for Fn::', (name) => {
    expect(properties(`A: !${name} [x]`)).toEqual({ A: { [`Fn::${name}`]: ['x'] } });
  });
});

describe('no template', () => {
  it.each([
    ['{', /^it is no JSON: /],
    ['{"Resources": }', /^it is no JSON: /],
    ['Resources: [', /^it is no YAML: /],
    ['Resources:\n  A:\n   B: 1\n  A:\n   B: 2', /^it is no YAML: Map keys must be unique/],
    [yaml('A: !Unknown x'), /^it is no YAML: Unresolved tag: !Unknown/],
    [
      `a: &a [x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nResources: [*c,*c,*c]`,
      /^it is no YAML: Excessive alias count/,
    ],
    ['{"Resources": {"A": {}}}', /^the resource A has no Type$/],
    ['{"Resources": {"A": null}}', /^the resource A has no Type$/],
    ['{"Resources": {"A": {"Type": 7}}}', /^the resource A has no Type$/],
    ['{"Resources": {"A": {"Type": "X", "Properties": []}}}', /^the Properties of A are not a map$/],
    ['{"Resources": {"A": {"Type": "X", "Properties": "x"}}}', /^the Properties of A are not a map$/],
    ['{"Resources": {"A": {"Type": "X"}}, "Outputs": []}', /^its Outputs are not a map$/],
    ['{"Resources": {"A": {"Type": "X"}}, "Outputs": {"O": null}}', /^the output O is not a map$/],
    ['{"Resources": {"A": {"Type": "X"}}, "Parameters": []}', /^its Parameters are not a map$/],
    ['{"Resources": {"A": {"Type": "X"}}, "Parameters": {"P": null}}', /^the parameter P is not a map$/],
    ['{"Resources": {"A": {"Type": "X"}}, "Mappings": 7}', /^its Mappings are not a map$/],
    ['{"Resources": {"A": {"Type": "X"}}, "Conditions": "x"}', /^its Conditions are not a map$/],
    [
      `{"Resources": {"A": {"Type": "X", "Properties": {"A": ${'['.repeat(197)}${']'.repeat(197)}}}}}`,
      /^it has more than 200 /,
    ],
    ['{"Resources": []}', /^it has no Resources$/],
    ['[]', /^it has no Resources$/],
    ['text', /^it has no Resources$/],
    ['', /^it has no Resources$/],
    ['apiVersion: v1\nkind: Pod', /^it has no Resources$/],
  ])('%j', (text, message) => {
    expect(() => parseTemplate(text)).toThrow(NotATemplate);
    expect(() => parseTemplate(text)).toThrow(message);
    expect(() => parseTemplate(text)).not.toThrow(/\n/);
  });

  it('may go down 200 levels', () => {
    const text = `{"Resources": {"A": {"Type": "X", "Properties": {"A": ${'['.repeat(196)}${']'.repeat(196)}}}}}`;
    expect(parseTemplate(text)).toBeDefined();
  });

  it.each(['{}', '{"Resources": {}}', 'Description: x'])('%j is one without a resource', (text) => {
    expect(() => parseTemplate(text)).toThrow(NoResources);
  });
});
