import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { dataPipelineTemplate, eventDrivenTemplate } from '../synthesize';
import { type Json, type JsonObject, normalized, printed } from './readable-template';
import { leavesOf, withChangedLeaf } from './real-change-fixture';
import { applied, differenceOf } from './template-difference';

const REGION = { Ref: 'AWS::Region' };
const ARN = { 'Fn::GetAtt': ['Queue', 'Arn'] };

/** What becomes of a value of a template. */
const form = (value: Json): Json | undefined => normalized({ value })['value'];

const resource = (value: JsonObject): JsonObject => ({ Resources: { Queue: { Type: 'AWS::SQS::Queue', ...value } } });

describe('texts and intrinsic functions', () => {
  it.each<[string, Json, Json]>([
    ['texts and references', ['arn:', REGION, ':', ARN], { 'Fn::Sub': `arn:\${AWS::Region}:\${Queue.Arn}` }],
    ['a text that looks like a reference', [`\${a}`, REGION], { 'Fn::Sub': `\${!a}\${AWS::Region}` }],
    ['texts alone', ['a', 'b'], 'ab'],
    ['a reference alone', ['', REGION], REGION],
    ['a join in a join', ['a', { 'Fn::Join': ['', ['b', REGION]] }], { 'Fn::Sub': `ab\${AWS::Region}` }],
    [
      'a substitution in a join',
      ['a', { 'Fn::Sub': `\${!b}\${AWS::Region}` }],
      { 'Fn::Sub': `a\${!b}\${AWS::Region}` },
    ],
    [
      'what no substitution takes',
      ['a', { 'Fn::Select': [0, ['x']] }, 'b', 'c'],
      { 'Fn::Join': ['', ['a', { 'Fn::Select': [0, ['x']] }, 'bc']] },
    ],
  ])('joins %s', (_, parts, expected) => {
    expect(form({ 'Fn::Join': ['', parts] })).toEqual(expected);
  });

  it.each<[string, Json]>([
    ['a join with a separator', { 'Fn::Join': [':', ['a', REGION]] }],
    ['a substitution with values of its own', { 'Fn::Sub': [`\${a}`, { a: 'b' }] }],
    ['a substitution', { 'Fn::Sub': `\${AWS::Region}-\${Queue.Arn}-\${!a}` }],
    ['a delimiter that looks like lines', { 'Fn::Split': ['\n', REGION] }],
    ['a part that looks like JSON', { 'Fn::Join': [',', ['{"a":1}', REGION]] }],
  ])('leaves %s', (_, value) => {
    expect(form(value)).toEqual(value);
  });

  it('prints a document as its members, with the references in their places', () => {
    const parts = ['{"to":"', ARN, '","in":"x-', REGION, `","n":1,"list":[{"a":"\${b}"}]}`];
    expect(form({ 'Fn::Join': ['', parts] })).toEqual({
      'Fn::ToJsonString': { to: ARN, in: { 'Fn::Sub': `x-\${AWS::Region}` }, n: 1, list: [{ a: `\${b}` }] },
    });
    expect(form('[{"a":1}]')).toEqual({ 'Fn::ToJsonString': [{ a: 1 }] });
  });

  it.each([
    ['has spaces', '{"a": 1}'],
    ['repeats a key', '{"a":1,"a":1}'],
    ['has a key like a function of a template', '{"Ref":"AWS::Region"}'],
    ['has a key like any of them', '{"a":{"Fn::If":1}}'],
    ['is no JSON', '{a}'],
    ['is a list of texts', '["a"]'],
    ['has the mark of a reference', '{"a":"\uE000"}'],
  ])('leaves a document that %s', (_, text) => {
    expect(form(text)).toBe(text);
  });

  it('leaves a document with a reference where no text stands, or in a key', () => {
    expect(form({ 'Fn::Join': ['', ['{"a":', REGION, '}']] })).toEqual({ 'Fn::Sub': `{"a":\${AWS::Region}}` });
    expect(form({ 'Fn::Join': ['', ['{"', REGION, '":1}']] })).toEqual({ 'Fn::Sub': `{"\${AWS::Region}":1}` });
  });

  it('prints lines as lines', () => {
    expect(form('a\nb\n')).toEqual({ 'Fn::Join': ['\n', ['a', 'b', '']] });
    const lines = { 'Fn::Join': ['\n', ['in', { 'Fn::Sub': `x\${AWS::Region}y` }, 'z']] };
    expect(form({ 'Fn::Join': ['', ['in\nx', REGION, 'y\nz']] })).toEqual(lines);
  });
});

describe('hashes', () => {
  it('hides those that a build changes, in texts and in logical ids', () => {
    const version = `HandlerCurrentVersion0123ABCD${'0a'.repeat(16)}`;
    const template = { Resources: { [version]: { Properties: { Key: `${'0f'.repeat(32)}.zip`, Ref: version } } } };
    expect(normalized(template)).toEqual({
      Resources: {
        'HandlerCurrentVersion0123ABCD<version>': {
          Properties: { Key: '<asset>.zip', Ref: 'HandlerCurrentVersion0123ABCD<version>' },
        },
      },
    });
  });

  it('shows all others: a logical id that changes is a resource that is replaced', () => {
    const id = 'RagApiDeploymentC4DCED794e2e2d39f64c33c7c174a38172737030';
    expect(normalized({ Resources: { [id]: {} } })).toEqual({ Resources: { [id]: {} } });
  });

  it('refuses to hide one of two behind the other', () => {
    const [a, b] = ['a'.repeat(64), 'b'.repeat(64)];
    expect(() => normalized({ Resources: { [a]: {}, [b]: {} } })).toThrow('have one name when their hashes are masked');
  });
});

describe('order', () => {
  const order = (value: JsonObject) => printed(normalized(value));

  it('is one, whatever the order of the template', () => {
    const a = { Type: 'A', DependsOn: ['x', 'y'], Properties: { p: 1, q: 2 } };
    const b = { Properties: { q: 2, p: 1 }, DependsOn: ['y', 'x'], Type: 'A' };
    expect(order({ Outputs: {}, Resources: { A: a, B: b } })).toBe(order({ Resources: { B: a, A: b }, Outputs: {} }));
  });

  it('is kept where it says something', () => {
    expect(order(resource({ Properties: { list: ['b', 'a'] } }))).toContain('["b", "a"]');
    expect(order(resource({ Properties: { text: '{"b":1,"a":2}' } }))).toContain('{ "b": 1, "a": 2 }');
  });

  it('is one in a policy, for statements, actions, resources, principals and conditions', () => {
    const read = {
      Effect: 'Allow',
      Principal: { Service: ['b', 'a'] },
      Action: ['s3:Put*', 's3:Get*'],
      Resource: [{ 'Fn::Join': ['', [ARN, '/*']] }, ARN],
      Condition: { StringEquals: { 'aws:SourceAccount': ['2', '1'] } },
    };
    const deny = { Effect: 'Deny', Action: '*', Resource: '*', Sid: 'A' };
    expect(form({ Version: '2012-10-17', Statement: [read, deny] })).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: ['a', 'b'] },
          Action: ['s3:Get*', 's3:Put*'],
          Resource: [ARN, { 'Fn::Sub': `\${Queue.Arn}/*` }],
          Condition: { StringEquals: { 'aws:SourceAccount': ['1', '2'] } },
        },
        deny,
      ],
    });
    const [a, b] = [form({ Statement: [read, deny] }), form({ Statement: [deny, read] })];
    expect(a).toEqual(b);
  });
});

describe('layout', () => {
  it('gives each property a line, however short, and a function one, however long', () => {
    const long = 'x'.repeat(150);
    const template = resource({ Properties: { A: 1, B: { 'Fn::Sub': `${long}\${AWS::Region}` }, C: [1, { d: 2 }] } });
    expect(printed(normalized(template))).toBe(`{
  "Resources": {
    "Queue": {
      "Type": "AWS::SQS::Queue",
      "Properties": {
        "A": 1,
        "B": { "Fn::Sub": "${long}\${AWS::Region}" },
        "C": [1, { "d": 2 }]
      }
    }
  }
}
`);
  });

  it('breaks what does not fit within 120 columns, and not what does', () => {
    const line = (length: number) => printed({ a: ['x'.repeat(length)] });
    const edges = '{ "a": [""] }'.length;
    expect(line(119 - edges).split('\n')).toHaveLength(2);
    expect(line(120 - edges).split('\n')).not.toHaveLength(2);
  });

  it('is JSON', () => {
    const template = normalized(eventDrivenTemplate('dev').toJSON());
    expect(JSON.parse(printed(template))).toEqual(template);
  });
});

describe.each([
  ['event-driven', () => eventDrivenTemplate('dev').toJSON()],
  ['data-pipeline', () => dataPipelineTemplate('dev').toJSON()],
])('a change of any value of a resource in %s', (_, synthesized) => {
  it('changes what is committed of dev, and what is committed of a stage', () => {
    const hidden: string[] = [];
    let changes = 0;
    for (const [id, one] of Object.entries((synthesized() as { Resources: JsonObject }).Resources)) {
      const template = { Resources: { [id]: one } };
      const before = normalized(template);
      for (const [index, leaf] of leavesOf(template).entries()) {
        for (const drop of [false, true]) {
          changes++;
          // What is printed is JSON of what is normalized: where that is another, the text is.
          const after = normalized(withChangedLeaf(template, leaf, drop, index));
          const difference = JSON.parse(printed(differenceOf(before, after, ['dev', 'prod'])));
          const isTold = isDeepStrictEqual(applied(before, difference), after);
          if (!isTold || isDeepStrictEqual(before, after)) hidden.push(leaf.join('/'));
        }
      }
    }
    expect(hidden).toEqual([]);
    expect(changes).toBeGreaterThan(2000);
  });
});
