import { notApplicable, type Rule, verdict } from '../rule';

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
        const warm = target.number('ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions') ?? 0;
        // Development pays for no warm capacity; that the API goes through an alias is checked there too.
        return inventory.strict && warm < 1 && 'no provisioned concurrency behind an API; allowed: 1 or more';
      }),
    );
  },
};
