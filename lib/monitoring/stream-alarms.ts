import { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { CfnEventSourceMapping, IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Alarms } from './alarms';

/** A minute behind means that readers are slower than writers (catalogue: kinesis-read-throttle-alarm). */
const STREAM_LAG = Duration.minutes(1);
/** Five minutes behind on the function's side (catalogue: kinesis-iterator-age-alarm). */
const CONSUMER_LAG = Duration.minutes(5);

/** A metric of a stream, a minute at a time. */
export function streamMetric(stream: IStream, metricName: string, statistic: string): Metric {
  return new Metric({
    namespace: 'AWS/Kinesis',
    metricName,
    statistic,
    period: Duration.minutes(1),
    dimensionsMap: { StreamName: stream.streamName },
  });
}

/** A metric of a delivery stream. */
export function deliveryMetric(delivery: CfnDeliveryStream, metricName: string, statistic: string): Metric {
  return new Metric({
    namespace: 'AWS/Firehose',
    metricName,
    statistic,
    period: Duration.minutes(5),
    dimensionsMap: { DeliveryStreamName: delivery.ref },
  });
}

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
    description: `${id}: readers share too little; give one of them enhanced fan-out.`,
    catalogueIds: ['kinesis-read-throttle-alarm'],
  });
  alarms.add(`${id}IteratorAge`, {
    metric: streamMetric(stream, 'GetRecords.IteratorAgeMilliseconds', Stats.MAXIMUM),
    threshold: STREAM_LAG.toMilliseconds() + 1,
    periods: 3,
    description: `${id}: the slowest reader is more than a minute behind.`,
    catalogueIds: ['kinesis-read-throttle-alarm'],
  });
}

/** Lag, throttles and errors of a function that reads a stream, and what its mapping gave up. */
export function watchStreamConsumer(alarms: Alarms, id: string, fn: IFunction, mapping: CfnEventSourceMapping): void {
  alarms.add(`${id}FailureStore`, {
    metric: new Metric({
      namespace: 'AWS/Lambda',
      // Opted in by the mapping's MetricsConfig (AWS Lambda: event source mapping metrics).
      metricName: 'OnFailureDestinationDeliveredEventCount',
      statistic: Stats.SUM,
      period: Duration.minutes(1),
      dimensionsMap: { EventSourceMappingUUID: mapping.ref },
    }),
    threshold: 1,
    description: `${id}: records could not be handled; they lie in the failure store under aws/lambda/.`,
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
  alarms.add(`${id}Errors`, {
    metric: fn.metricErrors({ statistic: Stats.SUM, period: Duration.minutes(5) }),
    threshold: 1,
    description: `${id}: the function fails; batches are tried again and then kept in the failure store.`,
    catalogueIds: ['kinesis-poison-record'],
  });
}

/** Records that a consumer kept aside. @param service the function's name in its metrics */
export function watchRejected(alarms: Alarms, id: string, service: string): void {
  alarms.add(`${id}Rejected`, {
    metric: new Metric({
      namespace: 'Groundplan',
      metricName: 'EventsRejected',
      statistic: Stats.SUM,
      period: Duration.minutes(5),
      dimensionsMap: { service },
    }),
    threshold: 1,
    description: `${id}: records are no events; they lie in the failure store under rejected/.`,
    catalogueIds: ['kinesis-poison-record'],
  });
}

/** Freshness of what a delivery stream writes, and records that it could not convert. */
export function watchDelivery(alarms: Alarms, id: string, delivery: CfnDeliveryStream, interval: Duration): void {
  alarms.add(`${id}Freshness`, {
    metric: deliveryMetric(delivery, 'DeliveryToS3.DataFreshness', Stats.MAXIMUM),
    threshold: 2 * interval.toSeconds() + 1,
    description: `${id}: the oldest record waits for more than twice the buffering interval.`,
    catalogueIds: ['firehose-failed-records-kept'],
  });
  alarms.add(`${id}FailedConversion`, {
    metric: deliveryMetric(delivery, 'FailedConversion.Records', Stats.SUM),
    threshold: 1,
    description: `${id}: records did not fit the table; they are kept under errors/ in the lake's bucket.`,
    catalogueIds: ['firehose-failed-records-kept', 'firehose-parquet-conversion'],
  });
}
