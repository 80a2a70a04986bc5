import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { expect, it } from 'vitest';
import * as lib from '../../lib';
import { eventDrivenStack, resourcesOf, testApp } from '../synthesize';
import { isEmitted } from './live-alarms-template';
import { oneOfEach } from './one-of-each-fixture';

/** The blocks that own something with metrics, with their methods; what they inherit is that of the class above. */
const METRICS: Readonly<Record<string, readonly string[]>> = {
  ApiDistribution: ['metricRequests', 'metricServerErrorRate'],
  EventStream: ['metricIncomingRecords', 'metricIteratorAge', 'metricReadThrottles', 'metricWriteThrottles'],
  FanOutTopic: ['metricFailed', 'metricPublished'],
  HandlerFunction: ['metricDuration', 'metricErrors', 'metricInvocations', 'metricThrottles'],
  JwtHttpApi: ['metricClientErrors', 'metricLatency', 'metricRequests', 'metricServerErrors'],
  JwtRestApi: ['metricClientErrors', 'metricLatency', 'metricRequests', 'metricServerErrors'],
  ParquetDelivery: ['metricFailedConversions', 'metricFreshness'],
  PostgresCluster: ['metricCapacity', 'metricConnections'],
  PostgresProxy: ['metricBorrowLatency', 'metricClientConnections'],
  QueryWorkgroup: ['metricScanned'],
  ServiceTable: ['metricReadThrottles', 'metricWriteThrottles'],
  StreamConsumer: ['metricFailed', 'metricIteratorAge'],
  StreamPipe: ['metricFailed'],
  ValkeyCache: ['metricBytesUsed', 'metricThrottles'],
  WorkQueue: ['metricAge', 'metricDeadLetters', 'metricDepth'],
};

type WithMetrics = Construct & Readonly<Record<string, (options?: MetricOptions) => Metric>>;

const stack = eventDrivenStack(testApp(), 'staging', { env: { region: 'us-east-1' }, edge: {} });
const beside = new Construct(stack, 'Beside');
const encryptionKey = stack.shop.dataKey.key;
oneOfEach(beside, encryptionKey);
const rest = new lib.JwtRestApi(beside, 'Rest', {
  stage: lib.stages.staging,
  encryptionKey,
  userPool: new UserPool(beside, 'Users'),
  scopes: ['openid'],
});
rest.route('GET', '/a', stack.shop.ordersFunction.alias);
const resources = resourcesOf(Template.fromStack(stack));

/** Names of the methods of a block's own class and of those of ours above it. */
function methodsOf(block: object): string[] {
  const names = new Set<string>();
  for (let at = Object.getPrototypeOf(block); at !== Construct.prototype; at = Object.getPrototypeOf(at)) {
    for (const name of Object.getOwnPropertyNames(at)) if (/^metric[A-Z]/.test(name)) names.add(name);
  }
  return [...names].sort();
}

const classes = new Set<unknown>(Object.values(lib));
const blocks = stack.node
  .findAll()
  .filter((node) => classes.has(node.constructor) && 'metric' in node) as WithMetrics[];
const oneOf = new Map(blocks.map((block) => [block.constructor.name, block]));

it('has them on each block that is listed, and lists each block that has them', () => {
  // A dead-letter queue is CDK's queue, which has them.
  const own = [...oneOf].filter(([name]) => name !== 'DeadLetterQueue');
  expect(Object.fromEntries(own.map(([name, block]) => [name, methodsOf(block)]))).toEqual(METRICS);
});

const cases = Object.entries(METRICS).flatMap(([name, methods]) => methods.map((method) => [name, method] as const));

it.each(cases)('%s.%s() is a metric that the block publishes, and takes options', (name, method) => {
  const block = oneOf.get(name);
  const metric = block?.[method]?.();
  if (block === undefined || metric === undefined) throw new Error(`${name} has no ${method}`);
  const { namespace, metricName, statistic, dimensions } = metric;
  const resolved = stack.resolve(dimensions) as Record<string, unknown>;
  const stat = statistic.replace('Minimum', 'Average');
  const watched = { namespace, name: metricName, dimensions: resolved, statistic: stat };
  expect(isEmitted(watched, resources, new Set()), JSON.stringify(watched)).toBe(true);
  const mine = block[method]?.({ statistic: 'p50', period: Duration.minutes(15), label: 'mine' });
  expect([mine?.statistic, mine?.period.toMinutes(), mine?.label]).toEqual(['p50', 15, 'mine']);
  expect([mine?.metricName, stack.resolve(mine?.dimensions)]).toEqual([metricName, resolved]);
});

it.each(Object.keys(METRICS))('%s.metric() has the dimensions of the others', (name) => {
  const block = oneOf.get(name) as unknown as { metric(name: string, options?: MetricOptions): Metric } & WithMetrics;
  const other = block.metric('Something', { label: 'mine' });
  expect(other).toBeInstanceOf(Metric);
  expect([other.metricName, other.label]).toEqual(['Something', 'mine']);
  const [first = ''] = METRICS[name] ?? [];
  expect(other.namespace).toBe(block[first]?.().namespace);
});
