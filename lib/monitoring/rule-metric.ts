import { Duration, Fn } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IEventBus, IRule } from 'aws-cdk-lib/aws-events';

/**
 * A count of a rule. On a custom bus a rule's Ref is `bus|rule` (cloudformation-coverage-roadmap #1131); the metric's dimension is the
 * rule alone, and an alarm on anything else would never fire. The default bus is no dimension.
 *
 * @param bus @default - the account's default bus
 */
export function ruleMetric(rule: IRule, metricName: string, bus?: Pick<IEventBus, 'eventBusName'>): Metric {
  const dimensionsMap: Record<string, string> =
    bus === undefined
      ? { RuleName: rule.ruleName }
      : { EventBusName: bus.eventBusName, RuleName: Fn.select(1, Fn.split('|', rule.ruleName)) };
  return new Metric({
    namespace: 'AWS/Events',
    metricName,
    statistic: Stats.SUM,
    period: Duration.minutes(5),
    dimensionsMap,
  });
}
