import { textOf } from '../../../template/literal-text';
import type { TemplateResource } from '../../../template/template-resource';
import { containersOf } from '../../containers';
import type { Inventory } from '../../inventory';
import { notApplicable, type Rule, verdict } from '../../rule';

/** What starting a task takes: its image, its log, its secrets (AWS: ECS task execution IAM role). */
const STARTING = [
  /^ecr:(Get\w*|BatchGet\w*|BatchCheck\w*)$/,
  /^ecr-public:(Get|Batch)\w*$/,
  /^sts:GetServiceBearerToken$/,
  /^logs:(CreateLogGroup|CreateLogStream|PutLogEvents)$/,
  /^secretsmanager:(GetSecretValue|DescribeSecret)$/,
  /^ssm:(GetParameters?|GetParameterHistory|DescribeParameters)$/,
  /^kms:(Decrypt|DescribeKey)$/,
];
/** Environment files are fetched from S3, too. */
const ENVIRONMENT_FILES = /^s3:(GetObject\*?|GetBucketLocation)$/;
const MANAGED = /policy\/service-role\/AmazonECSTaskExecutionRolePolicy$/;
const PULLING = /^(\*|ecr:.*)$/;

function allowedTo(role: TemplateResource, inventory: Inventory): readonly string[] {
  const allowed = inventory.statementsOf(role).filter(({ effect }) => effect === 'Allow');
  return [...new Set(allowed.flatMap(({ actions }) => actions))];
}

const managedPoliciesOf = (role: TemplateResource) => role.list('ManagedPolicyArns').map(textOf);

export const ecsExecutionRoleMinimal: Rule = {
  id: 'ecs-execution-role-minimal',
  title: 'The execution role starts tasks and does nothing else, and the task role pulls no images',
  why: 'ECS itself uses the execution role, for each task that names it. What it may beyond the image, the log and the secrets is open to whoever may register a task; a task role that may pull images hands all your code to an attacker in one container.',
  fix: 'Attach AmazonECSTaskExecutionRolePolicy and the secrets to the execution role, move everything else to the task role, and take ecr: actions out of that.',
  severity: 'warning',
  profile: 'security',
  address: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html',
  example: {
    fixed: {
      Task: {
        Type: 'AWS::ECS::TaskDefinition',
        Properties: {
          ExecutionRoleArn: { 'Fn::GetAtt': ['ExecutionRole', 'Arn'] },
          TaskRoleArn: { 'Fn::GetAtt': ['TaskRole', 'Arn'] },
        },
      },
      ExecutionRole: {
        Type: 'AWS::IAM::Role',
        Properties: {
          ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy'],
          Policies: [
            {
              PolicyName: 'secrets',
              PolicyDocument: {
                Statement: [
                  {
                    Effect: 'Allow',
                    Action: ['secretsmanager:GetSecretValue'],
                    Resource: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:password-AbCdEf',
                  },
                ],
              },
            },
          ],
        },
      },
      TaskRole: {
        Type: 'AWS::IAM::Role',
        Properties: {
          Policies: [
            {
              PolicyName: 'uploads',
              PolicyDocument: {
                Statement: [{ Effect: 'Allow', Action: ['s3:GetObject'], Resource: 'arn:aws:s3:::uploads/*' }],
              },
            },
          ],
        },
      },
    },
    broken: [
      { 'ExecutionRole.Properties.Policies.0.PolicyDocument.Statement.0.Action.1': 's3:GetObject' },
      { 'ExecutionRole.Properties.Policies.0.PolicyDocument.Statement.0.Action': 'secretsmanager:*' },
      { 'ExecutionRole.Properties.ManagedPolicyArns.1': 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess' },
      { 'TaskRole.Properties.Policies.0.PolicyDocument.Statement.0.Action.1': 'ecr:BatchGetImage' },
      {
        'TaskRole.Properties.ManagedPolicyArns': [
          'arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy',
        ],
      },
    ],
  },
  types: ['AWS::ECS::TaskDefinition'],
  check: (task, inventory) => {
    const [execution, application] = ['ExecutionRoleArn', 'TaskRoleArn'].map((property) =>
      task.has(property) ? inventory.mustFind(task, task.get(property), `the role of ${property}`) : undefined,
    );
    // That one of them is missing, or both are one, is the matter of ecs-task-role-not-execution-role.
    if (execution === application) return notApplicable;
    const files = containersOf(task).some((container) => 'EnvironmentFiles' in container);
    const starting = files ? [...STARTING, ENVIRONMENT_FILES] : STARTING;
    const beyond = execution === undefined ? [] : allowedTo(execution, inventory);
    const tooMuch = [
      ...beyond.filter((action) => !starting.some((pattern) => pattern.test(action))),
      ...(execution === undefined ? [] : managedPoliciesOf(execution).filter((arn) => !MANAGED.test(arn))),
    ];
    const pulls =
      application === undefined
        ? []
        : [
            ...allowedTo(application, inventory).filter((action) => PULLING.test(action)),
            ...managedPoliciesOf(application).filter((arn) => MANAGED.test(arn)),
          ];
    return verdict([
      tooMuch.length > 0 &&
        `the execution role may ${tooMuch.join(', ')}; allowed: to pull the image, write the log and read the secrets`,
      pulls.length > 0 && `the task role may ${pulls.join(', ')}; allowed: nothing that pulls images`,
    ]);
  },
};
