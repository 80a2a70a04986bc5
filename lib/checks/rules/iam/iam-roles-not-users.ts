import { mustHold, type Rule } from '../../rule';

/** Roles for workloads; no IAM users. */
export const iamRolesNotUsers: Rule = {
  id: 'iam-roles-not-users',
  types: ['AWS::IAM::User', 'AWS::IAM::AccessKey'],
  check: (identity) => mustHold(false, `${identity.type} in a template; allowed: roles`),
};
