import { isBehindLoadBalancer, policiesOf, scalableTargetOf, trackedMetric, tracking } from '../../containers';
import { notApplicable, type Rule, verdict } from '../../rule';

const CPU = 'ECSServiceAverageCPUUtilization';
/** Guide 56: a task takes 30 to 60 s to start. */
const TARGET_PERCENT = 40;

/** Tasks need 30-60 s to start, so scale early: CPU target around 40%. */
export const ecsScaleCpu40: Rule = {
  id: 'ecs-scale-cpu-40',
  types: ['AWS::ECS::Service'],
  check: (service, inventory) => {
    const target = scalableTargetOf(service, inventory);
    const policies = target === undefined ? [] : policiesOf(target, inventory);
    const targets = policies
      .filter((policy) => trackedMetric(policy) === CPU)
      .map((policy) => tracking(policy, 'TargetValue') ?? 100);
    // Work from a queue scales by its backlog, and development may run one task.
    if (targets.length === 0 && !(inventory.strict && isBehindLoadBalancer(service))) return notApplicable;
    return verdict([
      targets.length === 0 && `nothing scales it by CPU; allowed: target tracking at ${TARGET_PERCENT}% or less`,
      ...targets.map(
        (percent) =>
          percent > TARGET_PERCENT && `it scales at ${percent}% CPU, too late; allowed: ${TARGET_PERCENT}% or less`,
      ),
    ]);
  },
};
