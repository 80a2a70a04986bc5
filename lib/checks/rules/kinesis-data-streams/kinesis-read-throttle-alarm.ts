import { type Rule, verdict } from '../../rule';

const MINUTE_MS = 60_000;

export const kinesisReadThrottleAlarm: Rule = {
  id: 'kinesis-read-throttle-alarm',
  title: 'Alarms watch throttled reads of a stream, and readers that are a minute behind',
  why: 'A shard answers 5 reads a second and refuses the others. Consumers then fall behind without an error of their own: these two metrics are the only sign.',
  fix: 'Add alarms on ReadProvisionedThroughputExceeded, and on GetRecords.IteratorAgeMilliseconds with a Threshold of one minute, 60000.',
  severity: 'warning',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html',
  example: {
    fixed: {
      Stream: { Type: 'AWS::Kinesis::Stream', Properties: { RetentionPeriodHours: 72 } },
      Throttles: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          Namespace: 'AWS/Kinesis',
          MetricName: 'ReadProvisionedThroughputExceeded',
          Dimensions: [{ Name: 'StreamName', Value: { Ref: 'Stream' } }],
          Threshold: 1,
          ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        },
      },
      Age: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          Namespace: 'AWS/Kinesis',
          MetricName: 'GetRecords.IteratorAgeMilliseconds',
          Dimensions: [{ Name: 'StreamName', Value: { Ref: 'Stream' } }],
          Threshold: 60001,
          ComparisonOperator: 'GreaterThanOrEqualToThreshold',
          Statistic: 'Maximum',
        },
      },
    },
    broken: [{ Throttles: null }, { Age: null }, { 'Age.Properties.Threshold': 60002 }],
  },
  types: ['AWS::Kinesis::Stream'],
  check: (stream, inventory) => {
    const lag = inventory.alarmsOn('AWS/Kinesis', 'GetRecords.IteratorAgeMilliseconds', stream);
    return verdict([
      inventory.alarmsOn('AWS/Kinesis', 'ReadProvisionedThroughputExceeded', stream).length === 0 &&
        'no alarm on ReadProvisionedThroughputExceeded',
      !lag.some((alarm) => (alarm.number('Threshold') ?? 0) <= MINUTE_MS + 1) &&
        'no alarm when GetRecords.IteratorAgeMilliseconds is over a minute',
    ]);
  },
};
