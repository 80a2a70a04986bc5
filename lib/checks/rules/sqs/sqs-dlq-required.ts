import { mustHold, notApplicable, type Rule } from '../../rule';

/** Never deploy an SQS consumer without a dead-letter queue. */
export const sqsDlqRequired: Rule = {
  id: 'sqs-dlq-required',
  types: ['AWS::SQS::Queue'],
  check: (queue, inventory) => {
    if (inventory.deadLetterQueues().has(queue)) return notApplicable;
    if (!queue.has('RedrivePolicy.deadLetterTargetArn')) return mustHold(false, 'no dead-letter queue');
    const dead = inventory.mustFind(queue, queue.get('RedrivePolicy.deadLetterTargetArn'), 'the dead-letter queue');
    return mustHold(
      (queue.flag('FifoQueue') === true) === (dead.flag('FifoQueue') === true),
      'a FIFO queue needs a FIFO dead-letter queue, a standard queue a standard one',
    );
  },
};
