import { textOf, UNKNOWN } from '../../../template/literal-text';
import { CannotTell, isIntrinsic } from '../../../template/template-resource';
import { compliant, mustHold, notApplicable, type Rule } from '../../rule';

/** AWS Lambda quotas: all environment variables together. */
const LIMIT_BYTES = 4096;
/** Longer than any name or ARN of a resource that CDK names itself. */
const LONGEST_NAME_BYTES = 256;

export const lambdaEnv4kb: Rule = {
  id: 'lambda-env-4kb',
  title: 'All variables of a function together take at most 4 KB',
  why: 'Lambda refuses a function with more than 4,096 bytes of variables: the deployment fails and rolls back, often because of one name more.',
  fix: 'Move long values into AWS::SSM::Parameter or AWS::SecretsManager::Secret, and leave their names in Environment.Variables.',
  severity: 'warning',
  profile: 'correctness',
  address: 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html',
  example: {
    fixed: {
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: { Environment: { Variables: { SETTINGS: 'x'.repeat(4081) } } },
      },
    },
    broken: [
      { 'Function.Properties.Environment.Variables.SETTINGS': 'x'.repeat(4082) },
      { 'Function.Properties.Environment.Variables.STAGE': 'production' },
    ],
  },
  types: ['AWS::Lambda::Function'],
  check: (fn) => {
    const variables = fn.literal('Environment.Variables');
    if (variables === undefined) return notApplicable;
    let references = 0;
    const text = JSON.stringify(variables, (_, value: unknown) => {
      if (!isIntrinsic(value)) return value;
      const parts = textOf(value).split(UNKNOWN);
      references += parts.length - 1;
      return parts.join('');
    });
    const bytes = Buffer.byteLength(text);
    if (bytes > LIMIT_BYTES)
      return mustHold(false, `the variables take ${bytes} bytes; allowed: at most ${LIMIT_BYTES}`);
    if (bytes + references * LONGEST_NAME_BYTES > LIMIT_BYTES) {
      throw new CannotTell(
        `${references} names known only at deployment may take the variables over ${LIMIT_BYTES} bytes`,
      );
    }
    return compliant;
  },
};
