import { describe, expect, it } from 'vitest';
import { isCustomResource, isStateful, RESOURCE_TYPES_SOURCE, resourceType } from '../../../lib/facts/resource-types';

it('says of a type what identifies it, what can be set, and what replaces it', () => {
  expect(resourceType('AWS::Lambda::Alias')).toEqual({ id: ['AliasArn'], yes: ['FunctionName', 'Name'] });
  const { id, settable, stateful, yes = [], maybe = [] } = resourceType('AWS::RDS::DBCluster') ?? {};
  expect({ id, settable, stateful }).toEqual({
    id: ['DBClusterIdentifier'],
    settable: ['DBClusterIdentifier'],
    stateful: true,
  });
  expect([yes.includes('KmsKeyId'), yes.includes('Engine'), maybe.includes('Engine')]).toEqual([true, false, true]);
  expect(RESOURCE_TYPES_SOURCE).toMatch(/^@aws-cdk\/aws-service-spec \d+\.\d+\.\d+$/);
});

it.each(['Custom::Thing', 'AWS::New::Thing', 'constructor', '__proto__', ''])('says nothing of %s', (type) => {
  expect(resourceType(type)).toBeUndefined();
  expect(isStateful(type)).toBe(false);
});

describe('data', () => {
  it.each([
    ['AWS::DynamoDB::Table', true],
    ['AWS::S3::Bucket', true],
    ['AWS::Cognito::UserPool', true],
    ['AWS::S3Vectors::Index', true],
    ['AWS::RedshiftServerless::Namespace', true],
    ['AWS::RedshiftServerless::Workgroup', false],
    ['AWS::Lambda::Function', false],
    ['AWS::IAM::Role', false],
  ])('is in %s: %s', (type, yes) => {
    expect(isStateful(type)).toBe(yes);
  });
});

it.each([
  ['Custom::Thing', true],
  ['AWS::CloudFormation::CustomResource', true],
  ['AWS::CloudFormation::Stack', false],
  ['Our::Custom::Thing', false],
])('%s is a custom resource: %s', (type, yes) => {
  expect(isCustomResource(type)).toBe(yes);
});
