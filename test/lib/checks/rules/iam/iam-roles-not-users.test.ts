import { iamRolesNotUsers } from '../../../../../lib/checks/rules/iam/iam-roles-not-users';
import { cases, role } from '../../literal-fixture';

for (const type of ['AWS::IAM::User', 'AWS::IAM::AccessKey']) {
  cases(iamRolesNotUsers, { Identity: [type, {}] }, [
    ['violation', 'there is one', {}, `${type} in a template; allowed: roles`],
  ]);
}
cases(iamRolesNotUsers, { Role: role() }, [['not-applicable', 'it is a role']]);
