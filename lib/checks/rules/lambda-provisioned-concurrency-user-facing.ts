import type { Inventory } from '../inventory';
import { notApplicable, type Rule, verdict } from '../rule';
import type { TemplateResource } from '../template-resource';

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

/** User-facing latency-sensitive functions need provisioned concurrency to hide cold starts. */
export const lambdaProvisionedConcurrencyUserFacing: Rule = {
  id: 'lambda-provisioned-concurrency-user-facing',
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
