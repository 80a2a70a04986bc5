import { asynchronousSources } from '../../asynchronous-sources';
import { mustHold, notApplicable, type Rule } from '../../rule';

/** Async invocations retry twice then vanish unless a DLQ or failure destination exists. */
export const lambdaAsyncFailureDestination: Rule = {
  id: 'lambda-async-failure-destination',
  types: ['AWS::Lambda::Function'],
  check: (fn, inventory) => {
    if (asynchronousSources(fn, inventory).length === 0) return notApplicable;
    const configured = inventory
      .ofType('AWS::Lambda::EventInvokeConfig')
      .some(
        (each) =>
          inventory.names(each, each.get('FunctionName'), fn) && each.has('DestinationConfig.OnFailure.Destination'),
      );
    return mustHold(
      configured || fn.has('DeadLetterConfig.TargetArn'),
      'events that fail three times vanish; allowed: an OnFailure destination or a dead-letter queue',
    );
  },
};
