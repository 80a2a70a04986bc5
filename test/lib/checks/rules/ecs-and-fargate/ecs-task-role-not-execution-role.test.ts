import { ecsTaskRoleNotExecutionRole } from '../../../../../lib/checks/rules/ecs-and-fargate/ecs-task-role-not-execution-role';
import { att, cases, type Literals, PARAMETER, role } from '../../literal-fixture';

const task: Literals = {
  Task: ['AWS::ECS::TaskDefinition', { TaskRoleArn: att('Run'), ExecutionRoleArn: att('Start') }],
  Run: role(),
  Start: role(),
};
const one = 'one role is both: the application may pull images';

cases(ecsTaskRoleNotExecutionRole, task, [
  ['compliant', 'there are two'],
  [
    'violation',
    'one is missing',
    { 'Task.TaskRoleArn': undefined },
    'TaskRoleArn is not set; allowed: a role of its own for each',
  ],
  ['violation', 'the other is', { 'Task.ExecutionRoleArn': undefined }, 'ExecutionRoleArn is not set'],
  [
    'violation',
    'both are',
    { 'Task.TaskRoleArn': undefined, 'Task.ExecutionRoleArn': undefined },
    'TaskRoleArn and ExecutionRoleArn is not set',
  ],
  ['violation', 'one is both', { 'Task.TaskRoleArn': att('Start') }, one],
  ['violation', 'one is both, said in two ways', { 'Task.TaskRoleArn': { 'Fn::GetAtt': 'Start.Arn' } }, one],
  ['violation', 'one of elsewhere is both', { 'Task.TaskRoleArn': 'theirs', 'Task.ExecutionRoleArn': 'theirs' }, one],
  ['violation', 'a parameter is both', { 'Task.TaskRoleArn': PARAMETER, 'Task.ExecutionRoleArn': PARAMETER }, one],
  ['compliant', 'two are elsewhere', { 'Task.TaskRoleArn': 'a', 'Task.ExecutionRoleArn': 'b' }],
]);
