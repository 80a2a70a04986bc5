import { mustHold, notApplicable, type Rule } from '../../rule';

/** A standard function stops at 15 minutes, so longer work needs another design. */
export const lambdaMaxTimeout15m: Rule = {
  id: 'lambda-max-timeout-15m',
  types: ['AWS::Lambda::Function'],
  check: (fn) => {
    if (fn.has('CapacityProviderConfig')) return notApplicable;
    const timeout = fn.number('Timeout') ?? 3;
    return mustHold(timeout >= 1 && timeout <= 900, `Timeout is ${timeout} s; allowed: 1 to 900 s`);
  },
};
