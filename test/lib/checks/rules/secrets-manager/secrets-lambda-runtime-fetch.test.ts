import { secretsLambdaRuntimeFetch } from '../../../../../lib/checks/rules/secrets-manager/secrets-lambda-runtime-fetch';
import { cases, join, type Literals, ref } from '../../literal-fixture';

const fn = (value: unknown): Literals => ({
  Fn: ['AWS::Lambda::Function', { Environment: { Variables: { LOGIN: value } } }],
});
const says = 'a secret is resolved into a variable at deployment, in plain text; allowed: its name';

cases(secretsLambdaRuntimeFetch, fn('name'), [
  ['compliant', 'it has the name of a secret'],
  ['violation', 'it has the secret', fn('{{resolve:secretsmanager:a}}'), says],
  ['violation', 'a part of it is', fn(join('{{resolve:secretsmanager:', ref('Secret'), '}}')), says],
  ['compliant', 'it has a parameter', fn('{{resolve:ssm:a}}')],
  ['compliant', 'it has no variable', { 'Fn.Environment': undefined }],
]);
