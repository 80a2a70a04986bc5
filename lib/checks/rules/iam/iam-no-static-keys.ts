import { type Rule, verdict } from '../../rule';

export const iamNoStaticKeys: Rule = {
  id: 'iam-no-static-keys',
  title: 'No function or container holds an access key',
  why: 'An access key in a template is read by everyone who sees the template, the console or a copy of the code, and it works from anywhere until it is deleted.',
  fix: 'Delete the key, and give the function or the task a role: Role of AWS::Lambda::Function, TaskRoleArn of AWS::ECS::TaskDefinition.',
  severity: 'error',
  profile: 'security',
  address: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#bp-workloads-use-roles',
  example: {
    fixed: {
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Role: { 'Fn::GetAtt': ['FunctionRole', 'Arn'] },
          Environment: { Variables: { TABLE_NAME: 'orders' } },
        },
      },
      Task: {
        Type: 'AWS::ECS::TaskDefinition',
        Properties: {
          TaskRoleArn: { 'Fn::GetAtt': ['TaskRole', 'Arn'] },
          ContainerDefinitions: [{ Name: 'web', Environment: [{ Name: 'TABLE_NAME', Value: 'orders' }] }],
        },
      },
    },
    broken: [
      { 'Function.Properties.Environment.Variables.AWS_ACCESS_KEY_ID': { Ref: 'KeyId' } },
      { 'Function.Properties.Environment.Variables.AWS_SECRET_ACCESS_KEY': { Ref: 'SecretKey' } },
      { 'Function.Properties.Environment.Variables.UPLOAD_KEY': 'AKIAIOSFODNN7EXAMPLE' },
      {
        'Task.Properties.ContainerDefinitions.0.Environment.0': {
          Name: 'AWS_SECRET_ACCESS_KEY',
          Value: { Ref: 'SecretKey' },
        },
      },
    ],
  },
  types: ['AWS::Lambda::Function', 'AWS::ECS::TaskDefinition'],
  check: (workload) => {
    const text = JSON.stringify(workload.properties);
    return verdict([
      /AKIA[0-9A-Z]{16}/.test(text) && 'an access key id stands in its properties',
      /"AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY)"/.test(text) && 'a variable passes an access key',
    ]);
  },
};
