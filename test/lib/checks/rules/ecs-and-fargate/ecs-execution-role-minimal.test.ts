import { ecsExecutionRoleMinimal } from '../../../../../lib/checks/rules/ecs-and-fargate/ecs-execution-role-minimal';
import { allow, att, type Case, cases, join, type Literals, role } from '../../literal-fixture';

const MANAGED = 'arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy';
const task: Literals = {
  Task: ['AWS::ECS::TaskDefinition', { ExecutionRoleArn: att('Start'), TaskRoleArn: att('Run') }],
  Start: role(allow('ecr:GetAuthorizationToken')),
  Run: role(allow('s3:GetObject')),
};
const start = (...actions: string[]) => ({ Start: role(allow(actions)) });
const run = (...actions: string[]) => ({ Run: role(allow(actions)) });
const managed = (id: string, arn: unknown) => ({ [id]: ['AWS::IAM::Role', { ManagedPolicyArns: [arn] }] as const });
const tooMuch = (actions: string) =>
  `the execution role may ${actions}; allowed: to pull the image, write the log and read`;
const pulls = (actions: string) => `the task role may ${actions}; allowed: nothing that pulls images`;

cases(ecsExecutionRoleMinimal, task, [
  ...[
    'ecr:GetDownloadUrlForLayer',
    'ecr:BatchGetImage',
    'ecr:BatchCheckLayerAvailability',
    'ecr-public:GetAuthorizationToken',
    'ecr-public:BatchCheckLayerAvailability',
    'sts:GetServiceBearerToken',
    'logs:CreateLogGroup',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
    'secretsmanager:GetSecretValue',
    'secretsmanager:DescribeSecret',
    'ssm:GetParameter',
    'ssm:GetParameters',
    'ssm:GetParameterHistory',
    'ssm:DescribeParameters',
    'kms:Decrypt',
    'kms:DescribeKey',
  ].flatMap((action): Case[] => [
    ['compliant', `ECS may ${action}`, start(action)],
    ['violation', `not more than ${action}`, start(`${action}*x`), tooMuch(`${action}*x`)],
    ['violation', `not what only ends in ${action}`, start(`x${action}`), tooMuch(`x${action}`)],
  ]),
  ...['ecr:PutImage', 'ecr:*', 'logs:*', 'kms:*', 'ssm:PutParameter', 's3:GetObject', '*'].map(
    (action): Case => ['violation', `ECS may ${action}`, start('kms:Decrypt', action), tooMuch(action)],
  ),
  ['violation', 'ECS may do two things more', start('a:B', 'c:D', 'a:B'), tooMuch('a:B, c:D')],
  ['compliant', 'ECS may not', { Start: role({ ...allow('s3:*'), Effect: 'Deny' }) }],
  ...['s3:GetObject', 's3:GetObject*', 's3:GetBucketLocation'].map(
    (action): Case => [
      'compliant',
      `ECS may ${action} for an environment file`,
      { ...start(action), 'Task.ContainerDefinitions': [{}, { EnvironmentFiles: [] }] },
    ],
  ),
  [
    'violation',
    'ECS may not write one',
    { ...start('s3:PutObject'), 'Task.ContainerDefinitions': [{ EnvironmentFiles: [] }] },
    tooMuch('s3:PutObject'),
  ],
  ['compliant', 'ECS has the managed policy', managed('Start', MANAGED)],
  [
    'compliant',
    'the partition is a parameter',
    managed(
      'Start',
      join('arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy'),
    ),
  ],
  [
    'violation',
    'ECS has another',
    managed('Start', 'arn:aws:iam::aws:policy/AdministratorAccess'),
    tooMuch('arn:aws:iam::aws:policy/AdministratorAccess'),
  ],
  ['violation', 'ECS has one with a longer name', managed('Start', `${MANAGED}V2`), tooMuch(`${MANAGED}V2`)],
  ...['ecr:BatchGetImage', 'ecr:*', '*'].map(
    (action): Case => ['violation', `the application may ${action}`, run(action), pulls(action)],
  ),
  ['compliant', 'the application may use another service', run('ecrx:Get', 's3:ecr:Get')],
  ['violation', 'the application has the managed policy', managed('Run', MANAGED), pulls(MANAGED)],
  ['compliant', 'the application has another', managed('Run', 'arn:aws:iam::aws:policy/ReadOnlyAccess')],
  ['violation', 'both are too wide', { ...start('s3:*'), ...run('*') }, [tooMuch('s3:*'), pulls('*')]],
  ['compliant', 'ECS has no role', { 'Task.ExecutionRoleArn': undefined }],
  ['compliant', 'the application has none', { 'Task.TaskRoleArn': undefined }],
  [
    'violation',
    'the application has none, and ECS too much',
    { ...start('s3:*'), 'Task.TaskRoleArn': undefined },
    tooMuch('s3:*'),
  ],
  ['not-applicable', 'one role is both', { ...start('s3:*'), 'Task.TaskRoleArn': att('Start') }],
  ['not-applicable', 'there is none', { 'Task.TaskRoleArn': undefined, 'Task.ExecutionRoleArn': undefined }],
  ['cannot-tell', 'a role is elsewhere', { 'Task.ExecutionRoleArn': 'theirs' }],
]);
const files = { 'Task.ContainerDefinitions': [{ EnvironmentFiles: [] }] };
cases(ecsExecutionRoleMinimal, task, [
  ...['xs3:GetObject', 's3:GetObjectAcl'].map(
    (action): Case => ['violation', `ECS may not ${action}`, { ...start(action), ...files }, tooMuch(action)],
  ),
]);
