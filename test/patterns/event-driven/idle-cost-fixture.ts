import type { TemplateResource } from '../../synthesize';

/** List prices in us-east-1 as known on 2026-11-23, in dollars. */
export const PRICES = {
  keyMonth: 1,
  alarmMetricMonth: 0.1,
  dashboardMonth: 3,
  webAclMonth: 5,
  webAclRuleMonth: 1,
  sqsRequest: 0.4 / 1_000_000,
  /** arm64, a GB and second (AWS Lambda pricing: provisioned concurrency). */
  provisionedGigabyteSecond: 0.0000033334,
} as const;

export const HOURS_OF_A_MONTH = 730;
/** Long polls that Lambda keeps open on an idle queue (AWS Lambda: SQS scaling), each of 20 seconds. */
const POLLERS = 5;
const POLL_SECONDS = 20;

/** Metrics that the alarms of a template look at: what CloudWatch bills. */
export function alarmMetrics(resources: Readonly<Record<string, TemplateResource>>): number {
  return Object.values(resources)
    .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
    .reduce((sum, { Properties }) => {
      const metrics = (Properties['Metrics'] ?? [{ MetricStat: {} }]) as { MetricStat?: unknown }[];
      return sum + metrics.filter(({ MetricStat }) => MetricStat !== undefined).length;
    }, 0);
}

/** A cost in cents, and the sum of them all. */
export function summed(lines: Readonly<Record<string, number>>): Record<string, number> {
  const rounded = Object.entries(lines).map(([line, dollars]) => [line, Math.round(dollars * 100) / 100] as const);
  return { ...Object.fromEntries(rounded), '**sum**': rounded.reduce((sum, [, dollars]) => sum + dollars, 0) };
}

/** What the firewalls of a template cost in a month without requests. */
export function firewallCost(resources: Readonly<Record<string, TemplateResource>>): number {
  return Object.values(resources)
    .filter(({ Type }) => Type === 'AWS::WAFv2::WebACL')
    .reduce(
      (sum, { Properties }) =>
        sum + PRICES.webAclMonth + (Properties['Rules'] as unknown[]).length * PRICES.webAclRuleMonth,
      0,
    );
}

/** What a template costs in a month in which nothing happens, by the lines of the README's table. */
export function idleCost(resources: Readonly<Record<string, TemplateResource>>): Record<string, number> {
  const of = (type: string) => Object.values(resources).filter(({ Type }) => Type === type);
  const seconds = HOURS_OF_A_MONTH * 3600;
  const queues = of('AWS::Lambda::EventSourceMapping').filter(
    ({ Properties }) => Properties['StartingPosition'] === undefined,
  );
  const warm = of('AWS::Lambda::Alias').reduce((sum, { Properties }) => {
    const config = Properties['ProvisionedConcurrencyConfig'] as
      | { ProvisionedConcurrentExecutions: number }
      | undefined;
    const fn = resources[(Properties['FunctionName'] as { Ref: string }).Ref];
    return sum + (config?.ProvisionedConcurrentExecutions ?? 0) * (Number(fn?.Properties['MemorySize']) / 1024);
  }, 0);
  const lines = {
    'customer-managed key': of('AWS::KMS::Key').length * PRICES.keyMonth,
    'alarm metrics': alarmMetrics(resources) * PRICES.alarmMetricMonth,
    'SQS requests of four idle consumers': queues.length * POLLERS * (seconds / POLL_SECONDS) * PRICES.sqsRequest,
    dashboard: of('AWS::CloudWatch::Dashboard').length * PRICES.dashboardMonth,
    'provisioned concurrency, 1 GB arm64': warm * seconds * PRICES.provisionedGigabyteSecond,
  };
  return summed(lines);
}
