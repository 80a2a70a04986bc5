import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { CfnEventSourceMapping, IFunction } from 'aws-cdk-lib/aws-lambda';
import type { QueryWorkgroup } from '../analytics/query-workgroup';
import type { AlarmSpec, Alarms } from './alarms';
import { serviceMetric } from './service-metric';
import { deliveryMetric, mappingMetric, streamMetric } from './stream-metrics';

/** A minute behind means that readers are slower than writers (catalogue: kinesis-read-throttle-alarm). */
const STREAM_LAG = Duration.minutes(1);
/** Five minutes behind on the function's side (catalogue: kinesis-iterator-age-alarm). */
const CONSUMER_LAG = Duration.minutes(5);
/** Readers poll and catch up in bursts, and Kinesis throttles some of that: three minutes in a row are no burst. */
const MINUTES_IN_A_ROW = 3;
/** Periods of five minutes in which nothing is read although records come: more than the longest batching window. */
const PERIODS_WITHOUT_READING = 3;
/**
 * Queries at the workgroup's limit within an hour. One may be meant; ten are a dashboard or a loop, of which nobody knows.
 * At the default limit of 10 GiB that is about $0.50 an hour, and $360 in a month in which it goes on ($5 a TB).
 */
const FULL_SCANS_AN_HOUR = 10;

/** Writers and readers that a stream throttles, and readers that lag. */
export function watchStream(alarms: Alarms, id: string, stream: IStream): void {
  alarms.add(`${id}WriteThrottles`, {
    metric: streamMetric(stream, 'WriteProvisionedThroughputExceeded', Stats.SUM),
    threshold: 1,
    description: `${id}: a shard refuses records. Compare the shards' IncomingBytes: one alone is a hot partition key.`,
    catalogueIds: ['kinesis-hot-shard', 'kinesis-capacity-for-peak'],
  });
  alarms.add(`${id}ReadThrottles`, {
    metric: streamMetric(stream, 'ReadProvisionedThroughputExceeded', Stats.SUM),
    threshold: 1,
    periods: MINUTES_IN_A_ROW,
    description: `${id}: readers share too little; give one of them enhanced fan-out.`,
    catalogueIds: ['kinesis-read-throttle-alarm'],
  });
  // GetRecords alone: readers with enhanced fan-out do not call it. Their functions' IteratorAge tells of them.
  alarms.add(`${id}IteratorAge`, {
    metric: streamMetric(stream, 'GetRecords.IteratorAgeMilliseconds', Stats.MAXIMUM),
    threshold: STREAM_LAG.toMilliseconds(),
    comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
    periods: MINUTES_IN_A_ROW,
    description: `${id}: the slowest reader that shares the stream is more than a minute behind.`,
    catalogueIds: ['kinesis-read-throttle-alarm'],
  });
}

/** A stream's reader: its function, its mapping, and the stream. */
export interface WatchedConsumer {
  readonly fn: IFunction;
  readonly mapping: CfnEventSourceMapping;
  readonly stream: IStream;
  /** Command that shows what lies in the failure store, to be pasted. @default - the alarm's text names none */
  readonly replay?: string;
}

/** Lag, throttles and errors of a function that reads a stream, and what its mapping gave up. */
export function watchStreamConsumer(
  alarms: Alarms,
  id: string,
  { fn, mapping, stream, replay }: WatchedConsumer,
): void {
  alarms.add(`${id}FailureStore`, {
    metric: mappingMetric(mapping, 'OnFailureDestinationDeliveredEventCount'),
    threshold: 1,
    description: `${id}: records could not be handled; they lie in the failure store under aws/lambda/.${shown(replay)}`,
    catalogueIds: ['kinesis-poison-record'],
  });
  alarms.watchFunction(id, fn);
  alarms.add(`${id}Lag`, {
    metric: new Metric({
      namespace: 'AWS/Lambda',
      metricName: 'IteratorAge',
      statistic: Stats.MAXIMUM,
      period: Duration.minutes(1),
      dimensionsMap: { FunctionName: fn.functionName },
    }),
    threshold: CONSUMER_LAG.toMilliseconds(),
    description: `${id}: ${CONSUMER_LAG.toMinutes()} minutes behind; records are lost when they leave the stream unread.`,
    catalogueIds: ['kinesis-iterator-age-alarm'],
  });
  watchErrors(alarms, id, fn, {
    // One error is tried again, and what is given up has an alarm of its own: errors that go on block a shard.
    periods: 2,
    what: 'batches are tried again and then kept in the failure store',
    catalogueIds: ['kinesis-poison-record'],
  });
  if (!alarms.full) return;
  // What the failure store does not take is counted as dropped, and only there (AWS Lambda: event source mapping metrics).
  alarms.add(`${id}Dropped`, {
    metric: mappingMetric(mapping, 'DroppedEventCount'),
    threshold: 1,
    description: `${id}: records could not be handled, and the failure store did not take them. They are in the stream for as long as it keeps them.`,
    catalogueIds: ['kinesis-poison-record'],
  });
  const read = fn.metricInvocations({ statistic: Stats.SUM, period: Duration.minutes(5) });
  watchReading(alarms, id, stream, read);
}

/** Throttles and errors of a function that Firehose calls. What it fails on is kept, and no failed conversion counts it. */
export function watchTransform(alarms: Alarms, id: string, fn: IFunction): void {
  alarms.watchFunction(id, fn);
  watchErrors(alarms, id, fn, {
    periods: 1,
    what: 'a batch that fails four times is kept under errors/processing-failed/',
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
    description: `${id}: the function fails; ${what}.`,
  });
}

/**
 * A reader that stopped: its mapping is disabled, or it may not read or decrypt any more. All that tells of its lag comes with
 * reading, so that it falls silent together with the reader.
 */
function watchReading(alarms: Alarms, id: string, stream: IStream, read: IMetric): void {
  const period = Duration.minutes(5);
  alarms.add(`${id}Stopped`, {
    metric: new MathExpression({
      expression: 'IF(incoming > 0, IF(FILL(read, 0) > 0, 0, 1), 0)',
      usingMetrics: { incoming: streamMetric(stream, 'IncomingRecords', Stats.SUM).with({ period }), read },
      label: 'reads nothing although records come',
      period,
    }),
    threshold: 1,
    periods: PERIODS_WITHOUT_READING,
    description: `${id}: records come and it has read none for ${PERIODS_WITHOUT_READING * period.toMinutes()} minutes. Look at the mapping's state and the role's rights.`,
    catalogueIds: ['kinesis-iterator-age-alarm'],
  });
}

/** A command as the end of an alarm's text. */
function shown(replay: string | undefined): string {
  return replay === undefined ? '' : ` This shows them; without --dry-run they are sent again: ${replay}`;
}

/** Records that a consumer kept aside. @param service the function's name in its metrics @param replay as for a consumer */
export function watchRejected(alarms: Alarms, id: string, service: string, replay?: string): void {
  alarms.add(`${id}Rejected`, {
    metric: serviceMetric(alarms, service, 'EventsRejected'),
    threshold: 1,
    description: `${id}: records are no events; they lie in the failure store under rejected/.${shown(replay)}`,
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
  alarms.add(`${id}Freshness`, {
    // In seconds, from the record's arrival in Firehose.
    metric: deliveryMetric(delivery, 'DeliveryToS3.DataFreshness', Stats.MAXIMUM),
    threshold: 2 * interval.toSeconds(),
    comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
    description: `${id}: the oldest record waits for more than twice the buffering interval.`,
    catalogueIds: ['firehose-failed-records-kept'],
  });
  alarms.add(`${id}FailedConversion`, {
    metric: deliveryMetric(delivery, 'FailedConversion.Records', Stats.SUM),
    threshold: 1,
    description: `${id}: records did not fit the table; they are kept under errors/ in the lake's bucket.`,
    catalogueIds: ['firehose-failed-records-kept', 'firehose-parquet-conversion'],
  });
  if (!alarms.full) return;
  watchReading(alarms, id, stream, deliveryMetric(delivery, 'DataReadFromKinesisStream.Records', Stats.SUM));
}

/** Bytes that queries scan, which Athena bills: many queries within their limit are no single one that is stopped. */
export function watchScans(alarms: Alarms, id: string, workgroup: QueryWorkgroup): void {
  alarms.add(`${id}BytesScanned`, {
    metric: workgroup.metricScanned().with({ period: Duration.hours(1) }),
    threshold: FULL_SCANS_AN_HOUR * workgroup.scanLimit.toBytes(),
    description: `${id}: an hour's queries scanned ${FULL_SCANS_AN_HOUR} times what one query may, or more. Look for one without its partition (dt).`,
    catalogueIds: ['athena-scan-limit'],
  });
}
