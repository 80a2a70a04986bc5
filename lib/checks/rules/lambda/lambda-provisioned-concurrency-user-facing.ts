import type { TemplateResource } from '../../../template/template-resource';
import type { Inventory } from '../../inventory';
import { notApplicable, type Rule, verdict } from '../../rule';

/** Executions that are kept warm behind an alias, at least: a fixed number, or what scales it. */
function warm(alias: TemplateResource, inventory: Inventory): number {
  const scaled = inventory
    .ofType('AWS::ApplicationAutoScaling::ScalableTarget')
    .filter((target) => target.literal('ServiceNamespace') === 'lambda')
    .find((target) => inventory.mentions(target, target.get('ResourceId'), alias));
  return (
    scaled?.number('MinCapacity') ?? alias.number('ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions') ?? 0
  );
}

export const lambdaProvisionedConcurrencyUserFacing: Rule = {
  id: 'lambda-provisioned-concurrency-user-facing',
  title: 'An API invokes an alias of its function, with provisioned concurrency behind it',
  why: 'A request that meets no idle copy of the function waits for a cold start: from 100 ms up to some seconds. Without an alias there is no such capacity, and no way back to the last version.',
  fix: 'Point the integration at an AWS::Lambda::Alias, and set ProvisionedConcurrencyConfig of the alias, or scale it by AWS::ApplicationAutoScaling::ScalableTarget.',
  severity: 'advice',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html',
  example: {
    fixed: {
      Integration: {
        Type: 'AWS::ApiGatewayV2::Integration',
        Properties: {
          ApiId: { Ref: 'Api' },
          IntegrationType: 'AWS_PROXY',
          IntegrationUri: { Ref: 'Live' },
          PayloadFormatVersion: '2.0',
        },
      },
      Live: {
        Type: 'AWS::Lambda::Alias',
        Properties: {
          FunctionName: { Ref: 'Function' },
          FunctionVersion: { 'Fn::GetAtt': ['Version', 'Version'] },
          Name: 'live',
          ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 1 },
        },
      },
      Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Function' } } },
      Function: { Type: 'AWS::Lambda::Function', Properties: { Timeout: 10 } },
    },
    broken: [
      { 'Live.Properties.ProvisionedConcurrencyConfig': null },
      { 'Integration.Properties.IntegrationUri': { 'Fn::GetAtt': ['Function', 'Arn'] } },
    ],
  },
  types: ['AWS::Lambda::Function'],
  check: (fn, inventory) => {
    const integrations = inventory.integrationsOf(fn);
    if (integrations.length === 0) return notApplicable;
    return verdict(
      integrations.map(({ target }) => {
        if (target.type !== 'AWS::Lambda::Alias') return 'an API invokes $LATEST; allowed: an alias';
        // Development pays for no warm capacity; that the API goes through an alias is checked there too.
        return (
          inventory.strict &&
          warm(target, inventory) < 1 &&
          'no provisioned concurrency behind an API; allowed: 1 or more'
        );
      }),
    );
  },
};
