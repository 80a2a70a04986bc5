import { mustHold, notApplicable, type Rule } from '../../rule';

/** A DLQ nobody watches is the same as no DLQ. */
export const lambdaDlqNotEmptyAlarm: Rule = {
  id: 'lambda-dlq-not-empty-alarm',
  types: ['AWS::SQS::Queue'],
  check: (queue, inventory) => {
    if (!inventory.deadLetterQueues().has(queue)) return notApplicable;
    const alarms = inventory.alarmsOn('AWS/SQS', 'ApproximateNumberOfMessagesVisible', queue);
    return mustHold(alarms.length > 0, 'nobody is told when a message lands in this dead-letter queue');
  },
};
