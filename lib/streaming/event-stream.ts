import { Duration, Size } from 'aws-cdk-lib';
import { type Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import {
  CfnStream,
  type IStream,
  ShardLevelMetrics,
  Stream,
  StreamEncryption,
  StreamMode,
} from 'aws-cdk-lib/aws-kinesis';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct, DependencyGroup } from 'constructs';
import { combinedGrant } from '../security/combined-grant';
import type { StageSettings } from '../stage/stage';
import { acknowledge, handles } from '../validation/explain';
import { refuse } from '../validation/refuse';

/** The most that you expect to write into a stream. */
export interface ExpectedPeak {
  /** Records a second, all producers together. */
  readonly recordsPerSecond: number;
  /** At most {@link MAX_RECORD}. */
  readonly averageRecordSize: Size;
}

/** Props of {@link EventStream}. */
export interface EventStreamProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  /**
   * Makes a provisioned stream of as many shards as this takes, with {@link HEADROOM}.
   * @default - dev: one shard, the cheapest stream there is; other stages: on-demand, which grows by itself
   */
  readonly expectedPeak?: ExpectedPeak;
  /** How long records can be replayed. 72 hours to 365 days. @default Duration.hours(72) */
  readonly retention?: Duration;
  /**
   * `auto`: Kinesis spreads records over the shards whatever their partition key, for streams that need no order. On-demand
   * streams only. @default 'by-key': records of one partition key stay in order
   */
  readonly recordDistribution?: 'by-key' | 'auto';
  /** Your own stream; you configure its capacity, retention and encryption. @default - a new stream */
  readonly existing?: IStream;
}

/** Capacity of one shard (AWS: Kinesis Data Streams quotas). */
export const SHARD_RECORDS_PER_SECOND = 1000;
/** Capacity of one shard (AWS: Kinesis Data Streams quotas). */
export const SHARD_BYTES_PER_SECOND = 1024 * 1024;
/** Largest record of a stream unless it is configured for more (AWS: Kinesis Data Streams quotas). */
export const MAX_RECORD = Size.mebibytes(1);
/** Shards beyond the declared peak (catalogue: kinesis-capacity-for-peak). */
export const HEADROOM = 1.25;
/** The shards that a provisioned stream may have before an account's quota is in question (AWS: 1,000 in most regions). */
export const MAX_SHARDS = 1000;
/** Readers that share a shard's 2 MB/s and 5 reads/s without starving each other (guide: at most two). */
export const SHARED_READERS = 2;

/** What delivering by Firehose takes of a role (AWS: Firehose, grant access to an S3 destination). */
const DELIVERY_ACTIONS = [
  'kinesis:DescribeStream',
  'kinesis:GetRecords',
  'kinesis:GetShardIterator',
  'kinesis:ListShards',
];

/** What polling takes of a role (AWS Lambda: permissions for Kinesis event sources). */
const READER_ACTIONS = [...DELIVERY_ACTIONS, 'kinesis:DescribeStreamSummary'];

/** Shards that a peak takes, with headroom. */
export function shardsFor({ recordsPerSecond, averageRecordSize }: ExpectedPeak): number {
  const bytesPerSecond = recordsPerSecond * averageRecordSize.toBytes();
  return Math.ceil(
    HEADROOM * Math.max(recordsPerSecond / SHARD_RECORDS_PER_SECOND, bytesPerSecond / SHARD_BYTES_PER_SECOND),
  );
}

/** A Kinesis data stream: encrypted, replayable for three days, with metrics that show a hot shard. */
export class EventStream extends Construct {
  readonly stream: IStream;
  /**
   * Readers that begin where the stream ends when they are made, as Firehose. What lets records in should depend on it, or the
   * first records are read by some and not by others.
   */
  readonly latecomers = new DependencyGroup();
  /** How each reader that shares the stream's throughput can be moved away; undefined for one that cannot. */
  private readonly sharing: ((() => void) | undefined)[] = [];

  /** @throws RefusedValueError for a peak that cannot be held, a retention out of range, or `auto` on a provisioned stream. */
  constructor(
    scope: Construct,
    id: string,
    private readonly props: EventStreamProps,
  ) {
    super(scope, id);
    this.stream = props.existing ?? this.createStream();
  }

  /**
   * Takes one of the two places that share each shard's throughput. A reader that can have a throughput of its own
   * (enhanced fan-out) makes room for one that cannot (kinesis-efo-over-two-consumers).
   *
   * @param moveAway gives the reader a throughput of its own. @default - it cannot have one, as Firehose
   * @returns false when no place is left
   */
  takeSharedPlace(moveAway?: () => void): boolean {
    if (this.sharing.length < SHARED_READERS) {
      this.sharing.push(moveAway);
      return true;
    }
    const index = this.sharing.findIndex((each) => each !== undefined);
    if (moveAway !== undefined || index === -1) return false;
    this.sharing.splice(index, 1, undefined).forEach((move) => {
      move?.();
    });
    return true;
  }

  /** Lets a principal read, by polling. */
  grantRead(grantee: IGrantable): Grant {
    return this.grant(grantee, READER_ACTIONS, 'kms:Decrypt');
  }

  /** Lets Firehose read by a role. */
  grantDelivery(grantee: IGrantable): Grant {
    return this.grant(grantee, DELIVERY_ACTIONS, 'kms:Decrypt');
  }

  /** Lets a principal write record by record. */
  grantPut(grantee: IGrantable): Grant {
    return this.grant(grantee, ['kinesis:PutRecord'], 'kms:GenerateDataKey');
  }

  /** Lets a principal write. */
  grantWrite(grantee: IGrantable): Grant {
    return this.grant(grantee, ['kinesis:PutRecord', 'kinesis:PutRecords'], 'kms:GenerateDataKey');
  }

  /** A metric of the stream (AWS: Kinesis, monitoring with CloudWatch). */
  metric(metricName: string, options?: MetricOptions): Metric {
    return this.stream.metric(metricName, options);
  }

  /** Records that were written. @default - the sum of five minutes */
  metricIncomingRecords(options?: MetricOptions): Metric {
    return this.stream.metricIncomingRecords({ statistic: Stats.SUM, ...options });
  }

  /** How far the slowest reader that shares the stream lags, in milliseconds. @default - the maximum of five minutes */
  metricIteratorAge(options?: MetricOptions): Metric {
    return this.stream.metricGetRecordsIteratorAgeMilliseconds(options);
  }

  /** Reads that a shard rejected. @default - the sum of five minutes */
  metricReadThrottles(options?: MetricOptions): Metric {
    return this.stream.metricReadProvisionedThroughputExceeded({ statistic: Stats.SUM, ...options });
  }

  /** Writes that a shard rejected. @default - the sum of five minutes */
  metricWriteThrottles(options?: MetricOptions): Metric {
    return this.stream.metricWriteProvisionedThroughputExceeded({ statistic: Stats.SUM, ...options });
  }

  private grant(grantee: IGrantable, actions: readonly string[], keyAction: string): Grant {
    const onStream = Grant.addToPrincipal({ grantee, actions: [...actions], resourceArns: [this.stream.streamArn] });
    const key = this.stream.encryptionKey;
    if (key === undefined) return onStream;
    return combinedGrant(onStream, Grant.addToPrincipal({ grantee, actions: [keyAction], resourceArns: [key.keyArn] }));
  }

  private createStream(): Stream {
    const {
      stage,
      encryptionKey,
      expectedPeak,
      recordDistribution = 'by-key',
      retention = Duration.hours(72),
    } = this.props;
    this.refuseImpossible(retention);
    const shards = expectedPeak === undefined ? (stage.name === 'dev' ? 1 : undefined) : shardsFor(expectedPeak);
    if (recordDistribution === 'auto' && shards !== undefined) {
      refuse(this, {
        prop: 'recordDistribution',
        value: 'auto',
        allowed: "'by-key' on a provisioned stream",
        fix: 'omit expectedPeak and use a stage whose stream is on-demand',
        catalogueId: 'kinesis-hot-shard',
      });
    }
    const stream = new Stream(this, 'Stream', {
      streamMode: shards === undefined ? StreamMode.ON_DEMAND : StreamMode.PROVISIONED,
      shardCount: shards,
      retentionPeriod: retention,
      encryption: StreamEncryption.KMS,
      encryptionKey,
      removalPolicy: stage.removalPolicy,
      // Three metrics for each shard, each a custom metric in price: enough to see which shard is hot.
      shardLevelMetrics: [
        ShardLevelMetrics.INCOMING_BYTES,
        ShardLevelMetrics.WRITE_PROVISIONED_THROUGHPUT_EXCEEDED,
        ShardLevelMetrics.ITERATOR_AGE_MILLISECONDS,
      ],
    });
    if (recordDistribution === 'auto' && stream.node.defaultChild instanceof CfnStream) {
      stream.node.defaultChild.addPropertyOverride('RecordDistributionStrategy', 'AUTO');
    }
    handles(
      stream,
      'kinesis-capacity-for-peak',
      'kinesis-retention-for-replay',
      'kinesis-hot-shard',
      'encrypt-everything-at-rest',
    );
    acknowledge(stream, {
      'AwsSolutions::AwsSolutions-KDS3':
        "The pattern's own key: its policy says who reads, and one key for the whole flow is what the aws/kinesis key saves.",
    });
    return stream;
  }

  private refuseImpossible(retention: Duration): void {
    const { expectedPeak: peak } = this.props;
    if (retention.toHours() < 72 || retention.toHours() > 8760) {
      refuse(this, {
        prop: 'retention',
        value: `${retention.toHours()} hours`,
        allowed: '72 to 8760 hours',
        fix: 'keep records for at least a long weekend, so that they can be replayed after an error',
        catalogueId: 'kinesis-retention-for-replay',
      });
    }
    if (peak === undefined) return;
    if (!Number.isFinite(peak.recordsPerSecond) || peak.recordsPerSecond <= 0) {
      refuse(this, {
        prop: 'expectedPeak.recordsPerSecond',
        value: peak.recordsPerSecond,
        allowed: 'a number above 0',
        fix: 'count all producers in the busiest second',
        catalogueId: 'kinesis-capacity-for-peak',
      });
    }
    const bytes = peak.averageRecordSize.toBytes();
    if (bytes < 1 || bytes > MAX_RECORD.toBytes()) {
      refuse(this, {
        prop: 'expectedPeak.averageRecordSize',
        value: `${bytes} bytes`,
        allowed: '1 byte to 1 MiB',
        fix: 'put larger payloads into S3 and send a pointer',
        catalogueId: 'kinesis-capacity-for-peak',
      });
    }
    if (shardsFor(peak) > MAX_SHARDS) {
      refuse(this, {
        prop: 'expectedPeak',
        value: `${peak.recordsPerSecond} records/s of ${bytes} bytes, which is ${shardsFor(peak)} shards`,
        allowed: `what ${MAX_SHARDS} shards hold`,
        fix: 'aggregate records in the producer, split the stream by kind of event, or omit expectedPeak',
        catalogueId: 'kinesis-capacity-for-peak',
      });
    }
  }
}
