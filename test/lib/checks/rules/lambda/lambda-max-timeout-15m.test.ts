import { lambdaMaxTimeout15m } from '../../../../../lib/checks/rules/lambda/lambda-max-timeout-15m';
import { bounds, cases, type Literals } from '../../literal-fixture';

const fn: Literals = { Fn: ['AWS::Lambda::Function', {}] };

bounds(lambdaMaxTimeout15m, fn, 'Fn.Timeout', { min: 1, max: 900, unset: 'compliant', says: 's; allowed: 1 to 900 s' });
cases(lambdaMaxTimeout15m, fn, [
  ['not-applicable', 'it runs on machines of its own', { 'Fn.CapacityProviderConfig': {}, 'Fn.Timeout': 3600 }],
]);
