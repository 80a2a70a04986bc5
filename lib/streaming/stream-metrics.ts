import { Duration } from 'aws-cdk-lib';
import { Metric, SearchExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';

// CloudWatch takes each set of dimensions for a metric of its own: an alarm or a graph with one too few, or one too many, is
// empty forever. The sets here are those that AWS says are published together (docs.aws.amazon.com/AmazonCloudWatch:
// SupportedMetricsForResourceTagsForTelemetry); names and units are from the pages that each function cites.

/** A metric of a stream, a minute at a time (docs.aws.amazon.com/streams: monitoring-with-cloudwatch). */
export function streamMetric(stream: IStream, metricName: string, statistic: string): Metric {
  return new Metric({
    namespace: 'AWS/Kinesis',
    metricName,
    statistic,
    period: Duration.minutes(1),
    dimensionsMap: { StreamName: stream.streamName },
  });
}

/**
 * A stream's metric once for each of its shards, or of its readers with enhanced fan-out, which come and go. For graphs alone:
 * an alarm cannot search (docs.aws.amazon.com/AmazonCloudWatch: using-search-expressions). Shards have the metrics that the
 * stream's `DesiredShardLevelMetrics` name.
 */
export function searchStream(
  stream: IStream,
  dimension: 'ShardId' | 'ConsumerName',
  metricName: string,
  statistic: string,
): SearchExpression {
  const period = Duration.minutes(1);
  const search = `{AWS/Kinesis,${dimension},StreamName} MetricName="${metricName}" StreamName="${stream.streamName}"`;
  const expression = `SEARCH('${search}', '${statistic}', ${period.toSeconds()})`;
  return new SearchExpression({ expression, period, label: dimension === 'ShardId' ? 'shard' : 'enhanced fan-out' });
}

/** A metric of a delivery stream (docs.aws.amazon.com/firehose: monitoring-with-cloudwatch-metrics). */
export function deliveryMetric(delivery: CfnDeliveryStream, metricName: string, statistic: string): Metric {
  return new Metric({
    namespace: 'AWS/Firehose',
    metricName,
    statistic,
    period: Duration.minutes(5),
    dimensionsMap: { DeliveryStreamName: delivery.ref },
  });
}

/**
 * Counts of a mapping's events (docs.aws.amazon.com/lambda: monitoring-metrics-types). They are sent when the mapping's
 * `MetricsConfig` asks for `EventCount`.
 */
export function mappingMetric(mapping: CfnEventSourceMapping, metricName: string): Metric {
  return new Metric({
    namespace: 'AWS/Lambda',
    metricName,
    statistic: 'Sum',
    period: Duration.minutes(1),
    dimensionsMap: { EventSourceMappingUUID: mapping.ref },
  });
}
