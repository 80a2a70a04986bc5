import { notApplicable, type Rule, verdict } from '../rule';

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
      Object.entries(variables as Record<string, unknown>).map(
        ([name, value]) =>
          typeof value === 'string' &&
          Buffer.byteLength(value) > DOCUMENT_BYTES &&
          `${name} holds ${Buffer.byteLength(value)} bytes of configuration; allowed: the name of a parameter or secret`,
      ),
    );
  },
};
