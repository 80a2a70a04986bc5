import { numberOf } from '../../../template/template-resource';
import {
  containersOf,
  isBehindLoadBalancer,
  policiesOf,
  scalableTargetOf,
  taskOf,
  trackedMetric,
  tracking,
} from '../../containers';
import { notApplicable, type Rule, verdict } from '../../rule';

const REQUESTS = 'ALBRequestCountPerTarget';
/** What Application Auto Scaling waits when it is not told (AWS: target tracking, cooldown periods). */
const DEFAULT_COOLDOWN_SECONDS = 300;
const COOLDOWN_SECONDS = 60;

/** Slow task start means spare capacity and short scale-out cool-down. */
export const ecsProvisioningLeadTime: Rule = {
  id: 'ecs-provisioning-lead-time',
  types: ['AWS::ECS::Service'],
  check: (service, inventory) => {
    if (!isBehindLoadBalancer(service)) return notApplicable;
    const target = scalableTargetOf(service, inventory);
    const policies = target === undefined ? [] : policiesOf(target, inventory);
    const slow = policies
      .filter((policy) => policy.literal('PolicyType') === 'TargetTrackingScaling')
      .map((policy) => tracking(policy, 'ScaleOutCooldown') ?? DEFAULT_COOLDOWN_SECONDS)
      .filter((seconds) => seconds > COOLDOWN_SECONDS);
    const starts = containersOf(taskOf(service, inventory)).map(
      ({ HealthCheck }) => numberOf(HealthCheck?.StartPeriod, 'StartPeriod') ?? 1,
    );
    const grace = service.number('HealthCheckGracePeriodSeconds') ?? 0;
    const { strict } = inventory;
    return verdict([
      strict && target === undefined && 'its number of tasks is fixed; allowed: a scalable target',
      strict &&
        target !== undefined &&
        (target.number('MinCapacity') ?? 0) < 2 &&
        'MinCapacity is below 2: nothing serves while a task starts; allowed: at least 2',
      slow.length > 0 &&
        `it waits ${slow.join(', ')} s before it scales out again; allowed: ScaleOutCooldown of at most ${COOLDOWN_SECONDS} s`,
      strict &&
        target !== undefined &&
        !policies.some((policy) => trackedMetric(policy) === REQUESTS) &&
        `nothing scales it by requests, which grow before CPU does; allowed: a second policy on ${REQUESTS}`,
      grace < Math.max(...starts) &&
        `HealthCheckGracePeriodSeconds is ${grace}: tasks are killed while they start; allowed: at least ${Math.max(...starts)}, their start time`,
    ]);
  },
};
