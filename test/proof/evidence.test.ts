import { describe, expect, it } from 'vitest';
import type { CatalogueId } from '../../lib/checks';
import { evidenceOf, isContained } from './evidence';
import type { Mutation } from './mutation';
import type { PatternProof } from './pattern-proof';

const QUEUE = { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 60, Tags: ['a', 'b'] } };
const ID: CatalogueId = 'sqs-dlq-required';
const raises: Mutation = (t) => t.addTo('AWS::SQS::Queue', 'Encryption', { Kms: 'key' });
const drops: Mutation = (t) => t.drop('AWS::SQS::Queue', 'VisibilityTimeout');
const changes: Mutation = (t) => t.set('AWS::SQS::Queue', 'VisibilityTimeout', 61);
const removes: Mutation = (t) => t.remove('AWS::SQS::Queue');
const shortens: Mutation = (t) => t.set('AWS::SQS::Queue', 'Tags', ['b']);
const lengthens: Mutation = (t) => t.set('AWS::SQS::Queue', 'Tags', ['x', 'a', 'x', 'b']);
const adds: Mutation = (t) => t.add('Second', 'AWS::SQS::Queue', {});

const proofWith = (more: Partial<PatternProof>, ...mutations: readonly Mutation[]): PatternProof => ({
  title: 'pattern',
  rows: [],
  rowCount: 0,
  variants: [
    {
      name: '',
      templates: () => ({
        Stack: { Resources: { Queue: { ...QUEUE, Properties: { ...QUEUE.Properties, Encryption: {} } } } },
      }),
      minFindings: 0,
      further: mutations.map((mutation) => [ID, 'it is mutated', mutation]),
    },
  ],
  ...more,
});
const kinds = (proof: PatternProof, isHandled = true) => evidenceOf(proof, ID, isHandled).map(({ kind }) => kind);

describe('a row is proven by its rule', () => {
  it.each([
    ['drops', drops],
    ['changes', changes],
    ['removes', removes],
    ['shortens', shortens],
  ])('when a mutation %s what the template had', (_, mutation) => {
    expect(kinds(proofWith({}, mutation))).toEqual(['rule']);
    expect(kinds(proofWith({}, adds, mutation))).toEqual(['rule']);
  });

  it.each([
    ['adds a resource', adds],
    ['adds a member', raises],
    ['adds to a list', lengthens],
  ])('and is caught if it appears, when one only %s', (_, mutation) => {
    expect(kinds(proofWith({}, mutation))).toEqual(['rule if it appears']);
  });

  it('and is caught if it appears, when nothing handles it', () => {
    expect(kinds(proofWith({}, drops), false)).toEqual(['rule if it appears']);
  });
});

it('runs of the handlers and tests come after the rule, and none is nothing', () => {
  const holds = () => Promise.resolve(true);
  const test = { file: 'a.test.ts', name: 'holds' };
  const handlers = [
    { id: ID, of: 'one', holds },
    { id: ID, of: 'two', holds },
    { id: 'sqs-long-polling' as const, of: 'another', holds },
  ];
  expect(evidenceOf(proofWith({ handlers, tests: { [ID]: [test] } }), ID, true)).toEqual([
    { kind: 'handlers', of: ['one', 'two'] },
    { kind: 'test', test },
  ]);
  expect(kinds(proofWith({}))).toEqual([]);
});

it.each([
  [{ a: 1 }, { a: 1, b: 2 }, true],
  [{ a: 1, b: 2 }, { a: 1 }, false],
  [{ a: undefined }, {}, false],
  [{ a: 1 }, [1], false],
  [{ a: 1 }, null, false],
  [[1], { 0: 1 }, false],
  [[1, 2], [1, 3, 2], true],
  [[1, 2], [2, 1], false],
  [[1, 1], [1], false],
  [[{ a: 1 }], [{ b: 1 }, { a: 1, b: 1 }], true],
  ['a', 'a', true],
  ['1', 1, false],
  [null, undefined, false],
])('%j is contained in %j: %s', (value, other, expected) => {
  expect(isContained(value, other)).toBe(expected);
});
