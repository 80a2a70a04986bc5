import type { TemplateResource } from '../../../template/template-resource';
import type { Inventory } from '../../inventory';
import { type Rule, verdict } from '../../rule';

function isSameRole(task: TemplateResource, inventory: Inventory): boolean {
  const [role, execution] = [task.get('TaskRoleArn'), task.get('ExecutionRoleArn')];
  const found = inventory.referent(task, role);
  if (found !== undefined && found === inventory.referent(task, execution)) return true;
  return JSON.stringify(role) === JSON.stringify(execution);
}

/** Execution role pulls images and writes logs; task role is what the app uses; mixing them breaks or over-grants. */
export const ecsTaskRoleNotExecutionRole: Rule = {
  id: 'ecs-task-role-not-execution-role',
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
