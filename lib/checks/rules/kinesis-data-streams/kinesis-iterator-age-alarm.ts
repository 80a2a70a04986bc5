import { streamRead } from '../../kinesis-mapping';
import { mustHold, notApplicable, type Rule } from '../../rule';

const FIVE_MINUTES_MS = 300_000;

export const kinesisIteratorAgeAlarm: Rule = {
  id: 'kinesis-iterator-age-alarm',
  title: 'An alarm fires when a function is five minutes behind its stream, or earlier',
  why: 'A stream has no queue that grows: a function that falls behind shows in its iterator age alone. Records older than the retention, 24 hours by default, are deleted unread.',
  fix: 'Add an alarm on IteratorAge of the function, in AWS/Lambda, with a Threshold of at most 300000 milliseconds.',
  severity: 'warning',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html',
  example: {
    fixed: {
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          EventSourceArn: { 'Fn::GetAtt': ['Stream', 'Arn'] },
          FunctionName: { Ref: 'Function' },
          StartingPosition: 'TRIM_HORIZON',
        },
      },
      Stream: { Type: 'AWS::Kinesis::Stream', Properties: { RetentionPeriodHours: 72 } },
      Function: { Type: 'AWS::Lambda::Function', Properties: { Timeout: 60 } },
      Alarm: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          Namespace: 'AWS/Lambda',
          MetricName: 'IteratorAge',
          Dimensions: [{ Name: 'FunctionName', Value: { Ref: 'Function' } }],
          Threshold: 300000,
          ComparisonOperator: 'GreaterThanOrEqualToThreshold',
          Statistic: 'Maximum',
        },
      },
    },
    broken: [
      { Alarm: null },
      { 'Alarm.Properties.Threshold': 300001 },
      { 'Alarm.Properties.ComparisonOperator': 'LessThanThreshold' },
      { 'Alarm.Properties.Dimensions.0.Value': 'other-function' },
    ],
  },
  types: ['AWS::Lambda::EventSourceMapping'],
  check: (mapping, inventory) => {
    if (streamRead(mapping, inventory) === undefined) return notApplicable;
    const fn = inventory.functionBehind(mapping, mapping.get('FunctionName'));
    const alarms = inventory.alarmsOn('AWS/Lambda', 'IteratorAge', fn);
    return mustHold(
      alarms.some((alarm) => (alarm.number('Threshold') ?? 0) <= FIVE_MINUTES_MS),
      'no alarm when the IteratorAge of the function is five minutes or more',
    );
  },
};
