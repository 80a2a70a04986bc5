import { cwLogMetricFilter } from '../../../../../lib/checks/rules/observability/cw-log-metric-filter';
import { alarm, att, cases, type Literals, ref } from '../../literal-fixture';

const FILTER = 'AWS::Logs::MetricFilter';
const watched: Literals = {
  Log: ['AWS::Logs::LogGroup', {}],
  Filter: [
    FILTER,
    { LogGroupName: ref('Log'), MetricTransformations: [{ MetricNamespace: 'Mine', MetricName: 'Errors' }] },
  ],
  Alarm: alarm('Mine', 'Errors'),
};
const fn: Literals = { Fn: ['AWS::Lambda::Function', { LoggingConfig: { LogGroup: ref('Log') } }], ...watched };
const unfiltered = 'no metric filter turns ERROR lines into a metric';
const silent = 'no alarm on the metric of its ERROR lines';

cases(cwLogMetricFilter, fn, [
  ['compliant', 'its errors raise an alarm'],
  ['violation', 'nothing filters', { Filter: undefined }, unfiltered],
  ['compliant', 'one filter of two does', { More: [FILTER, { LogGroupName: ref('Log'), MetricTransformations: [] }] }],
  ['violation', 'another log is filtered', { 'Filter.LogGroupName': 'other' }, unfiltered],
  ['violation', 'nothing is watched', { Alarm: undefined }, silent],
  ['violation', 'another metric is', { 'Alarm.MetricName': 'Other' }, silent],
  [
    'compliant',
    'one of two metrics is',
    { 'Filter.MetricTransformations.1': { MetricNamespace: 'Mine', MetricName: 'More' } },
  ],
  [
    'violation',
    'it has no log of its own',
    { 'Fn.LoggingConfig': undefined },
    'the function has no log group of its own',
  ],
  ['not-applicable', 'in development', { Filter: undefined }, { strict: false }],
  ['not-applicable', 'CDK runs it', { Filter: undefined, 'Fn.Handler': 'framework.onEvent' }],
  [
    'not-applicable',
    'it makes a custom resource',
    { Filter: undefined, Thing: ['Custom::Thing', { ServiceToken: att('Fn') }] },
  ],
]);
const pipe: Literals = {
  Pipe: ['AWS::Pipes::Pipe', { Enrichment: att('Fn') }],
  Failed: alarm('AWS/EventBridge/Pipes', 'ExecutionFailed', ref('Pipe')),
};
cases(cwLogMetricFilter, { ...fn, ...pipe }, [
  ['compliant', 'a pipe that it enriches is watched', { Filter: undefined }],
  ['violation', 'the pipe is not', { Filter: undefined, Failed: undefined }, unfiltered],
  ['violation', 'the pipe asks another', { Filter: undefined, 'Pipe.Enrichment': 'other' }, unfiltered],
  ['violation', 'the pipe asks nobody', { Filter: undefined, 'Pipe.Enrichment': undefined }, unfiltered],
]);

const container = (id: string) => ({ LogConfiguration: { Options: { 'awslogs-group': ref(id) } } });
const task: Literals = {
  Task: ['AWS::ECS::TaskDefinition', { ContainerDefinitions: [container('Log')] }],
  Service: ['AWS::ECS::Service', { TaskDefinition: ref('Task') }],
  ...watched,
  Other: ['AWS::Logs::LogGroup', {}],
};
cases(cwLogMetricFilter, task, [
  ['compliant', 'its errors raise an alarm'],
  ['compliant', 'one log of two does', { 'Task.ContainerDefinitions': [container('Other'), container('Log')] }],
  ['violation', 'none does', { 'Task.ContainerDefinitions': [container('Other')] }, unfiltered],
  ['violation', 'it is not watched', { Alarm: undefined }, silent],
  ['violation', 'it has no log', { 'Task.ContainerDefinitions': [{}] }, 'the service has no log group of its own'],
  ['not-applicable', 'no service runs it', { Service: undefined, Filter: undefined }],
  ['not-applicable', 'in development', { Filter: undefined }, { strict: false }],
]);
