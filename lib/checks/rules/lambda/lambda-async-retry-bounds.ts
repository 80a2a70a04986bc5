import { asynchronousSources } from '../../asynchronous-sources';
import { mustHold, notApplicable, type Rule } from '../../rule';

/** The two automatic async retries mean the handler runs up to 3 times for one event. */
export const lambdaAsyncRetryBounds: Rule = {
  id: 'lambda-async-retry-bounds',
  types: ['AWS::Lambda::Function'],
  check: (fn, inventory) => {
    if (asynchronousSources(fn, inventory).length === 0) return notApplicable;
    const bounded = inventory
      .ofType('AWS::Lambda::EventInvokeConfig')
      .some(
        (each) =>
          inventory.names(each, each.get('FunctionName'), fn) &&
          each.has('MaximumRetryAttempts') &&
          each.has('MaximumEventAgeInSeconds'),
      );
    return mustHold(bounded, 'MaximumRetryAttempts and MaximumEventAgeInSeconds are not both set');
  },
};
