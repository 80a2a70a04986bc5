import { App, CfnResource, Stack, Validations } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { expect, it } from 'vitest';
import { acknowledge, handles, markPublic } from '../../../lib/validation/explain';

const stack = () => new Stack(new App({ builtinCloudFormationValidation: false }), 'Mine');
const groundplan = (bucket: Bucket) => (bucket.node.defaultChild as CfnResource).getMetadata('groundplan');

it('marks what a resource handles, each once and in order', () => {
  const bucket = new Bucket(stack(), 'Pages');
  handles(bucket, 'kms-rotation', 'apigw-throttling');
  handles(bucket, 'kms-rotation', 'eb-target-dlq');
  expect(groundplan(bucket)).toEqual({ handles: ['apigw-throttling', 'eb-target-dlq', 'kms-rotation'] });
});

it('marks what is public, beside what it handles', () => {
  const bucket = new Bucket(stack(), 'Pages');
  markPublic(bucket);
  expect(groundplan(bucket)).toEqual({ public: true });
  handles(bucket, 'kms-rotation');
  markPublic(bucket);
  expect(groundplan(bucket)).toEqual({ public: true, handles: ['kms-rotation'] });
});

it('marks a resource that is no construct around one', () => {
  const resource = new CfnResource(stack(), 'It', { type: 'A::B::C' });
  handles(resource, 'kms-rotation');
  markPublic(resource);
  expect(resource.getMetadata('groundplan')).toEqual({ handles: ['kms-rotation'], public: true });
});

it('leaves alone what is no resource', () => {
  const construct = new Construct(stack(), 'It');
  handles(construct, 'kms-rotation');
  markPublic(construct);
  expect(construct.node.metadata).toEqual([]);
});

it('acknowledges on the resource, all reasons at once', () => {
  const bucket = new Bucket(stack(), 'Pages');
  const reasons = { 'AwsSolutions::AwsSolutions-S1': 'It is a log.' };
  acknowledge(bucket, reasons);
  const [entry] = (bucket.node.defaultChild as CfnResource).node.metadata.filter(
    ({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY,
  );
  expect(entry).toMatchObject({ data: reasons });
  expect(entry?.trace).toBeUndefined();
});
