import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JsonObject, printed } from './readable-template';
import { applied, differenceOf, inCommon } from './template-difference';

const SIDES = ['dev', 'prod'] as const;

/** What is told of the changes of one resource. */
function told(before: JsonObject, after: JsonObject): unknown {
  const difference = differenceOf({ Resources: { Queue: before } }, { Resources: { Queue: after } }, SIDES);
  return (difference as { Resources?: { changed: JsonObject } }).Resources?.changed['Queue'];
}

describe('a difference', () => {
  it('tells what came, what went, and what changed', () => {
    const before = { Description: 'a', Resources: { Gone: { Type: 'AWS::SQS::Queue' }, Stays: { Type: 'T', n: 1 } } };
    const after = { Description: 'b', Resources: { Stays: { Type: 'T', n: 2 }, New: { Type: 'AWS::SNS::Topic' } } };
    expect(differenceOf(before, after, SIDES)).toEqual({
      before: 'dev',
      after: 'prod',
      Description: { dev: 'a', prod: 'b' },
      Resources: {
        removed: { Gone: 'AWS::SQS::Queue' },
        changed: { Stays: { n: { dev: 1, prod: 2 } } },
        added: { New: { Type: 'AWS::SNS::Topic' } },
      },
    });
  });

  it('tells nothing of equals, whatever the order of their keys', () => {
    const [before, after] = [{ Resources: { a: { x: 1, y: 2 }, b: 1 } }, { Resources: { b: 1, a: { y: 2, x: 1 } } }];
    expect(differenceOf(before, after, SIDES)).toEqual({ before: 'dev', after: 'prod' });
  });

  it.each<[string, JsonObject, JsonObject, unknown]>([
    ['a value on one side', { a: {} }, { a: { b: null } }, { 'a.b': { prod: null } }],
    ['a member of a list that went', { a: ['x', 'y'] }, { a: ['y'] }, { 'a[0]': { dev: 'x' } }],
    ['a member of a list that came', { a: ['x', 'y'] }, { a: ['x', 'z', 'y'] }, { 'a[1]': { prod: 'z' } }],
    ['a value within a member', { a: [1, { b: 1 }] }, { a: [1, { b: 2 }] }, { 'a[1].b': { dev: 1, prod: 2 } }],
    ['a moved member', { a: ['x', 1, 2, 3] }, { a: [1, 2, 3, 'x'] }, { 'a[0]': { dev: 'x' }, 'a[3]': { prod: 'x' } }],
    ['keys with dots and quotes', { "a.'b": 1 }, { "a.'b": 2 }, { "['a.\\'b']": { dev: 1, prod: 2 } }],
    [
      'functions as a whole',
      { a: { 'Fn::GetAtt': ['Q', 'Arn'] } },
      { a: { Ref: 'Q' } },
      { a: { dev: { 'Fn::GetAtt': ['Q', 'Arn'] }, prod: { Ref: 'Q' } } },
    ],
    [
      'a document by its members',
      { a: { 'Fn::ToJsonString': { b: 1, c: 2 } } },
      { a: { 'Fn::ToJsonString': { b: 1, c: 3 } } },
      { 'a.Fn::ToJsonString.c': { dev: 2, prod: 3 } },
    ],
  ])('tells %s', (_, before, after, expected) => {
    expect(told(before, after)).toEqual(expected);
  });

  it('leads from any template to any other', () => {
    const key = fc.constantFrom('a', 'b.c', "d'\\e", '0', '[1]', '', 'Ref', 'Fn::ToJsonString', 'Fn::Sub', 'added');
    const { value } = fc.letrec<{ value: JsonObject[string] }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.constantFrom('x', 'y', '', 0, 1, null, true),
        fc.array(tie('value'), { maxLength: 5 }),
        fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
      ),
    }));
    const template = fc.dictionary(
      fc.constantFrom('Description', 'Resources', 'Outputs'),
      fc.oneof(fc.dictionary(key, value, { maxKeys: 4, noNullPrototype: true }), value),
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(template, template, (before, after) => {
        const difference = JSON.parse(printed(differenceOf(before, after, SIDES)));
        expect(applied(before, difference)).toEqual(after);
      }),
      { numRuns: 500 },
    );
  });
});

describe('what two lists have in common', () => {
  it.each([
    ['', 'a', ''],
    ['abc', 'abc', 'abc'],
    ['abcd', 'xbd', 'bd'],
    ['aab', 'ab', 'ab'],
    ['xaby', 'abxy', 'aby'],
  ])('of %j and %j is %j', (before, after, common) => {
    const pairs = inCommon([...before], [...after]);
    expect(pairs.map(([index]) => before[index]).join('')).toBe(common);
    expect(pairs.map(([, index]) => after[index]).join('')).toBe(common);
  });
});
