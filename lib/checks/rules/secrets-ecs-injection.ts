import { containersOf } from '../containers';
import type { Inventory } from '../inventory';
import { textOf } from '../literal-text';
import { type Rule, verdict } from '../rule';
import { CannotTell, isIntrinsic, type TemplateResource } from '../template-resource';

const RESOLVED = /\{\{resolve:(secretsmanager|ssm-secure):/;
/** Names of what no one should read, as opposed to the name or ARN of a secret. */
const SECRET_NAME = /(^|_)(PASSWORD|PASSWD|SECRET|SECRET_KEY|API_?KEY|PRIVATE_KEY|ACCESS_TOKEN)$/i;
/** `scheme://user:password@host`; Redis needs no user. */
const CREDENTIALS = /:\/\/[^:@/\s]*:[^@/\s]+@/;

function isSecret(task: TemplateResource, name: string, value: unknown, inventory: Inventory): boolean {
  if (RESOLVED.test(textOf(value)) || RESOLVED.test(JSON.stringify(value ?? ''))) return true;
  if (!SECRET_NAME.test(name)) return CREDENTIALS.test(textOf(value));
  if (!isIntrinsic(value)) return String(value ?? '') !== '';
  // The ARN or name of a resource is no secret; a parameter may be one.
  if (inventory.referent(task, value) !== undefined) return false;
  throw new CannotTell(`the value of ${name} is known only at deployment`);
}

/** ECS takes secrets by reference. */
export const secretsEcsInjection: Rule = {
  id: 'secrets-ecs-injection',
  types: ['AWS::ECS::TaskDefinition'],
  check: (task, inventory) =>
    verdict(
      containersOf(task).flatMap(({ Environment = [] }) =>
        Environment.map(
          ({ Name, Value }) =>
            isSecret(task, String(Name), Value, inventory) &&
            `Environment ${String(Name)} holds a secret that whoever sees the task can read; allowed: Secrets with ValueFrom`,
        ),
      ),
    ),
};
