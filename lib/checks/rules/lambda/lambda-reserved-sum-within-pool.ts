import type { Inventory } from '../../inventory';
import { mustHold, notApplicable, type Rule } from '../../rule';

/** What AWS keeps unreserved (AWS Lambda: reserved concurrency). */
const UNRESERVED_MINIMUM = 100;

/** What all functions reserve together. */
const reservations = (inventory: Inventory): number =>
  inventory
    .ofType('AWS::Lambda::Function')
    .reduce((total, each) => total + (each.number('ReservedConcurrentExecutions') ?? 0), 0);

export const lambdaReservedSumWithinPool: Rule = {
  id: 'lambda-reserved-sum-within-pool',
  title: 'Reserved concurrency leaves 100 executions of the account unreserved',
  why: 'Reservations come out of the 1,000 executions that a region has by default, and Lambda keeps 100 for functions without one. A reservation beyond that fails the deployment.',
  fix: 'Lower ReservedConcurrentExecutions, so that all of them together are at most 900, or have the quota raised.',
  severity: 'warning',
  profile: 'correctness',
  address: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html',
  example: {
    fixed: {
      Web: { Type: 'AWS::Lambda::Function', Properties: { ReservedConcurrentExecutions: 600 } },
      Worker: { Type: 'AWS::Lambda::Function', Properties: { ReservedConcurrentExecutions: 300 } },
    },
    broken: [
      { 'Web.Properties.ReservedConcurrentExecutions': 601 },
      { 'Worker.Properties.ReservedConcurrentExecutions': 301 },
    ],
  },
  types: ['AWS::Lambda::Function'],
  check: (fn, inventory) => {
    const own = fn.number('ReservedConcurrentExecutions');
    if (own === undefined) return notApplicable;
    const sum = inventory.once(reservations);
    const pool = inventory.accountConcurrency - UNRESERVED_MINIMUM;
    return mustHold(sum <= pool, `reservations add up to ${sum}; allowed: at most ${pool}`);
  },
};
