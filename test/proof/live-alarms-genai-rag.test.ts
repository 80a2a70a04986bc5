import { describe, expect, it } from 'vitest';
import { STAGE_NAMES, type StageName } from '../../lib';
import type { ResolvedResource } from '../../local/assembly/resolved-template';
import { wouldFire } from '../../local/monitoring/alarms';
import { LocalMetrics } from '../../local/monitoring/metrics';
import { MutableTemplate } from '../../local/weaken/mutable-template';
import { genAiRagTemplate, resourcesOf } from '../synthesize';
import { ragDocument, resolvedRag } from './genai-rag/deployed';
import { walkRag } from './genai-rag/walk';
import type { Resources } from './live-alarms-emitted';
import { expectAlarms, expectLiveAlarms, expectLiveGraphs } from './live-alarms-rules';
import { graphsOf, metricsOf, ownMetric } from './live-alarms-template';

/** What alarms and graphs look at of what our code sends; a walk through all handlers shows that it does. */
const OWN = new Set([
  ...[
    ...['AnswersFailed', 'EmptyRetrievals', 'FirstTokenMs', 'GuardrailInterventions', 'InputTokens'],
    ...['ModelThrottles', 'ModelUnavailable', 'OutputTokens', 'Questions'],
  ].map((name) => ownMetric('ask', name)),
  ...['DocumentsQuarantined', 'DocumentsTakenIn', 'DocumentsUnclaimed'].map((name) =>
    ownMetric('inspect-document', name),
  ),
  ...['DocumentsFailed', 'DocumentsIndexed', 'IngestionJobsFailed', 'OldestChangeSeconds'].map((name) =>
    ownMetric('sync-knowledge-base', name),
  ),
]);

const resourcesIn = (stage: StageName) => resourcesOf(genAiRagTemplate(stage));
const ofType = (resources: Resources, type: string) => Object.values(resources).filter(({ Type }) => Type === type);

it('the code of the GenAI application sends what alarms and graphs look at', async () => {
  expect([...(await walkRag()).metrics]).toEqual(expect.arrayContaining([...OWN]));
});

describe.each(STAGE_NAMES)('alarms in %s', (stage) => {
  const resources = resourcesIn(stage);
  const full = stage !== 'dev';

  it('watch metrics that the resource really emits, act on the topic, and say what missing data means', () => {
    expectLiveAlarms(resources, OWN);
  });

  it('fixture beside graphs of metrics that exist', () => {
    expectLiveGraphs(resources, OWN, full ? 14 : 0);
  });

  it('watch documents on their way: how long they wait, and what was given up', () => {
    const queues = Object.entries(resources).filter(([, { Type }]) => Type === 'AWS::SQS::Queue');
    const [work, dead] = [/EventsWorkQueue/, /DeadLetter|Undelivered/].map((name) =>
      queues.flatMap(([id, queue]) => (name.test(id) ? [queue] : [])),
    );
    expect([work?.length, dead?.length]).toEqual([1, 3]);
    expectAlarms(resources, work ?? [], ['ApproximateAgeOfOldestMessage']);
    expectAlarms(resources, dead ?? [], ['ApproximateNumberOfMessagesVisible']);
    const rules = ofType(resources, 'AWS::Events::Rule');
    expect(rules).toHaveLength(2);
    expectAlarms(resources, rules, full ? ['FailedInvocations', 'InvocationsSentToDlq'] : []);
  });

  it('watch the API, the functions that somebody waits for, and what an answer breaks off by', () => {
    const apis = ofType(resources, 'AWS::ApiGateway::RestApi');
    expect(apis).toHaveLength(1);
    expectAlarms(resources, apis, ['5XXError', 'Latency']);
    const functions = Object.entries(resources).filter(
      ([id, { Type }]) => Type === 'AWS::Lambda::Function' && /Ask|Conversations|DocumentsApi|Inspector/.test(id),
    );
    expect(functions).toHaveLength(4);
    expectAlarms(
      resources,
      functions.map(([, fn]) => fn),
      ['Throttles'],
    );
    const [ask] = functions.flatMap(([id, fn]) => (id.includes('Ask') ? [fn] : []));
    // By its name, and by the model that it asks.
    expectAlarms(resources, ask === undefined ? [] : [ask], [
      ...['Errors', 'InvocationThrottles', 'InputTokenCount', 'OutputTokenCount'],
    ]);
  });

  it('watch the tables where alarms are full', () => {
    const tables = ofType(resources, 'AWS::DynamoDB::Table');
    expect(tables).toHaveLength(2);
    expectAlarms(resources, tables, full ? ['ReadThrottleEvents', 'WriteThrottleEvents'] : []);
  });
});

it('the dashboard shows what a document and a question meet', () => {
  const [dashboard] = ofType(resourcesIn('prod'), 'AWS::CloudWatch::Dashboard');
  const graphs = dashboard === undefined ? [] : [...graphsOf(dashboard).values()].flat();
  const shown: Readonly<Record<string, readonly string[]>> = {
    ApiName: ['Count', '4XXError', '5XXError', 'Latency'],
    FunctionName: ['ConcurrentExecutions', 'Throttles'],
    QueueName: ['ApproximateNumberOfMessagesVisible'],
    service: [...OWN].map((each) => each.split(' ')[1] ?? ''),
  };
  for (const [dimension, expected] of Object.entries(shown)) {
    const names = graphs.filter(({ dimensions }) => dimension in dimensions).map(({ name }) => name);
    expect(names, dimension).toEqual(expect.arrayContaining([...expected]));
  }
});

/** What an alarm's metrics have, period by period. */
type Periods = readonly Readonly<Record<string, number | readonly number[]>>[];
const times = (count: number, values: Periods[number]): Periods => Array.from({ length: count }, () => values);

/** By alarm: the least trouble that it is for, and what is none yet. */
const TROUBLES: Readonly<Record<string, { readonly fires: Periods; readonly silent: readonly Periods[] }>> = {
  ...Object.fromEntries(
    ['Ask', 'Conversations', 'Documents', 'Inspection'].map((name) => [
      `${name}Throttles`,
      { fires: [{ Throttles: 1 }], silent: [[{ Throttles: 0 }]] },
    ]),
  ),
  ...Object.fromEntries(
    ['Documents', 'Conversations'].flatMap((table) =>
      ['Read', 'Write'].map((kind) => [
        `${table}${kind}ThrottleEvents`,
        { fires: [{ [`${kind}ThrottleEvents`]: 1 }], silent: [[{ [`${kind}ThrottleEvents`]: 0 }]] },
      ]),
    ),
  ),
  ...Object.fromEntries(
    ['DocumentEvents', 'DeletedDocumentEvents'].flatMap((rule) =>
      ['FailedInvocations', 'InvocationsSentToDlq'].map((name) => [
        `${rule}${name}`,
        { fires: [{ [name]: 1 }], silent: [[{ [name]: 0 }]] },
      ]),
    ),
  ),
  ...Object.fromEntries(
    ['DocumentEvents', 'Inspection', 'Synchronization'].map((name) => [
      `${name}DeadLetters`,
      {
        fires: [{ ApproximateNumberOfMessagesVisible: 1 }],
        silent: [[{ ApproximateNumberOfMessagesVisible: 0 }]],
      },
    ]),
  ),
  ...Object.fromEntries(
    [
      ['Ask', 'Answers/Ask'],
      ['Conversations', 'Answers/ConversationsApi'],
      ['Documents', 'DocumentsApi'],
      ['Inspection', 'Library/Inspector'],
      ['Synchronization', 'Library/Sync'],
    ].map(([name, path]) => [
      `${name}LogErrors`,
      { fires: [{ [`GenAiRag/Rag/${path}`]: 1 }], silent: [[{ [`GenAiRag/Rag/${path}`]: 0 }]] },
    ]),
  ),
  InspectionQueueAge: {
    fires: [{ ApproximateAgeOfOldestMessage: 300 }],
    silent: [[{ ApproximateAgeOfOldestMessage: 299 }]],
  },
  SynchronizationThrottles: { fires: [{ Throttles: 5 }], silent: [[{ Throttles: 4 }]] },
  IngestionJobsFailed: { fires: [{ IngestionJobsFailed: 1 }], silent: [[]] },
  OldestChange: { fires: [{ OldestChangeSeconds: 1800 }], silent: [[{ OldestChangeSeconds: 1799 }]] },
  Quarantined: { fires: [{ DocumentsQuarantined: 10 }], silent: [[{ DocumentsQuarantined: 9 }]] },
  DocumentsFailed: { fires: [{ DocumentsFailed: 10 }], silent: [[{ DocumentsFailed: 9 }]] },
  AskErrors: { fires: [{ Errors: 1 }], silent: [[{ Errors: 0 }]] },
  // All of a few, and one in twenty of many; not two of two, nor three of a hundred.
  AnswersFailed: {
    fires: [{ AnswersFailed: 3, Questions: 60 }],
    silent: [[{ AnswersFailed: 3, Questions: 61 }], [{ AnswersFailed: 2, Questions: 2 }], [{ Questions: 5 }]],
  },
  ModelUnavailable: { fires: [{ ModelUnavailable: 1 }], silent: [[]] },
  FirstTokenP99: {
    fires: times(3, { FirstTokenMs: 8000 }),
    silent: [times(2, { FirstTokenMs: 8000 }), times(3, { FirstTokenMs: 7999 })],
  },
  ModelThrottles: {
    fires: times(3, { InvocationThrottles: 5 }),
    silent: [times(2, { InvocationThrottles: 5 }), times(3, { InvocationThrottles: 4 })],
  },
  InputTokensPerHour: {
    fires: [{ InputTokenCount: 2_000_000 }],
    silent: [times(2, { InputTokenCount: 1_999_999 })],
  },
  OutputTokensPerHour: { fires: [{ OutputTokenCount: 200_000 }], silent: [times(2, { OutputTokenCount: 199_999 })] },
  GuardrailInterventions: { fires: [{ GuardrailInterventions: 50 }], silent: [[{ GuardrailInterventions: 49 }]] },
  EmptyRetrievals: {
    fires: [{ EmptyRetrievals: 20, Questions: 40 }],
    silent: [[{ EmptyRetrievals: 20, Questions: 41 }], [{ EmptyRetrievals: 19, Questions: 19 }]],
  },
  ErrorRate: {
    fires: [{ '5XXError': 1, Count: Array(20).fill(1) }],
    silent: [[{ '5XXError': 1, Count: Array(100).fill(1) }], [{ '5XXError': 5, Count: Array(19).fill(1) }]],
  },
  LatencyP99: { fires: times(3, { Latency: 30_001 }), silent: [times(3, { Latency: 30_000 })] },
  AccountConcurrency: { fires: [{ ConcurrentExecutions: 800 }], silent: [[{ ConcurrentExecutions: 799 }]] },
  BlockedRequests: {
    fires: times(3, { BlockedRequests: 100 }),
    silent: [times(2, { BlockedRequests: 100 }), times(3, { BlockedRequests: 99 })],
  },
};

describe('each alarm of prod', () => {
  const template = resolvedRag(ragDocument('prod'));
  const alarms = new Map(
    template
      .ofType('AWS::CloudWatch::Alarm')
      .map((alarm) => [
        alarm.logicalId.replace(/^RagAlarms|^RagEdgeEdgeAlarms/, '').replace(/[0-9A-F]{8}$/, ''),
        alarm,
      ]),
  );

  it('has a trouble that it is for', () => {
    expect([...alarms.keys()].sort()).toEqual(Object.keys(TROUBLES).sort());
  });

  it.each(Object.entries(TROUBLES))('%s goes off for it, and not before', (name, { fires, silent }) => {
    const alarm = alarms.get(name);
    if (alarm === undefined) throw new Error(`There is no ${name}`);
    expect(wouldFire(alarm, measured(alarm, fires))).toBe(true);
    for (const each of silent) expect(wouldFire(alarm, measured(alarm, each)), JSON.stringify(each)).toBe(false);
  });
});

/** Metrics of an alarm as they would be measured, a period after the other. */
function measured(alarm: ResolvedResource, periods: Periods): LocalMetrics {
  let now = Date.UTC(2026, 10, 24);
  const metrics = new LocalMetrics(() => now);
  const watched = metricsOf({ Type: alarm.type, Properties: alarm.properties });
  const [, period = '60'] = /"Period":(\d+)/.exec(JSON.stringify(alarm.properties)) ?? [];
  for (const values of periods) {
    for (const [name, value] of Object.entries(values)) {
      const found = watched.find((each) => each.name === name);
      if (found === undefined) throw new Error(`${alarm.logicalId} does not look at ${name}`);
      const { namespace, dimensions } = found;
      for (const one of [value].flat()) metrics.put(namespace, name, dimensions as Record<string, string>, one);
    }
    now += Number(period) * 1000;
  }
  return metrics;
}

describe('the proof itself', () => {
  const ALARM = 'AWS::CloudWatch::Alarm';
  const dimensionsOf = (t: MutableTemplate, alarm: string) =>
    t.properties(ALARM, alarm)['Dimensions'] as { Name: string; Value: unknown }[];
  const document = ragDocument('staging');
  const ruin: Readonly<Record<string, (template: MutableTemplate) => void>> = {
    'a REST API by its id': (t) => {
      for (const dimension of dimensionsOf(t, 'LatencyP99')) if (dimension.Name === 'ApiName') dimension.Name = 'ApiId';
    },
    'a REST API of another name': (t) => t.set('AWS::ApiGateway::RestApi', 'Name', 'other'),
    'a REST API without its stage': (t) => {
      const all = dimensionsOf(t, 'LatencyP99');
      all.splice(0, all.length, ...all.filter(({ Name }) => Name === 'ApiName'));
    },
    "an HTTP API's name of the metric": (t) => t.set(ALARM, 'MetricName', '5xx', 'LatencyP99'),
    'a model that nobody asks': (t) =>
      t.set('AWS::Lambda::Function', 'Environment.Variables.MODEL_ID', 'amazon.nova-2-lite-v1:0', 'AnswersAsk'),
    'a model by another dimension': (t) => {
      for (const dimension of dimensionsOf(t, 'ModelThrottles')) dimension.Name = 'Model';
    },
    'tokens on an average': (t) => t.set(ALARM, 'Statistic', 'Average', 'InputTokensPerHour'),
    'throttles as the handler counts them, of Bedrock': (t) =>
      t.set(ALARM, 'MetricName', 'ModelThrottles', 'ModelThrottles'),
    'answers of a service that is called otherwise': (t) =>
      t.set('AWS::Lambda::Function', 'Environment.Variables.POWERTOOLS_SERVICE_NAME', 'answers', 'AnswersAsk'),
    'a count that no handler sends': (t) => t.set(ALARM, 'MetricName', 'JobsFailed', 'IngestionJobsFailed'),
  };

  it.each(Object.entries(ruin))('finds %s', (_, take) => {
    const template = new MutableTemplate(document);
    take(template);
    expect(() => expectLiveAlarms(template.document.Resources as Resources, OWN)).toThrow(/to be true/);
  });

  it('finds nothing where all is right', () => {
    expectLiveAlarms(document.Resources as Resources, OWN);
  });
});
