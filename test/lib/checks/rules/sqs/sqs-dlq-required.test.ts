import { sqsDlqRequired } from '../../../../../lib/checks/rules/sqs/sqs-dlq-required';
import { att, cases, type Literals } from '../../literal-fixture';

const queue: Literals = {
  Jobs: ['AWS::SQS::Queue', { RedrivePolicy: { deadLetterTargetArn: att('Dead') } }],
  Dead: ['AWS::SQS::Queue', {}],
};
const kinds = 'a FIFO queue needs a FIFO dead-letter queue, a standard queue a standard one';

cases(sqsDlqRequired, queue, [
  ['compliant', 'it has one'],
  ['violation', 'it has none', { 'Jobs.RedrivePolicy': undefined }, 'no dead-letter queue'],
  ['violation', 'it alone is FIFO', { 'Jobs.FifoQueue': true }, kinds],
  ['violation', 'the other alone is', { 'Dead.FifoQueue': 'true' }, kinds],
  ['compliant', 'both are', { 'Jobs.FifoQueue': true, 'Dead.FifoQueue': 'true' }],
  ['compliant', 'neither is, and both say so', { 'Jobs.FifoQueue': false, 'Dead.FifoQueue': 'false' }],
  ['not-applicable', 'it is one', {}, { on: 'Dead' }],
  ['cannot-tell', 'it is elsewhere', { 'Jobs.RedrivePolicy.deadLetterTargetArn': 'theirs' }],
]);
