import { describe, expect, it } from 'vitest';
import { STAGE_NAMES, type StageName } from '../../lib';
import { eventDrivenTemplate, resourcesOf, type TemplateResource } from '../synthesize';

/**
 * What each service emits, from AWS's lists of metrics and dimensions. `values` tells for each dimension which resource
 * its value must refer to, so that an alarm on a misspelt or foreign resource is found.
 */
interface Emitted {
  readonly metrics: readonly string[];
  /** Dimension name to the resource type that it names; a literal in quotes. */
  readonly dimensions: Readonly<Record<string, string>>;
}

const EMITTED: Readonly<Record<string, readonly Emitted[]>> = {
  // docs.aws.amazon.com/AWSSimpleQueueService: available CloudWatch metrics
  'AWS/SQS': [
    {
      metrics: ['ApproximateAgeOfOldestMessage', 'ApproximateNumberOfMessagesVisible'],
      dimensions: { QueueName: 'AWS::SQS::Queue' },
    },
  ],
  // docs.aws.amazon.com/lambda: types of metrics for Lambda functions; ConcurrentExecutions exists for the region too
  'AWS/Lambda': [
    { metrics: ['Throttles', 'IteratorAge'], dimensions: { FunctionName: 'AWS::Lambda::Function' } },
    { metrics: ['ConcurrentExecutions'], dimensions: {} },
  ],
  // docs.aws.amazon.com/apigateway: metrics of HTTP APIs
  'AWS/ApiGateway': [
    { metrics: ['5xx', 'Count', 'Latency'], dimensions: { ApiId: 'AWS::ApiGatewayV2::Api', Stage: "'$default'" } },
  ],
  // docs.aws.amazon.com/amazondynamodb: metrics and dimensions
  'AWS/DynamoDB': [
    { metrics: ['ReadThrottleEvents', 'WriteThrottleEvents'], dimensions: { TableName: 'AWS::DynamoDB::Table' } },
  ],
  // docs.aws.amazon.com/sns: monitoring topics with CloudWatch
  'AWS/SNS': [{ metrics: ['NumberOfNotificationsFailed'], dimensions: { TopicName: 'AWS::SNS::Topic' } }],
  // docs.aws.amazon.com/eventbridge: a rule of a custom bus is named by bus and rule
  'AWS/Events': [
    {
      metrics: ['FailedInvocations', 'InvocationsSentToDlq'],
      dimensions: { EventBusName: 'AWS::Events::EventBus', RuleName: 'AWS::Events::Rule' },
    },
  ],
  // docs.aws.amazon.com/eventbridge: monitoring EventBridge Pipes
  'AWS/EventBridge/Pipes': [{ metrics: ['ExecutionFailed'], dimensions: { PipeName: 'AWS::Pipes::Pipe' } }],
  // docs.aws.amazon.com/step-functions: metrics
  'AWS/States': [
    {
      metrics: ['ExecutionsFailed', 'ExecutionsTimedOut'],
      dimensions: { StateMachineArn: 'AWS::StepFunctions::StateMachine' },
    },
  ],
};

interface AlarmMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, unknown>>;
}

type Resources = Record<string, TemplateResource>;

function metricsOf({ Properties }: TemplateResource): AlarmMetric[] {
  const single = Properties as { Namespace?: string; MetricName?: string; Dimensions?: Dimension[] };
  const queries = (Properties['Metrics'] ?? []) as { MetricStat?: { Metric: typeof single } }[];
  const stats = [single, ...queries.flatMap(({ MetricStat }) => MetricStat?.Metric ?? [])];
  return stats
    .filter(({ MetricName }) => MetricName !== undefined)
    .map(({ Namespace = '', MetricName = '', Dimensions = [] }) => ({
      namespace: Namespace,
      name: MetricName,
      dimensions: Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value])),
    }));
}

interface Dimension {
  readonly Name: string;
  readonly Value: unknown;
}

/** The type of the resource that a value names, or the literal in quotes. */
function referent(value: unknown, resources: Resources): string {
  if (typeof value === 'string') return `'${value}'`;
  const reference = value as { Ref?: string; 'Fn::GetAtt'?: [string, string]; 'Fn::Select'?: [number, object] };
  const id = reference.Ref ?? reference['Fn::GetAtt']?.[0] ?? '';
  const type = resources[id]?.Type;
  // A rule of a custom bus has the Ref `bus|rule`: only the second half of it names the rule.
  if (type === 'AWS::Events::Rule') return "'bus|rule'";
  const [half, split] = reference['Fn::Select'] ?? [];
  const [separator, joined] = (split as { 'Fn::Split'?: [string, object] } | undefined)?.['Fn::Split'] ?? [];
  if (half === 1 && separator === '|' && referent(joined, resources) === "'bus|rule'") return 'AWS::Events::Rule';
  return type ?? `unknown ${JSON.stringify(value)}`;
}

function isEmitted({ namespace, name, dimensions }: AlarmMetric, resources: Resources): boolean {
  const named = Object.fromEntries(Object.entries(dimensions).map(([key, value]) => [key, referent(value, resources)]));
  if (namespace === 'Groundplan') return isEmittedByHandler(name, dimensions, resources);
  if (namespace === 'Groundplan/Errors') return isEmittedByFilter(name, resources);
  return (EMITTED[namespace] ?? []).some(
    (emitted) =>
      emitted.metrics.includes(name) &&
      JSON.stringify(Object.entries(emitted.dimensions).sort()) === JSON.stringify(Object.entries(named).sort()),
  );
}

/** EMF metrics of our handlers: by service, whose name a function carries in its environment. */
function isEmittedByHandler(name: string, dimensions: AlarmMetric['dimensions'], resources: Resources): boolean {
  const services = Object.values(resources)
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .map(
      ({ Properties }) => (Properties['Environment'] as { Variables?: Record<string, unknown> } | undefined)?.Variables,
    )
    .filter((variables) => variables?.['POWERTOOLS_METRICS_NAMESPACE'] === 'Groundplan')
    .map((variables) => variables?.['POWERTOOLS_SERVICE_NAME']);
  return (
    ['OutboxLag'].includes(name) &&
    Object.keys(dimensions).join() === 'service' &&
    services.includes(dimensions['service'])
  );
}

function isEmittedByFilter(name: string, resources: Resources): boolean {
  return Object.values(resources)
    .filter(({ Type }) => Type === 'AWS::Logs::MetricFilter')
    .flatMap(
      ({ Properties }) => Properties['MetricTransformations'] as { MetricName: string; MetricNamespace: string }[],
    )
    .some(({ MetricName, MetricNamespace }) => MetricName === name && MetricNamespace === 'Groundplan/Errors');
}

/** Queues that something names as its dead-letter queue or failure destination. */
function deadLetterQueues(resources: Resources): Set<string> {
  const found = new Set<string>();
  const visit = (value: unknown, inside: boolean): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, child] of Object.entries(value)) {
      const [id] = key === 'Fn::GetAtt' && inside ? (child as [string]) : [''];
      if (resources[id]?.Type === 'AWS::SQS::Queue') found.add(id);
      visit(child, inside || ['RedrivePolicy', 'DeadLetterConfig', 'OnFailure'].includes(key));
    }
  };
  for (const { Properties } of Object.values(resources)) visit(Properties, false);
  return found;
}

const variants: [StageName, boolean][] = STAGE_NAMES.flatMap((stage): [StageName, boolean][] => [
  [stage, false],
  [stage, true],
]);

describe.each(variants)('alarms in %s, fifo %s', (stage, fifo) => {
  const resources = resourcesOf(eventDrivenTemplate(stage, { fifo }));
  const alarms = Object.entries(resources).filter(([, { Type }]) => Type === 'AWS::CloudWatch::Alarm');

  it('watch metrics that the resource really emits', () => {
    expect(alarms.length).toBeGreaterThan(20);
    for (const [id, alarm] of alarms) {
      const metrics = metricsOf(alarm);
      expect(metrics.length, id).toBeGreaterThan(0);
      for (const metric of metrics) expect(isEmitted(metric, resources), `${id} ${JSON.stringify(metric)}`).toBe(true);
    }
  });

  it('act on the alarm topic, and say what missing data means', () => {
    for (const [id, { Properties }] of alarms) {
      const actions = Properties['AlarmActions'] as unknown[];
      expect(
        actions.map((action) => referent(action, resources)),
        id,
      ).toEqual(['AWS::SNS::Topic']);
      expect(Properties['TreatMissingData'], id).toBe('notBreaching');
      expect(Properties['ActionsEnabled'] ?? true, id).toBe(true);
    }
  });

  it('watch the depth of every dead-letter queue', () => {
    const watched = alarms
      .flatMap(([, alarm]) => metricsOf(alarm))
      .filter(({ name }) => name === 'ApproximateNumberOfMessagesVisible')
      .map(({ dimensions }) => (dimensions['QueueName'] as { 'Fn::GetAtt'?: [string, string] })['Fn::GetAtt']?.[0]);
    const dead = deadLetterQueues(resources);
    expect(dead.size).toBeGreaterThanOrEqual(11);
    expect([...watched].sort()).toEqual([...dead].sort());
  });

  it('include the three that every system needs', () => {
    const names = alarms.flatMap(([, alarm]) => metricsOf(alarm)).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['5xx', 'Latency', 'ApproximateAgeOfOldestMessage']));
  });

  it('watch the age of each work queue and the throttles of each function', () => {
    const watched = (metricName: string) =>
      alarms.flatMap(([, alarm]) => metricsOf(alarm)).filter(({ name }) => name === metricName).length;
    const mappings = Object.values(resources).filter(
      ({ Type, Properties }) =>
        Type === 'AWS::Lambda::EventSourceMapping' && Properties['StartingPosition'] === undefined,
    );
    const functions = Object.values(resources).filter(
      ({ Type, Properties }) => Type === 'AWS::Lambda::Function' && Properties['Environment'] !== undefined,
    );
    expect(watched('ApproximateAgeOfOldestMessage')).toBe(mappings.length);
    expect(watched('Throttles')).toBe(functions.length);
  });
});

describe('the proof itself', () => {
  it('finds an alarm without the dimensions that the metric has', () => {
    const resources = resourcesOf(eventDrivenTemplate('dev'));
    expect(isEmitted({ namespace: 'AWS/SQS', name: 'ApproximateAgeOfOldestMessage', dimensions: {} }, resources)).toBe(
      false,
    );
    expect(isEmitted({ namespace: 'AWS/SQS', name: 'Depth', dimensions: { QueueName: { Ref: 'X' } } }, resources)).toBe(
      false,
    );
  });
});
