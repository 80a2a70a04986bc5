/**
 * Properties by which a service is told to write into a bucket by itself, for as long as the resource is there (AWS: CloudFormation
 * template reference of each type).
 */
const WRITES_TO: Readonly<Record<string, readonly string[]>> = {
  'AWS::CloudFront::Distribution': ['DistributionConfig.Logging.Bucket'],
  'AWS::CloudTrail::Trail': ['S3BucketName'],
  'AWS::Config::DeliveryChannel': ['S3BucketName'],
  'AWS::EC2::FlowLog': ['LogDestination'],
  'AWS::ElasticLoadBalancing::LoadBalancer': ['AccessLoggingPolicy.S3BucketName'],
  'AWS::ElasticLoadBalancingV2::LoadBalancer': ['LoadBalancerAttributes'],
  'AWS::KinesisFirehose::DeliveryStream': [
    'AmazonopensearchserviceDestinationConfiguration.S3Configuration',
    'AmazonOpenSearchServerlessDestinationConfiguration.S3Configuration',
    'ExtendedS3DestinationConfiguration',
    'HttpEndpointDestinationConfiguration.S3Configuration',
    'RedshiftDestinationConfiguration.S3Configuration',
    'S3DestinationConfiguration',
    'SplunkDestinationConfiguration.S3Configuration',
  ],
  'AWS::Lambda::EventSourceMapping': ['DestinationConfig.OnFailure.Destination'],
  'AWS::Logs::DeliveryDestination': ['DestinationResourceArn'],
  'AWS::S3::Bucket': [
    'LoggingConfiguration.DestinationBucketName',
    'InventoryConfigurations',
    'ReplicationConfiguration',
  ],
  'AWS::SES::ReceiptRule': ['Rule.Actions'],
  'AWS::WAFv2::LoggingConfiguration': ['LogDestinationConfigs'],
};

/** Paths of a type's properties that name a bucket into which the resource makes its service write. */
export function bucketsWrittenBy(type: string): readonly string[] {
  return (Object.hasOwn(WRITES_TO, type) ? WRITES_TO[type] : undefined) ?? [];
}
