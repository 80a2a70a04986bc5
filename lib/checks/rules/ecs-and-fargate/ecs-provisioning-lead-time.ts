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

export const ecsProvisioningLeadTime: Rule = {
  id: 'ecs-provisioning-lead-time',
  title: 'A service behind a load balancer has spare tasks, scales out quickly and lets tasks start',
  why: 'A task takes 30 to 60 seconds to start. With one task, or 300 seconds between two steps of scaling, users wait or get errors for as long; and a task that is checked before it is up is killed and started forever.',
  fix: 'Set MinCapacity to at least 2, ScaleOutCooldown to at most 60, a second policy on ALBRequestCountPerTarget, and HealthCheckGracePeriodSeconds to at least the StartPeriod.',
  severity: 'warning',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-autoscaling-targettracking.html',
  example: {
    fixed: {
      Service: {
        Type: 'AWS::ECS::Service',
        Properties: {
          TaskDefinition: { Ref: 'Task' },
          LoadBalancers: [{ TargetGroupArn: { Ref: 'Targets' }, ContainerName: 'api', ContainerPort: 8080 }],
          HealthCheckGracePeriodSeconds: 30,
        },
      },
      Targets: { Type: 'AWS::ElasticLoadBalancingV2::TargetGroup' },
      Task: {
        Type: 'AWS::ECS::TaskDefinition',
        Properties: { ContainerDefinitions: [{ Name: 'api', HealthCheck: { StartPeriod: 30 } }] },
      },
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
            ScaleOutCooldown: 60,
          },
        },
      },
      Requests: {
        Type: 'AWS::ApplicationAutoScaling::ScalingPolicy',
        Properties: {
          PolicyType: 'TargetTrackingScaling',
          ScalingTargetId: { Ref: 'Scaling' },
          TargetTrackingScalingPolicyConfiguration: {
            PredefinedMetricSpecification: { PredefinedMetricType: 'ALBRequestCountPerTarget' },
            TargetValue: 500,
            ScaleOutCooldown: 60,
          },
        },
      },
    },
    broken: [
      { Scaling: null },
      { Requests: null },
      { 'Scaling.Properties.MinCapacity': 1 },
      { 'Cpu.Properties.TargetTrackingScalingPolicyConfiguration.ScaleOutCooldown': 61 },
      { 'Cpu.Properties.TargetTrackingScalingPolicyConfiguration.ScaleOutCooldown': null },
      { 'Service.Properties.HealthCheckGracePeriodSeconds': 29 },
      { 'Service.Properties.HealthCheckGracePeriodSeconds': null },
    ],
  },
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
