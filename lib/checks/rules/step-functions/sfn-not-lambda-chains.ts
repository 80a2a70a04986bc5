import { permits } from '../../policy-holder';
import { isDeploymentHelper, mustHold, notApplicable, type Rule } from '../../rule';

/** A Lambda that calls other Lambdas in sequence with its own retry/state logic should be a state machine. */
export const sfnNotLambdaChains: Rule = {
  id: 'sfn-not-lambda-chains',
  types: ['AWS::Lambda::Function'],
  check: (fn, inventory) => {
    if (isDeploymentHelper(fn) || inventory.referent(fn, fn.get('Role')) === undefined) return notApplicable;
    const called = inventory
      .statementsOf(inventory.roleOf(fn))
      .filter((statement) => permits(statement, 'lambda:InvokeFunction'))
      .flatMap(({ resources }) => resources.map((resource) => inventory.referent(fn, resource)));
    return mustHold(
      !called.some((each) => each?.type.startsWith('AWS::Lambda::') === true && each !== fn),
      'the function may invoke another function; allowed: a state machine, a queue or an event between them',
    );
  },
};
