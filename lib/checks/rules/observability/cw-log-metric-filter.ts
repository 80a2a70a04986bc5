import type { TemplateResource } from '../../../template/template-resource';
import { containersOf, servicesOf } from '../../containers';
import type { Inventory } from '../../inventory';
import { logGroupsOf } from '../../log-groups';
import { compliant, isDeploymentHelper, mustHold, notApplicable, type Rule, type Verdict, verdict } from '../../rule';

/** Whether the ERROR lines of a log group raise an alarm. */
function checkLogGroup(logGroup: TemplateResource, inventory: Inventory): Verdict {
  const filters = inventory.referrers('AWS::Logs::MetricFilter', 'LogGroupName', logGroup);
  const alarmed = filters.some((filter) =>
    filter
      .maps<{ MetricNamespace: string; MetricName: string }>('MetricTransformations')
      .some(({ MetricNamespace, MetricName }) => inventory.alarmsOn(MetricNamespace, MetricName).length > 0),
  );
  return verdict([
    filters.length === 0 && 'no metric filter turns ERROR lines into a metric',
    filters.length > 0 && !alarmed && 'no alarm on the metric of its ERROR lines',
  ]);
}

/** One log group of a service's containers is enough: the others are of what helps the application. */
function checkTask(task: TemplateResource, inventory: Inventory): Verdict {
  if (servicesOf(task, inventory).length === 0) return notApplicable;
  const groups = containersOf(task).flatMap(
    ({ LogConfiguration }) => inventory.referent(task, LogConfiguration?.Options?.['awslogs-group']) ?? [],
  );
  if (groups.length === 0) return mustHold(false, 'the service has no log group of its own to filter');
  const verdicts = groups.map((group) => checkLogGroup(group, inventory));
  return verdicts.find(({ kind }) => kind === 'compliant') ?? verdicts[0] ?? notApplicable;
}

function checkFunction(fn: TemplateResource, inventory: Inventory): Verdict {
  if (isDeploymentHelper(fn) || inventory.makesCustomResource(fn)) return notApplicable;
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
  const logGroup = logGroupsOf(fn, inventory).find(({ type }) => type === 'AWS::Logs::LogGroup');
  if (logGroup === undefined) return mustHold(false, 'the function has no log group of its own to filter');
  return checkLogGroup(logGroup, inventory);
}

export const cwLogMetricFilter: Rule = {
  id: 'cw-log-metric-filter',
  title: 'The ERROR lines in the log of a function or a service raise an alarm',
  why: 'A function that catches an error and logs it is a success to Lambda: its metrics stay green, and the log line is the only sign.',
  fix: 'Give the function a log group in LoggingConfig, add an AWS::Logs::MetricFilter on level ERROR, and an alarm on its metric.',
  severity: 'warning',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/MonitoringLogData.html',
  example: {
    fixed: {
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: { LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: 'LogGroup' } } },
      },
      LogGroup: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 90 } },
      Filter: {
        Type: 'AWS::Logs::MetricFilter',
        Properties: {
          LogGroupName: { Ref: 'LogGroup' },
          FilterPattern: '{ $.level = "ERROR" }',
          MetricTransformations: [{ MetricNamespace: 'Shop', MetricName: 'ErrorLines', MetricValue: '1' }],
        },
      },
      Alarm: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          Namespace: 'Shop',
          MetricName: 'ErrorLines',
          Threshold: 1,
          ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        },
      },
    },
    broken: [
      { Filter: null },
      { Alarm: null },
      { 'Alarm.Properties.MetricName': 'Orders' },
      { 'Function.Properties.LoggingConfig': null },
    ],
  },
  types: ['AWS::Lambda::Function', 'AWS::ECS::TaskDefinition'],
  check: (resource, inventory) => {
    // Development does without: each alarm costs (see README, what it costs).
    if (!inventory.strict) return notApplicable;
    return resource.type === 'AWS::Lambda::Function'
      ? checkFunction(resource, inventory)
      : checkTask(resource, inventory);
  },
};
