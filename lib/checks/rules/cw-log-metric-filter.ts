import { compliant, isDeploymentHelper, mustHold, notApplicable, type Rule, verdict } from '../rule';

/** Turn ERROR lines into a metric and an alarm. */
export const cwLogMetricFilter: Rule = {
  id: 'cw-log-metric-filter',
  types: ['AWS::Lambda::Function'],
  check: (fn, inventory) => {
    // Development does without: each alarm costs (see README, what it costs).
    if (isDeploymentHelper(fn) || inventory.makesCustomResource(fn) || !inventory.strict) return notApplicable;
    // A pipe fails, and says so, when its enrichment does.
    const enriches = inventory
      .ofType('AWS::Pipes::Pipe')
      .some(
        (pipe) =>
          pipe.has('Enrichment') &&
          inventory.names(pipe, pipe.get('Enrichment'), fn) &&
          inventory.alarmsOn('AWS/EventBridge/Pipes', 'ExecutionFailed', pipe).length > 0,
      );
    if (enriches) return compliant;
    const logGroup = inventory.referent(fn, fn.get('LoggingConfig.LogGroup'));
    if (logGroup === undefined) return mustHold(false, 'the function has no log group of its own to filter');
    const filters = inventory
      .ofType('AWS::Logs::MetricFilter')
      .filter((filter) => inventory.names(filter, filter.get('LogGroupName'), logGroup));
    const alarmed = filters.some((filter) =>
      (filter.list('MetricTransformations') as { MetricNamespace: string; MetricName: string }[]).some(
        ({ MetricNamespace, MetricName }) => inventory.alarmsOn(MetricNamespace, MetricName).length > 0,
      ),
    );
    return verdict([
      filters.length === 0 && 'no metric filter turns ERROR lines into a metric',
      filters.length > 0 && !alarmed && 'no alarm on the metric of its ERROR lines',
    ]);
  },
};
