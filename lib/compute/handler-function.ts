import { type Duration, Size, Stack, Token } from 'aws-cdk-lib';
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  Alias,
  ApplicationLogLevel,
  Architecture,
  Function as LambdaFunction,
  LoggingFormat,
  RecursiveLoop,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { Environment, METRICS_NAMESPACE } from '../runtime/contract';
import type { StageSettings } from '../stage/stage';
import { acknowledge, handles } from '../validation/explain';
import { inlinePolicyReasons } from '../validation/inline-policy-reasons';
import { refuse } from '../validation/refuse';
import { reserveConcurrency, warmable } from './concurrency-pool';
import type { HandlerCode } from './handler-code';
import { renewWithReferences } from './version-identity';

/** Where in a VPC a function works: only what holds a database's or a cache's endpoint has a reason to. */
export interface HandlerNetwork {
  readonly vpc: IVpc;
  readonly subnets: SubnetSelection;
  /** Security groups of the function. Not empty. */
  readonly securityGroups: readonly ISecurityGroup[];
}

/** Props of {@link HandlerFunction}. */
export interface HandlerFunctionProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  readonly code: HandlerCode;
  /** Name of the service in logs, metrics and traces. */
  readonly serviceName: string;
  /** 1 s to 15 min (guide 28). */
  readonly timeout: Duration;
  /** 128 to 10,240 MiB (guide 28). CPU grows with it. @default Size.mebibytes(512) */
  readonly memory?: Size;
  /** Share of the account's concurrency that no one else can take, and that it cannot exceed. @default - none */
  readonly reservedConcurrency?: number;
  /** Names of resources, never secrets: at most 4 KB in all (guide 38). @default - none */
  readonly environment?: Readonly<Record<string, string>>;
  /** @default - outside of every VPC, with AWS's APIs in reach (lambda-vpc-only-when-needed) */
  readonly network?: HandlerNetwork;
}

/** What Lambda does to put a function into a VPC (AWS: AWSLambdaVPCAccessExecutionRole, without its log actions). */
const NETWORK_INTERFACE_ACTIONS = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

/** Lambda's limit for all environment variables together (AWS Lambda quotas). */
const ENVIRONMENT_LIMIT_BYTES = 4096;

/**
 * A Lambda function as the catalogue wants it: Node.js 24 on arm64, explicit memory and timeout, JSON logs in its own
 * encrypted log group with retention, active tracing, and a role that may write to that log group and nothing else
 * until something is granted.
 */
export class HandlerFunction extends Construct {
  readonly function: LambdaFunction;
  readonly logGroup: LogGroup;
  private live?: Alias;

  /** @throws RefusedValueError for a memory, timeout, environment or reservation that Lambda would refuse. */
  constructor(
    scope: Construct,
    id: string,
    private readonly props: HandlerFunctionProps,
  ) {
    super(scope, id);
    const memory = props.memory ?? Size.mebibytes(512);
    this.refuseImpossible(memory);
    if (props.reservedConcurrency !== undefined) {
      reserveConcurrency(this, props.reservedConcurrency, props.stage.accountConcurrency);
    }

    this.logGroup = new LogGroup(this, 'LogGroup', {
      retention: props.stage.logRetention,
      encryptionKey: props.encryptionKey,
      removalPolicy: props.stage.removalPolicy,
    });
    handles(this.logGroup, 'cw-log-retention', 'logs-everywhere', 'encrypt-everything-at-rest');
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.logGroup.grantWrite(role);
    if (props.network !== undefined) {
      role.addToPolicy(
        new PolicyStatement({
          actions: NETWORK_INTERFACE_ACTIONS,
          resources: ['*'],
          // Lambda needs them, the function's code never: its calls alone carry this key (AWS: Lambda, configuring VPC access).
          conditions: { Null: { 'lambda:SourceFunctionArn': 'true' } },
        }),
      );
    }
    this.function = new LambdaFunction(this, 'Function', {
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: props.code.bind(this),
      handler: 'index.handler',
      role,
      timeout: props.timeout,
      memorySize: memory.toMebibytes(),
      reservedConcurrentExecutions: props.reservedConcurrency,
      environment: {
        POWERTOOLS_SERVICE_NAME: props.serviceName,
        POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
        [Environment.stack]: Stack.of(this).stackName,
        ...props.environment,
      },
      logGroup: this.logGroup,
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      tracing: Tracing.ACTIVE,
      recursiveLoop: RecursiveLoop.TERMINATE,
      vpc: props.network?.vpc,
      vpcSubnets: props.network?.subnets,
      securityGroups: props.network === undefined ? undefined : [...props.network.securityGroups],
    });
    this.explain(role);
  }

  /**
   * The alias that callers on a user's path must use, warm in the stages that pay for it
   * (lambda-provisioned-concurrency-user-facing).
   */
  get alias(): Alias {
    this.live ??= this.createAlias();
    return this.live;
  }

  /** A metric of the function (AWS: Lambda, types of metrics). */
  metric(metricName: string, options?: MetricOptions): Metric {
    return this.function.metric(metricName, options);
  }

  /** Invocations that failed. @default - the sum of five minutes */
  metricErrors(options?: MetricOptions): Metric {
    return this.function.metricErrors(options);
  }

  /** Invocations that were throttled. @default - the sum of five minutes */
  metricThrottles(options?: MetricOptions): Metric {
    return this.function.metricThrottles(options);
  }

  /** Invocations. @default - the sum of five minutes */
  metricInvocations(options?: MetricOptions): Metric {
    return this.function.metricInvocations(options);
  }

  /** How long invocations take, in milliseconds. @default - the average of five minutes */
  metricDuration(options?: MetricOptions): Metric {
    return this.function.metricDuration(options);
  }

  private createAlias(): Alias {
    const alias = new Alias(this, 'Live', {
      aliasName: 'live',
      version: this.function.currentVersion,
      provisionedConcurrentExecutions: warmable(this, this.props.stage, this.props.reservedConcurrency),
    });
    renewWithReferences(this.function);
    handles(alias, 'lambda-provisioned-concurrency-user-facing');
    return alias;
  }

  private explain(role: Role): void {
    handles(
      this.function,
      'graviton-default',
      'lambda-max-timeout-15m',
      'lambda-max-memory-10gb',
      'lambda-memory-explicit',
      'lambda-env-4kb',
      'lambda-vpc-only-when-needed',
      'tracing-on',
      'logs-everywhere',
      'lambda-config-in-ssm',
      'secrets-lambda-runtime-fetch',
      'iam-no-static-keys',
      'iam-no-wildcards',
      'cw-emf-not-putmetric',
      ...(this.props.reservedConcurrency === undefined
        ? []
        : (['lambda-reserved-concurrency-isolation', 'lambda-reserved-sum-within-pool'] as const)),
    );
    const outsideVpc =
      'It calls AWS APIs only, by IAM and TLS; a VPC would add endpoints to pay for and protect nothing (lambda-vpc-only-when-needed).';
    const noAsync =
      'Its failures return to the caller (API, queue, stream, pipe, CloudFormation), or go where its event invoke config sends them.';
    if (this.props.network === undefined) {
      acknowledge(this.function, {
        'HIPAA.Security::HIPAA.Security-LambdaInsideVPC': outsideVpc,
        'NIST.800.53.R5::NIST.800.53.R5-LambdaInsideVPC': outsideVpc,
        'PCI.DSS.321::PCI.DSS.321-LambdaInsideVPC': outsideVpc,
      });
    }
    acknowledge(this.function, {
      'HIPAA.Security::HIPAA.Security-LambdaDLQ': noAsync,
      'NIST.800.53.R5::NIST.800.53.R5-LambdaDLQ': noAsync,
      'Serverless::Serverless-LambdaDLQ': noAsync,
    });
    if (this.props.reservedConcurrency === undefined) {
      const bounded =
        "Its caller bounds it (a stream's shards or an event source mapping's maximum concurrency), so it cannot drain the pool.";
      acknowledge(this.function, {
        'HIPAA.Security::HIPAA.Security-LambdaConcurrency': bounded,
        'NIST.800.53.R5::NIST.800.53.R5-LambdaConcurrency': bounded,
      });
    }
    const policy = role.node.tryFindChild('DefaultPolicy');
    if (policy !== undefined) {
      acknowledge(policy, {
        'AwsSolutions::AwsSolutions-IAM5[Resource::*]':
          this.props.network === undefined
            ? 'xray:PutTraceSegments and xray:PutTelemetryRecords have no resource to name (Service Authorization Reference: X-Ray).'
            : 'X-Ray has no resource to name, and Lambda itself manages the network interfaces, whose ids are unknown at synth; the code has no access to them.',
        ...inlinePolicyReasons(),
      });
    }
  }

  private refuseImpossible(memory: Size): void {
    const { timeout, environment = {} } = this.props;
    if (timeout.toSeconds() < 1 || timeout.toSeconds() > 900) {
      refuse(this, {
        prop: 'timeout',
        value: `${timeout.toSeconds()} s`,
        allowed: '1 s to 900 s',
        fix: 'split longer work into steps of a state machine, or use a container',
        catalogueId: 'lambda-max-timeout-15m',
      });
    }
    if (memory.toMebibytes() < 128 || memory.toMebibytes() > 10_240) {
      refuse(this, {
        prop: 'memory',
        value: `${memory.toMebibytes()} MiB`,
        allowed: '128 MiB to 10240 MiB',
        fix: 'choose a size in that range, or use a container',
        catalogueId: 'lambda-max-memory-10gb',
      });
    }
    const bytes = Buffer.byteLength(JSON.stringify(environment));
    if (bytes > ENVIRONMENT_LIMIT_BYTES && !Token.isUnresolved(environment)) {
      refuse(this, {
        prop: 'environment',
        value: `${bytes} bytes`,
        allowed: `at most ${ENVIRONMENT_LIMIT_BYTES} bytes for all variables`,
        fix: 'keep names in the environment and the values in Parameter Store',
        catalogueId: 'lambda-env-4kb',
      });
    }
  }
}
