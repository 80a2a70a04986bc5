import { mustHold, notApplicable, type Rule } from '../../rule';

export const lambdaMaxTimeout15m: Rule = {
  id: 'lambda-max-timeout-15m',
  title: 'The timeout of a function is at most 15 minutes',
  why: 'Lambda stops a function after 900 seconds, whatever it is at, and refuses a longer timeout.',
  fix: 'Set Timeout to 900 or less. Split longer work into the steps of a state machine, or run it on Fargate or AWS Batch.',
  severity: 'warning',
  profile: 'correctness',
  address: 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html',
  example: {
    fixed: { Function: { Type: 'AWS::Lambda::Function', Properties: { Timeout: 900 } } },
    broken: [{ 'Function.Properties.Timeout': 901 }, { 'Function.Properties.Timeout': 0 }],
  },
  types: ['AWS::Lambda::Function'],
  check: (fn) => {
    if (fn.has('CapacityProviderConfig')) return notApplicable;
    const timeout = fn.number('Timeout') ?? 3;
    return mustHold(timeout >= 1 && timeout <= 900, `Timeout is ${timeout} s; allowed: 1 to 900 s`);
  },
};
