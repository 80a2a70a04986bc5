import { mustHold, notApplicable, type Rule } from '../../rule';

const FIVE_MINUTES = 300;

/** Alarm when the oldest message is over 5 minutes old. */
export const cwQueueAgeAlarm: Rule = {
  id: 'cw-queue-age-alarm',
  types: ['AWS::SQS::Queue'],
  check: (queue, inventory) => {
    if (inventory.deadLetterQueues().has(queue)) return notApplicable;
    const alarms = inventory.alarmsOn('AWS/SQS', 'ApproximateAgeOfOldestMessage', queue);
    return mustHold(
      alarms.some((alarm) => (alarm.number('Threshold') ?? 0) <= FIVE_MINUTES),
      'no alarm when the oldest message is more than 5 minutes old',
    );
  },
};
