import { isBehindLoadBalancer, policiesOf, scalableTargetOf, trackedMetric, tracking } from '../../containers';
import { notApplicable, type Rule, verdict } from '../../rule';

const CPU = 'ECSServiceAverageCPUUtilization';
/** Guide 56: a task takes 30 to 60 s to start. */
const TARGET_PERCENT = 40;

export const ecsScaleCpu40: Rule = {
  id: 'ecs-scale-cpu-40',
  title: 'A service behind a load balancer scales out at 40% CPU or less',
  why: 'A task takes 30 to 60 seconds to start, and load may double in that time. A service that scales at 70% is at its limit before the new task serves its first request.',
  fix: 'Add a target tracking policy on ECSServiceAverageCPUUtilization with a TargetValue of at most 40 (scaleOnCpuUtilization in the CDK).',
  severity: 'warning',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-autoscaling-targettracking.html',
  example: {
    fixed: {
      Service: {
        Type: 'AWS::ECS::Service',
        Properties: {
          LoadBalancers: [{ TargetGroupArn: { Ref: 'Targets' }, ContainerName: 'api', ContainerPort: 8080 }],
        },
      },
      Targets: { Type: 'AWS::ElasticLoadBalancingV2::TargetGroup' },
      Scaling: {
        Type: 'AWS::ApplicationAutoScaling::ScalableTarget',
        Properties: {
          ServiceNamespace: 'ecs',
          ResourceId: { 'Fn::Join': ['/', ['service', 'shop', { 'Fn::GetAtt': ['Service', 'Name'] }]] },
          MinCapacity: 2,
          MaxCapacity: 20,
        },
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
      { 'Cpu.Properties.TargetTrackingScalingPolicyConfiguration.TargetValue': 41 },
      {
        'Cpu.Properties.TargetTrackingScalingPolicyConfiguration.PredefinedMetricSpecification.PredefinedMetricType':
          'ECSServiceAverageMemoryUtilization',
      },
      { Cpu: null },
      { Scaling: null },
    ],
  },
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
