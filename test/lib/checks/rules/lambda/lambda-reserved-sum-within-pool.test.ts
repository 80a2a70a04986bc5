import { lambdaReservedSumWithinPool } from '../../../../../lib/checks/rules/lambda/lambda-reserved-sum-within-pool';
import { bounds, cases, type Literals } from '../../literal-fixture';

const fn: Literals = {
  Fn: ['AWS::Lambda::Function', { ReservedConcurrentExecutions: 400 }],
  More: ['AWS::Lambda::Function', { ReservedConcurrentExecutions: 500 }],
  Free: ['AWS::Lambda::Function', {}],
};

bounds(lambdaReservedSumWithinPool, fn, 'More.ReservedConcurrentExecutions', {
  max: 500,
  unset: 'compliant',
  says: 'allowed: at most 900',
  named: false,
});
cases(lambdaReservedSumWithinPool, fn, [
  [
    'violation',
    'they are one too many',
    { 'Fn.ReservedConcurrentExecutions': 401 },
    'reservations add up to 901; allowed: at most 900',
  ],
  [
    'violation',
    'the account has fewer',
    {},
    'reservations add up to 900; allowed: at most 899',
    { accountConcurrency: 999 },
  ],
  ['compliant', 'the account has more', { 'Fn.ReservedConcurrentExecutions': 401 }, { accountConcurrency: 1001 }],
  ['not-applicable', 'it reserves none', { 'Fn.ReservedConcurrentExecutions': undefined }],
]);
