import { describe, expect, it } from 'vitest';
import { partitionOf, placesOf } from '../../../../lib/operations/doctor/place';
import type { StackArtifact, TemplateSet } from '../../../../lib/template/read-templates';

const caller = { account: '111122223333', arn: 'arn:x', region: 'eu-west-1', answering: 'eu-west-1' };
const QUEUE = { Type: 'AWS::SQS::Queue' };

function setOf(environments: Readonly<Record<string, string>>, more: Partial<TemplateSet> = {}): TemplateSet {
  const artifacts = Object.entries(environments).map(
    ([key, environment]) =>
      [key, { stackName: `${key}-real`, environment }] as const satisfies readonly [string, StackArtifact],
  );
  return {
    templates: Object.fromEntries(artifacts.map(([key]) => [key, { Resources: { Queue: QUEUE } }])),
    stackNames: new Map(artifacts.map(([key, { stackName }]) => [stackName, key])),
    nested: new Map(),
    artifacts: new Map(artifacts),
    files: new Map(),
    regions: new Map(),
    ...more,
  };
}

describe('places', () => {
  it('are where the stacks say, and else where the caller is', () => {
    const places = placesOf(
      setOf({
        A: 'aws://unknown-account/unknown-region',
        B: 'aws://111122223333/eu-west-1',
        C: 'aws://unknown-account/us-east-1',
        D: 'aws://999988887777/us-east-1',
        E: '',
      }),
      caller,
    );
    const found = places.map(({ account, region, isCallers, stacks }) => [
      account,
      region,
      isCallers,
      stacks.map(({ key }) => key).join(),
    ]);
    expect(found).toEqual([
      ['111122223333', 'eu-west-1', true, 'A,B,E'],
      ['111122223333', 'us-east-1', true, 'C'],
      ['999988887777', 'us-east-1', false, 'D'],
    ]);
  });

  it('have the resources of their stacks, nested ones too', () => {
    const set = setOf({ A: 'aws://unknown-account/eu-west-1', B: 'aws://unknown-account/us-east-1' });
    const [a, b] = placesOf(
      {
        ...set,
        templates: {
          ...set.templates,
          A: { Resources: { Inner: { Type: 'AWS::CloudFormation::Stack' } } },
          'A/Inner': { Resources: { Topic: { Type: 'AWS::SNS::Topic' } } },
        },
        nested: new Map([['A/Inner', { parent: 'A', logicalId: 'Inner' }]]),
      },
      caller,
    );
    expect(a?.resources.map(({ logicalId }) => logicalId)).toEqual(['Inner', 'Topic']);
    expect(a?.ofType('AWS::SNS::Topic').map((each) => a.stackOf(each)?.stackName)).toEqual(['A-real']);
    expect(b?.ofType('AWS::SQS::Queue', 'AWS::SNS::Topic')).toHaveLength(1);
  });

  it('know the account, the region, the partition and the name of a stack, and nothing that is made there', () => {
    const [place] = placesOf(setOf({ A: 'aws://unknown-account/cn-north-1' }), caller);
    const text = (value: unknown) => place?.textOf({ stack: 'A' }, value);
    const refs = ['AccountId', 'Region', 'Partition', 'StackName'].map((name) => ({ Ref: `AWS::${name}` }));
    expect(text({ 'Fn::Join': ['/', refs] })).toBe('111122223333/cn-north-1/aws-cn/A-real');
    expect([text('x'), text(5), text(undefined)]).toEqual(['x', '5', undefined]);
    for (const late of [{ Ref: 'Queue' }, { 'Fn::GetAtt': ['Queue', 'Arn'] }, { Ref: 'AWS::StackId' }, ['a']])
      expect(text(late)).toBeUndefined();
  });

  it('know no name of a nested stack, to which CloudFormation adds letters', () => {
    const set = setOf({ A: 'aws://unknown-account/eu-west-1' });
    const templates = {
      A: { Resources: { Inner: { Type: 'AWS::CloudFormation::Stack' } } },
      'A/Inner': { Resources: { Queue: QUEUE } },
    };
    const nested = new Map([['A/Inner', { parent: 'A', logicalId: 'Inner' }]]);
    const [place] = placesOf({ ...set, templates, nested }, caller);
    expect(place?.textOf({ stack: 'A/Inner' }, { Ref: 'AWS::StackName' })).toBeUndefined();
  });
});

it('has partitions', () => {
  expect(['eu-west-1', 'cn-north-1', 'us-gov-west-1'].map(partitionOf)).toEqual(['aws', 'aws-cn', 'aws-us-gov']);
});
