import type { IConstruct } from 'constructs';
import { refuse } from '../../lib/validation/refuse';
import type { ClickstreamPipelineProps, StreamOptions } from './clickstream-pipeline-props';
import { EVENT_TYPES } from './clickstream-schema';
import type { AlertRule } from './contract';

/** Rules fit the environment of a function with room to spare (AWS Lambda quotas: 4 KB). */
const MAX_ALERTS = 20;

/** Refuses what no part of the pipeline could see by itself: props that contradict each other, and rules that mean nothing. */
export function validateProps(scope: IConstruct, props: ClickstreamPipelineProps): void {
  refuseBadAlerts(scope, props.alerts ?? []);
  refuseContradictions(scope, props);
}

function refuseContradictions(
  scope: IConstruct,
  { stream = {}, api, warehouse = false, existing = {} }: ClickstreamPipelineProps,
): void {
  const [setting] = Object.keys(stream);
  if (existing.stream !== undefined && setting !== undefined) {
    refuse(scope, {
      prop: `stream.${setting}`,
      value: stream[setting as keyof StreamOptions],
      allowed: 'only without existing.stream',
      fix: 'set it where that stream is created',
      catalogueId: 'kinesis-capacity-for-peak',
    });
  }
  if (existing.users !== undefined && api === false) {
    refuse(scope, {
      prop: 'existing.users',
      value: existing.users.userPool.node.path,
      allowed: 'only with an API',
      fix: 'omit one of the two',
    });
  }
  if (existing.vpc !== undefined && warehouse === false) {
    refuse(scope, {
      prop: 'existing.vpc',
      value: existing.vpc.node.path,
      allowed: 'only with a warehouse',
      fix: 'omit one of the two: nothing else of the pipeline is in a VPC',
    });
  }
}

function refuseBadAlerts(scope: IConstruct, alerts: readonly AlertRule[]): void {
  const names = alerts.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  const summed: readonly string[] = ['events', 'amount_cents', ...EVENT_TYPES];
  // The environment carries rules as JSON, which has no infinity and no NaN.
  const bad = alerts.find(
    ({ name, of, above }) =>
      !/^[a-z][a-z0-9-]{0,63}$/.test(name) || !summed.includes(of) || !(above >= 0 && Number.isFinite(above)),
  );
  if (twice === undefined && bad === undefined && alerts.length <= MAX_ALERTS) return;
  refuse(scope, {
    prop: 'alerts',
    value: twice ?? bad?.name ?? `${alerts.length} rules`,
    allowed: `at most ${MAX_ALERTS} rules, each with a name of its own (lower-case letters, digits, hyphens), of one of ${summed.join(', ')}, and a finite above >= 0`,
    fix: 'rename or correct the rule',
    catalogueId: 'lambda-env-4kb',
  });
}
