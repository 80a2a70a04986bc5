import { lambdaAsyncFailureDestination } from '../../../../../lib/checks/rules/lambda/lambda-async-failure-destination';
import { att, cases, type Literals, ref } from '../../literal-fixture';

const fn: Literals = {
  Fn: ['AWS::Lambda::Function', {}],
  Topic: ['AWS::SNS::Subscription', { Endpoint: att('Fn') }],
  Config: [
    'AWS::Lambda::EventInvokeConfig',
    { FunctionName: ref('Fn'), DestinationConfig: { OnFailure: { Destination: 'arn' } } },
  ],
};
const says = 'events that fail three times vanish; allowed: an OnFailure destination or a dead-letter queue';

cases(lambdaAsyncFailureDestination, fn, [
  ['compliant', 'what fails is kept'],
  ['violation', 'it is not', { Config: undefined }, says],
  ['violation', 'what succeeds is', { 'Config.DestinationConfig': { OnSuccess: { Destination: 'arn' } } }, says],
  ['violation', 'that of another is', { 'Config.FunctionName': 'other' }, says],
  ['compliant', 'it has a dead-letter queue', { Config: undefined, 'Fn.DeadLetterConfig.TargetArn': 'arn' }],
  ['not-applicable', 'nobody invokes it so', { Topic: undefined, Config: undefined }],
]);
