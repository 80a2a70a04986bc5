import { textOf } from '../../../template/literal-text';
import { mustHold, notApplicable, type Rule } from '../../rule';
import { definitionOf, statesOf } from '../../state-machine-definition';

export const sfnDirectIntegrations: Rule = {
  id: 'sfn-direct-integrations',
  title: 'A state machine calls AWS services itself, and not by a function for each call',
  why: 'A function that only puts an item or sends a message costs its run time and its cold start, and is code to test and to patch. Step Functions calls over 200 services without one.',
  fix: 'Replace such a function by a Task with a Resource such as arn:aws:states:::dynamodb:putItem. In the CDK, DynamoPutItem, SqsSendMessage or CallAwsService.',
  severity: 'advice',
  profile: 'cost',
  address: 'https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html',
  example: {
    fixed: {
      StateMachine: {
        Type: 'AWS::StepFunctions::StateMachine',
        Properties: {
          Definition: {
            StartAt: 'Charge',
            States: {
              Charge: { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Next: 'Store' },
              Store: { Type: 'Task', Resource: 'arn:aws:states:::dynamodb:putItem', End: true },
            },
          },
        },
      },
    },
    broken: [{ 'StateMachine.Properties.Definition.States.Store.Resource': 'arn:aws:states:::lambda:invoke' }],
  },
  types: ['AWS::StepFunctions::StateMachine'],
  check: (machine) => {
    const tasks = statesOf(definitionOf(machine)).filter(({ state }) => state.Type === 'Task');
    if (tasks.length === 0) return notApplicable;
    const direct = tasks.filter(
      ({ state: { Resource } }) =>
        textOf(Resource).includes(':states:::') && !textOf(Resource).includes(':lambda:invoke'),
    );
    return mustHold(direct.length > 0, 'every task is a function; allowed: AWS calls made by the state machine itself');
  },
};
