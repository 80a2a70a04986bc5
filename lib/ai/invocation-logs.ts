import { ArnFormat, Aws, CustomResource, Duration, Size, Stack } from 'aws-cdk-lib';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { HandlerCode } from '../compute/handler-code';
import { HandlerFunction } from '../compute/handler-function';
import type { StageSettings } from '../stage/stage';
import { acknowledge, handles } from '../validation/explain';
import { inlinePolicyReasons } from '../validation/inline-policy-reasons';
import { leaveUnwatched, RUNS_AT_DEPLOYMENT } from '../validation/unwatched';

/** Props of {@link InvocationLogs}. */
export interface InvocationLogsProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
}

/** Where Bedrock writes in the log group (AWS: Bedrock, model invocation logging, CloudWatch Logs destination). */
const LOG_STREAM = 'aws/bedrock/modelinvocations';

/**
 * What every model of the account and region was asked and answered, texts included. It is one setting for the whole region, of which
 * CloudFormation knows nothing: this sets it where no one has, leaves alone what someone else set, and gives it back when it goes.
 * Entries are cut at 100 KB, and images and documents stay out: they would need a bucket besides.
 */
export class InvocationLogs extends Construct {
  /** Encrypted, and kept as long as the stage keeps logs. Empty where someone else's setting was there. */
  readonly logGroup: LogGroup;
  /** `true` where this is the region's setting, `false` where someone else's was left alone; known at deployment. */
  readonly applied: string;

  constructor(scope: Construct, id: string, { stage, encryptionKey }: InvocationLogsProps) {
    super(scope, id);
    this.logGroup = new LogGroup(this, 'LogGroup', {
      retention: stage.logRetention,
      encryptionKey,
      removalPolicy: stage.removalPolicy,
    });
    handles(this.logGroup, 'cw-log-retention', 'logs-everywhere', 'encrypt-everything-at-rest');
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('bedrock.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
          ArnLike: { 'aws:SourceArn': Stack.of(this).formatArn({ service: 'bedrock', resource: '*' }) },
        },
      }),
    });
    const writing = new Policy(this, 'Writing', {
      roles: [role],
      statements: [
        new PolicyStatement({
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [
            Stack.of(this).formatArn({
              service: 'logs',
              resource: 'log-group',
              arnFormat: ArnFormat.COLON_RESOURCE_NAME,
              resourceName: `${this.logGroup.logGroupName}:log-stream:${LOG_STREAM}`,
            }),
          ],
        }),
      ],
    });
    acknowledge(writing, inlinePolicyReasons());

    const setting = new HandlerFunction(this, 'Handler', {
      stage,
      encryptionKey,
      code: HandlerCode.prebuilt('ai', 'invocation-logs'),
      serviceName: 'invocation-logs',
      timeout: Duration.minutes(2),
      memory: Size.mebibytes(256),
    });
    const { function: fn } = setting;
    leaveUnwatched(fn, RUNS_AT_DEPLOYMENT);
    const access = new Policy(this, 'Access', {
      roles: fn.role === undefined ? [] : [fn.role],
      statements: [
        new PolicyStatement({
          // One setting of the account in a region: there is no resource to name (Service Authorization Reference: Bedrock).
          actions: [
            'bedrock:DeleteModelInvocationLoggingConfiguration',
            'bedrock:GetModelInvocationLoggingConfiguration',
            'bedrock:PutModelInvocationLoggingConfiguration',
          ],
          resources: ['*'],
        }),
        new PolicyStatement({
          actions: ['iam:PassRole'],
          resources: [role.roleArn],
          conditions: { StringEquals: { 'iam:PassedToService': 'bedrock.amazonaws.com' } },
        }),
      ],
    });
    acknowledge(access, {
      ...inlinePolicyReasons(),
      'AwsSolutions::AwsSolutions-IAM5[Resource::*]':
        'Model invocation logging is one setting of the account in a region, and has no ARN (Service Authorization Reference: Bedrock).',
    });
    const resource = new CustomResource(this, 'Setting', {
      serviceToken: fn.functionArn,
      resourceType: 'Custom::BedrockInvocationLogs',
      serviceTimeout: Duration.minutes(3),
      properties: { logGroup: this.logGroup.logGroupName, role: role.roleArn },
    });
    // Bedrock tries to write when it is set. What sets it, and may take it back, goes after it.
    resource.node.addDependency(writing, access, fn);
    this.applied = resource.getAttString('Applied');
  }
}
