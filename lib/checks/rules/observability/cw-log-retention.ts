import { logGroupsOf } from '../../log-groups';
import { isDeploymentHelper, mustHold, notApplicable, type Rule } from '../../rule';

export const cwLogRetention: Rule = {
  id: 'cw-log-retention',
  title: 'Every log group deletes its lines after a number of days',
  why: 'Logs are kept forever by default, at $0.03 a GB each month on top of what was paid to write them. The log group that Lambda makes by itself is one of those.',
  fix: "Set RetentionInDays of the log group, and name the log group in LoggingConfig of the function. In the CDK, new LogGroup(this, 'Log', { retention }).",
  severity: 'warning',
  profile: 'cost',
  address: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html',
  example: {
    fixed: {
      LogGroup: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 90 } },
      Function: { Type: 'AWS::Lambda::Function', Properties: { LoggingConfig: { LogGroup: { Ref: 'LogGroup' } } } },
    },
    broken: [
      { 'LogGroup.Properties.RetentionInDays': null },
      { 'Function.Properties.LoggingConfig': null },
      { 'Function.Properties.LoggingConfig.LogGroup': '/aws/lambda/orders' },
    ],
  },
  types: ['AWS::Logs::LogGroup', 'AWS::Lambda::Function'],
  check: (resource, inventory) => {
    if (resource.type === 'AWS::Logs::LogGroup')
      return mustHold(resource.has('RetentionInDays'), 'RetentionInDays is not set: logs never expire');
    if (isDeploymentHelper(resource)) return notApplicable;
    return mustHold(
      logGroupsOf(resource, inventory).length > 0,
      'Lambda makes its log group itself, without retention; allowed: LoggingConfig.LogGroup of the stack',
    );
  },
};
