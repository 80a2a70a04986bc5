import { notApplicable, type Rule, verdict } from '../../rule';

export const snsSubscriptionDlq: Rule = {
  id: 'sns-subscription-dlq',
  title: 'A subscription has a dead-letter queue, and its topic an alarm on failed deliveries',
  why: 'A message that SNS cannot deliver, to a deleted queue or one that refuses it, is dropped. A missing permission is not even tried again.',
  fix: 'Set RedrivePolicy.deadLetterTargetArn of the AWS::SNS::Subscription, and add an alarm on NumberOfNotificationsFailed of the topic. In the CDK, set deadLetterQueue.',
  severity: 'error',
  profile: 'correctness',
  address: 'https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html',
  example: {
    fixed: {
      Topic: { Type: 'AWS::SNS::Topic', Properties: { KmsMasterKeyId: { Ref: 'Key' } } },
      Subscription: {
        Type: 'AWS::SNS::Subscription',
        Properties: {
          TopicArn: { Ref: 'Topic' },
          Protocol: 'sqs',
          Endpoint: { 'Fn::GetAtt': ['Queue', 'Arn'] },
          RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['DeadLetterQueue', 'Arn'] } },
        },
      },
      DeadLetterQueue: { Type: 'AWS::SQS::Queue', Properties: { MessageRetentionPeriod: 1209600 } },
      Alarm: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          Namespace: 'AWS/SNS',
          MetricName: 'NumberOfNotificationsFailed',
          Dimensions: [{ Name: 'TopicName', Value: { 'Fn::GetAtt': ['Topic', 'TopicName'] } }],
          Threshold: 1,
          ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        },
      },
    },
    broken: [{ 'Subscription.Properties.RedrivePolicy': null }, { Alarm: null }],
  },
  types: ['AWS::SNS::Subscription'],
  check: (subscription, inventory) => {
    if (!['sqs', 'lambda', 'http', 'https'].includes(String(subscription.text('Protocol')))) return notApplicable;
    const topic = inventory.referent(subscription, subscription.get('TopicArn'));
    return verdict(
      [
        !subscription.has('RedrivePolicy.deadLetterTargetArn') &&
          'a delivery that SNS cannot make is lost: no RedrivePolicy',
      ],
      [
        inventory.strict &&
          topic !== undefined &&
          inventory.alarmsOn('AWS/SNS', 'NumberOfNotificationsFailed', topic).length === 0 &&
          'no alarm on NumberOfNotificationsFailed of the topic',
      ],
    );
  },
};
