import { lambdaAsyncRetryBounds } from '../../../../../lib/checks/rules/lambda/lambda-async-retry-bounds';
import { att, cases, type Literals, ref } from '../../literal-fixture';

const fn: Literals = {
  Fn: ['AWS::Lambda::Function', {}],
  Topic: ['AWS::SNS::Subscription', { Endpoint: att('Fn') }],
  Config: [
    'AWS::Lambda::EventInvokeConfig',
    { FunctionName: ref('Fn'), MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
  ],
};
const says = 'MaximumRetryAttempts and MaximumEventAgeInSeconds are not both set';

cases(lambdaAsyncRetryBounds, fn, [
  ['compliant', 'both are set'],
  ['violation', 'attempts are not', { 'Config.MaximumRetryAttempts': undefined }, says],
  ['violation', 'the age is not', { 'Config.MaximumEventAgeInSeconds': undefined }, says],
  ['violation', 'those of another are', { 'Config.FunctionName': 'other' }, says],
  ['violation', 'nothing is', { Config: undefined }, says],
  ['not-applicable', 'nobody invokes it so', { Topic: undefined, Config: undefined }],
]);
