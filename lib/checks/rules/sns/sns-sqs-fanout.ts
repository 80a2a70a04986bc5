import { mustHold, notApplicable, type Rule } from '../../rule';

export const snsSqsFanout: Rule = {
  id: 'sns-sqs-fanout',
  title: 'A topic delivers to queues, and not straight to functions or servers',
  why: 'SNS pushes each message at once, and by default gives up on a server after three more tries, within about a minute. A queue keeps messages for days while its consumer is slow, broken or being deployed.',
  fix: 'Subscribe an AWS::SQS::Queue with Protocol sqs, and let the function read the queue. In the CDK, topic.addSubscription(new SqsSubscription(queue)).',
  severity: 'warning',
  profile: 'correctness',
  address: 'https://docs.aws.amazon.com/sns/latest/dg/sns-sqs-as-subscriber.html',
  example: {
    fixed: {
      Subscription: {
        Type: 'AWS::SNS::Subscription',
        Properties: { TopicArn: { Ref: 'Topic' }, Protocol: 'sqs', Endpoint: { 'Fn::GetAtt': ['Queue', 'Arn'] } },
      },
    },
    broken: [
      {
        'Subscription.Properties.Protocol': 'lambda',
        'Subscription.Properties.Endpoint': { 'Fn::GetAtt': ['Function', 'Arn'] },
      },
      {
        'Subscription.Properties.Protocol': 'https',
        'Subscription.Properties.Endpoint': 'https://shop.example.com/events',
      },
    ],
  },
  types: ['AWS::SNS::Subscription'],
  check: (subscription) => {
    const protocol = String(subscription.text('Protocol'));
    if (!['sqs', 'lambda', 'http', 'https'].includes(protocol)) return notApplicable;
    return mustHold(
      protocol === 'sqs',
      `Protocol is ${protocol}; allowed: sqs, so that a slow or broken consumer loses nothing`,
    );
  },
};
