import type { CatalogueRow } from '../catalogue-row';

/** ECS and Fargate (guide 43-58). */
export const ecsAndFargateRows = [
  {
    id: 'ecs-self-healing-service',
    guideLines: ['47'],
    tier: 2,
    derived: false,
    patterns: ['web-app'],
    mechanisms: ['construct default'],
    claim: 'A service with desired count, ALB health checks and restart is what makes containers self-heal.',
    condition:
      '`AWS::ECS::Service.DesiredCount >= 2`, `LoadBalancers[]` set, `DeploymentConfiguration.DeploymentCircuitBreaker {Enable:true,Rollback:true}`, `MinimumHealthyPercent == 100` (CDK pattern default is 50, no breaker: tested)',
  },
  {
    id: 'ecs-fargate-no-gpu',
    guideLines: ['49'],
    tier: 3,
    derived: false,
    patterns: ['web-app'],
    mechanisms: ['refused at synth'],
    claim: 'Fargate has no GPU, so GPU containers belong on ECS-on-EC2.',
    condition: '`RequiresCompatibilities` has `FARGATE` => no `ResourceRequirements[].Type == "GPU"`',
  },
  {
    id: 'ecs-exec-controlled',
    guideLines: ['50'],
    tier: 3,
    derived: true,
    patterns: ['web-app'],
    mechanisms: ['construct default'],
    claim: 'ECS Exec opens a shell in running containers, so it is off by default and logged when on.',
    condition:
      '`EnableExecuteCommand` false/absent in prod; when true `AWS::ECS::Cluster.Configuration.ExecuteCommandConfiguration.Logging == "OVERRIDE"` with log group + KMS',
  },
  {
    id: 'ecs-scale-cpu-40',
    guideLines: ['56'],
    tier: 2,
    derived: false,
    patterns: ['web-app'],
    mechanisms: ['construct default'],
    claim: 'Tasks need 30-60 s to start, so scale early: CPU target around 40%.',
    condition:
      '`AWS::ApplicationAutoScaling::ScalingPolicy.TargetTrackingScalingPolicyConfiguration.TargetValue <= 40` with `ECSServiceAverageCPUUtilization`',
  },
  {
    id: 'ecs-target-tracking',
    guideLines: ['56'],
    tier: 2,
    derived: false,
    patterns: ['web-app'],
    mechanisms: [],
    claim: 'Use target tracking, not hand-made step policies.',
    condition: 'ECS scalable target has a policy with `PolicyType == "TargetTrackingScaling"`; no `StepScaling`',
  },
  {
    id: 'ecs-provisioning-lead-time',
    guideLines: ['56'],
    tier: 2,
    derived: false,
    patterns: ['web-app'],
    mechanisms: ['construct default'],
    claim: 'Slow task start means spare capacity and short scale-out cool-down.',
    condition:
      '`ScalableTarget.MinCapacity >= 2`; `ScaleOutCooldown <= 60`; second policy on `ALBRequestCountPerTarget`; `HealthCheckGracePeriodSeconds` >= container start time',
  },
  {
    id: 'ecs-task-role-not-execution-role',
    guideLines: ['57'],
    tier: 2,
    derived: false,
    patterns: ['web-app'],
    mechanisms: ['refused at synth'],
    claim:
      'Execution role pulls images and writes logs; task role is what the app uses; mixing them breaks or over-grants.',
    condition: '`TaskRoleArn` and `ExecutionRoleArn` both set and different',
  },
  {
    id: 'ecs-execution-role-minimal',
    guideLines: ['57'],
    tier: 2,
    derived: false,
    patterns: ['web-app'],
    mechanisms: [],
    claim: 'The execution role carries no application permissions and the task role carries no image-pull permissions.',
    condition:
      'execution role actions subset of `ecr:*Get*/BatchCheck*`, `logs:CreateLogStream/PutLogEvents`, `secretsmanager:GetSecretValue`, `ssm:GetParameters`, `kms:Decrypt`; task role has no `ecr:`',
  },
  {
    id: 'ecs-both-health-checks',
    guideLines: ['58'],
    tier: 1,
    derived: false,
    patterns: ['web-app'],
    mechanisms: ['construct default', 'refused at synth'],
    claim:
      'A container health check and an ALB health check are both required, since each misses failures the other sees.',
    condition:
      'every `Essential` entry of `ContainerDefinitions[]` has `HealthCheck.Command`; `TargetGroup.HealthCheckPath` set with `HealthCheckIntervalSeconds`. CDK `ApplicationLoadBalancedFargateService` emits neither (tested)',
  },
  {
    id: 'ecs-over-eks-for-small-teams',
    guideLines: ['53', '67'],
    tier: 3,
    derived: false,
    patterns: ['web-app'],
    mechanisms: ['documented'],
    claim: 'Pick ECS with Fargate over Kubernetes unless Kubernetes features are really needed.',
    condition: 'pattern offers `compute: lambda | fargate` only; decision record in docs',
  },
] as const satisfies readonly CatalogueRow[];
