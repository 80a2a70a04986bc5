import { mustHold, notApplicable, type Rule } from '../../rule';

/** What AWS keeps unreserved (AWS Lambda: reserved concurrency). */
const UNRESERVED_MINIMUM = 100;

/** Reservations come out of one regional pool (1000 by default), so their sum must leave room. */
export const lambdaReservedSumWithinPool: Rule = {
  id: 'lambda-reserved-sum-within-pool',
  types: ['AWS::Lambda::Function'],
  check: (fn, inventory) => {
    const own = fn.number('ReservedConcurrentExecutions');
    if (own === undefined) return notApplicable;
    const sum = inventory
      .ofType('AWS::Lambda::Function')
      .reduce((total, each) => total + (each.number('ReservedConcurrentExecutions') ?? 0), 0);
    const pool = inventory.accountConcurrency - UNRESERVED_MINIMUM;
    return mustHold(sum <= pool, `reservations add up to ${sum}; allowed: at most ${pool}`);
  },
};
