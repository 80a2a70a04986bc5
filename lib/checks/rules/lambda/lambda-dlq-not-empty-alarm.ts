import { mustHold, notApplicable, type Rule } from '../../rule';

export const lambdaDlqNotEmptyAlarm: Rule = {
  id: 'lambda-dlq-not-empty-alarm',
  title: 'An alarm fires when a message lands in a dead-letter queue',
  why: 'A dead-letter queue keeps what failed for 14 days at most, and then deletes it. Without an alarm the failures are found when they are gone.',
  fix: 'Add an alarm on ApproximateNumberOfMessagesVisible of the queue, at 1 or more. In the CDK, queue.metricApproximateNumberOfMessagesVisible().createAlarm(...).',
  severity: 'warning',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html',
  example: {
    fixed: {
      Queue: {
        Type: 'AWS::SQS::Queue',
        Properties: {
          RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['DeadLetterQueue', 'Arn'] }, maxReceiveCount: 5 },
        },
      },
      DeadLetterQueue: { Type: 'AWS::SQS::Queue', Properties: { MessageRetentionPeriod: 1209600 } },
      Alarm: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          Namespace: 'AWS/SQS',
          MetricName: 'ApproximateNumberOfMessagesVisible',
          Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': ['DeadLetterQueue', 'QueueName'] } }],
          Threshold: 1,
          ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        },
      },
    },
    broken: [
      { Alarm: null },
      { 'Alarm.Properties.Dimensions.0.Value': { 'Fn::GetAtt': ['Queue', 'QueueName'] } },
      { 'Alarm.Properties.ComparisonOperator': 'LessThanThreshold' },
    ],
  },
  types: ['AWS::SQS::Queue'],
  check: (queue, inventory) => {
    if (!inventory.deadLetterQueues().has(queue)) return notApplicable;
    const alarms = inventory.alarmsOn('AWS/SQS', 'ApproximateNumberOfMessagesVisible', queue);
    return mustHold(alarms.length > 0, 'no one is notified when a message arrives in this dead-letter queue');
  },
};
