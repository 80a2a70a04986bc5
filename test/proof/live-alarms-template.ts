import type { TemplateResource } from '../synthesize';
import { ANY, EMITTED, property, type Resources } from './live-alarms-emitted';

/** A metric that an alarm or a graph looks at. */
export interface WatchedMetric {
  readonly namespace: string;
  readonly name: string;
  /** Values as the template has them, or {@link ANY}. */
  readonly dimensions: Readonly<Record<string, unknown>>;
  /** @default - of no matter */
  readonly statistic?: string;
}

interface Dimension {
  readonly Name: string;
  readonly Value: unknown;
}

interface Watched {
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: readonly Dimension[];
  readonly Statistic?: string;
}

/** The metrics of an alarm, itself or in its expression. */
export function metricsOf({ Properties }: TemplateResource): WatchedMetric[] {
  const single = Properties as Watched & { ExtendedStatistic?: string };
  const queries = (Properties['Metrics'] ?? []) as { MetricStat?: { Metric: Watched; Stat: string } }[];
  const stats: Watched[] = [
    { ...single, Statistic: single.Statistic ?? single.ExtendedStatistic },
    ...queries.flatMap(({ MetricStat }) => (MetricStat ? { ...MetricStat.Metric, Statistic: MetricStat.Stat } : [])),
  ];
  return stats
    .filter(({ MetricName }) => MetricName !== undefined)
    .map(({ Namespace = '', MetricName = '', Dimensions = [], Statistic }) => ({
      namespace: Namespace,
      name: MetricName,
      statistic: Statistic,
      dimensions: Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value])),
    }));
}

/** The metrics of a dashboard, graph by graph. @throws Error for an expression that is no plain search */
export function graphsOf({ Properties }: TemplateResource): Map<string, WatchedMetric[]> {
  const body = Properties['DashboardBody'] as string | { readonly 'Fn::Join': [string, unknown[]] };
  const parts = typeof body === 'string' ? [body] : body['Fn::Join'][1];
  // What stands for a resource becomes a word, so that the rest is JSON; and back again where it is a dimension.
  const references: unknown[] = [];
  const text = parts.map((part) => (typeof part === 'string' ? part : `<${references.push(part) - 1}>`)).join('');
  const meant = (word: string): unknown => {
    const pieces = word.split(/(<\d+>)/).filter((piece) => piece !== '');
    const values = pieces.map((piece) => references[Number(/^<(\d+)>$/.exec(piece)?.[1] ?? Number.NaN)] ?? piece);
    return values.length > 1 ? { 'Fn::Join': ['', values] } : values[0];
  };
  const { widgets } = JSON.parse(text) as { widgets: Widget[] };
  const graphs = new Map<string, WatchedMetric[]>();
  let row = '';
  for (const { type, properties } of widgets) {
    if (type === 'text') row = properties.markdown ?? '';
    const metrics = properties.metrics?.map((each) => graphedMetric(each, meant));
    if (metrics !== undefined) graphs.set(`${row} / ${properties.title}`, metrics);
  }
  return graphs;
}

interface Widget {
  readonly type: string;
  readonly properties: { readonly title?: string; readonly markdown?: string; readonly metrics?: readonly unknown[][] };
}

function graphedMetric(metric: readonly unknown[], meant: (word: string) => unknown): WatchedMetric {
  const [first, name, ...rest] = metric;
  if (typeof first !== 'string') return searchedMetric((first as { expression: string }).expression, meant);
  const words = rest.filter((each): each is string => typeof each === 'string');
  const pairs = words.flatMap((word, index) => (index % 2 === 0 ? [[word, meant(words[index + 1] ?? '')]] : []));
  const { stat = 'Average' } = (rest.find((each) => typeof each === 'object') ?? {}) as { stat?: string };
  return { namespace: first, name: String(name), dimensions: Object.fromEntries(pairs), statistic: stat };
}

/** docs.aws.amazon.com/AmazonCloudWatch: search-expression-syntax */
function searchedMetric(expression: string, meant: (word: string) => unknown): WatchedMetric {
  const [, schema, terms] = /^SEARCH\('\{([^}]+)\} ([^']+)', '\w+', \d+\)$/.exec(expression) ?? [];
  if (schema === undefined || terms === undefined) throw new Error(`${expression} is no search that is known here`);
  const [namespace = '', ...names] = schema.split(',');
  const given = new Map([...terms.matchAll(/(\w+)="([^"]+)"/g)].map(([, key = '', value = '']) => [key, value]));
  const dimensions = names.map((name) => [name, given.has(name) ? meant(given.get(name) ?? '') : ANY]);
  return { namespace, name: given.get('MetricName') ?? '', dimensions: Object.fromEntries(dimensions) };
}

/** Where a resource has its name, or its metrics' name, that is not CloudFormation's to give. */
const NAMED_BY: Readonly<Record<string, string>> = {
  'AWS::ApiGateway::RestApi': 'Name',
  'AWS::Athena::WorkGroup': 'Name',
  'AWS::ElastiCache::ServerlessCache': 'ServerlessCacheName',
  // By the model that it asks, whose metrics have that name.
  'AWS::Lambda::Function': 'Environment.Variables.MODEL_ID',
  'AWS::RDS::DBProxy': 'DBProxyName',
  'AWS::WAFv2::WebACL': 'VisibilityConfig.MetricName',
};

/** The load balancer whose name CDK cuts out of a listener's ARN, `…:listener/app/<name>/<id>/<id>`. */
function throughListener(joined: unknown, resources: Resources): TemplateResource | undefined {
  const [, listener = ''] = /"Ref":"([^"]+)"/.exec(JSON.stringify(joined)) ?? [];
  const piece = (index: number) => ({ 'Fn::Select': [index, { 'Fn::Split': ['/', { Ref: listener }] }] });
  const name = ['', [piece(1), '/', piece(2), '/', piece(3)]];
  if (JSON.stringify(joined) !== JSON.stringify(name)) return undefined;
  return named(property(resources[listener], 'LoadBalancerArn') ?? {}, resources);
}

/** The resource that a value names; undefined for none. */
export function named(value: unknown, resources: Resources): TemplateResource | undefined {
  const byName = (resource: TemplateResource) =>
    JSON.stringify(property(resource, NAMED_BY[resource.Type] ?? '')) === JSON.stringify(value);
  const found = Object.values(resources).find(byName);
  if (found !== undefined || typeof value === 'string') return found;
  const reference = value as { Ref?: string; 'Fn::GetAtt'?: [string, string]; 'Fn::Join'?: unknown };
  if (reference['Fn::Join'] !== undefined) return throughListener(reference['Fn::Join'], resources);
  return resources[reference.Ref ?? reference['Fn::GetAtt']?.[0] ?? ''];
}

/** The type of the resource that a value names, or the literal in quotes. */
export function referent(value: unknown, resources: Resources): string {
  if (value === ANY) return ANY;
  const resource = named(value, resources);
  // A rule of a custom bus has the Ref `bus|rule`: only the second half of it names the rule.
  const onCustomBus = property(resource, 'EventBusName') !== undefined;
  if (resource?.Type === 'AWS::Events::Rule' && onCustomBus) return "'bus|rule'";
  if (resource !== undefined) return resource.Type;
  if (typeof value === 'string') return `'${value}'`;
  const [half, split] = (value as { 'Fn::Select'?: [number, object] })['Fn::Select'] ?? [];
  const [separator, joined] = (split as { 'Fn::Split'?: [string, object] } | undefined)?.['Fn::Split'] ?? [];
  if (half === 1 && separator === '|' && referent(joined, resources) === "'bus|rule'") return 'AWS::Events::Rule';
  return `unknown ${JSON.stringify(value)}`;
}

/** Metrics of our own handlers that a run saw, as {@link ownMetric} writes them. */
export type OwnMetrics = ReadonlySet<string>;

/** A metric of a handler: its dimensions are the service and the stack. */
export const ownMetric = (service: string, name: string) => `${service} ${name}`;

/** Whether something emits a metric with exactly these dimensions. */
export function isEmitted(metric: WatchedMetric, resources: Resources, own: OwnMetrics): boolean {
  const { namespace, name, dimensions } = metric;
  if (namespace === 'Groundplan') return isEmittedByHandler(name, dimensions, resources, own);
  if (namespace === 'Groundplan/Errors') return isEmittedByFilter(name, resources);
  const types = Object.fromEntries(Object.entries(dimensions).map(([key, value]) => [key, referent(value, resources)]));
  const sorted = (values: Readonly<Record<string, string>>) => JSON.stringify(Object.entries(values).sort());
  const byDimension = Object.fromEntries(
    Object.entries(dimensions).flatMap(([key, value]) => {
      const resource = value === ANY ? undefined : named(value, resources);
      return resource === undefined ? [] : [[key, resource]];
    }),
  );
  return (EMITTED[namespace] ?? []).some(
    (emitted) =>
      emitted.metrics.includes(name) &&
      sorted(emitted.dimensions) === sorted(types) &&
      (metric.statistic === undefined || (emitted.statistics?.includes(metric.statistic) ?? true)) &&
      (emitted.when?.(byDimension, name, resources) ?? true),
  );
}

/** EMF metrics of our handlers: by service, whose name a function carries in its environment, and as a run saw them. */
function isEmittedByHandler(
  name: string,
  dimensions: WatchedMetric['dimensions'],
  resources: Resources,
  own: OwnMetrics,
): boolean {
  const functions = Object.values(resources)
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .map((fn) => property(fn, 'Environment.Variables') as Readonly<Record<string, unknown>> | undefined);
  const containers = Object.values(resources)
    .filter(({ Type }) => Type === 'AWS::ECS::TaskDefinition')
    .flatMap((task) => property(task, 'ContainerDefinitions') as { Environment?: { Name: string; Value: unknown }[] }[])
    .map(({ Environment = [] }) => Object.fromEntries(Environment.map(({ Name, Value }) => [Name, Value])));
  const services = [...functions, ...containers]
    .filter((variables) => variables?.['POWERTOOLS_METRICS_NAMESPACE'] === 'Groundplan')
    .map((variables) => `${variables?.['POWERTOOLS_SERVICE_NAME']} of ${variables?.['GROUNDPLAN_STACK']}`);
  const { service, stack } = dimensions;
  return (
    Object.keys(dimensions).sort().join() === 'service,stack' &&
    services.includes(`${service} of ${stack}`) &&
    own.has(ownMetric(String(service), name))
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
