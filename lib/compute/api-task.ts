import { Aspects, Aws, Duration, Size, Stack } from 'aws-cdk-lib';
import {
  AwsLogDriverMode,
  Capability,
  type ContainerImage,
  CpuArchitecture,
  FargateTaskDefinition,
  LinuxParameters,
  LogDrivers,
  OperatingSystemFamily,
  type Secret,
} from 'aws-cdk-lib/aws-ecs';
import { Policy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { StageSettings } from '../stage/stage';
import { acknowledge, handles } from '../validation/explain';
import { inlinePolicyReasons } from '../validation/inline-policy-reasons';
import { refuse } from '../validation/refuse';
import { type TaskSize, taskSize } from './fargate-size';
import { STOP_TIMEOUT } from './graceful-shutdown';

/** Props of {@link ApiTask}. */
export interface ApiTaskProps extends TaskSize {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  /** For arm64 (graviton-default). It listens on `port`, runs as any user, writes no file, and ends by itself on SIGTERM. */
  readonly image: ContainerImage;
  readonly port: number;
  /** Path of the health check, which responds with 200 while the task can serve requests. */
  readonly healthPath: string;
  /** Names of resources, never secrets. @default - none */
  readonly environment?: Readonly<Record<string, string>>;
  /** Secrets by reference: ECS reads them when a task starts (secrets-ecs-injection). @default - none */
  readonly secrets?: Readonly<Record<string, Secret>>;
}

/** uid and gid of the user `node` of Node.js's images: any user but root. */
const NOT_ROOT = '1000:1000';

/** What a task of the API is: one container, and two roles that share nothing (ecs-task-role-not-execution-role). */
export class ApiTask extends Construct {
  readonly definition: FargateTaskDefinition;
  /** What the application may do: nothing until it is granted. */
  readonly taskRole: Role;
  /** What ECS may do to start it: pull the image, write its logs, read its secrets. */
  readonly executionRole: Role;
  readonly logGroup: LogGroup;

  /** @throws RefusedValueError for a size that Fargate does not have, or a variable that is a secret, too. */
  constructor(scope: Construct, id: string, props: ApiTaskProps) {
    super(scope, id);
    const size = taskSize(this, props);
    const { environment = {}, secrets = {} } = props;
    const twice = Object.keys(environment).filter((name) => name in secrets);
    if (twice.length > 0) {
      refuse(this, {
        prop: 'environment',
        value: twice,
        allowed: 'names that are not also in secrets',
        fix: 'keep the secret and remove the variable',
        catalogueId: 'secrets-ecs-injection',
      });
    }
    this.logGroup = new LogGroup(this, 'LogGroup', {
      retention: props.stage.logRetention,
      encryptionKey: props.encryptionKey,
      removalPolicy: props.stage.removalPolicy,
    });
    this.taskRole = new Role(this, 'TaskRole', { assumedBy: ownTasks(Stack.of(this)) });
    // Its policy comes with the first grant, wherever that is.
    Aspects.of(this.taskRole).add({
      visit: (part) => part instanceof Policy && acknowledge(part, inlinePolicyReasons()),
    });
    this.executionRole = new Role(this, 'ExecutionRole', {
      assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com'),
    });
    this.definition = new FargateTaskDefinition(this, 'Definition', {
      cpu: size.cpu,
      memoryLimitMiB: size.memoryMib,
      runtimePlatform: {
        cpuArchitecture: CpuArchitecture.ARM64,
        operatingSystemFamily: OperatingSystemFamily.LINUX,
      },
      taskRole: this.taskRole,
      executionRole: this.executionRole,
    });
    this.addContainer(props);
    this.explain();
  }

  private addContainer({ image, port, healthPath, environment, secrets }: ApiTaskProps): void {
    const linuxParameters = new LinuxParameters(this, 'Linux');
    linuxParameters.dropCapabilities(Capability.ALL);
    this.definition.addContainer('Api', {
      image,
      portMappings: [{ containerPort: port }],
      environment: { ...environment },
      secrets: { ...secrets },
      user: NOT_ROOT,
      readonlyRootFilesystem: true,
      linuxParameters,
      stopTimeout: STOP_TIMEOUT,
      healthCheck: {
        // With Node.js itself: small images have no curl.
        command: ['CMD', 'node', '-e', healthScript(port, healthPath)],
        interval: Duration.seconds(30),
        timeout: Duration.seconds(5),
        retries: 3,
        startPeriod: Duration.seconds(30),
      },
      logging: LogDrivers.awsLogs({
        streamPrefix: 'api',
        logGroup: this.logGroup,
        // Else a slow CloudWatch fills the pipe, and the next line of log stops the server. What waits is held in memory, and
        // lines beyond the buffer are lost: 10 MiB is some seconds of a busy task (AWS: ECS, awslogs log driver).
        mode: AwsLogDriverMode.NON_BLOCKING,
        maxBufferSize: Size.mebibytes(10),
      }),
    });
  }

  private explain(): void {
    handles(this.logGroup, 'cw-log-retention', 'logs-everywhere', 'encrypt-everything-at-rest');
    handles(
      this.definition,
      'graviton-default',
      'ecs-both-health-checks',
      'ecs-task-role-not-execution-role',
      'ecs-execution-role-minimal',
      'secrets-ecs-injection',
      'stateless-compute-no-az-volume',
      'ecs-fargate-no-gpu',
      'logs-everywhere',
    );
    acknowledge(this.definition, {
      'AwsSolutions::AwsSolutions-ECS2':
        'The variables are names of resources, which are no secrets; secrets come by reference (secrets-ecs-injection).',
    });
    const execution = this.executionRole.node.tryFindChild('DefaultPolicy');
    if (execution !== undefined) {
      acknowledge(execution, {
        'AwsSolutions::AwsSolutions-IAM5[Resource::*]':
          'ecr:GetAuthorizationToken has no resource to name; pulling is for this image alone (Service Authorization Reference: ECR).',
        ...inlinePolicyReasons(),
      });
    }
  }
}

/** ECS, for tasks of this account and region alone (AWS: ECS task IAM role, confused deputy). */
function ownTasks(stack: Stack): ServicePrincipal {
  return new ServicePrincipal('ecs-tasks.amazonaws.com', {
    conditions: {
      StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
      ArnLike: { 'aws:SourceArn': stack.formatArn({ service: 'ecs', resource: '*' }) },
    },
  });
}

/** Ends with 0 while the server answers, and with 1 when it does not or takes longer than 4 s. */
function healthScript(port: number, path: string): string {
  const url = `http://127.0.0.1:${port}${path}`;
  return `fetch('${url}',{signal:AbortSignal.timeout(4000)}).then(r=>process.exit(r.ok?0:1),()=>process.exit(1))`;
}
