import { sqsLongPolling } from '../../../../../lib/checks/rules/sqs/sqs-long-polling';
import { bounds, cases } from '../../literal-fixture';

const queue = { Queue: ['AWS::SQS::Queue', {}] } as const;

bounds(sqsLongPolling, queue, 'Queue.ReceiveMessageWaitTimeSeconds', {
  min: 20,
  max: 20,
  unset: 'violation',
  says: 'allowed: 20',
});
cases(sqsLongPolling, queue, [['violation', 'it says nothing', {}, 'ReceiveMessageWaitTimeSeconds is 0; allowed: 20']]);
