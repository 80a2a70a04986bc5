import { Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { describe, expect, it } from 'vitest';
import { leaveUnwatched } from '../../lib';
import { foundAs, WATCHED_KINDS } from '../../lib/monitoring/watched/watched-kinds';
import {
  dataPipelineStack,
  eventDrivenStack,
  genAiRagStack,
  resourcesOf,
  type TemplateResource,
  testApp,
  webApp,
  webAppStacks,
} from '../synthesize';
import type { Resources } from './live-alarms-emitted';
import { graphsOf, isEmitted, metricsOf, named, type WatchedMetric } from './live-alarms-template';
import { oneOfEach } from './one-of-each-fixture';

const WATCHED_TYPES = WATCHED_KINDS.flatMap(({ types }) => types);
/** What has alarms of its own, but is no row's resource: it is an instance, a group or a mapping of another, or is paid by the hour. */
const WITHOUT_A_ROW = ['AWS::EC2::NatGateway', 'AWS::RDS::DBInstance'];

/** The pattern's stack with one of each beside the pattern. */
function beside(then: (scope: Construct) => void = () => {}) {
  const stack = eventDrivenStack(testApp(), 'staging', { env: { region: 'us-east-1' } });
  const scope = new Construct(stack, 'Beside');
  oneOfEach(scope, stack.shop.dataKey.key);
  then(scope);
  const template = Template.fromStack(stack);
  const resources = resourcesOf(template);
  const added = Object.entries(resources).filter(
    ([id, { Type }]) => id.startsWith('Beside') && WATCHED_TYPES.includes(Type),
  );
  const alarms = Object.entries(resources).filter(([, { Type }]) => Type === 'AWS::CloudWatch::Alarm');
  const [dashboard] = Object.values(resources).filter(({ Type }) => Type === 'AWS::CloudWatch::Dashboard');
  const graphs = dashboard === undefined ? new Map<string, WatchedMetric[]>() : graphsOf(dashboard);
  return { stack, resources, added, alarms, graphs };
}

/** Whether a metric is of a resource: a rule of a bus is a part of its own Ref. */
const isOf = (metric: WatchedMetric, resource: TemplateResource, resources: Resources) =>
  Object.values(metric.dimensions).some(
    (value) =>
      named(value, resources) === resource ||
      Object.keys(resources).some(
        (id) => resources[id] === resource && JSON.stringify(value).includes(`{"Ref":"${id}"}`),
      ),
  );

const one = (stack: Stack) => [stack, stack] as const;

/** The web app in a stack of an app of its own. */
const webAppInOne = () => Stack.of(webApp(testApp(), 'staging'));

/** Alarms and graphs of a resource. */
function watching(resource: TemplateResource, { resources, alarms, graphs }: ReturnType<typeof beside>) {
  return {
    alarms: alarms.filter(([, alarm]) => metricsOf(alarm).some((metric) => isOf(metric, resource, resources))),
    graphs: [...graphs].filter(([, metrics]) => metrics.some((metric) => isOf(metric, resource, resources))),
  };
}

const built = beside();

it('finds each kind beside a pattern, in the stack of the pattern', () => {
  const types = new Set(built.added.map(([, { Type }]) => Type));
  expect([...types].sort()).toEqual([...WATCHED_TYPES].sort());
});

it.each(built.added.filter(([, { Type }]) => !Type.endsWith('DBInstance')))('%s has an alarm', (_, resource) => {
  const polls = resource.Type === 'AWS::Lambda::EventSourceMapping' && !('StartingPosition' in resource.Properties);
  if (!polls) expect(watching(resource, built).alarms).not.toEqual([]);
});

it.each(built.added.filter(([, { Type }]) => !WITHOUT_A_ROW.includes(Type)))('%s has a row', (_, resource) => {
  expect(watching(resource, built).graphs).not.toEqual([]);
});

/** The metrics of the alarms that patterns get by name, for the kinds that have several. */
const USUAL: Readonly<Record<string, readonly string[]>> = {
  BesideDatabase: ['ACUUtilization', 'DatabaseConnections'],
  BesideSized: ['CPUUtilization'],
  BesideProxy: ['DatabaseConnectionsBorrowLatency'],
  BesideCache: ['BytesUsedForCache', 'ThrottledCmds'],
  BesidePlainCache: ['ThrottledCmds'],
  BesidePlainStream: [
    'GetRecords.IteratorAgeMilliseconds',
    'ReadProvisionedThroughputExceeded',
    'WriteProvisionedThroughputExceeded',
  ],
  BesideReaderMapping: ['DroppedEventCount', 'OnFailureDestinationDeliveredEventCount'],
  BesideReaderHandler: ['Errors', 'Invocations', 'IteratorAge', 'Throttles'],
  BesideTransform: ['Errors', 'Throttles'],
  BesideFiles: ['DataReadFromKinesisStream.Records', 'DeliveryToS3.DataFreshness', 'FailedConversion.Records'],
  BesideQueries: ['ProcessedBytes'],
  BesideDistribution: ['5xxErrorRate', 'Requests'],
  BesideVpc: ['BytesOutToDestination', 'ErrorPortAllocation'],
};

it.each(Object.entries(USUAL))('%s has the usual alarms', (prefix, metrics) => {
  const [, resource] =
    built.added.find(([id, { Type }]) => id.startsWith(prefix) && !Type.endsWith('DBInstance')) ?? [];
  if (resource === undefined) throw new Error(`${prefix} is none`);
  const names = watching(resource, built).alarms.flatMap(([, alarm]) =>
    metricsOf(alarm).filter((metric) => isOf(metric, resource, built.resources)),
  );
  expect([...new Set(names.map(({ name }) => name))].sort()).toEqual(metrics);
});

it('counts the ERROR lines of each log in JSON', () => {
  const filters = Object.keys(built.resources).filter((id) => /^ShopAlarms.*ErrorLines/.test(id));
  const added = filters.filter((id) =>
    /Alarms(Handler|ReaderHandler|Transform|Service)/.test(id.replace('Beside', '')),
  );
  expect(added).toHaveLength(4);
});

it('looks at metrics that exist, in alarms and graphs', () => {
  const { resources, alarms, graphs, added } = built;
  const ids = added.map(([, resource]) => resource);
  const all = [...alarms.map(([id, alarm]) => [id, metricsOf(alarm)] as const), ...graphs];
  const ours = all.flatMap(([id, metrics]) =>
    metrics
      .filter((metric) => ids.some((each) => isOf(metric, each, resources)))
      .map((metric) => [id, metric] as const),
  );
  expect(ours.length).toBeGreaterThan(80);
  for (const [id, metric] of ours) {
    expect(isEmitted(metric, resources, new Set()), `${id} ${JSON.stringify(metric)}`).toBe(true);
  }
});

it('draws each line once, though pattern and stack both look', () => {
  for (const [title, metrics] of built.graphs) {
    const lines = metrics.map((metric) => JSON.stringify(metric));
    expect(lines, title).toEqual([...new Set(lines)]);
  }
});

it('leaves out of both what is left with a reason', () => {
  const left = beside((scope) => {
    for (const node of scope.node.findAll()) {
      const found = foundAs(node);
      if (found !== undefined) leaveUnwatched(found.resource, 'A test leaves it.');
    }
  });
  const watched = left.added.filter(([, resource]) => {
    const { alarms, graphs } = watching(resource, left);
    return alarms.length + graphs.length > 0;
  });
  expect(watched.map(([id]) => id)).toEqual([]);
});

describe('a queue beside each pattern', () => {
  const app = testApp();
  const web = webAppStacks(app, 'staging');
  const stacks: Readonly<Record<string, readonly [own: Stack, shown: Stack]>> = {
    'the data pipeline': one(dataPipelineStack(app, 'staging')),
    'the GenAI application': one(genAiRagStack(app, 'staging')),
    'the web app': one(Stack.of(web.application)),
    'the data of the web app': [Stack.of(web.data), Stack.of(web.application)],
    'the network of the web app': [Stack.of(web.foundation), Stack.of(web.application)],
    'the web app in one stack': one(webAppInOne()),
  };
  for (const [own] of Object.values(stacks)) new Queue(own.node.tryFindChild('App') ?? own, 'Mine');
  const resources = (stack: Stack, type: string) => Template.fromStack(stack).findResources(type);

  it.each(Object.entries(stacks))('%s has an alarm there, and a line on the dashboard', (_, [own, shown]) => {
    const alarms = Object.keys(resources(own, 'AWS::CloudWatch::Alarm'));
    expect(alarms.filter((id) => /Alarms(App)?MineQueueAge/.test(id))).toHaveLength(1);
    const dashboards = JSON.stringify(resources(shown, 'AWS::CloudWatch::Dashboard'));
    expect(dashboards).toMatch(/## Other queues/);
    expect(dashboards).toMatch(/Mine/);
  });
});

it('warns of a distribution that no alarm of its region can watch', () => {
  const stack = eventDrivenStack(testApp(), 'staging', { env: { region: 'eu-west-1' } });
  const origin = new HttpOrigin('example.com');
  const distribution = new Distribution(stack, 'Mine', { defaultBehavior: { origin } });
  Annotations.fromStack(stack).hasWarning(
    `/${distribution.node.path}`,
    Match.stringLikeRegexp('publishes its metrics in us-east-1'),
  );
});
