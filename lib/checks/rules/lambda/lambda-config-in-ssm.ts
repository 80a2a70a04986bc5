import { textOf, UNKNOWN } from '../../../template/literal-text';
import { notApplicable, type Rule, verdict } from '../../rule';

/** A name or a URL fits; a document does not. */
const DOCUMENT_BYTES = 512;

export const lambdaConfigInSsm: Rule = {
  id: 'lambda-config-in-ssm',
  title: 'A variable of a function is at most 512 bytes long: a name, and not a document',
  why: 'A document in a variable is changed by a deployment alone, is seen by everyone who may look at the function, and uses up the 4 KB that all variables share.',
  fix: 'Put the document into AWS::SSM::Parameter or AWS::SecretsManager::Secret, its name into the variable, and read it when the function starts.',
  severity: 'advice',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html',
  example: {
    fixed: {
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: { Environment: { Variables: { ROUTES_PARAMETER: '/shop/routes', GREETING: 'x'.repeat(512) } } },
      },
    },
    broken: [
      { 'Function.Properties.Environment.Variables.GREETING': 'x'.repeat(513) },
      { 'Function.Properties.Environment.Variables.ROUTES_PARAMETER': 'x'.repeat(513) },
    ],
  },
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
