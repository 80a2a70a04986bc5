import { Duration } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  Cluster,
  ContainerImage,
  CpuArchitecture,
  Secret as EcsSecret,
  FargateService,
  FargateTaskDefinition,
  LogDrivers,
} from 'aws-cdk-lib/aws-ecs';
import { ApplicationLoadBalancer, ApplicationProtocol } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { MutableTemplate } from '../../../local/weaken/mutable-template';
import { PARAMETER, table, template } from './rule-table-fixture';

const SERVICE = 'AWS::ECS::Service';
const TASK = 'AWS::ECS::TaskDefinition';
const TARGET = 'AWS::ApplicationAutoScaling::ScalableTarget';
const POLICY = 'AWS::ApplicationAutoScaling::ScalingPolicy';
const GROUP = 'AWS::ElasticLoadBalancingV2::TargetGroup';
const TRACKING = 'TargetTrackingScalingPolicyConfiguration';

const fargate = template((stack) => {
  const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2 });
  const task = new FargateTaskDefinition(stack, 'Task', {
    runtimePlatform: { cpuArchitecture: CpuArchitecture.ARM64 },
  });
  task.addToTaskRolePolicy(new PolicyStatement({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::mine/*'] }));
  const login = new Secret(stack, 'Login');
  task.addContainer('api', {
    image: ContainerImage.fromRegistry('example/api'),
    portMappings: [{ containerPort: 8080 }],
    healthCheck: { command: ['CMD', '/check'], startPeriod: Duration.seconds(30) },
    logging: LogDrivers.awsLogs({ streamPrefix: 'api' }),
    environment: { STAGE: 'prod', LOGIN_SECRET_ARN: login.secretArn },
    secrets: { DATABASE_PASSWORD: EcsSecret.fromSecretsManager(login, 'password') },
  });
  const service = new FargateService(stack, 'Api', {
    cluster: new Cluster(stack, 'Cluster', { vpc }),
    taskDefinition: task,
    minHealthyPercent: 100,
    circuitBreaker: { enable: true, rollback: true },
    healthCheckGracePeriod: Duration.seconds(60),
  });
  const listener = new ApplicationLoadBalancer(stack, 'Balancer', { vpc }).addListener('Http', {
    port: 80,
    protocol: ApplicationProtocol.HTTP,
  });
  const targetGroup = listener.addTargets('Api', {
    port: 8080,
    targets: [service],
    healthCheck: { path: '/health', interval: Duration.seconds(10) },
  });
  const scaling = service.autoScaleTaskCount({ minCapacity: 2, maxCapacity: 10 });
  const scaleOutCooldown = Duration.seconds(60);
  scaling.scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: 40, scaleOutCooldown });
  scaling.scaleOnRequestCount('Requests', { requestsPerTarget: 500, targetGroup, scaleOutCooldown });
});

/** The one container of the task. */
function container(t: MutableTemplate): Record<string, unknown> {
  const [first] = t.properties(TASK)['ContainerDefinitions'] as Record<string, unknown>[];
  return first ?? {};
}

const unscaled = (t: MutableTemplate) => {
  t.remove(TARGET);
  t.remove(POLICY);
};
const worker = (t: MutableTemplate) => {
  t.drop(SERVICE, 'LoadBalancers');
  delete container(t)['PortMappings'];
};

table('ecs-self-healing-service', SERVICE, fargate, [
  { verdict: 'compliant', when: 'CDK writes it with breaker, healthy percentage and scaling' },
  { verdict: 'violation', when: 'one task may run', change: (t) => t.set(TARGET, 'MinCapacity', 1), says: /1 task/ },
  {
    verdict: 'compliant',
    when: 'one task may run in development',
    change: (t) => t.set(TARGET, 'MinCapacity', 1),
    strict: false,
  },
  { verdict: 'violation', when: 'nothing scales it, and its count is the default', change: unscaled, says: /1 task/ },
  {
    verdict: 'violation',
    when: "CDK's default of half the tasks holds",
    change: (t) => t.set(SERVICE, 'DeploymentConfiguration.MinimumHealthyPercent', 50),
    says: /MinimumHealthyPercent is 50/,
  },
  {
    verdict: 'compliant',
    when: "ECS's own default, 100, holds",
    change: (t) => t.drop(SERVICE, 'DeploymentConfiguration.MinimumHealthyPercent'),
  },
  {
    verdict: 'violation',
    when: 'a deployment does not roll back',
    change: (t) => t.set(SERVICE, 'DeploymentConfiguration.DeploymentCircuitBreaker.Rollback', false),
    says: /Rollback/,
  },
  {
    verdict: 'violation',
    when: 'nothing checks what takes requests',
    change: (t) => t.drop(SERVICE, 'LoadBalancers'),
    says: /load balancer/,
  },
  { verdict: 'compliant', when: 'nobody calls it', change: worker },
  { verdict: 'cannot-tell', when: 'the count is a parameter', change: (t) => t.set(TARGET, 'MinCapacity', PARAMETER) },
]);

table('ecs-scale-cpu-40', SERVICE, fargate, [
  { verdict: 'compliant', when: 'it scales at 40%' },
  {
    verdict: 'violation',
    when: 'it scales at 70%',
    change: (t) => t.set(POLICY, `${TRACKING}.TargetValue`, 70, 'Cpu'),
    says: /70%/,
  },
  { verdict: 'violation', when: 'it scales by requests alone', change: (t) => t.remove(POLICY, 'Cpu'), says: /CPU/ },
  { verdict: 'not-applicable', when: 'development does not scale', change: unscaled, strict: false },
  {
    verdict: 'not-applicable',
    when: 'a worker scales by something else',
    change: (t) => {
      t.remove(POLICY, 'Cpu');
      worker(t);
    },
  },
  {
    verdict: 'cannot-tell',
    when: 'the target is a parameter',
    change: (t) => t.set(POLICY, `${TRACKING}.TargetValue`, PARAMETER, 'Cpu'),
  },
]);

table('ecs-target-tracking', TARGET, fargate, [
  { verdict: 'compliant', when: 'both policies track a target' },
  {
    verdict: 'violation',
    when: 'one goes by steps',
    change: (t) => t.set(POLICY, 'PolicyType', 'StepScaling', 'Cpu'),
    says: /steps/,
  },
  { verdict: 'violation', when: 'there is none', change: (t) => t.remove(POLICY), says: /no policy/ },
  { verdict: 'not-applicable', when: 'it is a table', change: (t) => t.set(TARGET, 'ServiceNamespace', 'dynamodb') },
  { verdict: 'cannot-tell', when: 'the kind is a parameter', change: (t) => t.set(POLICY, 'PolicyType', PARAMETER) },
]);

table('ecs-provisioning-lead-time', SERVICE, fargate, [
  { verdict: 'compliant', when: 'two tasks, 60 s, requests and a grace period' },
  {
    verdict: 'violation',
    when: 'one task is spare',
    change: (t) => t.set(TARGET, 'MinCapacity', 1),
    says: /MinCapacity/,
  },
  { verdict: 'violation', when: 'the count is fixed', change: unscaled, says: /fixed/ },
  { verdict: 'compliant', when: 'the count is fixed in development', change: unscaled, strict: false },
  {
    verdict: 'violation',
    when: 'it waits the default of 300 s',
    change: (t) => t.drop(POLICY, `${TRACKING}.ScaleOutCooldown`, 'Cpu'),
    says: /300 s/,
  },
  {
    verdict: 'violation',
    when: 'nothing follows requests',
    change: (t) => t.remove(POLICY, 'Requests'),
    says: /ALBRequestCountPerTarget/,
  },
  {
    verdict: 'violation',
    when: 'the grace is shorter than the start',
    change: (t) => t.set(SERVICE, 'HealthCheckGracePeriodSeconds', 10),
    says: /at least 30/,
  },
  {
    verdict: 'violation',
    when: 'there is no grace',
    change: (t) => t.drop(SERVICE, 'HealthCheckGracePeriodSeconds'),
    strict: false,
  },
  { verdict: 'not-applicable', when: 'it is a worker', change: worker },
  {
    verdict: 'cannot-tell',
    when: 'the grace is a parameter',
    change: (t) => t.set(SERVICE, 'HealthCheckGracePeriodSeconds', PARAMETER),
  },
]);

table('ecs-task-role-not-execution-role', TASK, fargate, [
  { verdict: 'compliant', when: 'CDK makes two roles' },
  {
    verdict: 'violation',
    when: 'one is missing',
    change: (t) => t.drop(TASK, 'TaskRoleArn'),
    says: /TaskRoleArn is not set/,
  },
  {
    verdict: 'violation',
    when: 'one role is both',
    change: (t) => t.set(TASK, 'TaskRoleArn', t.properties(TASK)['ExecutionRoleArn']),
    says: /one role is both/,
  },
]);

const statements = (t: MutableTemplate, containing: string) =>
  (t.properties('AWS::IAM::Policy', containing)['PolicyDocument'] as { Statement: unknown[] }).Statement;

table('ecs-execution-role-minimal', TASK, fargate, [
  { verdict: 'compliant', when: 'CDK lets it write logs and read the secret' },
  {
    verdict: 'violation',
    when: 'ECS may read a bucket',
    change: (t) => statements(t, 'ExecutionRole').push({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }),
    says: /s3:GetObject/,
  },
  {
    verdict: 'violation',
    when: 'the application may pull images',
    change: (t) => statements(t, 'TaskRole').push({ Effect: 'Allow', Action: 'ecr:BatchGetImage', Resource: '*' }),
    says: /ecr:BatchGetImage/,
  },
  {
    verdict: 'violation',
    when: 'the execution role has a managed policy of the application',
    change: (t) => {
      t.properties('AWS::IAM::Role', 'ExecutionRole')['ManagedPolicyArns'] = [
        'arn:aws:iam::aws:policy/AmazonS3FullAccess',
      ];
    },
    says: /AmazonS3FullAccess/,
  },
  {
    verdict: 'cannot-tell',
    when: 'a role comes from elsewhere',
    change: (t) => t.set(TASK, 'ExecutionRoleArn', PARAMETER),
  },
]);

table('ecs-both-health-checks', TASK, fargate, [
  { verdict: 'compliant', when: 'the container checks itself' },
  {
    verdict: 'violation',
    when: 'it does not',
    change: (t) => delete container(t)['HealthCheck'],
    says: /api has no HealthCheck/,
  },
  {
    verdict: 'violation',
    when: 'the check is switched off',
    change: (t) => (container(t)['HealthCheck'] = { Command: ['NONE'] }),
  },
  {
    verdict: 'compliant',
    when: 'it may die without the task',
    change: (t) => {
      delete container(t)['HealthCheck'];
      container(t)['Essential'] = false;
    },
  },
  { verdict: 'not-applicable', when: 'it runs to its end', change: (t) => t.remove(SERVICE) },
]);

table('ecs-both-health-checks', GROUP, fargate, [
  { verdict: 'compliant', when: 'path and interval are stated' },
  {
    verdict: 'violation',
    when: 'there is no path',
    change: (t) => t.drop(GROUP, 'HealthCheckPath'),
    says: /HealthCheckPath/,
  },
  { verdict: 'violation', when: 'there is no interval', change: (t) => t.drop(GROUP, 'HealthCheckIntervalSeconds') },
  { verdict: 'not-applicable', when: 'it passes TCP on', change: (t) => t.set(GROUP, 'Protocol', 'TCP') },
  { verdict: 'not-applicable', when: 'no service is in it', change: (t) => t.remove(SERVICE) },
]);

const variable = (Name: string, Value: unknown) => (t: MutableTemplate) =>
  (container(t)['Environment'] = [{ Name, Value }]);

table('secrets-ecs-injection', TASK, fargate, [
  { verdict: 'compliant', when: 'the variable has the ARN, and the secret comes by reference' },
  {
    verdict: 'violation',
    when: 'a variable is a password',
    change: variable('DATABASE_PASSWORD', 'hunter2'),
    says: /DATABASE_PASSWORD/,
  },
  {
    verdict: 'violation',
    when: 'CDK unwrapped one',
    change: variable('DB', '{{resolve:secretsmanager:a:SecretString:b::}}'),
  },
  {
    verdict: 'violation',
    when: 'it is resolved in a longer text',
    change: variable('DB', { 'Fn::Join': ['', ['{{resolve:secretsmanager:', PARAMETER, '}}']] }),
  },
  { verdict: 'violation', when: 'an address has credentials', change: variable('DB', 'postgres://app:hunter2@db/app') },
  { verdict: 'compliant', when: 'a variable names a secret', change: variable('DATABASE_SECRET_NAME', 'mine') },
  { verdict: 'cannot-tell', when: 'the value is a parameter', change: variable('API_KEY', PARAMETER) },
]);

const volume = (each: object) => (t: MutableTemplate) => (t.properties(TASK)['Volumes'] = [each]);

table('stateless-compute-no-az-volume', TASK, fargate, [
  { verdict: 'compliant', when: 'there is none' },
  {
    verdict: 'compliant',
    when: 'it is EFS',
    change: volume({ Name: 'shared', EFSVolumeConfiguration: { FilesystemId: 'fs-1' } }),
  },
  { verdict: 'compliant', when: 'it is scratch space', change: volume({ Name: 'tmp' }) },
  { verdict: 'violation', when: 'it is EBS', change: volume({ Name: 'disk', ConfiguredAtLaunch: true }), says: /disk/ },
  {
    verdict: 'violation',
    when: "it is the machine's",
    change: volume({ Name: 'host', Host: { SourcePath: '/data' } }),
  },
  { verdict: 'cannot-tell', when: 'they are a parameter', change: (t) => (t.properties(TASK)['Volumes'] = PARAMETER) },
]);

table('stateless-compute-no-az-volume', SERVICE, fargate, [
  { verdict: 'compliant', when: 'tasks get none' },
  {
    verdict: 'violation',
    when: 'each task gets one',
    change: (t) => (t.properties(SERVICE)['VolumeConfigurations'] = [{ Name: 'disk' }]),
  },
]);

table('stateless-compute-no-az-volume', 'AWS::EC2::Volume', fargate, [
  { verdict: 'violation', when: 'there is one', change: (t) => t.add('Disk', 'AWS::EC2::Volume', { Size: 10 }) },
]);
