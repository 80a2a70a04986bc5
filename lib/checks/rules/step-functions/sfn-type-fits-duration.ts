import { compliant, type Rule, verdict } from '../../rule';
import { definitionOf } from '../../state-machine-definition';

/** Standard runs up to a year exactly-once; Express ends at 5 minutes and is at-least-once. */
export const sfnTypeFitsDuration: Rule = {
  id: 'sfn-type-fits-duration',
  types: ['AWS::StepFunctions::StateMachine'],
  check: (machine) => {
    if (machine.literal('StateMachineType') !== 'EXPRESS') return compliant;
    const { TimeoutSeconds, States } = definitionOf(machine);
    const resources = Object.values(States).map(({ Resource = '' }) => Resource);
    return verdict([
      (TimeoutSeconds === undefined || TimeoutSeconds > 300) &&
        'an Express workflow without TimeoutSeconds of at most 300',
      resources.some((resource) => /\.(sync|waitForTaskToken)/.test(resource)) &&
        'an Express workflow that waits for a task',
    ]);
  },
};
