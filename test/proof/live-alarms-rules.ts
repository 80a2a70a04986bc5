import { expect } from 'vitest';
import type { TemplateResource } from '../synthesize';
import type { Resources } from './live-alarms-emitted';
import { graphsOf, isEmitted, metricsOf, named, type OwnMetrics, referent } from './live-alarms-template';

/** Expects of every alarm of a template that it can go off, that somebody hears of it, and that silence is decided on. */
export function expectLiveAlarms(resources: Resources, own: OwnMetrics): void {
  const alarms = Object.entries(resources).filter(([, { Type }]) => Type === 'AWS::CloudWatch::Alarm');
  expect(alarms.length).toBeGreaterThan(0);
  for (const [id, alarm] of alarms) {
    const metrics = metricsOf(alarm);
    expect(metrics.length, id).toBeGreaterThan(0);
    for (const metric of metrics) {
      expect(isEmitted(metric, resources, own), `${id} ${JSON.stringify(metric)}`).toBe(true);
    }
    // An alarm watches one series, and a search finds many (docs.aws.amazon.com/AmazonCloudWatch: using-search-expressions).
    expect(JSON.stringify(alarm.Properties), id).not.toMatch(/SEARCH\(/);
    const { AlarmActions = [], TreatMissingData, ActionsEnabled = true } = alarm.Properties;
    const told = (AlarmActions as unknown[]).map((action) => referent(action, resources));
    expect(told, id).toEqual(['AWS::SNS::Topic']);
    expect(TreatMissingData, id).toBe('notBreaching');
    expect(ActionsEnabled, id).toBe(true);
  }
}

/** Expects of every graph of a template's dashboards that there is something to draw. */
export function expectLiveGraphs(resources: Resources, own: OwnMetrics, atLeast: number): void {
  const dashboards = Object.values(resources).filter(({ Type }) => Type === 'AWS::CloudWatch::Dashboard');
  const graphs = dashboards.flatMap((dashboard) => [...graphsOf(dashboard)]);
  expect(graphs.length).toBeGreaterThanOrEqual(atLeast);
  for (const [title, metrics] of graphs) {
    expect(metrics.length, title).toBeGreaterThan(0);
    for (const metric of metrics) {
      expect(isEmitted(metric, resources, own), `${title} ${JSON.stringify(metric)}`).toBe(true);
    }
  }
}

/** Alarms on a metric, by itself or in an expression, of a resource. */
export function alarmsOn(resources: Resources, name: string, resource: TemplateResource): TemplateResource[] {
  return Object.values(resources).filter(
    (alarm) =>
      alarm.Type === 'AWS::CloudWatch::Alarm' &&
      metricsOf(alarm).some(
        (metric) =>
          metric.name === name &&
          Object.values(metric.dimensions).some((value) => named(value, resources) === resource),
      ),
  );
}

/** Expects one alarm on each of the metrics, for each of the resources. */
export function expectAlarms(resources: Resources, on: readonly TemplateResource[], metrics: readonly string[]): void {
  for (const resource of on) {
    const counts = metrics.map((name) => [name, alarmsOn(resources, name, resource).length]);
    expect(counts, JSON.stringify(resource.Metadata)).toEqual(metrics.map((name) => [name, 1]));
  }
}
