import { isDeploymentHelper, notApplicable, type Rule, verdict } from '../../rule';

/** Concurrency exhaustion and throttling must be visible before users see it. */
export const lambdaConcurrencyAlarm: Rule = {
  id: 'lambda-concurrency-alarm',
  types: ['AWS::Lambda::Function'],
  check: (fn, inventory) => {
    if (isDeploymentHelper(fn) || inventory.makesCustomResource(fn)) return notApplicable;
    return verdict([
      inventory.alarmsOn('AWS/Lambda', 'Throttles', fn).length === 0 && 'no alarm on Throttles of the function',
      inventory.strict &&
        inventory.alarmsOn('AWS/Lambda', 'ConcurrentExecutions').length === 0 &&
        "no alarm on ConcurrentExecutions of the account's region",
    ]);
  },
};
