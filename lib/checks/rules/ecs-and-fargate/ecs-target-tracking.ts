import { policiesOf } from '../../containers';
import { notApplicable, type Rule, verdict } from '../../rule';

/** Use target tracking, not hand-made step policies. */
export const ecsTargetTracking: Rule = {
  id: 'ecs-target-tracking',
  types: ['AWS::ApplicationAutoScaling::ScalableTarget'],
  check: (target, inventory) => {
    if (target.literal('ServiceNamespace') !== 'ecs') return notApplicable;
    const types = policiesOf(target, inventory).map((policy) => policy.literal('PolicyType'));
    return verdict([
      !types.includes('TargetTrackingScaling') &&
        'no policy tracks a target; allowed: PolicyType TargetTrackingScaling',
      types.includes('StepScaling') && 'a policy scales by hand-made steps; allowed: TargetTrackingScaling alone',
    ]);
  },
};
