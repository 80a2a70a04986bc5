import { isDeploymentHelper, notApplicable, type Rule, verdict } from '../../rule';

/** One runaway function can starve the regional pool, so critical functions need reserved concurrency. */
export const lambdaReservedConcurrencyIsolation: Rule = {
  id: 'lambda-reserved-concurrency-isolation',
  types: ['AWS::Lambda::Function'],
  check: (fn, inventory) => {
    if (isDeploymentHelper(fn)) return notApplicable;
    const reserved = fn.has('ReservedConcurrentExecutions');
    const behindApi = inventory.integrationsOf(fn).length > 0;
    const unbounded = inventory.mappingsOf(fn).filter((mapping) => {
      const source = inventory.referent(mapping, mapping.get('EventSourceArn'));
      return source?.type === 'AWS::SQS::Queue' && !mapping.has('ScalingConfig.MaximumConcurrency');
    });
    if (!behindApi && inventory.mappingsOf(fn).length === 0) return notApplicable;
    return verdict([
      behindApi && !reserved && 'ReservedConcurrentExecutions is not set behind an API',
      unbounded.length > 0 &&
        !reserved &&
        'neither ReservedConcurrentExecutions nor MaximumConcurrency bounds a queue consumer',
    ]);
  },
};
