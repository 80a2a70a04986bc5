import { SERVICE_LINKED_ROLES, type ServiceLinkedRole } from '../../../facts/service-linked-roles';
import { CannotTell, type TemplateResource } from '../../../template/template-resource';
import { type Answer, type Aws, type Check, cannotTell, ok, willFail } from '../question';

/**
 * Roles that a service makes at its first use, and assumes at once, before IAM knows them everywhere: the first resource fails
 * (cloudformation-coverage-roadmap issue 818; 1Password/scim-examples issue 356).
 */
const MADE_TOO_LATE: ReadonlySet<string> = new Set(['AWSServiceRoleForECS']);

/** Whether the roles are there that services make at their first use in an account. */
export const serviceLinkedRoles: Check = {
  id: 'service-linked-role',
  questions: (place) =>
    SERVICE_LINKED_ROLES.flatMap((role) => {
      const resources = place.ofType(...role.resourceTypes).filter((each) => needs(each, role));
      return resources.length === 0 ? [] : [{ subject: role.role, resources, ask: (aws) => looked(aws, role) }];
    }),
};

/** Whether a resource is what the role is for; what only deployment knows counts as if it were. */
function needs(resource: TemplateResource, { when }: ServiceLinkedRole): boolean {
  try {
    return when === undefined || resource.literal(when.property) === when.value;
  } catch (error) {
    if (error instanceof CannotTell) return true;
    throw error;
  }
}

async function looked(aws: Aws, { role, service }: ServiceLinkedRole): Promise<Answer> {
  try {
    await aws.call('iam:GetRole', { RoleName: role });
    return ok('it exists');
  } catch (error) {
    if (!(error instanceof Error) || !/^NoSuchEntity/.test(error.name)) throw error;
    const command = `aws iam create-service-linked-role --aws-service-name ${service}`;
    if (MADE_TOO_LATE.has(role)) {
      const reason =
        'The role does not exist. The service makes it and assumes it at once, before IAM knows it everywhere: "Unable to assume the ' +
        'service linked role"';
      return willFail(reason, command);
    }
    return cannotTell(
      'The role does not exist. The service makes it, if whoever deploys has iam:CreateServiceLinkedRole',
      command,
    );
  }
}
