import { mustHold, type Rule } from '../../rule';

export const cwMissingDataExplicit: Rule = {
  id: 'cw-missing-data-explicit',
  title: 'An alarm states what it makes of missing data',
  why: 'By default an alarm without data goes to INSUFFICIENT_DATA, which notifies no one: a service that is down sends no data at all.',
  fix: 'Set TreatMissingData: notBreaching for errors, which are absent when all is well, and breaching for a heartbeat.',
  severity: 'warning',
  profile: 'operations',
  address:
    'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html#alarms-and-missing-data',
  example: {
    fixed: {
      Alarm: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          Namespace: 'AWS/Lambda',
          MetricName: 'Errors',
          Dimensions: [{ Name: 'FunctionName', Value: { Ref: 'Function' } }],
          Threshold: 1,
          ComparisonOperator: 'GreaterThanOrEqualToThreshold',
          TreatMissingData: 'notBreaching',
        },
      },
    },
    broken: [{ 'Alarm.Properties.TreatMissingData': null }],
  },
  types: ['AWS::CloudWatch::Alarm'],
  check: (alarm) => mustHold(alarm.has('TreatMissingData'), 'TreatMissingData is not stated'),
};
