import { secretsEcsInjection } from '../../../../../lib/checks/rules/secrets-manager/secrets-ecs-injection';
import { type Case, cases, join, type Literals, PARAMETER, ref } from '../../literal-fixture';

const task = (Name: string, Value: unknown): Literals => ({
  Task: [
    'AWS::ECS::TaskDefinition',
    {
      ContainerDefinitions: [
        {},
        {
          Environment: [
            { Name: 'STAGE', Value: 'prod' },
            { Name, Value },
          ],
        },
      ],
    },
  ],
  Secret: ['AWS::SecretsManager::Secret', {}],
});
const says = (name: string) =>
  `Environment ${name} holds a secret that whoever sees the task can read; allowed: Secrets with ValueFrom`;

cases(secretsEcsInjection, task('TABLE', 'table'), [
  ['compliant', 'it holds none'],
  ...[
    'PASSWORD',
    'DB_PASSWORD',
    'PASSWD',
    'SECRET',
    'JWT_SECRET',
    'SECRET_KEY',
    'API_KEY',
    'APIKEY',
    'PRIVATE_KEY',
    'ACCESS_TOKEN',
    'db_password',
  ].flatMap((name): Case[] => [
    ['violation', `${name} is a text`, task(name, 'a'), says(name)],
    ['compliant', `${name} is empty`, task(name, '')],
    ['compliant', `${name} is not set`, task(name, undefined)],
    ['compliant', `${name} names a secret`, task(name, ref('Secret'))],
    ['cannot-tell', `${name} is a parameter`, task(name, PARAMETER)],
  ]),
  ...['SECRET_ARN', 'MYPASSWORD', 'PASSWORD_FILE', 'TOKEN'].map(
    (name): Case => ['compliant', `${name} is a text`, task(name, 'a')],
  ),
  ['violation', 'a secret is resolved into one', task('LOGIN', '{{resolve:secretsmanager:a}}'), says('LOGIN')],
  ['violation', 'a secure parameter is', task('LOGIN', '{{resolve:ssm-secure:a}}'), says('LOGIN')],
  ['compliant', 'a plain parameter is', task('LOGIN', '{{resolve:ssm:a}}')],
  [
    'violation',
    'one is made of parts',
    task('LOGIN', join('{{resolve:', 'secretsmanager:', ref('Secret'), '}}')),
    says('LOGIN'),
  ],
  [
    'violation',
    'one stands deep in it',
    task('LOGIN', { 'Fn::If': ['Prod', '{{resolve:secretsmanager:a}}', 'b'] }),
    says('LOGIN'),
  ],
  ['violation', 'a URL has a password', task('URL', 'postgres://me:pass@host/db'), says('URL')],
  ['violation', 'a URL has a password alone', task('URL', 'redis://:pass@host'), says('URL')],
  ['compliant', 'a URL has an empty one', task('URL', 'redis://me:@host')],
  ...['postgres://me@host/db', 'https://host:443/a@b', 'me:pass@host'].map(
    (url): Case => ['compliant', url, task('URL', url)],
  ),
  ['cannot-tell', 'a parameter is all of it', { 'Task.ContainerDefinitions': PARAMETER }],
]);
