import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { CfnEventSourceMapping, IFunction } from 'aws-cdk-lib/aws-lambda';
import { deliveryMetric, mappingMetric, searchStream, streamMetric } from '../streaming/stream-metrics';
import type { FlowDashboard } from './dashboard';
import { serviceMetric } from './service-metric';

/** Records into and out of a stream, and the same by shard: one that stands out is hot. */
export function showStream(dashboard: FlowDashboard, stream: IStream): void {
  const sum = (metricName: string) => streamMetric(stream, metricName, Stats.SUM);
  // Readers that share the stream call GetRecords; those with enhanced fan-out have metrics of their own.
  const fannedOut = (metricName: string, statistic: string = Stats.SUM) =>
    searchStream(stream, 'ConsumerName', `SubscribeToShardEvent.${metricName}`, statistic);
  const byShard = (metricName: string, statistic: string = Stats.SUM) =>
    searchStream(stream, 'ShardId', metricName, statistic);
  dashboard.addRow({
    title: 'Stream',
    graphs: {
      'Records in and out': [sum('IncomingRecords'), sum('GetRecords.Records'), fannedOut('Records')],
      'Bytes in and out': [sum('IncomingBytes'), sum('GetRecords.Bytes'), fannedOut('Bytes')],
      'Iterator age': [
        streamMetric(stream, 'GetRecords.IteratorAgeMilliseconds', Stats.MAXIMUM),
        fannedOut('MillisBehindLatest', Stats.MAXIMUM),
      ],
      Throttles: [sum('WriteProvisionedThroughputExceeded'), sum('ReadProvisionedThroughputExceeded')],
    },
  });
  dashboard.addRow({
    title: 'Shards',
    graphs: {
      'Bytes in': [byShard('IncomingBytes')],
      'Write throttles': [byShard('WriteProvisionedThroughputExceeded')],
      'Iterator age': [byShard('IteratorAgeMilliseconds', Stats.MAXIMUM)],
    },
  });
}

/** Health of a function that reads a stream. @param consumer with a `service`, its rejected events are counted, too */
export function showStreamConsumer(
  dashboard: FlowDashboard,
  title: string,
  consumer: { readonly fn: IFunction; readonly mapping: CfnEventSourceMapping; readonly service?: string },
): void {
  const { fn, mapping, service } = consumer;
  dashboard.addRow({
    title,
    graphs: {
      'Iterator age': [fn.metric('IteratorAge', { statistic: Stats.MAXIMUM })],
      'Errors and throttles': [fn.metricErrors(), fn.metricThrottles()],
      Duration: [fn.metricDuration({ statistic: 'p99' })],
      'Failed and rejected records': [
        mappingMetric(mapping, 'OnFailureDestinationDeliveredEventCount'),
        mappingMetric(mapping, 'DroppedEventCount'),
        ...(service === undefined ? [] : [serviceMetric(fn, service, 'EventsRejected')]),
      ],
    },
  });
}

/** What a delivery stream reads from a stream and writes to S3, and what fails on the way. */
export function showDelivery(
  dashboard: FlowDashboard,
  title: string,
  delivery: CfnDeliveryStream,
  transform?: IFunction,
): void {
  const sum = (metricName: string) => deliveryMetric(delivery, metricName, Stats.SUM);
  const most = (metricName: string) => deliveryMetric(delivery, metricName, Stats.MAXIMUM);
  dashboard.addRow({
    title,
    graphs: {
      'Records read and written': [sum('DataReadFromKinesisStream.Records'), sum('DeliveryToS3.Records')],
      'Bytes read and written': [sum('DataReadFromKinesisStream.Bytes'), sum('DeliveryToS3.Bytes')],
      'Consumer lag': [most('KinesisMillisBehindLatest')],
      Freshness: [most('DeliveryToS3.DataFreshness')],
    },
  });
  dashboard.addRow({
    title: `${title}: errors`,
    graphs: {
      'Failed conversions': [sum('FailedConversion.Records')],
      'Throttled reads': [sum('ThrottledGetRecords')],
      ...(transform !== undefined && {
        Transform: [transform.metricErrors(), transform.metricThrottles()],
        'Transform duration': [transform.metricDuration({ statistic: 'p99' })],
      }),
    },
  });
}
