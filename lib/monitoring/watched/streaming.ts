import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import { QueryWorkgroup } from '../../analytics/query-workgroup';
import { ParquetDelivery } from '../../streaming/parquet-delivery';
import { StreamConsumer } from '../../streaming/stream-consumer';
import { deliveryMetric, mappingMetric, streamMetric } from '../../streaming/stream-metrics';
import { watchDelivery, watchScans, watchStream, watchStreamConsumer, watchTransform } from '../stream-alarms';
import type { WatchedKind } from './watched-kind';

const most = { statistic: Stats.MAXIMUM };

const streams: WatchedKind = {
  types: ['AWS::Kinesis::Stream'],
  find: (stream) => {
    if (!(stream instanceof Stream)) return undefined;
    return {
      resource: stream,
      watch: (alarms, id) => watchStream(alarms, id, stream),
      row: {
        title: 'Other streams',
        name: stream.streamName,
        graphs: {
          'Incoming records': streamMetric(stream, 'IncomingRecords', Stats.SUM),
          'Iterator age': streamMetric(stream, 'GetRecords.IteratorAgeMilliseconds', Stats.MAXIMUM),
          'Write throttles': streamMetric(stream, 'WriteProvisionedThroughputExceeded', Stats.SUM),
          'Read throttles': streamMetric(stream, 'ReadProvisionedThroughputExceeded', Stats.SUM),
        },
      },
    };
  },
};

const streamConsumers: WatchedKind = {
  types: ['AWS::Lambda::EventSourceMapping'],
  find: (consumer) => {
    if (!(consumer instanceof StreamConsumer)) return undefined;
    const { mapping, handler, stream } = consumer;
    return {
      resource: mapping,
      watch: (alarms, id) => watchStreamConsumer(alarms, id, { fn: handler.function, mapping, stream: stream.stream }),
      row: {
        title: 'Other stream consumers',
        name: mapping.ref,
        graphs: {
          'Iterator age': handler.function.metric('IteratorAge', most),
          'Failed records': mappingMetric(mapping, 'OnFailureDestinationDeliveredEventCount'),
          'Dropped records': mappingMetric(mapping, 'DroppedEventCount'),
        },
      },
    };
  },
};

const deliveries: WatchedKind = {
  types: ['AWS::KinesisFirehose::DeliveryStream'],
  find: (block) => {
    if (!(block instanceof ParquetDelivery)) return undefined;
    const { delivery, stream, transform, interval } = block;
    return {
      resource: delivery,
      watch: (alarms, id) => {
        if (transform !== undefined) watchTransform(alarms, `${id}Transform`, transform.function);
        watchDelivery(alarms, id, { delivery, stream: stream.stream, interval });
      },
      row: {
        title: 'Other delivery streams',
        name: delivery.ref,
        graphs: {
          'Records written': deliveryMetric(delivery, 'DeliveryToS3.Records', Stats.SUM),
          Freshness: deliveryMetric(delivery, 'DeliveryToS3.DataFreshness', Stats.MAXIMUM),
          'Failed conversions': deliveryMetric(delivery, 'FailedConversion.Records', Stats.SUM),
        },
      },
    };
  },
};

const workgroups: WatchedKind = {
  types: ['AWS::Athena::WorkGroup'],
  find: (workgroup) => {
    if (!(workgroup instanceof QueryWorkgroup)) return undefined;
    return {
      resource: workgroup,
      watch: (alarms, id) => watchScans(alarms, id, workgroup),
      row: {
        title: 'Other workgroups',
        name: workgroup.workgroupName,
        graphs: { 'Bytes scanned': workgroup.metricScanned() },
      },
    };
  },
};

/** Streams, and what reads them. */
export const STREAMING: readonly WatchedKind[] = [streams, streamConsumers, deliveries, workgroups];
