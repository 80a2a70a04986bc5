import { SERVICE_LINKED_ROLES, type ServiceLinkedRole } from '../../../facts/service-linked-roles';
import { type Answer, type Aws, type Check, cannotTell, ok, willFail } from '../question';

/** Whether the roles are there that services make at their first use in an account. */
export const serviceLinkedRoles: Check = {
  id: 'service-linked-role',
  questions: (place) =>
    SERVICE_LINKED_ROLES.flatMap((role) => {
      const resources = place.ofType(...role.resourceTypes);
      return resources.length === 0 ? [] : [{ subject: role.role, resources, ask: (aws) => looked(aws, role) }];
    }),
};

async function looked(aws: Aws, { role, service, tooLate }: ServiceLinkedRole): Promise<Answer> {
  try {
    await aws.call('iam:GetRole', { RoleName: role });
    return ok('it exists');
  } catch (error) {
    if (!(error instanceof Error) || !/^NoSuchEntity/.test(error.name)) throw error;
    const command = `aws iam create-service-linked-role --aws-service-name ${service}`;
    if (tooLate !== undefined) return willFail(`The role does not exist. ${tooLate}`, command);
    return cannotTell(
      'The role does not exist. The service makes it, if whoever deploys has iam:CreateServiceLinkedRole',
      command,
    );
  }
}
