import { Size, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Secret } from 'aws-cdk-lib/aws-ecs';
import { Secret as StoredSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { describe, expect, it } from 'vitest';
import { STAGE_NAMES } from '../../../lib';
import { resourcesOf, testApp } from '../../synthesize';
import { attributes, built, fargateFixture, type Properties } from './fargate-fixture';

describe('an API on Fargate', () => {
  it('runs on arm64 in private subnets without public addresses, on capacity that nobody takes away', () => {
    const { only, container } = built();
    const service = only('AWS::ECS::Service');
    expect(service).toMatchObject({
      LaunchType: 'FARGATE',
      NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'DISABLED' } },
      EnableExecuteCommand: false,
      PropagateTags: 'SERVICE',
      AvailabilityZoneRebalancing: 'ENABLED',
    });
    expect(service).not.toHaveProperty('CapacityProviderStrategy');
    expect(service).not.toHaveProperty('VolumeConfigurations');
    const task = only('AWS::ECS::TaskDefinition');
    expect(task).toMatchObject({ Cpu: '256', Memory: '512', RuntimePlatform: { CpuArchitecture: 'ARM64' } });
    expect(task).not.toHaveProperty('Volumes');
    expect(container()).toMatchObject({
      User: '1000:1000',
      ReadonlyRootFilesystem: true,
      LinuxParameters: { Capabilities: { Drop: ['ALL'] } },
    });
  });

  it('takes a deployment back that does not become healthy, and never has less than it had', () => {
    expect(built().only('AWS::ECS::Service')).toMatchObject({
      DeploymentConfiguration: {
        DeploymentCircuitBreaker: { Enable: true, Rollback: true },
        MinimumHealthyPercent: 100,
        MaximumPercent: 200,
      },
      HealthCheckGracePeriodSeconds: 60,
    });
  });

  it('makes the service minutes after the cluster, which makes the role of ECS in a new account', () => {
    const { stack } = fargateFixture(testApp());
    const of = (type: string) => Object.entries(Template.fromStack(stack).findResources(type))[0] ?? [];
    const [cluster] = of('AWS::ECS::Cluster');
    const [listener] = of('AWS::ElasticLoadBalancingV2::Listener');
    expect(of('AWS::ElasticLoadBalancingV2::LoadBalancer')[1]).toMatchObject({
      DependsOn: expect.arrayContaining([cluster]),
    });
    expect(of('AWS::ECS::Service')[1]).toMatchObject({ DependsOn: expect.arrayContaining([listener]) });
  });

  it('logs to its own encrypted group without ever making the server wait', () => {
    const { container, all } = built('prod');
    const { Options } = container()['LogConfiguration'] as { Options: Properties };
    expect(Options).toMatchObject({ mode: 'non-blocking', 'max-buffer-size': '10485760b' });
    for (const group of all('AWS::Logs::LogGroup')) {
      expect(group).toMatchObject({ RetentionInDays: 365, KmsKeyId: expect.anything() });
    }
  });

  it.each(['dev', 'prod'] as const)('has no metrics that bill by the task in %s', (stage) => {
    const { ClusterSettings } = built(stage).only('AWS::ECS::Cluster');
    expect(ClusterSettings).toEqual([{ Name: 'containerInsights', Value: 'disabled' }]);
  });

  it('scales on CPU and on requests, and leaves the count to scaling', () => {
    const { only, all } = built('prod', { tasks: { min: 3, max: 12 }, requestsPerMinutePerTask: 600 });
    expect(only('AWS::ECS::Service')).not.toHaveProperty('DesiredCount');
    expect(only('AWS::ApplicationAutoScaling::ScalableTarget')).toMatchObject({ MinCapacity: 3, MaxCapacity: 12 });
    const policies = all('AWS::ApplicationAutoScaling::ScalingPolicy').map((policy) => {
      const { TargetTrackingScalingPolicyConfiguration: tracking } = policy as {
        TargetTrackingScalingPolicyConfiguration: { PredefinedMetricSpecification: Properties } & Properties;
      };
      return [
        tracking.PredefinedMetricSpecification['PredefinedMetricType'],
        tracking['TargetValue'],
        tracking['ScaleOutCooldown'],
      ];
    });
    expect(policies).toEqual([
      ['ECSServiceAverageCPUUtilization', 40, 60],
      ['ALBRequestCountPerTarget', 600, 60],
    ]);
    expect(built().only('AWS::ApplicationAutoScaling::ScalableTarget')).toMatchObject({ MinCapacity: 2 });
  });

  it('lets requests finish before a task goes: each wait covers those inside of it', () => {
    const { container, only } = built();
    const group = attributes(only('AWS::ElasticLoadBalancingV2::TargetGroup')['TargetGroupAttributes']);
    const { Origins } = only('AWS::CloudFront::Distribution')['DistributionConfig'] as {
      Origins: { VpcOriginConfig: { OriginReadTimeout: number; OriginKeepaliveTimeout: number } }[];
    };
    const origin = Origins[0]?.VpcOriginConfig;
    const longest = origin?.OriginReadTimeout ?? Number.NaN;
    const deregistration = Number(group['deregistration_delay.timeout_seconds']);
    const stop = Number(container()['StopTimeout']);
    expect(longest).toBe(30);
    expect(deregistration).toBeGreaterThan(longest);
    expect(stop).toBeGreaterThan(deregistration + longest);
    expect(stop).toBeLessThanOrEqual(120);
    const balancer = attributes(only('AWS::ElasticLoadBalancingV2::LoadBalancer')['LoadBalancerAttributes']);
    expect(origin?.OriginKeepaliveTimeout).toBeLessThan(Number(balancer['idle_timeout.timeout_seconds']));
  });

  it('gives ECS what it needs to start a task, and the application nothing', () => {
    const secret = (stack: Stack) => Secret.fromSecretsManager(new StoredSecret(stack, 'Partner'));
    const { stack, make } = fargateFixture(testApp());
    const api = make('WithSecret', { secrets: { PARTNER_KEY: secret(stack) } });
    const template = Template.fromStack(stack);
    const policies = Object.entries(resourcesOf(template, 'AWS::IAM::Policy')).filter(([id]) =>
      id.startsWith('WithSecretTask'),
    );
    expect(policies.map(([id]) => id.replace(/[0-9A-F]{8}$/, ''))).toEqual([
      'WithSecretTaskExecutionRoleDefaultPolicy',
    ]);
    const { Statement } = policies.map(([, { Properties }]) => Properties['PolicyDocument'])[0] as {
      Statement: { Action: string | string[]; Resource: unknown }[];
    };
    expect(Statement.flatMap(({ Action }) => Action).sort()).toEqual([
      'ecr:BatchCheckLayerAvailability',
      'ecr:BatchGetImage',
      'ecr:GetAuthorizationToken',
      'ecr:GetDownloadUrlForLayer',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'secretsmanager:DescribeSecret',
      'secretsmanager:GetSecretValue',
    ]);
    expect(Statement.filter(({ Resource }) => Resource === '*').map(({ Action }) => Action)).toEqual([
      'ecr:GetAuthorizationToken',
    ]);
    const definition = stack.resolve(api.task.definition.taskDefinitionArn) as { Ref: string };
    const task = resourcesOf(template)[definition.Ref]?.Properties as Properties & {
      ContainerDefinitions: Properties[];
    };
    expect(task['TaskRoleArn']).not.toEqual(task['ExecutionRoleArn']);
    const [container] = task.ContainerDefinitions;
    expect(container?.['Secrets']).toEqual([{ Name: 'PARTNER_KEY', ValueFrom: { Ref: expect.any(String) } }]);
    expect(JSON.stringify(container?.['Environment'])).not.toContain('PARTNER_KEY');
  });

  it('grants to the role of the application', () => {
    const { stack, api } = fargateFixture(testApp());
    new StoredSecret(stack, 'Later').grantRead(api);
    const policies = Object.keys(resourcesOf(Template.fromStack(stack), 'AWS::IAM::Policy'));
    expect(policies.some((id) => id.startsWith('ApiTaskTaskRoleDefaultPolicy'))).toBe(true);
  });

  it('lets only tasks of this account take on the role of the application', () => {
    const { template } = built();
    const role = Object.entries(resourcesOf(template, 'AWS::IAM::Role')).find(([id]) =>
      id.startsWith('ApiTaskTaskRole'),
    );
    expect(role?.[1].Properties['AssumeRolePolicyDocument']).toMatchObject({
      Statement: [
        {
          Principal: { Service: 'ecs-tasks.amazonaws.com' },
          Condition: {
            StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
            ArnLike: { 'aws:SourceArn': expect.anything() },
          },
        },
      ],
    });
  });
});

describe('what an API on Fargate refuses', () => {
  it.each([
    [
      'one task',
      { tasks: { min: 1, max: 4 } },
      "tasks is '1 to 4'; allowed: whole numbers: min at least 2, max at least min. [ecs-self-healing-service]",
    ],
    ['no room', { tasks: { min: 4, max: 3 } }, "tasks is '4 to 3'"],
    ['half a task', { tasks: { min: 2.5, max: 3 } }, "tasks is '2.5 to 3'"],
    ['no requests', { requestsPerMinutePerTask: 0 }, 'requestsPerMinutePerTask is 0'],
    ['CPU units that are none', { cpu: 300 }, 'cpu is 300; allowed: 256, 512, 1024'],
    [
      'too little memory',
      { cpu: 1024, memory: Size.gibibytes(1) },
      "memory is '1024 MiB'; allowed: with 1024 CPU units 2048",
    ],
    ['too much memory', { memory: Size.gibibytes(4) }, "memory is '4096 MiB'"],
    ['memory between sizes', { memory: Size.mebibytes(1536) }, 'but not 1536'],
    ['memory between steps', { cpu: 8192, memory: Size.gibibytes(18) }, 'in steps of 4096'],
  ])('%s', (_, props, message) => {
    expect(() => fargateFixture(testApp(), 'dev', props)).toThrow(message);
  });

  it('a variable that is a secret, too', () => {
    const app = testApp();
    const secrets = new Stack(app, 'Secrets');
    const key = Secret.fromSecretsManager(new StoredSecret(secrets, 'Key'));
    const props = { environment: { KEY: 'x' }, secrets: { KEY: key } };
    expect(() => fargateFixture(app, 'dev', props)).toThrow("environment is 'KEY'");
  });

  it.each([
    [512, 1024],
    [1024, 2048],
    [8192, 16_384],
  ])('but not %i CPU units, which come with %i MiB', (cpu, memory) => {
    expect(built('dev', { cpu }).only('AWS::ECS::TaskDefinition')).toMatchObject({
      Cpu: String(cpu),
      Memory: String(memory),
    });
  });
});

describe('two APIs on Fargate in a stack', () => {
  it.each(STAGE_NAMES)('share the function that looks up the prefix list and its logs in %s', (stage) => {
    const { stack, make } = fargateFixture(testApp(), stage);
    make('Second');
    const template = Template.fromStack(stack);
    expect(Object.keys(template.findResources('AWS::ECS::Service'))).toHaveLength(2);
    expect(Object.keys(template.findResources('Custom::CloudFrontPrefixList'))).toHaveLength(2);
    const groups = Object.keys(resourcesOf(template, 'AWS::Logs::LogGroup'));
    expect(groups.filter((id) => id.includes('CloudFront'))).toHaveLength(1);
    const provider = Object.entries(resourcesOf(template, 'AWS::Lambda::Function')).filter(([id]) =>
      id.startsWith('AWS679f'),
    );
    expect(provider.map(([, { Properties }]) => Properties)).toEqual([
      expect.objectContaining({
        Architectures: ['arm64'],
        MemorySize: 256,
        LoggingConfig: { LogGroup: expect.anything() },
      }),
    ]);
  });
});
