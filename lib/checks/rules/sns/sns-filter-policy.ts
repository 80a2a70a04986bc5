import { mustHold, notApplicable, type Rule } from '../../rule';

export const snsFilterPolicy: Rule = {
  id: 'sns-filter-policy',
  title: 'A queue or a function gets the messages of a topic that it needs, by a filter policy',
  why: 'Without a filter each consumer gets every message of the topic, and pays for the delivery, the request and the run of the function that throws it away.',
  fix: 'Set FilterPolicy of the AWS::SNS::Subscription, and the attributes that it names when you publish. In the CDK, set filterPolicy.',
  severity: 'advice',
  profile: 'cost',
  address: 'https://docs.aws.amazon.com/sns/latest/dg/sns-message-filtering.html',
  example: {
    fixed: {
      Subscription: {
        Type: 'AWS::SNS::Subscription',
        Properties: {
          TopicArn: { Ref: 'Topic' },
          Protocol: 'sqs',
          Endpoint: { 'Fn::GetAtt': ['Queue', 'Arn'] },
          FilterPolicy: { type: ['OrderPaid'] },
        },
      },
    },
    broken: [{ 'Subscription.Properties.FilterPolicy': null }],
  },
  types: ['AWS::SNS::Subscription'],
  check: (subscription) => {
    if (!['sqs', 'lambda'].includes(String(subscription.text('Protocol')))) return notApplicable;
    return mustHold(
      subscription.has('FilterPolicy'),
      'no FilterPolicy: the consumer pays for every message of the topic',
    );
  },
};
