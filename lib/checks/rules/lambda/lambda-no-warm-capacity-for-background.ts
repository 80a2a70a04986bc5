import { compliant, mustHold, type Rule } from '../../rule';

/** Background consumers do not care about cold starts, so do not pay for warm capacity there. */
export const lambdaNoWarmCapacityForBackground: Rule = {
  id: 'lambda-no-warm-capacity-for-background',
  types: ['AWS::Lambda::Alias'],
  check: (alias, inventory) => {
    const warm = alias.number('ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions') ?? 0;
    if (warm === 0) return compliant;
    const fn = inventory.functionBehind(alias, alias.get('FunctionName'));
    const background = inventory.mappingsOf(fn).length > 0 && inventory.integrationsOf(fn).length === 0;
    return mustHold(!background, `${warm} provisioned for a background consumer; allowed: none`);
  },
};
