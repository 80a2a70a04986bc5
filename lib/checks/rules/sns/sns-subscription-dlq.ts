import { notApplicable, type Rule, verdict } from '../../rule';

/** A delivery SNS cannot make is lost without a subscription DLQ (same vanishing-event failure). */
export const snsSubscriptionDlq: Rule = {
  id: 'sns-subscription-dlq',
  types: ['AWS::SNS::Subscription'],
  check: (subscription, inventory) => {
    if (!['sqs', 'lambda', 'http', 'https'].includes(String(subscription.literal('Protocol')))) return notApplicable;
    const topic = inventory.referent(subscription, subscription.get('TopicArn'));
    return verdict([
      !subscription.has('RedrivePolicy.deadLetterTargetArn') &&
        'a delivery that SNS cannot make is lost: no RedrivePolicy',
      inventory.strict &&
        topic !== undefined &&
        inventory.alarmsOn('AWS/SNS', 'NumberOfNotificationsFailed', topic).length === 0 &&
        'no alarm on NumberOfNotificationsFailed of the topic',
    ]);
  },
};
