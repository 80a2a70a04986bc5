import { mustHold, notApplicable, type Rule } from '../../rule';
import { definitionOf } from '../../state-machine-definition';

/** Call AWS services straight from the state machine instead of through glue Lambdas. */
export const sfnDirectIntegrations: Rule = {
  id: 'sfn-direct-integrations',
  types: ['AWS::StepFunctions::StateMachine'],
  check: (machine) => {
    const tasks = Object.values(definitionOf(machine).States).filter(({ Type }) => Type === 'Task');
    if (tasks.length === 0) return notApplicable;
    const direct = tasks.filter(
      ({ Resource = '' }) => Resource.includes(':states:::') && !Resource.includes(':lambda:invoke'),
    );
    return mustHold(direct.length > 0, 'every task is a function; allowed: AWS calls made by the state machine itself');
  },
};
