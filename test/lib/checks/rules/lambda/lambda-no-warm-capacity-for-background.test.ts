import { lambdaNoWarmCapacityForBackground } from '../../../../../lib/checks/rules/lambda/lambda-no-warm-capacity-for-background';
import { bounds, cases, type Literals, ref } from '../../literal-fixture';

const WARM = 'Alias.ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions';
const alias: Literals = {
  Alias: ['AWS::Lambda::Alias', { FunctionName: ref('Fn') }],
  Fn: ['AWS::Lambda::Function', {}],
  Mapping: ['AWS::Lambda::EventSourceMapping', { FunctionName: ref('Alias') }],
};

bounds(lambdaNoWarmCapacityForBackground, alias, WARM, {
  max: 0,
  unset: 'compliant',
  says: 'provisioned for a background consumer; allowed: none',
});
cases(lambdaNoWarmCapacityForBackground, alias, [
  [
    'compliant',
    'an API asks it, too',
    { [WARM]: 1, Route: ['AWS::ApiGatewayV2::Integration', { IntegrationUri: ref('Alias') }] },
  ],
  ['compliant', 'it reads nothing', { [WARM]: 1, Mapping: undefined }],
  ['cannot-tell', 'the function is elsewhere', { [WARM]: 1, 'Alias.FunctionName': 'theirs' }],
]);
