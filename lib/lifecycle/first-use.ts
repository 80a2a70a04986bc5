import { SERVICE_LINKED_ROLES, type ServiceLinkedRole } from '../facts/service-linked-roles';
import type { TemplateIndex } from '../template/template-index';
import type { TemplateResource } from '../template/template-resource';
import type { Check, Finding } from './finding';
import { byCount } from './wording';

const FIRST_USE: Pick<Check, 'check' | 'phase'> = { check: 'first-use-of-a-service', phase: 'create' };

/**
 * What AWS makes beside a template in an account that never used its services: roles, which IAM does not know everywhere at once.
 *
 * @param before what is deployed, whose services have theirs
 */
export function* rehearseFirstUse(index: TemplateIndex, before?: TemplateIndex): Generator<Finding> {
  const needed = SERVICE_LINKED_ROLES.filter((role) => before === undefined || usersOf(before, role).length === 0)
    .map((role) => ({ ...role, users: usersOf(index, role) }))
    .filter(({ users }) => users.length > 0);
  if (needed.length === 0) return;
  const roles = needed.map(({ role }) => role).join(', ');
  const commands = needed.map(({ service }) => `aws iam create-service-linked-role --aws-service-name ${service}`);
  yield {
    ...FIRST_USE,
    weight: 'notice',
    resources: [...new Set(needed.flatMap(({ users }) => users))],
    reason:
      `In an account that has never used ${byCount(needed, 'this service', 'these services')} AWS makes ` +
      `${byCount(needed, 'its service-linked role', 'their service-linked roles')} (${roles}), as far as who deploys has ` +
      'iam:CreateServiceLinkedRole. A role that is seconds old may be refused: "Unable to assume the service linked role"',
    fix:
      'If the first deployment fails so, deploy again, or make the role before. For one that is there the command says so, and ' +
      `changes nothing: ${commands.join('; ')}`,
    source: [...new Set(needed.map(({ source }) => source))].join('; '),
  };
}

/** Resources whose creation makes a role. A property that only deployment knows may be the one. */
function usersOf(index: TemplateIndex, { resourceTypes, when }: ServiceLinkedRole): readonly TemplateResource[] {
  return resourceTypes
    .flatMap((type) => index.ofType(type))
    .filter(({ properties }) => {
      const value = when === undefined ? undefined : properties[when.property];
      return when === undefined || typeof value !== 'string' || value === when.value;
    });
}
