import { sfnRetryCatchDeclared } from '../../../../../lib/checks/rules/step-functions/sfn-retry-catch-declared';
import { alarm, cases, type Literals, ref } from '../../literal-fixture';

const STATES = 'Machine.Definition.States';
const machine: Literals = {
  Machine: [
    'AWS::StepFunctions::StateMachine',
    { Definition: { States: { Pay: { Type: 'Task', Retry: [], Catch: [] }, End: { Type: 'Pass' } } } },
  ],
  Failed: alarm('AWS/States', 'ExecutionsFailed', ref('Machine')),
  TimedOut: alarm('AWS/States', 'ExecutionsTimedOut', ref('Machine')),
};

cases(sfnRetryCatchDeclared, machine, [
  ['compliant', 'each task says what then'],
  ['violation', 'one is not tried again', { [`${STATES}.Pay.Retry`]: undefined }, 'task Pay has no Retry'],
  ['violation', 'one has no way out', { [`${STATES}.Pay.Catch`]: undefined }, 'task Pay has no Catch'],
  ['violation', 'failures are not seen', { Failed: undefined }, 'no alarm on ExecutionsFailed'],
  ['violation', 'time outs are not', { TimedOut: undefined }, 'no alarm on ExecutionsTimedOut'],
  [
    'violation',
    'one of a branch does not',
    { [`${STATES}.Both`]: { Type: 'Parallel', Branches: [{ States: { Ship: { Type: 'Task' } } }] } },
    ['task Ship has no Retry', 'task Ship has no Catch'],
  ],
  [
    'violation',
    'one of each item does not',
    { [`${STATES}.Each`]: { Type: 'Map', Retry: [], ItemProcessor: { States: { Pack: { Type: 'Task' } } } } },
    'task Pack has no Catch',
  ],
  [
    'compliant',
    'what is around it does',
    { [`${STATES}.Each`]: { Type: 'Map', Retry: [], Catch: [], Iterator: { States: { Pack: { Type: 'Task' } } } } },
  ],
  ['cannot-tell', 'its definition is elsewhere', { 'Machine.Definition': undefined }],
]);
