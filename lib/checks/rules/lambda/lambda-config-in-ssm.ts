import { textOf, UNKNOWN } from '../../../template/literal-text';
import { notApplicable, type Rule, verdict } from '../../rule';

/** A name or a URL fits; a document does not. */
const DOCUMENT_BYTES = 512;

/** Larger configuration belongs in Parameter Store or Secrets Manager, not in env. */
export const lambdaConfigInSsm: Rule = {
  id: 'lambda-config-in-ssm',
  types: ['AWS::Lambda::Function'],
  check: (fn) => {
    const variables = fn.literal('Environment.Variables');
    if (variables === undefined) return notApplicable;
    return verdict(
      Object.entries(variables as Record<string, unknown>).map(([name, value]) => {
        // Names that only deployment knows stand within a document, too.
        const bytes = Buffer.byteLength(textOf(value).replaceAll(UNKNOWN, ''));
        return (
          bytes > DOCUMENT_BYTES &&
          `${name} holds ${bytes} bytes of configuration; allowed: the name of a parameter or secret`
        );
      }),
    );
  },
};
