import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { resourceType } from '../../../lib/facts/resource-types';
import { hasDefault, nameProperties } from '../../../lib/facts/unique-names';

const source = readFileSync(join(__dirname, '../../../lib/facts/unique-names.ts'), 'utf8');
const listed = [...source.matchAll(/^ {2}'(AWS::[^']+)': \[/gm)].map(([, type = '']) => type);

it.each([
  // By the resource data: what identifies it, where a template may set all of it.
  ['AWS::S3::Bucket', ['BucketName']],
  ['AWS::Athena::WorkGroup', ['Name']],
  ['AWS::Events::EventBus', ['Name']],
  ['AWS::RDS::DBCluster', ['DBClusterIdentifier']],
  ['AWS::Kinesis::Stream', ['Name']],
  // By this list: the service identifies it by an ARN, and refuses a second one of the name all the same.
  ['AWS::SNS::Topic', ['TopicName']],
  ['AWS::Lambda::Alias', ['FunctionName', 'Name']],
  ['AWS::EC2::SecurityGroup', ['VpcId', 'GroupName']],
  ['AWS::CloudFront::OriginAccessControl', ['OriginAccessControlConfig.Name']],
  // Made by the service.
  ['AWS::EC2::VPC', []],
  ['AWS::ApiGateway::Resource', []],
  ['Custom::Thing', []],
  ['constructor', []],
])('%s is known by %j', (type, properties) => {
  expect(nameProperties(type)).toEqual(properties);
});

it('lists types that the resource data has, once and in order', () => {
  expect(listed.length).toBeGreaterThan(30);
  expect(listed.filter((type) => resourceType(type) === undefined)).toEqual([]);
  expect(listed).toEqual([...new Set(listed)].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)));
});

it.each([
  ['EventBusName', true],
  ['VpcId', true],
  ['Name', false],
  ['constructor', false],
])('%s may be left out: %s', (property, yes) => {
  expect(hasDefault(property)).toBe(yes);
});
