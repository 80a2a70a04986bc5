import { mustHold, notApplicable, type Rule } from '../../rule';

/** Fan out through SNS to one SQS queue per consumer. */
export const snsSqsFanout: Rule = {
  id: 'sns-sqs-fanout',
  types: ['AWS::SNS::Subscription'],
  check: (subscription) => {
    const protocol = String(subscription.literal('Protocol'));
    if (!['sqs', 'lambda', 'http', 'https'].includes(protocol)) return notApplicable;
    return mustHold(
      protocol === 'sqs',
      `Protocol is ${protocol}; allowed: sqs, so that a slow or broken consumer loses nothing`,
    );
  },
};
