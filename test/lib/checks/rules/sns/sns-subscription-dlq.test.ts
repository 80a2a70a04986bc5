import { snsSubscriptionDlq } from '../../../../../lib/checks/rules/sns/sns-subscription-dlq';
import { alarm, att, type Case, cases, type Literals, PARAMETER, ref } from '../../literal-fixture';

const subscription: Literals = {
  Subscription: [
    'AWS::SNS::Subscription',
    { Protocol: 'sqs', TopicArn: ref('Topic'), RedrivePolicy: { deadLetterTargetArn: 'arn' } },
  ],
  Topic: ['AWS::SNS::Topic', {}],
  Alarm: alarm('AWS/SNS', 'NumberOfNotificationsFailed', att('Topic', 'TopicName')),
};
const lost = 'a delivery that SNS cannot make is lost: no RedrivePolicy';
const unseen = 'no alarm on NumberOfNotificationsFailed of the topic';

cases(snsSubscriptionDlq, subscription, [
  ...['sqs', 'lambda', 'http', 'https'].flatMap((protocol): Case[] => [
    ['compliant', `${protocol} keeps what fails`, { 'Subscription.Protocol': protocol }],
    [
      'violation',
      `${protocol} keeps nothing`,
      { 'Subscription.Protocol': protocol, 'Subscription.RedrivePolicy': undefined },
      lost,
    ],
  ]),
  ['not-applicable', 'it is for people', { 'Subscription.Protocol': 'email', 'Subscription.RedrivePolicy': undefined }],
  ['violation', 'failures are not seen', { Alarm: undefined }, unseen],
  ['compliant', 'in development', { Alarm: undefined }, { strict: false }],
  ['compliant', 'the topic is elsewhere', { Alarm: undefined, 'Subscription.TopicArn': 'theirs' }],
  ['cannot-tell', 'a parameter says it', { 'Subscription.Protocol': PARAMETER }],
]);
