import { NestedStack, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { stages } from '../../lib';
import { metrics } from '../../lib/runtime/observability';
import { DataPipelineStack } from '../../patterns/data-pipeline';
import { EventDrivenShop, EventDrivenStack } from '../../patterns/event-driven';
import { placeOrders } from '../../patterns/event-driven/local/traffic';
import { GenAiRagStack } from '../../patterns/genai-rag';
import { WebApp } from '../../patterns/web-app';
import { withEventDriven } from '../patterns/event-driven/engine-fixture';
import { ALARM_EMAIL, MAIL_FROM, resourcesOf, testApp } from '../synthesize';
import { graphsOf, metricsOf } from './live-alarms-template';

const env = { region: 'us-east-1' };
const settings = { stage: stages.prod, alarmEmail: ALARM_EMAIL };

/** Each pattern in a stack of the name, as one is that is deployed twice from one app. */
const COPIES: Readonly<Record<string, (stackName: string) => Stack>> = {
  'event-driven': (stackName) => new EventDrivenStack(testApp(), 'Id', { ...settings, stackName }),
  'event-driven, FIFO': (stackName) => new EventDrivenStack(testApp(), 'Id', { ...settings, stackName, fifo: true }),
  'data-pipeline': (stackName) => new DataPipelineStack(testApp(), 'Id', { ...settings, stackName }),
  'genai-rag': (stackName) => new GenAiRagStack(testApp(), 'Id', { ...settings, env, stackName, mailFrom: MAIL_FROM }),
  ...Object.fromEntries(
    (['lambda', 'fargate'] as const).map((compute) => [
      `web-app, ${compute}`,
      (stackName: string) => {
        const stack = new Stack(testApp(), 'Id', { env, stackName });
        new WebApp(stack, 'App', { ...settings, compute, login: { mailFrom: MAIL_FROM } });
        return stack;
      },
    ]),
  ),
};

/** Metrics of ours that alarms, dashboards and metric filters of a stack name, one a line. */
function ownMetrics(stack: Stack): string[] {
  const resources = Object.values(resourcesOf(Template.fromStack(stack)));
  const watched = resources.flatMap((resource) => {
    if (resource.Type === 'AWS::CloudWatch::Alarm') return metricsOf(resource);
    return resource.Type === 'AWS::CloudWatch::Dashboard' ? [...graphsOf(resource).values()].flat() : [];
  });
  const filters = resources
    .filter(({ Type }) => Type === 'AWS::Logs::MetricFilter')
    .flatMap(
      ({ Properties }) => Properties['MetricTransformations'] as { MetricNamespace: string; MetricName: string }[],
    )
    .map(({ MetricNamespace, MetricName }) => ({ namespace: MetricNamespace, name: MetricName, dimensions: {} }));
  return [...watched, ...filters]
    .filter(({ namespace }) => namespace.startsWith('Groundplan'))
    .map(({ namespace, name, dimensions }) => JSON.stringify([namespace, name, dimensions]));
}

describe.each(Object.entries(COPIES))('two copies of %s', (_, build) => {
  it('name no metric in common, and the same number', () => {
    const [one, two] = ['Orders-eu', 'Orders-test'].map((name) => ownMetrics(build(name)));
    expect(one?.length).toBeGreaterThan(0);
    expect(two).toHaveLength(one?.length ?? 0);
    expect(one?.filter((metric) => two?.includes(metric))).toEqual([]);
    for (const metric of one ?? []) expect(metric).toContain('Orders-eu');
  });

  it('tell their handlers whose they are', () => {
    const resources = resourcesOf(Template.fromStack(build('Orders-eu')));
    const functions = Object.values(resources)
      .map(
        ({ Properties }) =>
          (Properties['Environment'] as { Variables?: Record<string, unknown> } | undefined)?.Variables,
      )
      .filter((variables) => variables?.['POWERTOOLS_METRICS_NAMESPACE'] !== undefined);
    const containers = Object.values(resources)
      .flatMap(
        ({ Properties }) =>
          (Properties['ContainerDefinitions'] ?? []) as { Environment?: { Name: string; Value: unknown }[] }[],
      )
      .map(({ Environment = [] }) => Object.fromEntries(Environment.map(({ Name, Value }) => [Name, Value])));
    const all = [...functions, ...containers];
    expect(all.length).toBeGreaterThan(0);
    for (const variables of all) expect(variables).toMatchObject({ GROUNDPLAN_STACK: 'Orders-eu' });
  });
});

it('in a nested stack both sides take the name that CloudFormation gives it', () => {
  const parent = new Stack(testApp(), 'Parent');
  const nested = new NestedStack(parent, 'Nested');
  new EventDrivenShop(nested, 'Shop', settings);
  const template = Template.fromStack(nested);
  const name = { Ref: 'AWS::StackName' };
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    MetricName: 'OutboxLag',
    Dimensions: Match.arrayWith([{ Name: 'stack', Value: name }]),
  });
  template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: { POWERTOOLS_SERVICE_NAME: 'notifications', GROUNDPLAN_STACK: name } },
  });
  template.hasResourceProperties('AWS::Logs::MetricFilter', {
    MetricTransformations: [{ MetricName: { 'Fn::Join': ['', [name, '/Shop/Billing']] } }],
  });
});

describe('what handlers send', () => {
  it('carries the service and the stack, and nothing else', async () => {
    await withEventDriven({ seed: 7, stackName: 'Orders-test' }, async (engine) => {
      await placeOrders(engine, { orders: 5, seed: 7 });
      await engine.settle();
      const sent = engine.metrics.sent().filter(({ namespace }) => namespace === 'Groundplan');
      expect(sent.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['OutboxLag', 'EventsHandled', 'OrdersAccepted']),
      );
      for (const { dimensions } of sent) {
        expect(Object.keys(dimensions).sort()).toEqual(['service', 'stack']);
        expect(dimensions['stack']).toBe('Orders-test');
      }
    });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('never is %s', (value) => {
    metrics.addMetric('OutboxLag', 'Milliseconds', value);
    expect(metrics.hasStoredMetrics()).toBe(false);
    metrics.addMetric('OutboxLag', 'Milliseconds', 5);
    metrics.addMetric('OutboxLag', 'Milliseconds', value);
    expect(metrics.serializeMetrics()).toMatchObject({ OutboxLag: 5 });
    metrics.clearMetrics();
  });
});
