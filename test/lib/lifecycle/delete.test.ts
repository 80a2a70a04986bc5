import { describe, expect, it } from 'vitest';
import { rehearseDelete } from '../../../lib/lifecycle/delete';
import { Dependencies } from '../../../lib/lifecycle/dependencies';
import type { Finding } from '../../../lib/lifecycle/finding';
import { TemplateIndex } from '../../../lib/template/template-index';
import type { ResourceDocument } from '../../../lib/template/template-resource';
import { allow, att, join, ref } from '../checks/literal-fixture';
import { byCheck, either, indexOf, NO_VALUE, RETAINED, type Resources, resource } from './rehearsal-fixture';

const PARAMETER = ref('Parameter');
const Emptier = resource('Custom::S3AutoDeleteObjects', { BucketName: ref('Bucket') });
const Bucket = resource('AWS::S3::Bucket');

function deletion(index: TemplateIndex): readonly Finding[] {
  return rehearseDelete(index, new Dependencies(index)).filter(({ weight }) => weight !== 'notice');
}
const checks = (resources: Resources) => byCheck(deletion(indexOf(resources)));

describe('a writer of a bucket (K8)', () => {
  const stream = (more: Partial<ResourceDocument> = {}) =>
    resource(
      'AWS::KinesisFirehose::DeliveryStream',
      { ExtendedS3DestinationConfiguration: { BucketARN: att('Bucket') } },
      more,
    );

  it.each([
    ['beside the emptier', stream(), { 'writer-outlives-bucket': ['Bucket', 'Stream'] }],
    ['after the emptier', stream({ DependsOn: 'Emptier' }), {}],
    ['after what is after the emptier', stream({ DependsOn: ['Policy'] }), {}],
    ['after the bucket alone', stream({ DependsOn: ['Bucket'] }), { 'writer-outlives-bucket': ['Bucket', 'Stream'] }],
    ['that is kept', stream({ DependsOn: 'Emptier', ...RETAINED }), { 'writer-outlives-bucket': ['Bucket', 'Stream'] }],
  ])('%s', (_, Stream, expected) => {
    const Policy = resource('AWS::SQS::Queue', {}, { DependsOn: 'Emptier' });
    expect(checks({ Bucket, Emptier, Policy, Stream })).toEqual(expected);
  });

  it('does not matter where the bucket stays, or is not emptied', () => {
    expect(checks({ Bucket: resource('AWS::S3::Bucket', {}, RETAINED), Emptier, Stream: stream() })).toEqual({});
    expect(checks({ Bucket, Stream: stream() })).toEqual({ 'not-empty': ['Bucket'] });
  });

  it('is what starts a function that writes', () => {
    const all = (DependsOn: readonly string[], Resource: unknown): Resources => ({
      Bucket,
      Emptier,
      Role: resource('AWS::IAM::Role', {
        Policies: [{ PolicyDocument: { Statement: allow('s3:PutObject', Resource) } }],
      }),
      Fn: resource('AWS::Lambda::Function', { Role: att('Role') }),
      Rule: resource('AWS::Events::Rule', { Targets: [{ Arn: att('Fn') }] }, { DependsOn }),
    });
    const objects = join(att('Bucket'), '/*');
    expect(checks(all([], objects))).toEqual({ 'writer-outlives-bucket': ['Bucket', 'Rule'] });
    expect(checks(all(['Emptier'], objects))).toEqual({});
    // A function that may write everywhere may write here.
    expect(checks(all([], '*'))).toEqual({ 'cannot-tell-writer': ['Bucket', 'Rule'] });
    expect(checks(all(['Emptier'], '*'))).toEqual({});
  });

  it('is deleted first in a stack that reads the other one, not in a nested stack', () => {
    const Stream = resource('AWS::KinesisFirehose::DeliveryStream', { S3DestinationConfiguration: PARAMETER });
    const apart = new TemplateIndex({
      Data: { Resources: { Bucket, Emptier }, Outputs: { Arn: { Value: att('Bucket'), Export: { Name: 'arn' } } } },
      Shop: {
        Resources: { Stream: resource(Stream.Type, { S3DestinationConfiguration: { 'Fn::ImportValue': 'arn' } }) },
      },
    });
    expect(byCheck(deletion(apart))).toEqual({});
    const nested = (DependsOn: readonly string[]) =>
      new TemplateIndex(
        {
          Shop: {
            Resources: {
              Bucket,
              Emptier,
              Nested: resource(
                'AWS::CloudFormation::Stack',
                { Parameters: { Parameter: att('Bucket') } },
                { DependsOn },
              ),
            },
          },
          'Shop/Nested': { Resources: { Stream } },
        },
        { nested: new Map([['Shop/Nested', { parent: 'Shop', logicalId: 'Nested' }]]) },
      );
    expect(byCheck(deletion(nested([])))).toEqual({ 'writer-outlives-bucket': ['Bucket', 'Shop/Nested/Stream'] });
    expect(byCheck(deletion(nested(['Emptier'])))).toEqual({});
  });
});

describe('what is not empty (K9)', () => {
  const group = (properties: object, more: Partial<ResourceDocument> = {}) =>
    resource('AWS::Athena::WorkGroup', { ...properties }, more);
  it.each([
    ['by default', group({}), { 'not-empty': ['It'] }],
    ['by a switch that is off', group({ RecursiveDeleteOption: 'false' }), { 'not-empty': ['It'] }],
    ['by a switch without a value', group({ RecursiveDeleteOption: NO_VALUE }), { 'not-empty': ['It'] }],
    ['by a switch that is on', group({ RecursiveDeleteOption: true }), {}],
    ['by a switch that is on as text', group({ RecursiveDeleteOption: 'true' }), {}],
    ['by a parameter', group({ RecursiveDeleteOption: PARAMETER }), { 'cannot-tell-empty': ['It'] }],
    ['by a condition', group({ RecursiveDeleteOption: either(true, false) }), { 'cannot-tell-empty': ['It'] }],
    ['but kept', group({}, RETAINED), {}],
    ['but kept by updates', group({}, { DeletionPolicy: 'RetainExceptOnCreate' }), {}],
    ['a repository', resource('AWS::ECR::Repository'), { 'not-empty': ['It'] }],
    ['a repository that is emptied', resource('AWS::ECR::Repository', { EmptyOnDelete: true }), {}],
    ['a vault', resource('AWS::Backup::BackupVault'), { 'not-empty': ['It'] }],
    ['a queue', resource('AWS::SQS::Queue'), {}],
  ])('%s', (_, It, expected) => {
    expect(checks({ It })).toEqual(expected);
  });

  it('is a bucket that nothing empties, and may be one that a custom resource may empty', () => {
    const cleaner = (action: string): Resources => ({
      Bucket,
      Role: resource('AWS::IAM::Role', { Policies: [{ PolicyDocument: { Statement: allow(action, att('Bucket')) } }] }),
      Fn: resource('AWS::Lambda::Function', { Role: att('Role') }),
      Cleaner: resource('Custom::Cleaner', { ServiceToken: att('Fn'), Bucket: ref('Bucket') }),
    });
    expect(checks({ Bucket })).toEqual({ 'not-empty': ['Bucket'] });
    expect(checks({ Bucket, Emptier })).toEqual({});
    expect(checks(cleaner('s3:DeleteObject*'))).toEqual({ 'cannot-tell-empty': ['Bucket'] });
    expect(checks(cleaner('s3:GetObject'))).toEqual({ 'not-empty': ['Bucket'] });
  });

  it('is one finding for all of a kind', () => {
    const found = deletion(indexOf({ A: Bucket, B: Bucket, C: group({}) }));
    expect(found.map(({ resources, reason }) => [resources.length, reason])).toEqual([
      [2, 'Deletion fails while objects or their versions are in it, and nothing empties it'],
      [
        1,
        'Deletion fails while named queries or the history of a query that ran are in it, and RecursiveDeleteOption is off',
      ],
    ]);
  });
});

describe('what is kept without what it needs (K9)', () => {
  const kept = (type: string, properties: object = {}) => resource(type, { ...properties }, RETAINED);
  const needs: readonly (readonly [string, Resources, string])[] = [
    [
      "a bucket's policy",
      { Kept: kept('AWS::S3::Bucket'), Part: resource('AWS::S3::BucketPolicy', { Bucket: ref('Kept') }) },
      'without its policy',
    ],
    [
      'a key',
      { Kept: kept('AWS::SQS::Queue', { KmsMasterKeyId: att('Part') }), Part: resource('AWS::KMS::Key') },
      'unreadable',
    ],
    [
      'a subnet group',
      {
        Kept: kept('AWS::RDS::DBCluster', { DBSubnetGroupName: ref('Part') }),
        Part: resource('AWS::RDS::DBSubnetGroup'),
      },
      'subnet group',
    ],
    [
      'a subnet group of an instance without a cluster',
      {
        Kept: kept('AWS::RDS::DBInstance', { DBSubnetGroupName: ref('Part') }),
        Part: resource('AWS::RDS::DBSubnetGroup'),
      },
      'subnet group',
    ],
    [
      'a security group',
      {
        Kept: kept('AWS::RDS::DBInstance', { VPCSecurityGroups: [att('Part', 'GroupId')] }),
        Part: resource('AWS::EC2::SecurityGroup'),
      },
      'security group',
    ],
    [
      'a subnet',
      { Kept: kept('AWS::RDS::DBSubnetGroup', { SubnetIds: [ref('Part')] }), Part: resource('AWS::EC2::Subnet') },
      'subnet',
    ],
    [
      'a network',
      { Kept: kept('AWS::EC2::SecurityGroup', { VpcId: ref('Part') }), Part: resource('AWS::EC2::VPC') },
      'VPC',
    ],
    [
      'a vector bucket',
      {
        Kept: kept('AWS::S3Vectors::Index', { VectorBucketName: ref('Part') }),
        Part: resource('AWS::S3Vectors::VectorBucket'),
      },
      'vector bucket',
    ],
    [
      'a table of its data',
      { Kept: kept('AWS::S3::Bucket'), Part: resource('AWS::Glue::Table', { Location: join('s3://', ref('Kept')) }) },
      'table',
    ],
  ];

  it.each(needs)('%s', (_, resources, why) => {
    const found = deletion(indexOf(resources)).filter(({ check }) => check === 'kept-without-its-parts');
    expect(found.map((each) => each.resources.map(({ logicalId }) => logicalId))).toEqual([['Kept', 'Part']]);
    expect(found[0]?.reason).toContain(`It is kept, but Part is deleted: `);
    expect(found[0]?.reason).toContain(why);
    const { Part = Bucket, ...others } = resources;
    expect(checks({ ...others, Part: { ...Part, ...RETAINED } })).toEqual({});
    const { Kept = Bucket } = resources;
    expect(
      checks({ ...resources, Kept: { ...Kept, DeletionPolicy: 'Delete' } })['kept-without-its-parts'],
    ).toBeUndefined();
  });

  it('is not a key whose policy names it, nor a policy', () => {
    const Key = resource('AWS::KMS::Key', { KeyPolicy: { Principal: att('Role'), Resource: att('Queue') } });
    const Queue = kept('AWS::SQS::Queue');
    const Role = kept('AWS::IAM::Role', { Policies: [{ Resource: att('Key') }] });
    expect(checks({ Key, Queue, Role })).toEqual({});
  });

  it('is one finding for each reason, with all that is kept and all that goes', () => {
    const group = resource('AWS::EC2::SecurityGroup');
    const sure = deletion(
      indexOf({
        A: kept('AWS::RDS::DBCluster', { VpcSecurityGroupIds: [ref('Sg')] }),
        B: kept('AWS::RDS::DBInstance', { VPCSecurityGroups: [ref('Sg'), ref('Other')] }),
        Sg: group,
        Other: group,
      }),
    );
    expect(byCheck(sure)).toEqual({ 'kept-without-its-parts': ['A', 'B', 'Sg', 'Other'] });
    expect(sure.map(({ reason }) => reason)).toEqual([
      'They are kept, but Sg, Other are deleted: the deletion of the security group fails while it is in use',
    ]);
  });
});

describe('what stays', () => {
  const notices = (resources: Resources) => {
    const index = indexOf(resources);
    return rehearseDelete(index, new Dependencies(index)).filter(({ weight }) => weight === 'notice');
  };

  it('is listed with what it costs', () => {
    const [kept, ...more] = notices({
      Queue: resource('AWS::SQS::Queue', {}, RETAINED),
      Table: resource('AWS::DynamoDB::Table', {}, RETAINED),
      Gone: resource('AWS::DynamoDB::Table'),
    });
    expect(more).toEqual([]);
    expect(byCheck(kept ? [kept] : [])).toEqual({ kept: ['Queue', 'Table'] });
    expect(kept?.reason).toBe(
      'They stay when the stack is deleted, by DeletionPolicy. A month costs: AWS::DynamoDB::Table: $0.25 a GB',
    );
    expect(notices({ Queue: resource('AWS::SQS::Queue', {}, RETAINED) })[0]?.reason).toBe(
      'It stays when the stack is deleted, by DeletionPolicy',
    );
  });

  it('is what is protected, which stops the deletion', () => {
    const Table = resource('AWS::DynamoDB::Table', { DeletionProtectionEnabled: 'true' });
    expect(byCheck(notices({ Table }))).toEqual({ protected: ['Table'] });
    expect(notices({ Table })[0]?.reason).toMatch(/^Its service does not delete it while it is protected/);
    expect(notices({ Table, Other: Table })[0]?.reason).toMatch(/^Their services do not delete them while they are/);
    expect(notices({ Table: { ...Table, ...RETAINED } }).map(({ check }) => check)).toEqual(['kept']);
    expect(notices({ Table: resource('AWS::DynamoDB::Table', { DeletionProtectionEnabled: PARAMETER }) })).toEqual([]);
  });
});
