import { textOf } from '../../../template/literal-text';
import { compliant, type Rule, verdict } from '../../rule';
import { definitionOf, statesOf } from '../../state-machine-definition';

export const sfnTypeFitsDuration: Rule = {
  id: 'sfn-type-fits-duration',
  title: 'An Express workflow ends within 5 minutes, and waits for no task',
  why: 'Express workflows are stopped after five minutes, may run a step twice, and cannot wait for a job or a callback. What takes longer, or moves money, is a Standard workflow.',
  fix: 'Set TimeoutSeconds to 300 or less, or StateMachineType to STANDARD, which may take a year and runs each step once.',
  severity: 'warning',
  profile: 'correctness',
  address: 'https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html',
  example: {
    fixed: {
      StateMachine: {
        Type: 'AWS::StepFunctions::StateMachine',
        Properties: {
          StateMachineType: 'EXPRESS',
          Definition: {
            StartAt: 'Store',
            TimeoutSeconds: 300,
            States: { Store: { Type: 'Task', Resource: 'arn:aws:states:::dynamodb:putItem', End: true } },
          },
        },
      },
    },
    broken: [
      { 'StateMachine.Properties.Definition.TimeoutSeconds': 301 },
      { 'StateMachine.Properties.Definition.TimeoutSeconds': null },
      {
        'StateMachine.Properties.Definition.States.Store.Resource': 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
      },
      { 'StateMachine.Properties.Definition.States.Store.Resource': 'arn:aws:states:::glue:startJobRun.sync' },
    ],
  },
  types: ['AWS::StepFunctions::StateMachine'],
  check: (machine) => {
    if (machine.literal('StateMachineType') !== 'EXPRESS') return compliant;
    const definition = definitionOf(machine);
    const { TimeoutSeconds } = definition;
    const resources = statesOf(definition).map(({ state: { Resource } }) => textOf(Resource));
    return verdict([
      (TimeoutSeconds === undefined || TimeoutSeconds > 300) &&
        'an Express workflow without TimeoutSeconds of at most 300',
      resources.some((resource) => /\.(sync|waitForTaskToken)/.test(resource)) &&
        'an Express workflow that waits for a task',
    ]);
  },
};
