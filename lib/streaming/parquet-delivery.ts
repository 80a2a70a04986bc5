import { Aws, Duration, Size, Stack } from 'aws-cdk-lib';
import { type Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { CfnTable } from 'aws-cdk-lib/aws-glue';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, LogStream } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { DAY_FOLDER } from '../analytics/event-catalog';
import type { HandlerFunction } from '../compute/handler-function';
import type { StageSettings } from '../stage/stage';
import type { PrivateBucket } from '../storage/private-bucket';
import { acknowledge, handles } from '../validation/explain';
import { inlinePolicyReasons } from '../validation/inline-policy-reasons';
import { refuse } from '../validation/refuse';
import type { EventStream } from './event-stream';
import { deliveryMetric } from './stream-metrics';

/** Props of {@link ParquetDelivery}. */
export interface ParquetDeliveryProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  readonly stream: EventStream;
  readonly bucket: PrivateBucket;
  /** Folder of the files, such as `events/`; each day is a partition below it. */
  readonly prefix: string;
  /** The table whose columns the files have. */
  readonly table: CfnTable;
  readonly databaseName: string;
  /** Checks and reshapes records before they are converted. @default - none */
  readonly transform?: HandlerFunction;
  /** How long to gather records for a file. 60 to 900 s; shorter makes small files. @default Duration.seconds(300) */
  readonly bufferingInterval?: Duration;
}

/** Records of a transform's batch: three times this, in base64, still fits the 6 MB of an answer (AWS: Firehose transforms). */
const TRANSFORM_BATCH_MIB = 1;
/** Firehose converts to Parquet in buffers of at least 64 MiB (AWS: Firehose buffering hints). */
const BUFFER = Size.mebibytes(128);
/** Where records go that could not be transformed, converted or delivered. */
export const ERROR_PREFIX = 'errors/';

/** Firehose from a stream to Parquet in S3, by a table's columns. What fails is kept under `errors/` and logged. */
export class ParquetDelivery extends Construct {
  readonly delivery: CfnDeliveryStream;
  readonly stream: EventStream;
  /** Undefined when it has none. */
  readonly transform?: HandlerFunction;
  /** How long it gathers records for a file. */
  readonly interval: Duration;
  readonly logGroup: LogGroup;

  /** @throws RefusedValueError for a buffering interval that makes small files or that Firehose refuses. */
  // biome-ignore lint/complexity/noExcessiveLinesPerFunction: it reads from top to bottom like the diagram
  constructor(
    scope: Construct,
    id: string,
    private readonly props: ParquetDeliveryProps,
  ) {
    super(scope, id);
    const { stage, encryptionKey, stream, bucket, prefix, table, databaseName } = props;
    const interval = props.bufferingInterval ?? Duration.seconds(300);
    this.stream = stream;
    this.transform = props.transform;
    this.interval = interval;
    if (interval.toSeconds() < 60 || interval.toSeconds() > 900) {
      refuse(this, {
        prop: 'bufferingInterval',
        value: `${interval.toSeconds()} s`,
        allowed: '60 s to 900 s',
        fix: 'use a minute or more: queries over many small files are slow and expensive',
        catalogueId: 'firehose-buffering',
      });
    }
    // Firehose is one of the two readers that share the stream.
    if (!stream.takeSharedPlace()) {
      refuse(this, {
        prop: 'stream',
        value: stream.node.path,
        allowed: 'a stream with room for another shared consumer: Firehose cannot use enhanced fan-out',
        fix: 'write both kinds of rows with one delivery, or send one kind through its own stream',
        catalogueId: 'kinesis-efo-over-two-consumers',
      });
    }
    this.logGroup = new LogGroup(this, 'LogGroup', {
      retention: stage.logRetention,
      encryptionKey,
      removalPolicy: stage.removalPolicy,
    });
    const logStream = new LogStream(this, 'LogStream', {
      logGroup: this.logGroup,
      removalPolicy: stage.removalPolicy,
    });
    handles(this.logGroup, 'cw-log-retention', 'logs-everywhere', 'encrypt-everything-at-rest');
    const role = this.createRole(logStream);
    const roleArn = role.roleArn;
    const lakeKey = bucket.bucket.encryptionKey;
    this.delivery = new CfnDeliveryStream(this, 'Delivery', {
      deliveryStreamType: 'KinesisStreamAsSource',
      kinesisStreamSourceConfiguration: { kinesisStreamArn: stream.stream.streamArn, roleArn },
      extendedS3DestinationConfiguration: {
        bucketArn: bucket.bucket.bucketArn,
        roleArn,
        prefix: `${prefix}${DAY_FOLDER}`,
        errorOutputPrefix: `${ERROR_PREFIX}!{firehose:error-output-type}/${DAY_FOLDER}`,
        bufferingHints: { intervalInSeconds: interval.toSeconds(), sizeInMBs: BUFFER.toMebibytes() },
        // The format compresses; Firehose refuses a second compression.
        compressionFormat: 'UNCOMPRESSED',
        // A bucket of yours without a key encrypts as it does by default.
        encryptionConfiguration:
          lakeKey === undefined ? undefined : { kmsEncryptionConfig: { awskmsKeyArn: lakeKey.keyArn } },
        cloudWatchLoggingOptions: {
          enabled: true,
          logGroupName: this.logGroup.logGroupName,
          logStreamName: logStream.logStreamName,
        },
        processingConfiguration: this.processing(),
        dataFormatConversionConfiguration: {
          enabled: true,
          // It reads times in ISO 8601, as producers send them to all readers; the Hive one does not (record-format-conversion).
          inputFormatConfiguration: { deserializer: { openXJsonSerDe: {} } },
          outputFormatConfiguration: { serializer: { parquetSerDe: { compression: 'SNAPPY' } } },
          schemaConfiguration: { roleArn, databaseName, tableName: table.ref, region: Aws.REGION, versionId: 'LATEST' },
        },
      },
    });
    // Firehose checks the role's rights when it is made, and writes until it is deleted: the bucket is emptied after that.
    this.delivery.node.addDependency(role, bucket);
    // It reads from the end of the stream (AWS: writing-with-kinesis-streams, LATEST): what came before it is never in the lake.
    stream.latecomers.add(this.delivery);
    handles(
      this.delivery,
      'firehose-buffering',
      'firehose-parquet-conversion',
      'firehose-failed-records-kept',
      'firehose-same-stream',
      'athena-columnar-compressed',
      'glue-catalog-shared',
      'logs-everywhere',
      ...(props.transform === undefined ? [] : (['firehose-transform-contract'] as const)),
    );
    acknowledge(this.delivery, {
      'AwsSolutions::AwsSolutions-KDF1':
        "Its source is a stream, which encrypts what it holds with the pattern's key; Firehose takes a key of its own for direct puts only.",
    });
  }

  /** A metric of the delivery stream (AWS: Firehose, monitoring with CloudWatch metrics). @default - the average of five minutes */
  metric(metricName: string, options?: MetricOptions): Metric {
    return deliveryMetric(this.delivery, metricName, Stats.AVERAGE).with(options ?? {});
  }

  /** How long the oldest record waits for its file, in seconds. @default - the maximum of five minutes */
  metricFreshness(options?: MetricOptions): Metric {
    return this.metric('DeliveryToS3.DataFreshness', { statistic: Stats.MAXIMUM, ...options });
  }

  /** Records that do not match the table. @default - the sum of five minutes */
  metricFailedConversions(options?: MetricOptions): Metric {
    return this.metric('FailedConversion.Records', { statistic: Stats.SUM, ...options });
  }

  private processing(): CfnDeliveryStream.ProcessingConfigurationProperty | undefined {
    const { transform } = this.props;
    if (transform === undefined) return undefined;
    const parameters = {
      // Not the alias: no one waits for it, so it pays for no warm capacity (lambda-no-warm-capacity-for-background).
      LambdaArn: transform.function.functionArn,
      NumberOfRetries: '3',
      BufferSizeInMBs: String(TRANSFORM_BATCH_MIB),
      BufferIntervalInSeconds: '60',
    };
    return {
      enabled: true,
      processors: [
        {
          type: 'Lambda',
          parameters: Object.entries(parameters).map(([parameterName, parameterValue]) => ({
            parameterName,
            parameterValue,
          })),
        },
      ],
    };
  }

  private createRole(logStream: LogStream): Role {
    const { stream, bucket, table, databaseName, transform, prefix } = this.props;
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('firehose.amazonaws.com', {
        conditions: { StringEquals: { 'sts:ExternalId': Aws.ACCOUNT_ID } },
      }),
    });
    const allow = (actions: string[], resources: string[]) =>
      role.addToPolicy(new PolicyStatement({ actions, resources }));
    stream.grantDelivery(role);
    for (const each of [prefix, ERROR_PREFIX]) bucket.grantWrite(role, each);
    // What Firehose does to a bucket (AWS: controlling access with Firehose, grant access to an S3 destination).
    for (const each of [prefix, ERROR_PREFIX]) {
      allow(['s3:AbortMultipartUpload', 's3:GetObject'], [bucket.bucket.arnForObjects(`${each}*`)]);
    }
    allow(['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'], [bucket.bucket.bucketArn]);
    // To put the parts of an upload together S3 reads them (S3: multipart upload with a KMS key).
    const key = bucket.bucket.encryptionKey;
    if (key !== undefined) allow(['kms:Decrypt'], [key.keyArn]);
    const glue = (resource: string, resourceName?: string) =>
      Stack.of(this).formatArn({ service: 'glue', resource, resourceName });
    allow(
      ['glue:GetTable', 'glue:GetTableVersion', 'glue:GetTableVersions'],
      [glue('catalog'), glue('database', databaseName), glue('table', `${databaseName}/${table.ref}`)],
    );
    allow(
      ['logs:PutLogEvents'],
      [
        Stack.of(this).formatArn({
          service: 'logs',
          resource: `log-group:${this.logGroup.logGroupName}:log-stream:${logStream.logStreamName}`,
        }),
      ],
    );
    if (transform !== undefined)
      allow(['lambda:InvokeFunction', 'lambda:GetFunctionConfiguration'], [transform.function.functionArn]);
    const policy = role.node.tryFindChild('DefaultPolicy');
    if (policy !== undefined) acknowledge(policy, inlinePolicyReasons());
    return role;
  }
}
