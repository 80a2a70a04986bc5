import { snsSqsFanout } from '../../../../../lib/checks/rules/sns/sns-sqs-fanout';
import { type Case, cases, PARAMETER } from '../../literal-fixture';

const to = (Protocol: unknown) => ({ 'Subscription.Protocol': Protocol });

cases(snsSqsFanout, { Subscription: ['AWS::SNS::Subscription', { Protocol: 'sqs' }] }, [
  ['compliant', 'it is a queue'],
  ...['lambda', 'http', 'https'].map(
    (protocol): Case => ['violation', protocol, to(protocol), `Protocol is ${protocol}; allowed: sqs`],
  ),
  ...['email', 'sms', 'firehose'].map((protocol): Case => ['not-applicable', protocol, to(protocol)]),
  ['cannot-tell', 'a parameter says it', to(PARAMETER)],
]);
