import { Duration } from 'aws-cdk-lib';
import { Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnPipe } from 'aws-cdk-lib/aws-pipes';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { vendedLogGroupName } from '../naming/vended-log-group-name';
import type { StageSettings } from '../stage/stage';
import { acknowledge, handles } from '../validation/explain';
import { inlinePolicyReasons } from '../validation/inline-policy-reasons';
import { refuse } from '../validation/refuse';
import { DeadLetterQueue } from './dead-letter-queue';

/** Where a {@link StreamPipe} delivers. */
export type StreamPipeTarget =
  | { readonly topic: ITopic }
  | { readonly bus: IEventBus; readonly source: string; readonly detailTypePath: string };

/** Props of {@link StreamPipe}. */
export interface StreamPipeProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  /** The table whose stream is read; it must have one. */
  readonly table: ITable;
  /** Patterns over the stream record; a record that matches none is skipped. Not empty. */
  readonly filters: readonly Readonly<Record<string, unknown>>[];
  readonly target: StreamPipeTarget;
  /** Turns records into events before delivery. @default - none: the input template shapes the record */
  readonly enrichment?: IFunction;
  /** Shape of what is delivered, in EventBridge Pipes' template language. @default - what the stream or enrichment gives */
  readonly inputTemplate?: string;
}

/**
 * Records older than this are not tried any more: half of the stream's 24 hours, so that an operator who is paged by the
 * dead-letter alarm still has half a day in which the stream holds the records.
 */
export const STREAM_RETRY_AGE = Duration.hours(12);

/**
 * Tries of a failing batch after the first: all of its shard waits meanwhile, for some five minutes when the waits between tries
 * go from a second to a minute (AWS names no times). The batch is halved first, so that one refused record is all that goes to
 * the dead-letter queue; while the target is down records go there one after the other, and the others wait in the stream.
 */
export const STREAM_RETRY_ATTEMPTS = 10;

/** What reading a stream takes (AWS: Pipes and Lambda with DynamoDB streams). */
export const STREAM_READ_ACTIONS = [
  'dynamodb:DescribeStream',
  'dynamodb:GetRecords',
  'dynamodb:GetShardIterator',
  'dynamodb:ListStreams',
];

/**
 * What publishing takes of keys: reading the stream that of the table, sending to a topic the topic's own. A topic that was
 * imported without its key says of none, and is taken to have the pattern's. A bus takes none of who sends to it: EventBridge
 * uses the bus's key itself, by that key's policy (AWS: EventBridge, encryption key policies). The dead-letter queue has none.
 */
export function publishingKeyActions(encryptionKey: IKey, topic?: ITopic): ReadonlyMap<string, string[]> {
  const actions = new Map([[encryptionKey.keyArn, ['kms:Decrypt']]]);
  if (topic !== undefined) {
    actions.set((topic.masterKey ?? encryptionKey).keyArn, ['kms:Decrypt', 'kms:GenerateDataKey']);
  }
  return actions;
}

/** A metric of a pipe (AWS: monitoring EventBridge Pipes). @default - the average of five minutes */
export function pipeMetric(pipe: CfnPipe, metricName: string, options?: MetricOptions): Metric {
  return new Metric({
    namespace: 'AWS/EventBridge/Pipes',
    metricName,
    dimensionsMap: { PipeName: pipe.ref },
    ...options,
  });
}

/** Publishes a table's changes with EventBridge Pipes: no glue function, no dual write, order kept per item. */
export class StreamPipe extends Construct {
  readonly pipe: CfnPipe;
  /** Holds pointers (shard and sequence numbers) to batches that could not be delivered. */
  readonly deadLetterQueue: DeadLetterQueue;

  /** @throws RefusedValueError for a table without a stream, or a FIFO topic, which Pipes cannot target. */
  constructor(
    scope: Construct,
    id: string,
    private readonly props: StreamPipeProps,
  ) {
    super(scope, id);
    const source = this.streamArn();
    this.refuseFifoTopic();
    this.deadLetterQueue = new DeadLetterQueue(this, 'DeadLetterQueue', props);
    const logGroup = new LogGroup(this, 'LogGroup', {
      logGroupName: vendedLogGroupName(this, 'pipes'),
      retention: props.stage.logRetention,
      encryptionKey: props.encryptionKey,
      removalPolicy: props.stage.removalPolicy,
    });
    const role = this.createRole(source);
    this.pipe = new CfnPipe(this, 'Pipe', {
      roleArn: role.roleArn,
      source,
      sourceParameters: {
        filterCriteria: { filters: props.filters.map((filter) => ({ pattern: JSON.stringify(filter) })) },
        dynamoDbStreamParameters: {
          // TRIM_HORIZON: an order accepted while the pipe was being created is published too.
          startingPosition: 'TRIM_HORIZON',
          batchSize: 10,
          maximumBatchingWindowInSeconds: 0,
          maximumRetryAttempts: STREAM_RETRY_ATTEMPTS,
          maximumRecordAgeInSeconds: STREAM_RETRY_AGE.toSeconds(),
          onPartialBatchItemFailure: 'AUTOMATIC_BISECT',
          parallelizationFactor: 1,
          deadLetterConfig: { arn: this.deadLetterQueue.queueArn },
        },
      },
      enrichment: props.enrichment?.functionArn,
      target: 'topic' in props.target ? props.target.topic.topicArn : props.target.bus.eventBusArn,
      targetParameters: {
        inputTemplate: props.inputTemplate,
        ...('bus' in props.target && {
          eventBridgeEventBusParameters: {
            source: props.target.source,
            detailType: props.target.detailTypePath,
          },
        }),
      },
      logConfiguration: { cloudwatchLogsLogDestination: { logGroupArn: logGroup.logGroupArn }, level: 'ERROR' },
    });
    this.pipe.node.addDependency(role);
    handles(this.pipe, 'eb-pipes-no-glue', 'ddb-streams-for-cdc', 'logs-everywhere');
  }

  /** A metric of the pipe (AWS: monitoring EventBridge Pipes). @default - the average of five minutes */
  metric(metricName: string, options?: MetricOptions): Metric {
    return pipeMetric(this.pipe, metricName, options);
  }

  /** Executions that failed. @default - the sum of five minutes */
  metricFailed(options?: MetricOptions): Metric {
    return this.metric('ExecutionFailed', { statistic: Stats.SUM, ...options });
  }

  private streamArn(): string {
    const arn = this.props.table.tableStreamArn;
    return (
      arn ??
      refuse(this, {
        prop: 'table',
        value: this.props.table.node.path,
        allowed: 'a table with a stream',
        fix: 'set stream: true on the ServiceTable',
        catalogueId: 'ddb-streams-for-cdc',
      })
    );
  }

  private refuseFifoTopic(): void {
    const { target } = this.props;
    if ('topic' in target && target.topic.fifo) {
      refuse(this, {
        prop: 'target.topic',
        value: 'a FIFO topic',
        allowed: "a standard topic or an event bus (AWS's list of Pipes targets: no SNS FIFO topics)",
        fix: 'publish with a StreamPublisher, which keeps the order',
        catalogueId: 'sns-fifo-pairs-fifo',
      });
    }
  }

  private createRole(streamArn: string): Role {
    const { props } = this;
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('pipes.amazonaws.com') });
    role.addToPolicy(
      new PolicyStatement({
        actions: STREAM_READ_ACTIONS,
        resources: [streamArn],
      }),
    );
    role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.deadLetterQueue.queueArn] }));
    role.addToPolicy(
      new PolicyStatement({
        actions: 'topic' in props.target ? ['sns:Publish'] : ['events:PutEvents'],
        resources: ['topic' in props.target ? props.target.topic.topicArn : props.target.bus.eventBusArn],
      }),
    );
    const topic = 'topic' in props.target ? props.target.topic : undefined;
    for (const [key, actions] of publishingKeyActions(props.encryptionKey, topic)) {
      role.addToPolicy(new PolicyStatement({ actions, resources: [key] }));
    }
    if (props.enrichment !== undefined) {
      role.addToPolicy(
        new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [props.enrichment.functionArn] }),
      );
    }
    const policy = role.node.tryFindChild('DefaultPolicy');
    if (policy !== undefined) acknowledge(policy, inlinePolicyReasons());
    return role;
  }
}
