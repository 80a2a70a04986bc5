import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { expect, it } from 'vitest';
import { keepPolicyWith } from '../../../lib/security/bucket-policy';

it.each([
  [RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, 'RetainExceptOnCreate'],
  [RemovalPolicy.DESTROY, 'Delete'],
])('a bucket’s policy stays as long as the bucket: %s', (removalPolicy, expected) => {
  const stack = new Stack(new App(), 'Stack');
  keepPolicyWith(new Bucket(stack, 'Bucket', { enforceSSL: true, removalPolicy }), { removalPolicy });
  const { Resources } = Template.fromStack(stack).toJSON();
  const policies = Object.values(Resources as Record<string, { Type: string; DeletionPolicy?: string }>);
  expect(policies.map(({ Type, DeletionPolicy }) => [Type, DeletionPolicy])).toEqual([
    ['AWS::S3::Bucket', expected],
    ['AWS::S3::BucketPolicy', expected],
  ]);
});

it('a bucket without a policy has nothing to keep', () => {
  const stack = new Stack(new App(), 'Stack');
  keepPolicyWith(new Bucket(stack, 'Bucket'), { removalPolicy: RemovalPolicy.RETAIN });
  expect(Object.keys(Template.fromStack(stack).toJSON()['Resources'])).toHaveLength(1);
});
