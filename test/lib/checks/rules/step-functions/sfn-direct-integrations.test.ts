import { sfnDirectIntegrations } from '../../../../../lib/checks/rules/step-functions/sfn-direct-integrations';
import { cases, type Literals } from '../../literal-fixture';

const machine = (...states: object[]): Literals => ({
  Machine: ['AWS::StepFunctions::StateMachine', { Definition: { States: { ...states } } }],
});
const task = (Resource?: string) => ({ Type: 'Task', Resource });
const says = 'every task is a function; allowed: AWS calls made by the state machine itself';
const invoke = 'arn:aws:states:::lambda:invoke';

cases(sfnDirectIntegrations, machine(task('arn:aws:states:::dynamodb:putItem')), [
  ['compliant', 'it calls AWS'],
  ['compliant', 'one task of two does', machine(task(invoke), task('arn:aws:states:::aws-sdk:s3:getObject'))],
  [
    'compliant',
    'a task within another state does',
    machine(task(invoke), { Type: 'Map', ItemProcessor: { States: { A: task('arn:aws:states:::sns:publish') } } }),
  ],
  [
    'violation',
    'all within another state call functions',
    machine({ Type: 'Parallel', Branches: [{ States: { A: task(invoke) } }, { States: { B: task(invoke) } }] }),
    says,
  ],
  ['violation', 'it calls a function', machine(task(invoke)), says],
  ['violation', 'it calls one by its ARN', machine(task('arn:aws:lambda:eu-west-1:111111111111:function:a')), says],
  ['violation', 'it does not say', machine(task()), says],
  ['not-applicable', 'it has no task', machine({ Type: 'Pass', Resource: invoke })],
  ['cannot-tell', 'its definition is elsewhere', { 'Machine.Definition': undefined }],
]);
