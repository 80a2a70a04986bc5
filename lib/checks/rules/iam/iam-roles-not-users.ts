import { mustHold, type Rule } from '../../rule';

export const iamRolesNotUsers: Rule = {
  id: 'iam-roles-not-users',
  title: 'Workloads have roles, and no template makes an IAM user or an access key',
  why: 'The access key of a user works until it is deleted, from wherever it was copied to. A role gives keys that end by themselves, after 12 hours at most.',
  fix: 'Replace AWS::IAM::User and AWS::IAM::AccessKey by an AWS::IAM::Role that the service may assume. Outside of AWS, use OpenID Connect or IAM Roles Anywhere.',
  severity: 'error',
  profile: 'security',
  address: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#bp-workloads-use-roles',
  example: {
    fixed: {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
          },
        },
      },
    },
    broken: [
      { User: { Type: 'AWS::IAM::User', Properties: { UserName: 'orders-service' } } },
      { Key: { Type: 'AWS::IAM::AccessKey', Properties: { UserName: 'orders-service' } } },
    ],
  },
  types: ['AWS::IAM::User', 'AWS::IAM::AccessKey'],
  check: (identity) => mustHold(false, `${identity.type} in a template; allowed: roles`),
};
