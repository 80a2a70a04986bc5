import { mustHold, type Rule } from '../../rule';

export const secretsLambdaRuntimeFetch: Rule = {
  id: 'secrets-lambda-runtime-fetch',
  title: 'A function reads its secrets when it runs, and has their names alone in its variables',
  why: 'CloudFormation resolves the secret at deployment and writes it into the variable: everyone who may look at the function reads it, and it stays the old one after a rotation.',
  fix: 'Put the ARN of the secret into the variable, allow secretsmanager:GetSecretValue on it, and read and cache it in the code. In the CDK, secret.grantRead(fn).',
  severity: 'error',
  profile: 'security',
  address: 'https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets_lambda.html',
  example: {
    fixed: {
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: { Environment: { Variables: { DB_SECRET: { Ref: 'Secret' } } } },
      },
      Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { GenerateSecretString: { PasswordLength: 32 } } },
    },
    broken: [
      {
        'Function.Properties.Environment.Variables.DB_SECRET':
          '{{resolve:secretsmanager:shop/db:SecretString:password}}',
      },
      {
        'Function.Properties.Environment.Variables.DB_SECRET': {
          'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: 'Secret' }, ':SecretString:password}}']],
        },
      },
    ],
  },
  types: ['AWS::Lambda::Function'],
  check: (fn) => {
    const variables = JSON.stringify(fn.properties['Environment'] ?? {});
    return mustHold(
      !variables.includes('{{resolve:secretsmanager'),
      'a secret is resolved into a variable at deployment, in plain text; allowed: its name',
    );
  },
};
