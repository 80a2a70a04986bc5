import { policiesOf } from '../../containers';
import { notApplicable, type Rule, verdict } from '../../rule';

export const ecsTargetTracking: Rule = {
  id: 'ecs-target-tracking',
  title: 'A service scales by target tracking, and not by step policies',
  why: 'Steps are right for the load that they were made for: beyond it, they add too few tasks or swing up and down. Target tracking works out how many tasks keep the metric at its target.',
  fix: 'Set PolicyType to TargetTrackingScaling on the scaling policies of the service (scaleOnCpuUtilization and scaleOnRequestCount in the CDK).',
  severity: 'advice',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-autoscaling-targettracking.html',
  example: {
    fixed: {
      Scaling: {
        Type: 'AWS::ApplicationAutoScaling::ScalableTarget',
        Properties: { ServiceNamespace: 'ecs', ResourceId: 'service/shop/api', MinCapacity: 2, MaxCapacity: 20 },
      },
      Cpu: {
        Type: 'AWS::ApplicationAutoScaling::ScalingPolicy',
        Properties: {
          PolicyType: 'TargetTrackingScaling',
          ScalingTargetId: { Ref: 'Scaling' },
          TargetTrackingScalingPolicyConfiguration: {
            PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
            TargetValue: 40,
          },
        },
      },
    },
    broken: [
      { Cpu: null },
      { 'Cpu.Properties.PolicyType': 'StepScaling' },
      {
        Steps: {
          Type: 'AWS::ApplicationAutoScaling::ScalingPolicy',
          Properties: { PolicyType: 'StepScaling', ScalingTargetId: { Ref: 'Scaling' } },
        },
      },
    ],
  },
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
