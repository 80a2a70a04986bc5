import { lambdaConfigInSsm } from '../../../../../lib/checks/rules/lambda/lambda-config-in-ssm';
import { cases, join, type Literals, PARAMETER } from '../../literal-fixture';

const fn = (value: unknown): Literals => ({
  Fn: ['AWS::Lambda::Function', { Environment: { Variables: { TABLE: 'table', CONFIG: value } } }],
});
const says = (bytes: number) =>
  `CONFIG holds ${bytes} bytes of configuration; allowed: the name of a parameter or secret`;

cases(lambdaConfigInSsm, fn('x'.repeat(512)), [
  ['compliant', 'it is as long as a name'],
  ['violation', 'it is a byte longer', fn('x'.repeat(513)), says(513)],
  ['compliant', 'its letters take two bytes', fn('é'.repeat(256))],
  ['violation', 'they take two more', fn('é'.repeat(257)), says(514)],
  ['compliant', 'a parameter is it', fn(PARAMETER)],
  ['compliant', 'a name stands within', fn(join('x'.repeat(256), PARAMETER, 'x'.repeat(256)))],
  ['violation', 'a name stands within a document', fn(join('x'.repeat(256), PARAMETER, 'x'.repeat(257))), says(513)],
  ['not-applicable', 'it has no variable', { 'Fn.Environment': undefined }],
  ['cannot-tell', 'a parameter is all of them', { 'Fn.Environment': PARAMETER }],
]);
