import { mustHold, type Rule } from '../../rule';

/** Lambda must read the secret at run time; an env var resolves to plain text at deploy. */
export const secretsLambdaRuntimeFetch: Rule = {
  id: 'secrets-lambda-runtime-fetch',
  types: ['AWS::Lambda::Function'],
  check: (fn) => {
    const variables = JSON.stringify(fn.properties['Environment'] ?? {});
    return mustHold(
      !variables.includes('{{resolve:secretsmanager'),
      'a secret is resolved into a variable at deployment, in plain text; allowed: its name',
    );
  },
};
