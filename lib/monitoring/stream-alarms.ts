import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { CfnEventSourceMapping, IFunction } from 'aws-cdk-lib/aws-lambda';
import type { QueryWorkgroup } from '../analytics/query-workgroup';
import { deliveryMetric, mappingMetric, streamMetric } from '../streaming/stream-metrics';
import type { AlarmSpec, Alarms } from './alarms';
import { serviceMetric } from './service-metric';

/** A minute behind means that readers are slower than writers (catalogue: kinesis-read-throttle-alarm). */
const STREAM_LAG = Duration.minutes(1);
/** Five minutes behind on the function's side (catalogue: kinesis-iterator-age-alarm). */
const CONSUMER_LAG = Duration.minutes(5);
/** Readers poll and catch up in bursts, and Kinesis throttles some of that: three minutes in a row are no burst. */
const MINUTES_IN_A_ROW = 3;
/** Periods of five minutes in which nothing is read although records come: more than the longest batching window. */
const PERIODS_WITHOUT_READING = 3;
/**
 * Queries at the workgroup's limit within an hour. One may be intended; ten are a forgotten dashboard or a loop.
 * At the default limit of 10 GiB that is about $0.50 an hour, and $360 in a month in which it goes on ($5 a TB).
 */
const FULL_SCANS_AN_HOUR = 10;

/** Writers and readers that a stream throttles, and readers that lag. */
export function watchStream(alarms: Alarms, id: string, stream: IStream): void {
  alarms.markWatched(id, stream);
  alarms.add(`${id}WriteThrottles`, {
    metric: streamMetric(stream, 'WriteProvisionedThroughputExceeded', Stats.SUM),
    threshold: 1,
    description: `${id}: a shard rejects writes above its limit. Compare IncomingBytes of the shards: if one shard stands out, a partition key is hot; if all are busy, add shards.`,
    catalogueIds: ['kinesis-hot-shard', 'kinesis-capacity-for-peak'],
  });
  alarms.add(`${id}ReadThrottles`, {
    metric: streamMetric(stream, 'ReadProvisionedThroughputExceeded', Stats.SUM),
    threshold: 1,
    periods: MINUTES_IN_A_ROW,
    description: `${id}: reads are throttled. The consumers share 2 MB/s for each shard: give one of them enhanced fan-out.`,
    catalogueIds: ['kinesis-read-throttle-alarm'],
  });
  // GetRecords alone: readers with enhanced fan-out do not call it. Their functions' IteratorAge measures their lag.
  alarms.add(`${id}IteratorAge`, {
    metric: streamMetric(stream, 'GetRecords.IteratorAgeMilliseconds', Stats.MAXIMUM),
    threshold: STREAM_LAG.toMilliseconds(),
    comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
    periods: MINUTES_IN_A_ROW,
    description: `${id}: the iterator age of the slowest consumer that shares the stream is above a minute. Check the consumers' lag, errors and throttles.`,
    catalogueIds: ['kinesis-read-throttle-alarm'],
  });
}

/** A stream's reader: its function, its mapping, and the stream. */
export interface WatchedConsumer {
  readonly fn: IFunction;
  readonly mapping: CfnEventSourceMapping;
  readonly stream: IStream;
  /** Command that shows the records of the failure store, ready to paste. @default - the alarm's text has none */
  readonly replay?: string;
}

/** Lag, throttles and errors of a function that reads a stream, and records that its mapping gave up. */
export function watchStreamConsumer(
  alarms: Alarms,
  id: string,
  { fn, mapping, stream, replay }: WatchedConsumer,
): void {
  alarms.markWatched(id, mapping);
  alarms.add(`${id}FailureStore`, {
    metric: mappingMetric(mapping, 'OnFailureDestinationDeliveredEventCount'),
    threshold: 1,
    description: `${id}: Lambda gave up records after all retries. They are in the failure store under aws/lambda/.${shown(replay)}`,
    catalogueIds: ['kinesis-poison-record'],
  });
  if (!alarms.isDecided(fn)) alarms.watchFunction(id, fn);
  alarms.add(`${id}Lag`, {
    metric: new Metric({
      namespace: 'AWS/Lambda',
      metricName: 'IteratorAge',
      statistic: Stats.MAXIMUM,
      period: Duration.minutes(1),
      dimensionsMap: { FunctionName: fn.functionName },
    }),
    threshold: CONSUMER_LAG.toMilliseconds(),
    description: `${id}: the consumer lags ${CONSUMER_LAG.toMinutes()} minutes behind the stream. Records that it has not read when their retention ends are lost. Check its errors and throttles.`,
    catalogueIds: ['kinesis-iterator-age-alarm'],
  });
  watchErrors(alarms, id, fn, {
    // One error is tried again, and what is given up has an alarm of its own: errors that go on block a shard.
    periods: 2,
    what: 'Lambda retries the batches and then writes them to the failure store',
    catalogueIds: ['kinesis-poison-record'],
  });
  if (!alarms.full) return;
  // What the failure store does not take is counted as dropped, and only there (AWS Lambda: event source mapping metrics).
  alarms.add(`${id}Dropped`, {
    metric: mappingMetric(mapping, 'DroppedEventCount'),
    threshold: 1,
    description: `${id}: Lambda dropped records: they could not be processed, and writing them to the failure store failed. They stay in the stream until its retention ends. Check the role's permissions on the bucket and the key.`,
    catalogueIds: ['kinesis-poison-record'],
  });
  const read = fn.metricInvocations({ statistic: Stats.SUM, period: Duration.minutes(5) });
  watchReading(alarms, id, stream, read);
}

/** Throttles and errors of a function that Firehose calls. What it fails on is kept, and no failed conversion counts it. */
export function watchTransform(alarms: Alarms, id: string, fn: IFunction): void {
  if (!alarms.isDecided(fn)) alarms.watchFunction(id, fn);
  watchErrors(alarms, id, fn, {
    periods: 1,
    what: 'a batch that fails four times is stored under errors/processing-failed/',
    catalogueIds: ['firehose-failed-records-kept'],
  });
}

function watchErrors(
  alarms: Alarms,
  id: string,
  fn: IFunction,
  { what, ...spec }: Pick<AlarmSpec, 'periods' | 'catalogueIds'> & { readonly what: string },
): void {
  alarms.add(`${id}Errors`, {
    ...spec,
    metric: fn.metricErrors({ statistic: Stats.SUM, period: Duration.minutes(5) }),
    threshold: 1,
    description: `${id}: the function fails, and ${what}. Its log group shows the errors.`,
  });
}

/**
 * A reader that stopped: its mapping is disabled, or it may not read or decrypt any more. The metrics of its lag are published
 * with each read, so that they end together with the reads.
 */
function watchReading(alarms: Alarms, id: string, stream: IStream, read: IMetric): void {
  const period = Duration.minutes(5);
  alarms.add(`${id}Stopped`, {
    metric: new MathExpression({
      expression: 'IF(incoming > 0, IF(FILL(read, 0) > 0, 0, 1), 0)',
      usingMetrics: { incoming: streamMetric(stream, 'IncomingRecords', Stats.SUM).with({ period }), read },
      label: 'no reads although records arrive',
      period,
    }),
    threshold: 1,
    periods: PERIODS_WITHOUT_READING,
    description: `${id}: records arrive, but none was read for ${PERIODS_WITHOUT_READING * period.toMinutes()} minutes. Check that the event source mapping or delivery stream is enabled and that its role may read and decrypt.`,
    catalogueIds: ['kinesis-iterator-age-alarm'],
  });
}

/** A command as the end of an alarm's text. */
function shown(replay: string | undefined): string {
  return replay === undefined ? '' : ` This command shows them; without --dry-run it sends them again: ${replay}`;
}

/** Records that a consumer rejected. @param service the function's name in its metrics @param replay as for a consumer */
export function watchRejected(alarms: Alarms, id: string, service: string, replay?: string): void {
  alarms.add(`${id}Rejected`, {
    metric: serviceMetric(alarms, service, 'EventsRejected'),
    threshold: 1,
    description: `${id}: records were rejected because they are not valid events. They are in the failure store under rejected/.${shown(replay)}`,
    catalogueIds: ['kinesis-poison-record'],
  });
}

/** A delivery stream that reads a stream. */
export interface WatchedDelivery {
  readonly delivery: CfnDeliveryStream;
  readonly stream: IStream;
  /** How long it gathers records for a file. */
  readonly interval: Duration;
}

/** Freshness of what a delivery stream writes, and records that it could not convert. */
export function watchDelivery(alarms: Alarms, id: string, { delivery, stream, interval }: WatchedDelivery): void {
  alarms.markWatched(id, delivery);
  alarms.add(`${id}Freshness`, {
    // In seconds, from the record's arrival in Firehose.
    metric: deliveryMetric(delivery, 'DeliveryToS3.DataFreshness', Stats.MAXIMUM),
    threshold: 2 * interval.toSeconds(),
    comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
    description: `${id}: delivery to S3 is late: the oldest record has waited for more than twice the buffering interval. The delivery stream's error log shows the cause.`,
    catalogueIds: ['firehose-failed-records-kept'],
  });
  alarms.add(`${id}FailedConversion`, {
    metric: deliveryMetric(delivery, 'FailedConversion.Records', Stats.SUM),
    threshold: 1,
    description: `${id}: records could not be converted to Parquet because they do not match the table. They are stored under errors/ in the lake's bucket.`,
    catalogueIds: ['firehose-failed-records-kept', 'firehose-parquet-conversion'],
  });
  if (!alarms.full) return;
  watchReading(alarms, id, stream, deliveryMetric(delivery, 'DataReadFromKinesisStream.Records', Stats.SUM));
}

/** Bytes that queries scan, which Athena bills: many queries within their limit are no single one that is stopped. */
export function watchScans(alarms: Alarms, id: string, workgroup: QueryWorkgroup): void {
  alarms.markWatched(id, workgroup);
  alarms.add(`${id}BytesScanned`, {
    metric: workgroup.metricScanned({ period: Duration.hours(1) }),
    threshold: FULL_SCANS_AN_HOUR * workgroup.scanLimit.toBytes(),
    description: `${id}: the queries of an hour scanned ${FULL_SCANS_AN_HOUR} times the limit of one query, or more, which Athena bills. Look for a query that does not filter by its partition (dt).`,
    catalogueIds: ['athena-scan-limit'],
  });
}
