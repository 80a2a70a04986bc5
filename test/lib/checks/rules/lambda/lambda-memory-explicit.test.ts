import { lambdaMemoryExplicit } from '../../../../../lib/checks/rules/lambda/lambda-memory-explicit';
import { bounds, cases, type Literals } from '../../literal-fixture';

const fn: Literals = { Fn: ['AWS::Lambda::Function', { MemorySize: 512, Timeout: 3 }] };

bounds(lambdaMemoryExplicit, fn, 'Fn.MemorySize', {
  min: 256,
  unset: 'violation',
  says: 'MB; allowed: 256 MB or more, stated',
});
cases(lambdaMemoryExplicit, fn, [
  ['violation', 'nothing is said', { 'Fn.MemorySize': undefined }, 'MemorySize is the default, 128 MB'],
  ['violation', 'no time is', { 'Fn.Timeout': undefined }, 'Timeout is the default, 3 s; allowed: any, stated'],
  ['not-applicable', 'CDK runs it', { 'Fn.MemorySize': undefined, 'Fn.Handler': 'framework.onEvent' }],
]);
