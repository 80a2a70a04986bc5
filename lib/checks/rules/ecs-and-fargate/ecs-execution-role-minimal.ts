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

/** The execution role carries no application permissions and the task role carries no image-pull permissions. */
export const ecsExecutionRoleMinimal: Rule = {
  id: 'ecs-execution-role-minimal',
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
