import type { ResolvedResource } from '../assembly/resolved-template';
import { evaluateExpression } from './expression';
import type { Dimensions, LocalMetrics } from './metrics';

interface MetricReference {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
}

interface MetricQuery {
  readonly Id: string;
  readonly Expression?: string;
  readonly ReturnData?: boolean;
  readonly MetricStat?: { readonly Metric: MetricReference; readonly Period: number; readonly Stat: string };
}

interface AlarmProperties extends MetricReference {
  readonly Metrics?: readonly MetricQuery[];
  readonly Statistic?: string;
  readonly ExtendedStatistic?: string;
  readonly Period?: number;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm?: number;
  readonly Threshold: number;
  readonly ComparisonOperator: string;
  readonly TreatMissingData?: 'breaching' | 'notBreaching' | 'ignore' | 'missing';
}

/** Values of a metric by the beginning of their period, in seconds since 1970. */
type Series = ReadonlyMap<number, number>;

/**
 * Tells whether an alarm of the template would have gone off over what the metrics hold: at any time, enough of its last
 * periods breached the threshold (docs.aws.amazon.com/AmazonCloudWatch: alarm-evaluation).
 *
 * @throws Error for a statistic, comparison or expression that is not known here
 */
export function wouldFire({ properties }: ResolvedResource, metrics: LocalMetrics): boolean {
  const alarm = properties as unknown as AlarmProperties;
  const [period, series] = seriesOf(alarm, metrics);
  const times = [...series.keys()].sort((a, b) => a - b);
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined) return false;
  const window: boolean[] = [];
  for (let at = first; at <= last; at += period) {
    const value = series.get(at);
    const breaching = value === undefined ? alarm.TreatMissingData === 'breaching' : breaches(alarm, value);
    window.push(breaching);
    if (window.length > alarm.EvaluationPeriods) window.shift();
    const needed = alarm.DatapointsToAlarm ?? alarm.EvaluationPeriods;
    if (window.filter(Boolean).length >= needed) return true;
  }
  return false;
}

function seriesOf(alarm: AlarmProperties, metrics: LocalMetrics): [number, Series] {
  if (alarm.Metrics === undefined) {
    const period = alarm.Period ?? 60;
    return [period, series(alarm, alarm.ExtendedStatistic ?? alarm.Statistic ?? '', period, metrics)];
  }
  const period = alarm.Metrics.find(({ MetricStat }) => MetricStat !== undefined)?.MetricStat?.Period ?? 60;
  const inputs = alarm.Metrics.flatMap(({ Id, MetricStat }) =>
    MetricStat === undefined
      ? []
      : [[Id, series(MetricStat.Metric, MetricStat.Stat, MetricStat.Period, metrics)] as const],
  );
  const returned = alarm.Metrics.find(({ ReturnData }) => ReturnData !== false);
  if (returned?.Expression === undefined) return [period, inputs[0]?.[1] ?? new Map()];
  const expression = returned.Expression;
  const times = new Set(inputs.flatMap(([, values]) => [...values.keys()]));
  const results = [...times].flatMap((at) => {
    const values = Object.fromEntries(inputs.map(([id, input]) => [id, input.get(at)]));
    const result = evaluateExpression(expression, values);
    return result === undefined ? [] : [[at, result] as const];
  });
  return [period, new Map(results)];
}

function series(reference: MetricReference, statistic: string, period: number, metrics: LocalMetrics): Series {
  const dimensions: Dimensions = Object.fromEntries(
    (reference.Dimensions ?? []).map(({ Name, Value }) => [Name, String(Value)]),
  );
  const periods = new Map<number, number[]>();
  for (const { at, values } of metrics.minutes(reference.Namespace, reference.MetricName, dimensions) ?? []) {
    const start = Math.floor(at / 1000 / period) * period;
    const known = periods.get(start) ?? [];
    periods.set(start, known);
    for (const value of values) known.push(value);
  }
  return new Map([...periods].map(([at, values]) => [at, statisticOf(statistic, values)]));
}

function statisticOf(statistic: string, values: readonly number[]): number {
  const sum = () => values.reduce((total, value) => total + value, 0);
  const percentile = /^p(\d+(?:\.\d+)?)$/.exec(statistic)?.[1];
  if (percentile !== undefined) {
    const sorted = [...values].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor((Number(percentile) / 100) * sorted.length))] ?? 0;
  }
  switch (statistic) {
    case 'Sum':
      return sum();
    case 'SampleCount':
      return values.length;
    case 'Average':
      return sum() / values.length;
    case 'Maximum':
      return values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    case 'Minimum':
      return values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
    default:
      throw new Error(`The statistic ${statistic} is not known here`);
  }
}

function breaches({ ComparisonOperator, Threshold }: AlarmProperties, value: number): boolean {
  switch (ComparisonOperator) {
    case 'GreaterThanOrEqualToThreshold':
      return value >= Threshold;
    case 'GreaterThanThreshold':
      return value > Threshold;
    case 'LessThanThreshold':
      return value < Threshold;
    case 'LessThanOrEqualToThreshold':
      return value <= Threshold;
    default:
      throw new Error(`The comparison ${ComparisonOperator} is not known here`);
  }
}
