import { type Rule, verdict } from '../../rule';

export const kinesisHotShard: Rule = {
  id: 'kinesis-hot-shard',
  title: 'A stream has metrics of each shard, and an alarm on throttled writes',
  why: 'A partition key that most records share fills one shard, at 1 MB or 1,000 records a second. Its writes are refused while the metrics of the whole stream look idle.',
  fix: 'Set DesiredShardLevelMetrics, add an alarm on WriteProvisionedThroughputExceeded of the stream, and use a partition key with many values.',
  severity: 'warning',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html#kinesis-metrics-shard',
  example: {
    fixed: {
      Stream: {
        Type: 'AWS::Kinesis::Stream',
        Properties: { DesiredShardLevelMetrics: ['IncomingBytes', 'WriteProvisionedThroughputExceeded'] },
      },
      Alarm: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          Namespace: 'AWS/Kinesis',
          MetricName: 'WriteProvisionedThroughputExceeded',
          Dimensions: [{ Name: 'StreamName', Value: { Ref: 'Stream' } }],
          Threshold: 1,
          ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        },
      },
    },
    broken: [
      { 'Stream.Properties.DesiredShardLevelMetrics': [] },
      { 'Stream.Properties.DesiredShardLevelMetrics': null },
      { Alarm: null },
      { 'Alarm.Properties.ComparisonOperator': 'LessThanThreshold' },
    ],
  },
  types: ['AWS::Kinesis::Stream'],
  check: (stream, inventory) =>
    verdict([
      stream.list('DesiredShardLevelMetrics').length === 0 &&
        'DesiredShardLevelMetrics is empty, so no shard has a name',
      inventory.alarmsOn('AWS/Kinesis', 'WriteProvisionedThroughputExceeded', stream).length === 0 &&
        'no alarm on WriteProvisionedThroughputExceeded',
    ]),
};
