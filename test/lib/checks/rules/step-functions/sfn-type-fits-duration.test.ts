import { sfnTypeFitsDuration } from '../../../../../lib/checks/rules/step-functions/sfn-type-fits-duration';
import { type Case, cases, type Literals, PARAMETER } from '../../literal-fixture';

const machine = (TimeoutSeconds?: number, Resource?: string): Literals => ({
  Machine: [
    'AWS::StepFunctions::StateMachine',
    {
      StateMachineType: 'EXPRESS',
      Definition: {
        ...(TimeoutSeconds !== undefined && { TimeoutSeconds }),
        States: { A: { Type: 'Pass' }, B: { Type: 'Task', Resource } },
      },
    },
  ],
});
const late = 'an Express workflow without TimeoutSeconds of at most 300';
const waits = 'an Express workflow that waits for a task';

cases(sfnTypeFitsDuration, machine(300), [
  ['compliant', 'it ends after 5 minutes'],
  ['violation', 'it ends a second later', machine(301), late],
  ['violation', 'it does not say', machine(), late],
  ...['ecs:runTask.sync', 'states:startExecution.sync:2', 'sqs:sendMessage.waitForTaskToken'].map(
    (task): Case => ['violation', `it waits for ${task}`, machine(300, `arn:aws:states:::${task}`), waits],
  ),
  [
    'violation',
    'a task within another state waits',
    {
      'Machine.Definition.States.Each': {
        Type: 'Map',
        ItemProcessor: { States: { C: { Type: 'Task', Resource: 'arn:aws:states:::glue:startJobRun.sync' } } },
      },
    },
    waits,
  ],
  ['compliant', 'it does not wait', machine(300, 'arn:aws:states:::ecs:runTask')],
  ['violation', 'it waits too long', machine(301, 'arn:aws:states:::ecs:runTask.sync'), [late, waits]],
  ['compliant', 'it is a standard one', { ...machine(301), 'Machine.StateMachineType': 'STANDARD' }],
  ['compliant', 'it does not say what it is', { ...machine(301), 'Machine.StateMachineType': undefined }],
  ['cannot-tell', 'a parameter says it', { 'Machine.StateMachineType': PARAMETER }],
]);
