import { expect, it } from 'vitest';
import { contentOf, defaultDeletionPolicy, deletionProtection, keptCost } from '../../../lib/facts/deletion';
import { isStateful } from '../../../lib/facts/resource-types';

it.each([
  ['AWS::RDS::DBCluster', { property: 'DeletionProtection', on: 'true' }],
  ['AWS::Cognito::UserPool', { property: 'DeletionProtection', on: 'ACTIVE' }],
  ['AWS::DynamoDB::Table', { property: 'DeletionProtectionEnabled', on: 'true' }],
  ['AWS::SQS::Queue', undefined],
  ['constructor', undefined],
])('%s is protected by %j', (type, protection) => {
  expect(deletionProtection(type)).toEqual(protection);
});

it.each([
  ['AWS::Athena::WorkGroup', 'RecursiveDeleteOption'],
  ['AWS::ECR::Repository', 'EmptyOnDelete'],
  ['AWS::S3::Bucket', undefined],
])('%s is not deleted with what is in it, but by %s', (type, forcedBy) => {
  expect(contentOf(type)).toMatchObject({ content: expect.any(String), ...(forcedBy ? { forcedBy } : {}) });
  expect(contentOf(type)?.forcedBy).toBe(forcedBy);
});

it('a table is deleted with what is in it', () => {
  expect(['AWS::DynamoDB::Table', 'constructor'].map(contentOf)).toEqual([undefined, undefined]);
});

it.each([
  ['AWS::RDS::DBCluster', {}, 'Snapshot'],
  ['AWS::RDS::DBInstance', {}, 'Snapshot'],
  ['AWS::RDS::DBInstance', { DBClusterIdentifier: 'x' }, 'Delete'],
  ['AWS::Neptune::DBCluster', {}, 'Delete'],
  ['AWS::S3::Bucket', {}, 'Delete'],
])('%s with %j has the policy %s', (type, properties, policy) => {
  expect(defaultDeletionPolicy(type, properties)).toBe(policy);
});

it('knows what costs money while nothing uses it', () => {
  expect(keptCost('AWS::KMS::Key')).toMatch(/^\$1\.00 a key/);
  expect(['AWS::IAM::Role', 'constructor'].map(keptCost)).toEqual([undefined, undefined]);
  expect(isStateful('AWS::S3::Bucket') && keptCost('AWS::S3::Bucket')).toBe('$0.023 a GB');
});
