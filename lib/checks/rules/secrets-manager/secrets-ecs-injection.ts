import { textOf } from '../../../template/literal-text';
import { CannotTell, isIntrinsic, mapsOf, type TemplateResource } from '../../../template/template-resource';
import { containersOf } from '../../containers';
import type { Inventory } from '../../inventory';
import { type Rule, verdict } from '../../rule';

const RESOLVED = /\{\{resolve:(secretsmanager|ssm-secure):/;
/** Names of what no one should read, as opposed to the name or ARN of a secret. */
const SECRET_NAME = /(^|_)(PASSWORD|PASSWD|SECRET|SECRET_KEY|API_?KEY|PRIVATE_KEY|ACCESS_TOKEN)$/i;
/** `scheme://user:password@host`; Redis needs no user. */
const CREDENTIALS = /:\/\/[^:@/\s]*:[^@/\s]+@/;

function isSecret(task: TemplateResource, name: string, value: unknown, inventory: Inventory): boolean {
  if (RESOLVED.test(textOf(value)) || RESOLVED.test(JSON.stringify(value ?? ''))) return true;
  if (!SECRET_NAME.test(name)) return CREDENTIALS.test(textOf(value));
  if (!isIntrinsic(value)) return String(value ?? '') !== '';
  // The ARN or name of a resource is no secret; a parameter may be one.
  if (inventory.referent(task, value) !== undefined) return false;
  throw new CannotTell(`the value of ${name} is known only at deployment`);
}

export const secretsEcsInjection: Rule = {
  id: 'secrets-ecs-injection',
  title: 'A container gets its secrets by reference, and not in its environment',
  why: 'What stands in Environment is plain text: everyone who may look at the task definition reads the password, in every old revision too.',
  fix: 'Move the variable from Environment to Secrets, with the ARN of the secret in ValueFrom. In the CDK, secrets: { DB_PASSWORD: Secret.fromSecretsManager(secret) }.',
  severity: 'error',
  profile: 'security',
  address: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html',
  example: {
    fixed: {
      Task: {
        Type: 'AWS::ECS::TaskDefinition',
        Properties: {
          ContainerDefinitions: [
            {
              Name: 'web',
              Environment: [{ Name: 'DB_HOST', Value: 'db.internal' }],
              Secrets: [{ Name: 'DB_PASSWORD', ValueFrom: { Ref: 'Secret' } }],
            },
          ],
        },
      },
      Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { GenerateSecretString: { PasswordLength: 32 } } },
    },
    broken: [
      { 'Task.Properties.ContainerDefinitions.0.Environment.0': { Name: 'DB_PASSWORD', Value: 'correct-horse' } },
      {
        'Task.Properties.ContainerDefinitions.0.Environment.0': {
          Name: 'DB_LOGIN',
          Value: '{{resolve:secretsmanager:shop/db:SecretString:password}}',
        },
      },
      {
        'Task.Properties.ContainerDefinitions.0.Environment.0': {
          Name: 'DATABASE_URL',
          Value: 'postgres://app:correct-horse@db.internal/shop',
        },
      },
    ],
  },
  types: ['AWS::ECS::TaskDefinition'],
  check: (task, inventory) =>
    verdict(
      containersOf(task).flatMap(({ Environment }) =>
        mapsOf(Environment, 'Environment').map(
          ({ Name, Value }) =>
            isSecret(task, textOf(Name), Value, inventory) &&
            `Environment ${textOf(Name)} holds a secret that whoever sees the task can read; allowed: Secrets with ValueFrom`,
        ),
      ),
    ),
};
