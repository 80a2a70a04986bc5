import { mustHold, type Rule } from '../../rule';

/** A minute, and 14 days (Amazon SQS quotas). */
const SHORTEST = 60;
const LONGEST = 1_209_600;

/** Retention goes up to 14 days; pick it, and give the DLQ the longest. */
export const sqsRetentionExplicit: Rule = {
  id: 'sqs-retention-explicit',
  types: ['AWS::SQS::Queue'],
  check: (queue, inventory) => {
    const retention = queue.number('MessageRetentionPeriod');
    if (retention === undefined)
      return mustHold(false, 'MessageRetentionPeriod is the default, 4 days; allowed: any, stated');
    if (inventory.deadLetterQueues().has(queue)) {
      return mustHold(
        retention === LONGEST,
        `a dead-letter queue keeps messages ${retention} s; allowed: ${LONGEST} s, the longest there is`,
      );
    }
    return mustHold(
      retention >= SHORTEST && retention < LONGEST,
      `MessageRetentionPeriod is ${retention} s; allowed: ${SHORTEST} s or more, and less than the ${LONGEST} s of its dead-letter queue`,
    );
  },
};
