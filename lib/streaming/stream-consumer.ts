import { Duration } from 'aws-cdk-lib';
import { type Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { StreamConsumer as Registration } from 'aws-cdk-lib/aws-kinesis';
import { CfnEventSourceMapping, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { HandlerFunction } from '../compute/handler-function';
import type { PrivateBucket } from '../storage/private-bucket';
import { handles } from '../validation/explain';
import { refuse } from '../validation/refuse';
import type { EventStream } from './event-stream';
import { mappingMetric } from './stream-metrics';

/** Props of {@link StreamConsumer}. */
export interface StreamConsumerProps {
  readonly stream: EventStream;
  readonly consumer: HandlerFunction;
  /** Where batches go that could not be handled: the records themselves, under `aws/lambda/<mapping>/<shard>/`. */
  readonly failures: PrivateBucket;
  /** Records in one invocation. 1 to 10,000. @default 500 */
  readonly batchSize?: number;
  /** How long to wait for a full batch. 0 to 300 s. @default Duration.seconds(1) */
  readonly batchingWindow?: Duration;
  /** Invocations at once for each shard; a partition key's records stay in order. 1 to 10. @default 1 */
  readonly parallelization?: number;
}

/** Tries of a batch after the first; what fails then goes to the failure store (kinesis-poison-record: 0 to 10). */
const RETRY_ATTEMPTS = 5;
/** A record older than this is not tried again; it is in the failure store and, for as long again, in the stream. */
const RECORD_AGE = Duration.hours(24);

/**
 * Feeds a stream to a function: a record that always fails is isolated, tried a few times, kept with its payload, and
 * stops no one behind it. Readers beyond the stream's two shared places get enhanced fan-out.
 */
export class StreamConsumer extends Construct {
  readonly mapping: CfnEventSourceMapping;
  /** The function that reads. */
  readonly handler: HandlerFunction;
  readonly stream: EventStream;
  /** The reader's own throughput; undefined when it shares. */
  get registration(): Registration | undefined {
    return this.reader;
  }
  private reader?: Registration;

  /** @throws RefusedValueError for a batch size, window or parallelization that Lambda refuses. */
  constructor(
    scope: Construct,
    id: string,
    private readonly props: StreamConsumerProps,
  ) {
    super(scope, id);
    this.handler = props.consumer;
    this.stream = props.stream;
    const { batchSize = 500, parallelization = 1, batchingWindow = Duration.seconds(1) } = props;
    this.refuseOutside('batchSize', batchSize, 1, 10_000);
    this.refuseOutside('parallelization', parallelization, 1, 10);
    this.refuseOutside('batchingWindow (seconds)', batchingWindow.toSeconds(), 0, 300);
    const { function: fn } = props.consumer;
    const { stream } = props.stream;
    const failures = props.failures.bucket;
    props.stream.grantRead(fn);
    // What Lambda's poller does with the role to keep a failed batch (AWS Lambda: on-failure destinations, S3).
    props.failures.grantWrite(fn, 'aws/lambda/');
    Grant.addToPrincipal({ grantee: fn, actions: ['s3:ListBucket'], resourceArns: [failures.bucketArn] });
    this.mapping = new CfnEventSourceMapping(this, 'Mapping', {
      functionName: fn.functionName,
      eventSourceArn: stream.streamArn,
      // TRIM_HORIZON: what was sent while the stack was being made is read, too.
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize,
      maximumBatchingWindowInSeconds: batchingWindow.toSeconds(),
      parallelizationFactor: parallelization,
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts: RETRY_ATTEMPTS,
      maximumRecordAgeInSeconds: RECORD_AGE.toSeconds(),
      functionResponseTypes: ['ReportBatchItemFailures'],
      // For the alarm on what goes to the failure store.
      metricsConfig: { metrics: ['EventCount'] },
      destinationConfig: { onFailure: { destination: failures.bucketArn } },
    });
    // The poller starts with the mapping, so the role's rights must be there before it; and it writes failures until it is deleted, so
    // that the failure store must be emptied after it.
    this.mapping.node.addDependency(fn, props.failures);
    handles(this.mapping, 'kinesis-poison-record', 'kinesis-order-per-key');
    if (!props.stream.takeSharedPlace(() => this.readAlone())) this.readAlone();
  }

  /** A count of the mapping's events (AWS: Lambda, types of metrics). @default - the sum of a minute */
  metric(metricName: string, options?: MetricOptions): Metric {
    return mappingMetric(this.mapping, metricName).with(options ?? {});
  }

  /** How old records are when they are read, in milliseconds. @default - the maximum of five minutes */
  metricIteratorAge(options?: MetricOptions): Metric {
    return this.handler.metric('IteratorAge', { statistic: Stats.MAXIMUM, ...options });
  }

  /** Records that went to the failure store. @default - the sum of a minute */
  metricFailed(options?: MetricOptions): Metric {
    return this.metric('OnFailureDestinationDeliveredEventCount', options);
  }

  /** Reads with a throughput of its own from now on. */
  private readAlone(): void {
    const { function: fn } = this.props.consumer;
    this.reader = new Registration(this, 'Reader', {
      stream: this.props.stream.stream,
      streamConsumerName: `${this.node.id}-${this.node.addr.slice(-8)}`,
    });
    Grant.addToPrincipal({
      grantee: fn,
      actions: ['kinesis:DescribeStreamConsumer', 'kinesis:SubscribeToShard'],
      resourceArns: [this.reader.streamConsumerArn],
    });
    this.mapping.eventSourceArn = this.reader.streamConsumerArn;
    handles(this.mapping, 'kinesis-efo-over-two-consumers');
  }

  private refuseOutside(prop: string, value: number, least: number, most: number): void {
    if (Number.isInteger(value) && value >= least && value <= most) return;
    refuse(this, {
      prop,
      value,
      allowed: `a whole number from ${least} to ${most}`,
      fix: 'choose a value that Lambda accepts for a Kinesis event source',
      catalogueId: 'kinesis-poison-record',
    });
  }
}
