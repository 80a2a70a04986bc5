import { textOf, UNKNOWN } from '../../../template/literal-text';
import { CannotTell, isIntrinsic } from '../../../template/template-resource';
import { compliant, mustHold, notApplicable, type Rule } from '../../rule';

/** AWS Lambda quotas: all environment variables together. */
const LIMIT_BYTES = 4096;
/** Longer than any name or ARN of a resource that CDK names itself. */
const LONGEST_NAME_BYTES = 256;

/** All environment variables together must stay under 4 KB. */
export const lambdaEnv4kb: Rule = {
  id: 'lambda-env-4kb',
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
