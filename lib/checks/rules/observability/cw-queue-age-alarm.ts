import { mustHold, notApplicable, type Rule } from '../../rule';

const FIVE_MINUTES = 300;

export const cwQueueAgeAlarm: Rule = {
  id: 'cw-queue-age-alarm',
  title: 'An alarm fires when the oldest message of a queue is five minutes old, or earlier',
  why: 'A consumer that hangs, or is too slow, makes no errors: messages wait, and are deleted unread when the retention ends, after four days by default.',
  fix: 'Add an alarm on ApproximateAgeOfOldestMessage of the queue, with a Threshold of at most 300 seconds.',
  severity: 'warning',
  profile: 'operations',
  address:
    'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html',
  example: {
    fixed: {
      Queue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 180 } },
      Alarm: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          Namespace: 'AWS/SQS',
          MetricName: 'ApproximateAgeOfOldestMessage',
          Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': ['Queue', 'QueueName'] } }],
          Threshold: 300,
          ComparisonOperator: 'GreaterThanOrEqualToThreshold',
          Statistic: 'Maximum',
        },
      },
    },
    broken: [
      { Alarm: null },
      { 'Alarm.Properties.Threshold': 301 },
      { 'Alarm.Properties.ComparisonOperator': 'LessThanThreshold' },
    ],
  },
  types: ['AWS::SQS::Queue'],
  check: (queue, inventory) => {
    if (inventory.deadLetterQueues().has(queue)) return notApplicable;
    const alarms = inventory.alarmsOn('AWS/SQS', 'ApproximateAgeOfOldestMessage', queue);
    return mustHold(
      alarms.some((alarm) => (alarm.number('Threshold') ?? 0) <= FIVE_MINUTES),
      'no alarm when the oldest message is more than 5 minutes old',
    );
  },
};
