import type { ResolvedResource, ResolvedTemplate } from '../assembly/resolved-template';

/** Metrics that nothing here sends, by namespace and name, and why. */
const NOT_SENT: Readonly<Record<string, string>> = {
  'AWS/Athena ProcessedBytes': 'Athena runs no queries here',
  'AWS/DynamoDB ReadThrottleEvents': 'tables refuse no reads',
  'AWS/ElastiCache ThrottledCmds': 'the cache has no limits',
  'AWS/Lambda ConcurrentExecutions': 'concurrency is bounded, and not measured',
  'AWS/Lambda DroppedEventCount': 'failure stores take whatever comes',
  'AWS/RDS ACUUtilization': 'the database does not scale',
  'AWS/RDS ClientConnections': 'there is no proxy',
  'AWS/RDS DatabaseConnections': 'connections are not counted',
  'AWS/SNS NumberOfNotificationsFailed': 'what a topic cannot deliver goes to its dead-letter queue',
};

/** Alarms of a template that nothing here can set off, by logical id, with the reason. */
export function silentAlarms(template: ResolvedTemplate): ReadonlyMap<string, string> {
  return new Map(
    template.ofType('AWS::CloudWatch::Alarm').flatMap((alarm) => {
      const reason = metricsOf(alarm)
        .map((metric) => NOT_SENT[metric])
        .find((each) => each !== undefined);
      return reason === undefined ? [] : [[alarm.logicalId, reason] as const];
    }),
  );
}

/** The metrics that an alarm looks at, by namespace and name. */
export function metricsOf({ properties }: ResolvedResource): string[] {
  const queries = (properties['Metrics'] ?? []) as readonly { readonly MetricStat?: { readonly Metric: object } }[];
  const looked = [properties, ...queries.map(({ MetricStat }) => MetricStat?.Metric ?? {})];
  return (looked as readonly { readonly Namespace?: string; readonly MetricName?: string }[]).flatMap(
    ({ Namespace, MetricName }) => (MetricName === undefined ? [] : [`${Namespace} ${MetricName}`]),
  );
}
