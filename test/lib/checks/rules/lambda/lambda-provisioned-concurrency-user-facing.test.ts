import { lambdaProvisionedConcurrencyUserFacing } from '../../../../../lib/checks/rules/lambda/lambda-provisioned-concurrency-user-facing';
import { att, bounds, cases, join, type Literals, ref } from '../../literal-fixture';

const WARM = 'Alias.ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions';
const fn: Literals = {
  Fn: ['AWS::Lambda::Function', {}],
  Alias: ['AWS::Lambda::Alias', { FunctionName: ref('Fn') }],
  Route: ['AWS::ApiGatewayV2::Integration', { IntegrationUri: ref('Alias') }],
};
const scaled: Literals = {
  ...fn,
  Target: [
    'AWS::ApplicationAutoScaling::ScalableTarget',
    { ServiceNamespace: 'lambda', MinCapacity: 1, ResourceId: join('function:', ref('Alias')) },
  ],
};
const cold = 'no provisioned concurrency behind an API; allowed: 1 or more';
const latest = 'an API invokes $LATEST; allowed: an alias';

bounds(lambdaProvisionedConcurrencyUserFacing, fn, WARM, { min: 1, unset: 'violation', says: cold, named: false });
bounds(lambdaProvisionedConcurrencyUserFacing, scaled, 'Target.MinCapacity', {
  min: 1,
  unset: 'violation',
  says: cold,
  named: false,
});
cases(lambdaProvisionedConcurrencyUserFacing, scaled, [
  ['compliant', 'it is kept warm'],
  ['violation', 'another is', { 'Target.ResourceId': 'other' }, cold],
  ['violation', 'something else is scaled', { 'Target.ServiceNamespace': 'ecs' }, cold],
  ['violation', 'what is scaled is less than what is fixed', { 'Target.MinCapacity': 0, [WARM]: 5 }, cold],
  ['compliant', 'in development', { Target: undefined }, { strict: false }],
  ['violation', 'an API goes around the alias', { 'Route.IntegrationUri': att('Fn') }, latest, { strict: false }],
  ['not-applicable', 'no API asks it', { Route: undefined }],
]);
