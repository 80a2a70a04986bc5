import { expect, it } from 'vitest';
import { bucketsWrittenBy } from '../../../lib/facts/bucket-writers';

it.each([
  ['AWS::CloudFront::Distribution', ['DistributionConfig.Logging.Bucket']],
  ['AWS::Lambda::EventSourceMapping', ['DestinationConfig.OnFailure.Destination']],
  ['AWS::ElasticLoadBalancingV2::LoadBalancer', ['LoadBalancerAttributes']],
  ['AWS::SQS::Queue', []],
  ['constructor', []],
])('%s writes into what is at %j', (type, paths) => {
  expect(bucketsWrittenBy(type)).toEqual(paths);
});

it('knows each destination of a delivery stream', () => {
  const paths = bucketsWrittenBy('AWS::KinesisFirehose::DeliveryStream');
  expect(paths.filter((path) => /^[A-Za-z0-9]*DestinationConfiguration(\.S3Configuration)?$/.test(path))).toEqual(
    paths,
  );
  expect(paths).toContain('ExtendedS3DestinationConfiguration');
});
