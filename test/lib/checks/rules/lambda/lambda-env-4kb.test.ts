import { lambdaEnv4kb } from '../../../../../lib/checks/rules/lambda/lambda-env-4kb';
import { cases, join, type Literals, PARAMETER } from '../../literal-fixture';

const fn = (Variables: object): Literals => ({ Fn: ['AWS::Lambda::Function', { Environment: { Variables } }] });
/** Variables that take a number of bytes with their names and quotes. */
const sized = (bytes: number, of = 'x') => ({ A: of.repeat((bytes - '{"A":""}'.length) / Buffer.byteLength(of)) });

cases(lambdaEnv4kb, fn(sized(4096)), [
  ['compliant', 'they take 4 KB'],
  ['violation', 'they take a byte more', fn(sized(4097)), 'the variables take 4097 bytes; allowed: at most 4096'],
  ['compliant', 'letters take two bytes', fn(sized(4096, 'é'))],
  ['violation', 'letters take two more', fn(sized(4098, 'é')), 'take 4098 bytes'],
  // {"A":"...","B":""}: a name may take 256 bytes.
  ['compliant', 'a name fits in', fn({ ...sized(4096 - 256 - ',"B":""'.length), B: PARAMETER })],
  ['cannot-tell', 'a name may not', fn({ ...sized(4096 - 255 - ',"B":""'.length), B: PARAMETER })],
  ['compliant', 'two names fit in', fn({ ...sized(4096 - 512 - ',"B":""'.length), B: join(PARAMETER, PARAMETER) })],
  ['cannot-tell', 'two names may not', fn({ ...sized(4096 - 511 - ',"B":""'.length), B: join(PARAMETER, PARAMETER) })],
  ['violation', 'the text around a name is too long', fn({ A: join('x'.repeat(4096), PARAMETER) }), 'take 4104 bytes'],
  ['not-applicable', 'there are none', { 'Fn.Environment': undefined }],
  ['cannot-tell', 'a parameter is all of them', { 'Fn.Environment': PARAMETER }],
]);
