import type { TemplateResource } from '../../../template/template-resource';
import type { Inventory } from '../../inventory';
import { type Rule, verdict } from '../../rule';

function isSameRole(task: TemplateResource, inventory: Inventory): boolean {
  const [role, execution] = [task.get('TaskRoleArn'), task.get('ExecutionRoleArn')];
  const found = inventory.referent(task, role);
  if (found !== undefined && found === inventory.referent(task, execution)) return true;
  return JSON.stringify(role) === JSON.stringify(execution);
}

export const ecsTaskRoleNotExecutionRole: Rule = {
  id: 'ecs-task-role-not-execution-role',
  title: 'A task has a role for its application, and another one for ECS to start it',
  why: 'With one role for both, the application may pull images and read every secret of the task, and ECS may whatever the application may. Without one of them, a task does not start, or its code may call nothing.',
  fix: 'Set TaskRoleArn and ExecutionRoleArn to two roles (taskRole and executionRole in the CDK).',
  severity: 'warning',
  profile: 'security',
  address: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html',
  example: {
    fixed: {
      Task: {
        Type: 'AWS::ECS::TaskDefinition',
        Properties: {
          ExecutionRoleArn: { 'Fn::GetAtt': ['ExecutionRole', 'Arn'] },
          TaskRoleArn: { 'Fn::GetAtt': ['TaskRole', 'Arn'] },
        },
      },
      ExecutionRole: { Type: 'AWS::IAM::Role' },
      TaskRole: { Type: 'AWS::IAM::Role' },
    },
    broken: [
      { 'Task.Properties.TaskRoleArn': null },
      { 'Task.Properties.ExecutionRoleArn': null },
      { 'Task.Properties.TaskRoleArn': { 'Fn::GetAtt': ['ExecutionRole', 'Arn'] } },
    ],
  },
  types: ['AWS::ECS::TaskDefinition'],
  check: (task, inventory) => {
    const missing = ['TaskRoleArn', 'ExecutionRoleArn'].filter((property) => !task.has(property));
    return verdict([
      missing.length > 0 && `${missing.join(' and ')} is not set; allowed: a role of its own for each`,
      missing.length === 0 &&
        isSameRole(task, inventory) &&
        'one role is both: the application may pull images, and ECS what the application may; allowed: two roles',
    ]);
  },
};
