import { sqsRetentionExplicit } from '../../../../../lib/checks/rules/sqs/sqs-retention-explicit';
import { att, bounds, cases, type Literals } from '../../literal-fixture';

const queue: Literals = { Jobs: ['AWS::SQS::Queue', { RedrivePolicy: { deadLetterTargetArn: att('Dead') } }] };
const dead: Literals = { Dead: ['AWS::SQS::Queue', {}], ...queue };

bounds(sqsRetentionExplicit, queue, 'Jobs.MessageRetentionPeriod', {
  min: 60,
  max: 1_209_599,
  unset: 'violation',
  says: 's; allowed: 60 s or more, and less than the 1209600 s of its dead-letter queue',
});
bounds(sqsRetentionExplicit, dead, 'Dead.MessageRetentionPeriod', {
  min: 1_209_600,
  max: 1_209_600,
  unset: 'violation',
  says: 's; allowed: 1209600 s, the longest there is',
  named: false,
});
cases(sqsRetentionExplicit, queue, [
  ['violation', 'it says nothing', {}, 'MessageRetentionPeriod is the default, 4 days; allowed: any, stated'],
]);
