import type { TemplateResource } from '../synthesize';
import { ANY, EMITTED, property, type Resources } from './live-alarms-emitted';

/** A metric that an alarm or a graph looks at. */
export interface WatchedMetric {
  readonly namespace: string;
  readonly name: string;
  /** Values as the template has them, or {@link ANY}. */
  readonly dimensions: Readonly<Record<string, unknown>>;
}

interface Dimension {
  readonly Name: string;
  readonly Value: unknown;
}

/** The metrics of an alarm, itself or in its expression. */
export function metricsOf({ Properties }: TemplateResource): WatchedMetric[] {
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

/** The metrics of a dashboard, graph by graph. @throws Error for an expression that is no plain search */
export function graphsOf({ Properties }: TemplateResource): Map<string, WatchedMetric[]> {
  const body = Properties['DashboardBody'] as string | { readonly 'Fn::Join': [string, unknown[]] };
  const parts = typeof body === 'string' ? [body] : body['Fn::Join'][1];
  // What stands for a resource becomes a word, so that the rest is JSON; and back again where it is a dimension.
  const references: unknown[] = [];
  const text = parts.map((part) => (typeof part === 'string' ? part : `<${references.push(part) - 1}>`)).join('');
  const meant = (word: string): unknown => references[Number(/^<(\d+)>$/.exec(word)?.[1] ?? Number.NaN)] ?? word;
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
  return { namespace: first, name: String(name), dimensions: Object.fromEntries(pairs) };
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

/** The resource that a value names; undefined for none. */
export function named(value: unknown, resources: Resources): TemplateResource | undefined {
  // A workgroup has the name that its property says; no other resource here is named by hand.
  const byName = ({ Type, Properties }: TemplateResource) =>
    Type === 'AWS::Athena::WorkGroup' && Properties['Name'] === value;
  if (typeof value === 'string') return Object.values(resources).find(byName);
  const reference = value as { Ref?: string; 'Fn::GetAtt'?: [string, string] };
  return resources[reference.Ref ?? reference['Fn::GetAtt']?.[0] ?? ''];
}

/** The type of the resource that a value names, or the literal in quotes. */
export function referent(value: unknown, resources: Resources): string {
  if (value === ANY) return ANY;
  const resource = named(value, resources);
  // A rule of a custom bus has the Ref `bus|rule`: only the second half of it names the rule.
  if (resource?.Type === 'AWS::Events::Rule') return "'bus|rule'";
  if (resource !== undefined) return resource.Type;
  if (typeof value === 'string') return `'${value}'`;
  const [half, split] = (value as { 'Fn::Select'?: [number, object] })['Fn::Select'] ?? [];
  const [separator, joined] = (split as { 'Fn::Split'?: [string, object] } | undefined)?.['Fn::Split'] ?? [];
  if (half === 1 && separator === '|' && referent(joined, resources) === "'bus|rule'") return 'AWS::Events::Rule';
  return `unknown ${JSON.stringify(value)}`;
}

/** Metrics of our own handlers that a run saw, as {@link ownMetric} writes them. */
export type OwnMetrics = ReadonlySet<string>;

/** A metric of a handler: its only dimension is the service. */
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
  const services = Object.values(resources)
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .map((fn) => property(fn, 'Environment.Variables') as Readonly<Record<string, unknown>> | undefined)
    .filter((variables) => variables?.['POWERTOOLS_METRICS_NAMESPACE'] === 'Groundplan')
    .map((variables) => variables?.['POWERTOOLS_SERVICE_NAME']);
  const { service } = dimensions;
  return (
    Object.keys(dimensions).join() === 'service' &&
    services.includes(service) &&
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
