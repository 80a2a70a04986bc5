import { notApplicable, type Rule, verdict } from '../../rule';

const S3 = 'ExtendedS3DestinationConfiguration';

export const firehoseFailedRecordsKept: Rule = {
  id: 'firehose-failed-records-kept',
  title: 'Records that Firehose cannot convert or deliver are kept apart, logged and watched by alarms',
  why: 'A record that does not fit the schema is left out of the data without an error for the sender. Without a prefix, a log and an alarm, the gap is found weeks later in a report.',
  fix: 'Set ErrorOutputPrefix and CloudWatchLoggingOptions, and add alarms on DeliveryToS3.DataFreshness and FailedConversion.Records of AWS/Firehose.',
  severity: 'warning',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html',
  example: {
    fixed: {
      Delivery: {
        Type: 'AWS::KinesisFirehose::DeliveryStream',
        Properties: {
          ExtendedS3DestinationConfiguration: {
            Prefix: 'events/',
            ErrorOutputPrefix: 'errors/',
            CloudWatchLoggingOptions: {
              Enabled: true,
              LogGroupName: '/aws/firehose/events',
              LogStreamName: 'delivery',
            },
            DataFormatConversionConfiguration: { Enabled: true },
          },
        },
      },
      Late: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          Namespace: 'AWS/Firehose',
          MetricName: 'DeliveryToS3.DataFreshness',
          Dimensions: [{ Name: 'DeliveryStreamName', Value: { Ref: 'Delivery' } }],
          ComparisonOperator: 'GreaterThanThreshold',
          Threshold: 1800,
        },
      },
      Unconverted: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          Namespace: 'AWS/Firehose',
          MetricName: 'FailedConversion.Records',
          Dimensions: [{ Name: 'DeliveryStreamName', Value: { Ref: 'Delivery' } }],
          ComparisonOperator: 'GreaterThanThreshold',
          Threshold: 0,
        },
      },
    },
    broken: [
      { 'Delivery.Properties.ExtendedS3DestinationConfiguration.ErrorOutputPrefix': null },
      { 'Delivery.Properties.ExtendedS3DestinationConfiguration.CloudWatchLoggingOptions': null },
      { 'Delivery.Properties.ExtendedS3DestinationConfiguration.CloudWatchLoggingOptions.Enabled': false },
      { Late: null },
      { Unconverted: null },
    ],
  },
  types: ['AWS::KinesisFirehose::DeliveryStream'],
  check: (delivery, inventory) => {
    if (!delivery.has(S3)) return notApplicable;
    const alarmed = (metric: string) => inventory.alarmsOn('AWS/Firehose', metric, delivery).length > 0;
    return verdict([
      !delivery.has(`${S3}.ErrorOutputPrefix`) && 'ErrorOutputPrefix is not set, so failures lie among the data',
      delivery.flag(`${S3}.CloudWatchLoggingOptions.Enabled`) !== true && 'CloudWatchLoggingOptions is not enabled',
      !alarmed('DeliveryToS3.DataFreshness') && 'no alarm on DeliveryToS3.DataFreshness',
      delivery.has(`${S3}.DataFormatConversionConfiguration`) &&
        !alarmed('FailedConversion.Records') &&
        'no alarm on FailedConversion.Records',
    ]);
  },
};
