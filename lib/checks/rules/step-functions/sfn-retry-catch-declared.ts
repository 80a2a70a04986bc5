import { type Rule, verdict } from '../../rule';
import { definitionOf, statesOf } from '../../state-machine-definition';

export const sfnRetryCatchDeclared: Rule = {
  id: 'sfn-retry-catch-declared',
  title: 'Each task of a state machine has Retry and Catch, and alarms watch failed executions',
  why: 'A task without Retry ends the whole execution at the first throttled call; one without Catch leaves the order half done, with nothing that undoes or reports it.',
  fix: 'Add Retry and Catch to every Task, and alarms on ExecutionsFailed and ExecutionsTimedOut. In the CDK, task.addRetry() and task.addCatch(...).',
  severity: 'warning',
  profile: 'correctness',
  address: 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html',
  example: {
    fixed: {
      StateMachine: {
        Type: 'AWS::StepFunctions::StateMachine',
        Properties: {
          Definition: {
            StartAt: 'Charge',
            States: {
              Charge: {
                Type: 'Task',
                Resource: 'arn:aws:states:::lambda:invoke',
                End: true,
                Retry: [{ ErrorEquals: ['Lambda.TooManyRequestsException'], MaxAttempts: 5, BackoffRate: 2 }],
                Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Refuse' }],
              },
              Refuse: { Type: 'Fail' },
            },
          },
        },
      },
      Failed: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          Namespace: 'AWS/States',
          MetricName: 'ExecutionsFailed',
          Dimensions: [{ Name: 'StateMachineArn', Value: { Ref: 'StateMachine' } }],
          Threshold: 1,
          ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        },
      },
      TimedOut: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          Namespace: 'AWS/States',
          MetricName: 'ExecutionsTimedOut',
          Dimensions: [{ Name: 'StateMachineArn', Value: { Ref: 'StateMachine' } }],
          Threshold: 1,
          ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        },
      },
    },
    broken: [
      { 'StateMachine.Properties.Definition.States.Charge.Retry': null },
      { 'StateMachine.Properties.Definition.States.Charge.Catch': null },
      { Failed: null },
      { TimedOut: null },
    ],
  },
  types: ['AWS::StepFunctions::StateMachine'],
  check: (machine, inventory) => {
    const tasks = statesOf(definitionOf(machine)).filter(({ state }) => state.Type === 'Task');
    return verdict([
      // What fails within a Parallel or Map state fails that state, whose Retry and Catch then hold for it.
      ...tasks.flatMap(({ name, state, around }) => [
        [...around, state].every(({ Retry }) => Retry === undefined) && `task ${name} has no Retry`,
        [...around, state].every(({ Catch }) => Catch === undefined) && `task ${name} has no Catch`,
      ]),
      ...['ExecutionsFailed', 'ExecutionsTimedOut'].map(
        (metric) => inventory.alarmsOn('AWS/States', metric, machine).length === 0 && `no alarm on ${metric}`,
      ),
    ]);
  },
};
