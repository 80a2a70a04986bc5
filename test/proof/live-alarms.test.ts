import { beforeAll, describe, expect, it } from 'vitest';
import { STAGE_NAMES, type StageName } from '../../lib';
import { eventDrivenTemplate, resourcesOf } from '../synthesize';
import type { Resources } from './live-alarms-emitted';
import { metricsOfEventDriven } from './live-alarms-handlers';
import { expectLiveAlarms, expectLiveGraphs } from './live-alarms-rules';
import { isEmitted, metricsOf, type OwnMetrics } from './live-alarms-template';

let own: OwnMetrics;
beforeAll(async () => {
  own = await metricsOfEventDriven();
});

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
  const metrics = alarms.flatMap(([, alarm]) => metricsOf(alarm));

  it('watch metrics that the resource really emits, act on the topic, and say what missing data means', () => {
    expect(alarms.length).toBeGreaterThan(20);
    expectLiveAlarms(resources, own);
  });

  it('fixture beside graphs of metrics that exist', () => {
    expectLiveGraphs(resources, own, stage === 'dev' ? 0 : 15);
  });

  it('watch the depth of every dead-letter queue', () => {
    const watched = metrics
      .filter(({ name }) => name === 'ApproximateNumberOfMessagesVisible')
      .map(({ dimensions }) => (dimensions['QueueName'] as { 'Fn::GetAtt'?: [string, string] })['Fn::GetAtt']?.[0]);
    const dead = deadLetterQueues(resources);
    expect(dead.size).toBeGreaterThanOrEqual(11);
    expect([...watched].sort()).toEqual([...dead].sort());
  });

  it('include the three that every system needs', () => {
    const names = metrics.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['5xx', 'Latency', 'ApproximateAgeOfOldestMessage']));
  });

  it('watch the age of each work queue and the throttles of each function', () => {
    const watched = (metricName: string) => metrics.filter(({ name }) => name === metricName).length;
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
  const resources = resourcesOf(eventDrivenTemplate('dev'));
  const queue = Object.keys(resources).find((id) => resources[id]?.Type === 'AWS::SQS::Queue');
  const dimensions = { QueueName: { 'Fn::GetAtt': [queue, 'QueueName'] } };

  it.each([
    ['without the dimensions that the metric has', { name: 'ApproximateAgeOfOldestMessage', dimensions: {} }],
    ['of a misspelt metric', { name: 'Depth', dimensions }],
    ['of no resource', { name: 'ApproximateAgeOfOldestMessage', dimensions: { QueueName: { Ref: 'X' } } }],
  ])('finds an alarm %s', (_, metric) => {
    expect(isEmitted({ namespace: 'AWS/SQS', ...metric }, resources, own)).toBe(false);
  });

  it('takes the one that is right', () => {
    const right = { namespace: 'AWS/SQS', name: 'ApproximateAgeOfOldestMessage', dimensions };
    expect(isEmitted(right, resources, own)).toBe(true);
  });
});
