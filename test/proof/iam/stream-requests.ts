import type { ResolvedResource, ResolvedTemplate } from '../../../local/assembly/resolved-template';
import type { Encryption } from './encryption';
import { roleOf } from './handler-requests';
import type { AccessRequest } from './policies';

/** Lambda: permissions of a function that reads a Kinesis stream. */
const POLLING = ['DescribeStream', 'DescribeStreamSummary', 'GetRecords', 'GetShardIterator', 'ListShards'];
/** Lambda names SubscribeToShard; CDK's own event source of a consumer takes the other as well (aws-kinesis, StreamConsumer.grantRead). */
const SUBSCRIBING = ['DescribeStreamConsumer', 'SubscribeToShard'];

/** Firehose: grant access to an S3 destination, to AWS Glue for data format conversion. */
const FIREHOSE = {
  stream: ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListShards'],
  bucket: ['GetBucketLocation', 'ListBucket', 'ListBucketMultipartUploads'],
  objects: ['AbortMultipartUpload', 'GetObject', 'PutObject'],
  schema: ['GetTable', 'GetTableVersion', 'GetTableVersions'],
  transform: ['GetFunctionConfiguration', 'InvokeFunction'],
};
/** Firehose: what an error prefix's error-output-type becomes. */
const FAILURES = ['format-conversion-failed', 'processing-failed'];

interface Destination {
  readonly RoleARN: string;
  readonly BucketARN: string;
  readonly Prefix: string;
  readonly ErrorOutputPrefix: string;
  readonly EncryptionConfiguration?: { readonly KMSEncryptionConfig: { readonly AWSKMSKeyARN: string } };
  readonly CloudWatchLoggingOptions: { readonly LogGroupName: string; readonly LogStreamName: string };
  readonly DataFormatConversionConfiguration: {
    readonly SchemaConfiguration: {
      readonly RoleARN: string;
      readonly DatabaseName: string;
      readonly TableName: string;
    };
  };
  readonly ProcessingConfiguration?: {
    readonly Processors: readonly {
      readonly Parameters: readonly { readonly ParameterName: string; readonly ParameterValue: string }[];
    }[];
  };
}

/** What AWS's services do with the Kinesis streams of a template: put records, poll them, deliver them to S3. */
export class StreamRequests {
  constructor(
    private readonly template: ResolvedTemplate,
    private readonly encryption: Encryption,
  ) {}

  all(): AccessRequest[] {
    return [
      ...this.template.ofType('AWS::ApiGatewayV2::Integration').flatMap((each) => this.integration(each)),
      ...this.template.ofType('AWS::Lambda::EventSourceMapping').flatMap((each) => this.mapping(each)),
      ...this.template.ofType('AWS::KinesisFirehose::DeliveryStream').flatMap((each) => this.delivery(each)),
    ];
  }

  private arn(service: string, resource: string): string {
    const { account, region } = this.template.deployment;
    return `arn:aws:${service}:${region}:${account}:${resource}`;
  }

  /** API Gateway puts a record by the integration's role. */
  private integration({ properties }: ResolvedResource): AccessRequest[] {
    if (properties['IntegrationSubtype'] !== 'Kinesis-PutRecord') return [];
    const principal = String(properties['CredentialsArn']);
    const { StreamName } = properties['RequestParameters'] as { StreamName: string };
    const stream = this.arn('kinesis', `stream/${StreamName}`);
    return [
      { principal, action: 'kinesis:PutRecord', resource: stream },
      ...this.encryption.via('kinesis', principal, ['kms:GenerateDataKey'], stream),
    ];
  }

  /** Lambda polls by the function's role, or subscribes; what it gives up goes to a bucket by the same role. */
  private mapping({ properties }: ResolvedResource): AccessRequest[] {
    const source = String(properties['EventSourceArn']);
    if (!source.includes(':kinesis:')) return [];
    const fn = this.template.ofType('AWS::Lambda::Function').find(({ name }) => name === properties['FunctionName']);
    const principal = roleOf(this.template, fn?.logicalId ?? '');
    const [stream = ''] = source.split('/consumer/');
    const { OnFailure } = properties['DestinationConfig'] as { OnFailure: { Destination: string } };
    return [
      ...POLLING.map((action) => ({ principal, action: `kinesis:${action}`, resource: stream })),
      ...(source === stream ? [] : SUBSCRIBING).map((action) => ({
        principal,
        action: `kinesis:${action}`,
        resource: source,
      })),
      ...this.encryption.via('kinesis', principal, ['kms:Decrypt'], stream),
      ...this.keep(principal, OnFailure.Destination),
    ];
  }

  /** Lambda: an S3 bucket as a Kinesis mapping's on-failure destination. */
  private keep(principal: string, bucket: string): AccessRequest[] {
    const policyOf = this.template.byArn(bucket)?.logicalId;
    const object = 'aws/lambda/9d1f2c3e/shardId-000000000000/2026/01/01/2026-01-01T00.00.00-9d1f2c3e';
    return [
      { principal, action: 's3:PutObject', resource: `${bucket}/${object}`, policyOf },
      { principal, action: 's3:ListBucket', resource: bucket, policyOf },
      ...this.encryption.via('s3', principal, ['kms:GenerateDataKey'], bucket),
    ];
  }

  private delivery({ properties }: ResolvedResource): AccessRequest[] {
    const source = properties['KinesisStreamSourceConfiguration'] as { RoleARN: string; KinesisStreamARN: string };
    const destination = properties['ExtendedS3DestinationConfiguration'] as Destination;
    return [
      ...FIREHOSE.stream.map((action) => ({
        principal: source.RoleARN,
        action: `kinesis:${action}`,
        resource: source.KinesisStreamARN,
      })),
      ...this.encryption.via('kinesis', source.RoleARN, ['kms:Decrypt'], source.KinesisStreamARN),
      ...this.files(destination),
      ...this.schema(destination),
      ...this.transform(destination),
      this.log(destination),
    ];
  }

  private files({
    RoleARN,
    BucketARN,
    Prefix,
    ErrorOutputPrefix,
    EncryptionConfiguration,
  }: Destination): AccessRequest[] {
    const policyOf = this.template.byArn(BucketARN)?.logicalId;
    const day = (prefix: string) => prefix.replace('!{timestamp:yyyy-MM-dd}', '2026-01-01');
    const folders = [
      day(Prefix),
      ...FAILURES.map((type) => day(ErrorOutputPrefix).replace('!{firehose:error-output-type}', type)),
    ];
    // The parts of an upload are written with a key and read again with it to be put together (S3: multipart upload).
    const encrypted = EncryptionConfiguration?.KMSEncryptionConfig.AWSKMSKeyARN ?? BucketARN;
    return [
      ...folders.flatMap((folder) =>
        FIREHOSE.objects.map((action) => ({
          principal: RoleARN,
          action: `s3:${action}`,
          resource: `${BucketARN}/${folder}events-1-2026-01-01-00-00-00-9d1f2c3e`,
          policyOf,
        })),
      ),
      ...FIREHOSE.bucket.map((action) => ({
        principal: RoleARN,
        action: `s3:${action}`,
        resource: BucketARN,
        policyOf,
      })),
      ...this.encryption.via('s3', RoleARN, ['kms:Decrypt', 'kms:GenerateDataKey'], encrypted),
    ];
  }

  /** Glue checks a table's ancestors as well (Glue: resource ARNs). */
  private schema({ DataFormatConversionConfiguration }: Destination): AccessRequest[] {
    const { RoleARN, DatabaseName, TableName } = DataFormatConversionConfiguration.SchemaConfiguration;
    return ['catalog', `database/${DatabaseName}`, `table/${DatabaseName}/${TableName}`].flatMap((resource) =>
      FIREHOSE.schema.map((action) => ({
        principal: RoleARN,
        action: `glue:${action}`,
        resource: this.arn('glue', resource),
      })),
    );
  }

  private transform({ RoleARN, ProcessingConfiguration }: Destination): AccessRequest[] {
    return (ProcessingConfiguration?.Processors ?? [])
      .flatMap(({ Parameters }) => Parameters)
      .filter(({ ParameterName }) => ParameterName === 'LambdaArn')
      .flatMap(({ ParameterValue }) =>
        FIREHOSE.transform.map((action) => ({
          principal: RoleARN,
          action: `lambda:${action}`,
          resource: ParameterValue,
        })),
      );
  }

  private log({ RoleARN, CloudWatchLoggingOptions }: Destination): AccessRequest {
    const { LogGroupName, LogStreamName } = CloudWatchLoggingOptions;
    const resource = this.arn('logs', `log-group:${LogGroupName}:log-stream:${LogStreamName}`);
    return { principal: RoleARN, action: 'logs:PutLogEvents', resource };
  }
}
