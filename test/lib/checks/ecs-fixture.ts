import { join, type Literal, type Literals, ref } from './literal-fixture';

/** Where a policy says how it tracks a target. */
export const TRACKING = 'TargetTrackingScalingPolicyConfiguration';
/** Where it says what. */
export const PREDEFINED = `${TRACKING}.PredefinedMetricSpecification.PredefinedMetricType`;

const policy = (PredefinedMetricType: string, TargetValue: number): Literal => [
  'AWS::ApplicationAutoScaling::ScalingPolicy',
  {
    PolicyType: 'TargetTrackingScaling',
    ScalingTargetId: ref('Target'),
    [TRACKING]: { PredefinedMetricSpecification: { PredefinedMetricType }, TargetValue, ScaleOutCooldown: 60 },
  },
];

/** What scales the service of {@link scaled}. */
export const TARGET: Literal = [
  'AWS::ApplicationAutoScaling::ScalableTarget',
  {
    ServiceNamespace: 'ecs',
    MinCapacity: 2,
    ResourceId: join('service/cluster/', { 'Fn::GetAtt': ['Service', 'Name'] }),
  },
];

/** A service behind a load balancer that scales by CPU and by requests. */
export const scaled: Literals = {
  Service: [
    'AWS::ECS::Service',
    {
      TaskDefinition: ref('Task'),
      LoadBalancers: [{ TargetGroupArn: 'arn' }],
      HealthCheckGracePeriodSeconds: 60,
      DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: true, Rollback: true } },
    },
  ],
  Task: [
    'AWS::ECS::TaskDefinition',
    {
      ContainerDefinitions: [{ Name: 'api', PortMappings: [{ ContainerPort: 80 }], HealthCheck: { StartPeriod: 30 } }],
    },
  ],
  Target: TARGET,
  Cpu: policy('ECSServiceAverageCPUUtilization', 40),
  Requests: policy('ALBRequestCountPerTarget', 500),
};
