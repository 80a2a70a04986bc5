import { type Rule, verdict } from '../../rule';
import { definitionOf } from '../../state-machine-definition';

/** Retries and error paths live in the state machine, declared per task. */
export const sfnRetryCatchDeclared: Rule = {
  id: 'sfn-retry-catch-declared',
  types: ['AWS::StepFunctions::StateMachine'],
  check: (machine, inventory) => {
    const tasks = Object.entries(definitionOf(machine).States).filter(([, { Type }]) => Type === 'Task');
    return verdict([
      ...tasks.flatMap(([name, { Retry, Catch }]) => [
        Retry === undefined && `task ${name} has no Retry`,
        Catch === undefined && `task ${name} has no Catch`,
      ]),
      ...['ExecutionsFailed', 'ExecutionsTimedOut'].map(
        (metric) => inventory.alarmsOn('AWS/States', metric, machine).length === 0 && `no alarm on ${metric}`,
      ),
    ]);
  },
};
