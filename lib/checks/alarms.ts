import { CannotTell, mapOf, mapsOf, type TemplateResource } from '../template/template-resource';

/** A metric that an alarm watches. */
export interface WatchedMetric {
  readonly Namespace?: unknown;
  readonly MetricName?: unknown;
  readonly Dimensions: readonly { readonly Name?: unknown; readonly Value?: unknown }[];
}

/** Comparisons that fire when a metric is low (AWS: API_PutMetricAlarm). */
const WHEN_LOW = ['LessThanThreshold', 'LessThanOrEqualToThreshold', 'LessThanLowerThreshold'];

/**
 * Tells whether an alarm fires when its metric is low. Errors, ages and refusals rise, so it says nothing of them; an expression may turn
 * a metric around.
 *
 * @throws CannotTell when only deployment knows the comparison
 */
export function firesWhenLow(alarm: TemplateResource): boolean {
  const expressions = alarm.maps<{ Expression?: unknown }>('Metrics').map(({ Expression }) => Expression);
  const turns = expressions.some((each) => each !== undefined && !String(each).startsWith('ANOMALY_DETECTION_BAND'));
  return !turns && WHEN_LOW.includes(String(alarm.text('ComparisonOperator')));
}

/** The metrics that an alarm watches, itself or in its expressions. */
export function metricsOf(alarm: TemplateResource): readonly WatchedMetric[] {
  const inQueries = alarm.maps('Metrics').flatMap(({ MetricStat }) => {
    const { Metric } = mapOf(MetricStat, 'MetricStat');
    return Metric === undefined ? [] : [mapOf(Metric, 'Metric')];
  });
  return [alarm.properties, ...inQueries].map(({ Namespace, MetricName, Dimensions }) => ({
    Namespace,
    MetricName,
    Dimensions: mapsOf(Dimensions, 'Dimensions'),
  }));
}

/** Alarms by what they watch. */
export class Alarms {
  private readonly byResource = new Map<string, Map<TemplateResource, Set<TemplateResource>>>();
  private readonly byText = new Map<string, Set<TemplateResource>>();
  private readonly ofAccount = new Map<string, Set<TemplateResource>>();

  /** @param referent the resource that a value of an alarm names */
  constructor(
    alarms: readonly TemplateResource[],
    referent: (alarm: TemplateResource, value: unknown) => TemplateResource | undefined,
  ) {
    for (const alarm of alarms) {
      for (const { Namespace, MetricName, Dimensions } of readable(alarm)) {
        const metric = `${textual(Namespace)} ${textual(MetricName)}`;
        if (Dimensions.length === 0) addTo(this.ofAccount, metric, alarm);
        for (const { Value } of Dimensions) {
          const found = referent(alarm, Value);
          if (found !== undefined) {
            const resources = this.byResource.get(metric) ?? new Map<TemplateResource, Set<TemplateResource>>();
            this.byResource.set(metric, resources);
            addTo(resources, found, alarm);
          } else if (typeof Value === 'string') addTo(this.byText, `${metric} ${Value}`, alarm);
        }
      }
    }
  }

  /** Alarms on a metric of a resource, or of the account. */
  on(namespace: string, name: string, resource?: TemplateResource): readonly TemplateResource[] {
    const metric = `${namespace} ${name}`;
    if (resource === undefined) return [...(this.ofAccount.get(metric) ?? [])];
    const called = resource.type === 'AWS::ApiGateway::RestApi' ? resource.properties['Name'] : undefined;
    const byName = typeof called === 'string' ? (this.byText.get(`${metric} ${called}`) ?? []) : [];
    return [...new Set([...(this.byResource.get(metric)?.get(resource) ?? []), ...byName])];
  }
}

/** Metrics of an alarm; none of one that is read only at deployment: it is not known to watch anything. */
function readable(alarm: TemplateResource): readonly WatchedMetric[] {
  try {
    return metricsOf(alarm);
  } catch (error) {
    if (!(error instanceof CannotTell)) throw error;
    return [];
  }
}

function textual(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function addTo<K, V>(sets: Map<K, Set<V>>, key: K, value: V): void {
  const known = sets.get(key);
  if (known === undefined) sets.set(key, new Set([value]));
  else known.add(value);
}
