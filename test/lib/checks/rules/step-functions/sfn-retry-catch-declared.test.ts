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
  ['cannot-tell', 'its definition is elsewhere', { 'Machine.Definition': undefined }],
]);
