import { mustHold, notApplicable, type Rule } from '../../rule';

/** Subscribers filter at SNS so no consumer sees every message. */
export const snsFilterPolicy: Rule = {
  id: 'sns-filter-policy',
  types: ['AWS::SNS::Subscription'],
  check: (subscription) => {
    if (!['sqs', 'lambda'].includes(String(subscription.literal('Protocol')))) return notApplicable;
    return mustHold(
      subscription.has('FilterPolicy'),
      'no FilterPolicy: the consumer pays for every message of the topic',
    );
  },
};
