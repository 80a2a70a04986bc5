import { snsFilterPolicy } from '../../../../../lib/checks/rules/sns/sns-filter-policy';
import { type Case, cases, PARAMETER } from '../../literal-fixture';

const to = (Protocol: unknown) => ({ 'Subscription.Protocol': Protocol, 'Subscription.FilterPolicy': undefined });
const says = 'no FilterPolicy: the consumer pays for every message of the topic';

cases(snsFilterPolicy, { Subscription: ['AWS::SNS::Subscription', { Protocol: 'sqs', FilterPolicy: {} }] }, [
  ['compliant', 'it takes what it needs'],
  ...['sqs', 'lambda'].map((protocol): Case => ['violation', `${protocol} takes all`, to(protocol), says]),
  ...['email', 'https', 'firehose'].map((protocol): Case => ['not-applicable', protocol, to(protocol)]),
  ['cannot-tell', 'a parameter says it', to(PARAMETER)],
]);
