import { describe, expect, it } from 'vitest';
import { resourceType } from '../../../lib/facts/resource-types';
import { UPDATE_LIMITS } from '../../../lib/facts/update-limits';
import { CannotTell } from '../../../lib/template/template-resource';
import { PARAMETER } from '../checks/literal-fixture';

const refuses = (type: string, before: object, after: object) =>
  UPDATE_LIMITS.filter((limit) => limit.type === type).map((limit) => limit.refuses({ ...before }, { ...after }))[0];

it('is about types that the resource data has, each once', () => {
  const types = UPDATE_LIMITS.map(({ type }) => type);
  expect(types.filter((type) => resourceType(type) === undefined)).toEqual([]);
  expect(new Set(types).size).toBe(types.length);
});

describe('a workgroup', () => {
  const type = 'AWS::RedshiftServerless::Workgroup';
  it.each([
    [{ BaseCapacity: 8 }, { BaseCapacity: 32 }, undefined],
    [{ BaseCapacity: 8, MaxCapacity: 8 }, { BaseCapacity: 8, MaxCapacity: 32 }, undefined],
    [{ BaseCapacity: 8, MaxCapacity: 8 }, { BaseCapacity: '8', MaxCapacity: 32 }, undefined],
    [{ PubliclyAccessible: false }, { PubliclyAccessible: 'false', BaseCapacity: 8 }, undefined],
    [{ BaseCapacity: 8, MaxCapacity: 8 }, { BaseCapacity: 32, MaxCapacity: 32 }, 'BaseCapacity, MaxCapacity'],
    [{ MaxCapacity: 8 }, { PubliclyAccessible: true }, 'MaxCapacity, PubliclyAccessible'],
    [{ BaseCapacity: 8, Tags: [1] }, { BaseCapacity: 32, Tags: [2] }, undefined],
  ])('%j to %j', (before, after, names) => {
    const reason = names && `Amazon Redshift Serverless changes one setting at a time, and these are ${names}`;
    expect(refuses(type, before, after)).toBe(reason);
  });
});

describe('the shards of a stream', () => {
  const type = 'AWS::Kinesis::Stream';
  const shards = (from: unknown, to: unknown) => refuses(type, { ShardCount: from }, { ShardCount: to });
  it.each([
    [4, 8, false],
    [4, 9, true],
    [4, 2, false],
    [4, 1, true],
    [5, 3, false],
    [5, 2, true],
    ['4', '8', false],
    ['4', '9', true],
    [4, undefined, false],
    [undefined, 4, false],
    [PARAMETER, PARAMETER, false],
  ])('%j to %j are refused: %s', (from, to, yes) => {
    expect(shards(from, to) !== undefined).toBe(yes);
  });

  it('cannot be told by a parameter', () => {
    expect(() => shards(4, PARAMETER)).toThrow(CannotTell);
    expect(() => shards(PARAMETER, 4)).toThrow(new CannotTell('ShardCount is known only at deployment'));
  });
});

describe.each(['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'])('the indexes of %s', (type) => {
  const index = (IndexName: unknown, KeySchema: unknown = 'k', Projection: unknown = 'p') => ({
    IndexName,
    KeySchema,
    Projection,
  });
  const indexes = (from: unknown, to: unknown) =>
    refuses(type, { GlobalSecondaryIndexes: from }, { GlobalSecondaryIndexes: to });

  it.each([
    ['one more', [index('a')], [index('a'), index('b')]],
    ['the first', undefined, [index('a')]],
    ['one less', [index('a')], undefined],
    ['another order', [index('a'), index('b')], [index('b'), index('a')]],
    ['another capacity', [{ ...index('a'), ProvisionedThroughput: 1 }], [{ ...index('a'), ProvisionedThroughput: 2 }]],
    ['the same by a parameter', [index(PARAMETER)], [index(PARAMETER)]],
    ['the same by a condition', { 'Fn::If': ['C', [], []] }, { 'Fn::If': ['C', [], []] }],
  ])('may be %s', (_, from, to) => {
    expect(indexes(from, to)).toBeUndefined();
  });

  it.each([
    [
      'two more',
      undefined,
      [index('a'), index('b')],
      'DynamoDB makes or deletes one index at a time, and these are a, b',
    ],
    ['two less', [index('a'), index('b')], [], 'DynamoDB makes or deletes one index at a time, and these are a, b'],
    ['another one', [index('a')], [index('b')], 'DynamoDB makes or deletes one index at a time, and these are b, a'],
    [
      'other keys',
      [index('a', 'x')],
      [index('a', 'y')],
      'DynamoDB does not change the keys or the projection of an index, and a keeps its name',
    ],
    [
      'another projection',
      [index('a', 'k', 'x')],
      [index('a', 'k', 'y')],
      'DynamoDB does not change the keys or the projection of an index, and a keeps its name',
    ],
  ])('may not be %s', (_, from, to, reason) => {
    expect(indexes(from, to)).toBe(reason);
  });

  it.each([
    ['by a parameter', [index('a')], [index(PARAMETER)]],
    ['by a condition', [index('a')], { 'Fn::If': ['C', [], []] }],
    ['by a condition in the list', [{ 'Fn::If': ['C', index('a'), index('b')] }], []],
    ['of no index', [index('a')], [null]],
  ])('cannot be told %s', (_, from, to) => {
    expect(() => indexes(from, to)).toThrow(new CannotTell('the indexes are known only at deployment'));
  });
});

it('a VPC origin does not change, tags included', () => {
  const type = 'AWS::CloudFront::VpcOrigin';
  expect(refuses(type, { A: 1, Tags: [] }, { A: '1', Tags: [] })).toBeUndefined();
  expect(refuses(type, { A: 1, Tags: [] }, { A: 1, Tags: [1] })).toMatch(/^CloudFront does not change a VPC origin /);
});
