import { lambdaConcurrencyAlarm } from '../../../../../lib/checks/rules/lambda/lambda-concurrency-alarm';
import { alarm, att, cases, type Literals, ref } from '../../literal-fixture';

const fn: Literals = {
  Fn: ['AWS::Lambda::Function', {}],
  Throttles: alarm('AWS/Lambda', 'Throttles', ref('Fn')),
  Pool: alarm('AWS/Lambda', 'ConcurrentExecutions'),
};
const own = 'no alarm on Throttles of the function';
const pool = "no alarm on ConcurrentExecutions of the account's region";

cases(lambdaConcurrencyAlarm, fn, [
  ['compliant', 'both are watched'],
  ['violation', 'its throttles are not', { Throttles: undefined }, own],
  ['violation', 'those of another are', { 'Throttles.Dimensions.0.Value': 'other' }, own],
  ['violation', 'the pool is not', { Pool: undefined }, pool],
  ['violation', 'its own use is', { Pool: alarm('AWS/Lambda', 'ConcurrentExecutions', ref('Fn')) }, pool],
  ['compliant', 'the pool is not, in development', { Pool: undefined }, { strict: false }],
  ['violation', 'its throttles are not, in development', { Throttles: undefined }, own, { strict: false }],
  ['not-applicable', 'CDK runs it', { Throttles: undefined, 'Fn.Handler': 'framework.onEvent' }],
  [
    'not-applicable',
    'it makes a custom resource',
    { Throttles: undefined, It: ['Custom::It', { ServiceToken: att('Fn') }] },
  ],
]);
