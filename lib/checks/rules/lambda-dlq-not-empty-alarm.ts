import { mustHold, notApplicable, type Rule } from '../rule';

/** A DLQ that no one monitors is the same as no DLQ. */
export const lambdaDlqNotEmptyAlarm: Rule = {
  id: 'lambda-dlq-not-empty-alarm',
  types: ['AWS::SQS::Queue'],
  check: (queue, inventory) => {
    if (!inventory.deadLetterQueues().has(queue)) return notApplicable;
    const alarms = inventory.alarmsOn('AWS/SQS', 'ApproximateNumberOfMessagesVisible', queue);
    return mustHold(alarms.length > 0, 'no one is notified when a message arrives in this dead-letter queue');
  },
};
