import { metricsOf } from '../../alarms';
import type { Inventory } from '../../inventory';
import { isDeploymentHelper, mustHold, notApplicable, type Rule } from '../../rule';

/** How many alarms are in each stack, or watch something of it from another. */
function watching(inventory: Inventory): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const alarm of inventory.ofType('AWS::CloudWatch::Alarm')) {
    const watched = metricsOf(alarm).flatMap(({ Dimensions }) =>
      Dimensions.map(({ Value }) => inventory.referent(alarm, Value)?.stack ?? alarm.stack),
    );
    for (const stack of new Set([alarm.stack, ...watched])) counts.set(stack, (counts.get(stack) ?? 0) + 1);
  }
  return counts;
}

export const patternHasAlarms: Rule = {
  id: 'pattern-has-alarms',
  title: 'Three alarms or more watch a stack with functions, services or databases',
  why: 'A stack without alarms fails in silence: the first to report an outage is a customer.',
  fix: 'Add AWS::CloudWatch::Alarm resources for the errors, the latency and the backlog of the stack. In the CDK, fn.metricErrors().createAlarm(...).',
  severity: 'warning',
  profile: 'operations',
  address:
    'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html',
  example: {
    fixed: {
      Function: { Type: 'AWS::Lambda::Function', Properties: { Timeout: 30 } },
      Errors: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          Namespace: 'AWS/Lambda',
          MetricName: 'Errors',
          Dimensions: [{ Name: 'FunctionName', Value: { Ref: 'Function' } }],
          Threshold: 1,
          ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        },
      },
      Throttles: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          Namespace: 'AWS/Lambda',
          MetricName: 'Throttles',
          Dimensions: [{ Name: 'FunctionName', Value: { Ref: 'Function' } }],
          Threshold: 1,
          ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        },
      },
      Duration: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          Namespace: 'AWS/Lambda',
          MetricName: 'Duration',
          Dimensions: [{ Name: 'FunctionName', Value: { Ref: 'Function' } }],
          Threshold: 20000,
          ComparisonOperator: 'GreaterThanOrEqualToThreshold',
          ExtendedStatistic: 'p99',
        },
      },
    },
    broken: [{ Duration: null }],
  },
  types: ['AWS::Lambda::Function', 'AWS::ECS::Service', 'AWS::RDS::DBCluster'],
  check: (workload, inventory) => {
    const isHelper = isDeploymentHelper(workload) || inventory.makesCustomResource(workload);
    if (workload.type === 'AWS::Lambda::Function' && isHelper) return notApplicable;
    const alarms = inventory.once(watching).get(workload.stack) ?? 0;
    return mustHold(alarms >= 3, `${alarms} alarms watch this stack; allowed: at least 3 (errors, latency, backlog)`);
  },
};
