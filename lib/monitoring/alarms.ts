import { Duration, Stack } from 'aws-cdk-lib';
import type { IStage, RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IEventBus, IRule } from 'aws-cdk-lib/aws-events';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { CfnPipe } from 'aws-cdk-lib/aws-pipes';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct, type IConstruct } from 'constructs';
import type { CatalogueId } from '../catalogue/catalogue';
import type { HandlerFunction } from '../compute/handler-function';
import { pipeMetric } from '../messaging/stream-pipe';
import type { StageSettings } from '../stage/stage';
import { handles } from '../validation/explain';
import { reasonUnwatched, serviceThatRefuses } from '../validation/unwatched';
import { FlowDashboard } from './dashboard';
import { ruleMetric } from './rule-metric';
import { serviceMetric } from './service-metric';
import { THRESHOLDS } from './thresholds';
import { watchUnlessLeft } from './watch-unless-left';

const isDashboard = (construct: IConstruct): construct is FlowDashboard => construct instanceof FlowDashboard;

/** The names that resources are watched by, whichever pattern they are in. */
const NAMES = new WeakMap<IConstruct, string>();

/** Props of {@link Alarms}. */
export interface AlarmsProps {
  readonly stage: StageSettings;
  readonly topic: ITopic;
}

/** An alarm of your own, beside those that the blocks bring. */
export interface AlarmSpec {
  readonly metric: IMetric;
  readonly threshold: number;
  readonly description: string;
  /** Periods in a row. @default 1 */
  readonly periods?: number;
  readonly comparison?: ComparisonOperator;
  readonly catalogueIds: readonly CatalogueId[];
}

/**
 * The alarms of a pattern. Each acts on one topic and says what missing data means: none of these metrics is a
 * heartbeat, so missing data does not breach. `essential` stages leave out what {@link StageSettings.alarms} says.
 */
export class Alarms extends Construct {
  /** Whether the stage has more than the essential ones. */
  readonly full: boolean;
  private readonly action: SnsAction;
  private shownOn?: FlowDashboard;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    this.action = new SnsAction(props.topic);
    this.full = props.stage.alarms === 'full';
    watchUnlessLeft(this, scope);
  }

  /**
   * Watches what is below another scope as well, such as the stack that a pattern is in: what you add there gets its alarms and its
   * dashboard row like what the pattern creates.
   */
  watchBelow(scope: IConstruct): void {
    watchUnlessLeft(this, scope);
  }

  /** Shows what is found on a dashboard elsewhere. @default - on the dashboard beside the alarms, in the stages that have one */
  showOn(dashboard: FlowDashboard): void {
    this.shownOn = dashboard;
  }

  /** Where what is found is shown; undefined in stages without a dashboard. */
  get dashboard(): FlowDashboard | undefined {
    return this.shownOn ?? this.node.scope?.node.children.find(isDashboard);
  }

  /** Whether a resource is watched, or left by {@link leaveUnwatched}. What is neither gets its usual alarms at synth. */
  isDecided(resource: IConstruct): boolean {
    return NAMES.has(resource) || reasonUnwatched(resource) !== undefined;
  }

  /** Notes that alarms of a name watch a resource, so that it gets no others. The dashboard calls it by that name. */
  markWatched(id: string, resource: IConstruct): void {
    NAMES.set(resource, id);
  }

  /** The name that a resource is watched by; undefined for one that is not. */
  nameOf(resource: IConstruct): string | undefined {
    return NAMES.get(resource);
  }

  /** Throttled invocations of a handler, and ERROR lines in its log. @param path names the metric of the lines */
  watchHandler(id: string, handler: HandlerFunction, path = handler.node.path): void {
    this.watchFunction(id, handler.function);
    this.watchErrorLines(id, handler.logGroup, path);
  }

  /** Error rate and p99 latency of an HTTP API. @param latency the promise to users. @default 500 ms (guide 370) */
  watchHttpApi(api: HttpApi, latency: Duration = THRESHOLDS.latencyP99, id = ''): void {
    this.markWatched(id, api);
    const stage = api.defaultStage === undefined ? { Stage: '$default' } : { Stage: api.defaultStage.stageName };
    this.watchRequests(id, { ApiId: api.apiId, ...stage }, '5xx', latency);
  }

  /**
   * Error rate and p99 latency of a REST API's stage.
   *
   * @param latency the promise to users, to the end of an answer, of a streamed one too (AWS: API Gateway, troubleshooting of
   * response streaming). @default 500 ms (guide 370)
   * @param stage @default - the one that the API deploys by itself
   */
  watchRestApi(
    api: RestApi,
    latency: Duration = THRESHOLDS.latencyP99,
    stage: IStage = api.deploymentStage,
    id = '',
  ): void {
    this.markWatched(id, api);
    // The dimensions are names, never ids (AWS: API Gateway metrics and dimensions).
    this.watchRequests(id, { ApiName: api.restApiName, Stage: stage.stageName }, '5XXError', latency);
  }

  private watchRequests(id: string, dimensionsMap: Record<string, string>, errors: string, latency: Duration): void {
    const metric = (metricName: string, statistic: string) =>
      new Metric({
        namespace: 'AWS/ApiGateway',
        metricName,
        statistic,
        period: Duration.minutes(5),
        dimensionsMap,
      });
    this.add(`${id}ErrorRate`, {
      metric: new MathExpression({
        expression: `IF(requests >= ${THRESHOLDS.errorRateRequestFloor}, 100 * errors / requests, 0)`,
        usingMetrics: { errors: metric(errors, Stats.SUM), requests: metric('Count', Stats.SAMPLE_COUNT) },
        label: '5xx share of requests (%)',
        period: Duration.minutes(5),
      }),
      threshold: THRESHOLDS.errorRatePercent,
      comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
      description: `More than ${THRESHOLDS.errorRatePercent}% of requests end in a server error (5xx). The error logs of the API's functions or tasks show the cause.`,
      catalogueIds: ['cw-error-rate-alarm'],
    });
    this.add(`${id}LatencyP99`, {
      metric: metric('Latency', 'p99'),
      threshold: latency.toMilliseconds(),
      comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
      periods: 3,
      description: `The p99 latency is above ${latency.toMilliseconds()} ms: one request in a hundred takes longer. The traces in X-Ray show where the time goes.`,
      catalogueIds: ['cw-p99-latency-alarm'],
    });
  }

  /** Age of the oldest message of a work queue. */
  watchQueue(id: string, queue: IQueue): void {
    this.markWatched(id, queue);
    this.add(`${id}QueueAge`, {
      metric: queue.metricApproximateAgeOfOldestMessage({ statistic: Stats.MAXIMUM, period: Duration.minutes(1) }),
      threshold: THRESHOLDS.queueAge.toSeconds(),
      description: `${id}: the oldest message in the queue is ${THRESHOLDS.queueAge.toMinutes()} minutes old or older. The consumer is too slow, is throttled or fails: check its errors and throttles.`,
      catalogueIds: ['cw-queue-age-alarm'],
    });
  }

  /**
   * Any message in a dead-letter queue. The alarm's text ends in a command that works as it is pasted: the queue's name and
   * region are there once the stack is, also in a nested stack.
   */
  watchDeadLetters(id: string, queue: IQueue): void {
    this.markWatched(id, queue);
    const command = `npx groundplan redrive ${queue.queueName} --region ${Stack.of(this).region} --dry-run`;
    this.add(`${id}DeadLetters`, {
      metric: queue.metricApproximateNumberOfMessagesVisible({
        statistic: Stats.MAXIMUM,
        period: Duration.minutes(1),
      }),
      threshold: 1,
      description: `${id}: the dead-letter queue has messages that could not be delivered or processed. This command shows them; without --dry-run it sends them back: ${command}`,
      catalogueIds: ['lambda-dlq-not-empty-alarm'],
    });
  }

  /** Throttled invocations of a function. */
  watchFunction(id: string, fn: IFunction): void {
    this.markWatched(id, fn);
    this.add(`${id}Throttles`, {
      metric: fn.metricThrottles({ statistic: Stats.SUM, period: Duration.minutes(5) }),
      threshold: 1,
      description: `${id}: invocations are throttled. The function's reserved concurrency or the account's quota is used up: raise one of them, or lower the traffic.`,
      catalogueIds: ['lambda-concurrency-alarm'],
    });
  }

  /**
   * ERROR lines in a function's log. Only where alarms are `full`.
   *
   * @param path construct path of what logs; the metric's name is this with the stack's name in front, since two copies of
   * a stack have the same paths
   */
  watchErrorLines(id: string, logGroup: ILogGroup, path: string): void {
    this.markWatched(id, logGroup);
    if (!this.full) return;
    const { stackName, node } = Stack.of(this);
    const metricName = `${stackName}/${path.startsWith(`${node.path}/`) ? path.slice(node.path.length + 1) : path}`;
    const isError = FilterPattern.stringValue('$.level', '=', 'ERROR');
    const service = serviceThatRefuses(logGroup);
    const filter = new MetricFilter(this, `${id}ErrorLines`, {
      logGroup,
      filterPattern:
        service === undefined
          ? isError
          : FilterPattern.all(isError, FilterPattern.stringValue('$.service', '=', service)),
      metricNamespace: 'Groundplan/Errors',
      metricName,
      metricValue: '1',
    });
    handles(filter, 'cw-log-metric-filter');
    this.add(`${id}LogErrors`, {
      metric: filter.metric({ statistic: Stats.SUM, period: Duration.minutes(5) }),
      threshold: 1,
      description: `${id}: the function logged an error. Search its log group for level ERROR.`,
      catalogueIds: ['cw-log-metric-filter'],
    });
  }

  /** Age of the last record that a stream consumer read: how far publishing lags behind. */
  watchIteratorAge(id: string, fn: IFunction): void {
    this.add(`${id}IteratorAge`, {
      metric: new Metric({
        namespace: 'AWS/Lambda',
        metricName: 'IteratorAge',
        statistic: Stats.MAXIMUM,
        period: Duration.minutes(1),
        dimensionsMap: { FunctionName: fn.functionName },
      }),
      threshold: THRESHOLDS.outboxLag.toMilliseconds(),
      description: `${id}: the iterator age is ${THRESHOLDS.outboxLag.toMinutes()} minutes: events are published that long after the write. Check the publisher's errors and throttles.`,
      catalogueIds: ['ddb-streams-for-cdc'],
    });
  }

  /**
   * How old events are when a service handles them. Pipes has no iterator age (AWS: monitoring EventBridge Pipes), so the
   * consumers measure the outbox's lag themselves.
   * Only where alarms are `full`.
   */
  watchOutboxLag(id: string, service: string): void {
    if (!this.full) return;
    this.add(`${id}OutboxLag`, {
      metric: serviceMetric(this, service, 'OutboxLag').with({ statistic: Stats.MAXIMUM, period: Duration.minutes(1) }),
      threshold: THRESHOLDS.outboxLag.toMilliseconds(),
      description: `${id}: events are ${THRESHOLDS.outboxLag.toMinutes()} minutes old when a consumer processes them. Check the pipe's failures and the ages of the queues.`,
      catalogueIds: ['ddb-streams-for-cdc'],
    });
  }

  /** Failed executions of a pipe. */
  watchPipe(id: string, pipe: CfnPipe): void {
    this.markWatched(id, pipe);
    this.add(`${id}PipeFailed`, {
      metric: pipeMetric(pipe, 'ExecutionFailed', { statistic: Stats.SUM, period: Duration.minutes(1) }),
      threshold: 1,
      periods: 3,
      description: `${id}: the pipe has failed for three minutes. Its events wait in the stream and are retried. The pipe's log and state show the cause.`,
      catalogueIds: ['ddb-streams-for-cdc'],
    });
  }

  /** Failed and timed-out executions of a workflow. */
  watchWorkflow(id: string, machine: IStateMachine): void {
    this.markWatched(id, machine);
    const sum = { statistic: Stats.SUM, period: Duration.minutes(5) };
    const list = `aws stepfunctions list-executions --state-machine-arn ${machine.stateMachineArn} --status-filter`;
    const specs = {
      Failed: {
        metric: machine.metricFailed(sum),
        description: `${id}: a workflow execution failed. List the failed ones: ${list} FAILED. The cause that describe-execution shows says how to continue.`,
      },
      TimedOut: {
        metric: machine.metricTimedOut(sum),
        description:
          `${id}: a workflow execution timed out. List those: ${list} TIMED_OUT. To continue where it stopped: ` +
          'aws stepfunctions redrive-execution --execution-arn <its ARN>.',
      },
    };
    for (const [outcome, { metric, description }] of Object.entries(specs)) {
      this.add(`${id}${outcome}`, {
        metric,
        threshold: 1,
        description,
        catalogueIds: ['sfn-retry-catch-declared'],
      });
    }
  }

  /** Throttled requests of a table. Only where alarms are `full`. */
  watchTable(id: string, table: ITable): void {
    this.markWatched(id, table);
    if (!this.full) return;
    for (const metricName of ['ReadThrottleEvents', 'WriteThrottleEvents']) {
      this.add(`${id}${metricName}`, {
        metric: table.metric(metricName, { statistic: Stats.SUM, period: Duration.minutes(5) }),
        threshold: 1,
        description: `${id}: DynamoDB throttles requests to the table. Look for a hot partition key in CloudWatch Contributor Insights.`,
        catalogueIds: ['ddb-partition-limit-visible'],
      });
    }
  }

  /** Notifications that SNS could not deliver. Only where alarms are `full`. */
  watchTopic(id: string, topic: ITopic): void {
    this.markWatched(id, topic);
    if (!this.full) return;
    this.add(`${id}NotificationsFailed`, {
      metric: topic.metricNumberOfNotificationsFailed({ statistic: Stats.SUM, period: Duration.minutes(5) }),
      threshold: 1,
      description: `${id}: SNS could not deliver a notification to a subscriber. The subscription's dead-letter queue holds it.`,
      catalogueIds: ['sns-subscription-dlq'],
    });
  }

  /** Events that a rule could not deliver. Only where alarms are `full`. @param bus @default - the account's default bus */
  watchRule(id: string, rule: IRule, bus?: Pick<IEventBus, 'eventBusName'>): void {
    this.markWatched(id, rule);
    if (!this.full) return;
    for (const metricName of ['FailedInvocations', 'InvocationsSentToDlq']) {
      this.add(`${id}${metricName}`, {
        metric: ruleMetric(rule, metricName, bus),
        threshold: 1,
        description: `${id}: EventBridge could not deliver an event to the rule's target. Check that the target exists and that its policy allows the rule; the target's dead-letter queue holds the event.`,
        catalogueIds: ['eb-target-dlq'],
      });
    }
  }

  /** The account's concurrency in the region, at 80% of its quota. Only where alarms are `full`. */
  watchAccountConcurrency(accountConcurrency: number): void {
    if (!this.full) return;
    this.add('AccountConcurrency', {
      metric: new Metric({
        namespace: 'AWS/Lambda',
        metricName: 'ConcurrentExecutions',
        statistic: Stats.MAXIMUM,
        period: Duration.minutes(1),
      }),
      threshold: Math.floor((accountConcurrency * THRESHOLDS.accountConcurrencyPercent) / 100),
      description: `Concurrent executions in ${Stack.of(this).region} are at ${THRESHOLDS.accountConcurrencyPercent}% of the account's quota of ${accountConcurrency}. At the quota Lambda throttles every function: request an increase (Service Quotas: Lambda).`,
      catalogueIds: ['lambda-concurrency-alarm'],
    });
  }

  /** Adds an alarm that notifies the pattern's topic. Missing data does not breach. */
  add(id: string, spec: AlarmSpec): void {
    const alarm = new Alarm(this, id, {
      metric: spec.metric,
      threshold: spec.threshold,
      evaluationPeriods: spec.periods ?? 1,
      comparisonOperator: spec.comparison ?? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: spec.description,
    });
    alarm.addAlarmAction(this.action);
    handles(alarm, 'cw-alarm-has-action', 'cw-missing-data-explicit', ...spec.catalogueIds);
  }
}
