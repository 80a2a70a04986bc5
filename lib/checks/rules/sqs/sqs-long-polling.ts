import { mustHold, type Rule } from '../../rule';

/** Always long-poll (20 s). */
export const sqsLongPolling: Rule = {
  id: 'sqs-long-polling',
  types: ['AWS::SQS::Queue'],
  check: (queue) => {
    const wait = queue.number('ReceiveMessageWaitTimeSeconds') ?? 0;
    return mustHold(wait === 20, `ReceiveMessageWaitTimeSeconds is ${wait}; allowed: 20`);
  },
};
