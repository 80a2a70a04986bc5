import type { CatalogueId } from '../../../lib/checks';
import { addSecondKey, allow, arnOf, dropFromLifecycle, type Mutation, widen } from '../mutation';

const FUNCTION = 'AWS::Lambda::Function';
const MAPPING = 'AWS::Lambda::EventSourceMapping';
const STREAM = 'AWS::Kinesis::Stream';
const DELIVERY = 'AWS::KinesisFirehose::DeliveryStream';
const TABLE = 'AWS::Glue::Table';
const BUCKET = 'AWS::S3::Bucket';
const S3 = 'ExtendedS3DestinationConfiguration';
const RULE = 'AWS::Events::Rule';

/** For each row with a rule: how its handling is taken out of the pattern's template. The rule must then object. */
export const MUTATIONS: Partial<Record<CatalogueId, Mutation>> = {
  'graviton-default': (t) => t.set(FUNCTION, 'Architectures', ['x86_64'], 'Aggregator'),
  'lambda-max-timeout-15m': (t) => t.set(FUNCTION, 'Timeout', 901, 'Aggregator'),
  'lambda-max-memory-10gb': (t) => t.set(FUNCTION, 'MemorySize', 11_000, 'Aggregator'),
  'lambda-memory-explicit': (t) => t.drop(FUNCTION, 'MemorySize', 'Aggregator'),
  'lambda-no-warm-capacity-for-background': (t) =>
    t.add('Warm', 'AWS::Lambda::Alias', {
      FunctionName: { Ref: t.id(FUNCTION, 'Aggregator') },
      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 1 },
    }),
  'lambda-reserved-concurrency-isolation': (t) => {
    t.add('Queue', 'AWS::SQS::Queue', {});
    t.add('FromQueue', MAPPING, {
      EventSourceArn: arnOf(t, 'AWS::SQS::Queue', 'Queue'),
      FunctionName: { Ref: t.id(FUNCTION, 'Aggregator') },
    });
  },
  'lambda-reserved-sum-within-pool': (t) => {
    t.properties(FUNCTION, 'Aggregator')['ReservedConcurrentExecutions'] = 901;
  },
  'lambda-concurrency-alarm': (t) => t.removeAlarms('Throttles'),
  'lambda-env-4kb': (t) => t.addTo(FUNCTION, 'Environment.Variables', { A: 'x'.repeat(4100) }, 'Aggregator'),
  'lambda-config-in-ssm': (t) => t.addTo(FUNCTION, 'Environment.Variables', { CONFIG: 'x'.repeat(600) }, 'Aggregator'),
  'lambda-async-failure-destination': (t) =>
    t.add('Direct', 'AWS::SNS::Subscription', { Protocol: 'lambda', Endpoint: arnOf(t, FUNCTION, 'Aggregator') }),
  'lambda-async-retry-bounds': (t) => t.add('Direct', RULE, { Targets: [{ Arn: arnOf(t, FUNCTION, 'Aggregator') }] }),
  'lambda-dlq-not-empty-alarm': (t) => {
    t.add('Dead', 'AWS::SQS::Queue', {});
    t.set(MAPPING, 'DestinationConfig.OnFailure.Destination', { 'Fn::GetAtt': ['Dead', 'Arn'] });
  },
  'lambda-vpc-only-when-needed': (t) => {
    t.properties(FUNCTION, 'Aggregator')['VpcConfig'] = { SubnetIds: ['subnet-1'] };
  },
  'sfn-type-fits-duration': (t) =>
    t.add('Express', 'AWS::StepFunctions::StateMachine', {
      StateMachineType: 'EXPRESS',
      Definition: { StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 600, End: true } } },
    }),
  's3-abort-incomplete-multipart': (t) => dropFromLifecycle(t, 'Lake', 'AbortIncompleteMultipartUpload'),
  's3-no-object-lambda-or-select': (t) => t.add('Changed', 'AWS::S3ObjectLambda::AccessPoint', {}),
  's3-block-public-access': (t) => t.drop(BUCKET, 'PublicAccessBlockConfiguration.BlockPublicPolicy', 'Lake'),
  's3-noncurrent-version-expiry': (t) => dropFromLifecycle(t, 'Lake', 'NoncurrentVersionExpiration'),
  'kinesis-retention-for-replay': (t) => t.set(STREAM, 'RetentionPeriodHours', 24),
  'kinesis-efo-over-two-consumers': (t) =>
    t.add('Third', MAPPING, { EventSourceArn: arnOf(t, STREAM), FunctionName: { Ref: t.id(FUNCTION, 'Transform') } }),
  'kinesis-read-throttle-alarm': (t) => t.removeAlarms('ReadProvisionedThroughputExceeded'),
  'kinesis-hot-shard': (t) => t.drop(STREAM, 'DesiredShardLevelMetrics'),
  'kinesis-poison-record': (t) => t.drop(MAPPING, 'MaximumRetryAttempts'),
  'kinesis-iterator-age-alarm': (t) => t.removeAlarms('IteratorAge'),
  'eb-scheduler-for-cron': (t) => t.add('Nightly', RULE, { ScheduleExpression: 'rate(1 day)' }),
  'iam-no-wildcards': (t) => widen(t, 'Aggregator'),
  'iam-roles-not-users': (t) => t.add('Robot', 'AWS::IAM::User', {}),
  'iam-no-static-keys': (t) => t.addTo(FUNCTION, 'Environment.Variables', { AWS_ACCESS_KEY_ID: 'key' }, 'Aggregator'),
  'encrypt-everything-at-rest': (t) => t.drop('AWS::DynamoDB::Table', 'SSESpecification'),
  'kms-one-key-per-data-domain': addSecondKey,
  'kms-rotation': (t) => t.drop('AWS::KMS::Key', 'EnableKeyRotation'),
  'tls-everywhere': (t) => t.remove('AWS::S3::BucketPolicy', 'Lake'),
  'cw-alarm-has-action': (t) => t.drop('AWS::CloudWatch::Alarm', 'AlarmActions'),
  'cw-missing-data-explicit': (t) => t.drop('AWS::CloudWatch::Alarm', 'TreatMissingData'),
  'cw-emf-not-putmetric': (t) => allow(t, 'Aggregator', 'cloudwatch:PutMetricData', '*'),
  'cw-log-metric-filter': (t) => t.remove('AWS::Logs::MetricFilter', 'Aggregator'),
  'cw-log-retention': (t) => t.drop('AWS::Logs::LogGroup', 'RetentionInDays'),
  'tracing-on': (t) => t.drop(FUNCTION, 'TracingConfig', 'Aggregator'),
  'athena-partitioned': (t) => t.set(TABLE, 'TableInput.PartitionKeys', []),
  'athena-columnar-compressed': (t) =>
    t.set(TABLE, 'TableInput.StorageDescriptor.SerdeInfo', {
      SerializationLibrary: 'org.openx.data.jsonserde.JsonSerDe',
    }),
  'athena-scan-limit': (t) => t.drop('AWS::Athena::WorkGroup', 'WorkGroupConfiguration.BytesScannedCutoffPerQuery'),
  'glue-catalog-shared': (t) =>
    t.set(DELIVERY, `${S3}.DataFormatConversionConfiguration.SchemaConfiguration.TableName`, 'elsewhere'),
  'firehose-buffering': (t) => t.set(DELIVERY, `${S3}.BufferingHints.IntervalInSeconds`, 0),
  'firehose-parquet-conversion': (t) => t.drop(DELIVERY, `${S3}.DataFormatConversionConfiguration`),
  'firehose-failed-records-kept': (t) => t.drop(DELIVERY, `${S3}.ErrorOutputPrefix`),
  'logs-everywhere': (t) => t.drop('AWS::ApiGatewayV2::Stage', 'AccessLogSettings'),
  'pattern-has-alarms': (t) => t.remove('AWS::CloudWatch::Alarm'),
};
