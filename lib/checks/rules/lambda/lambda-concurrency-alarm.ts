import { isDeploymentHelper, notApplicable, type Rule, verdict } from '../../rule';

export const lambdaConcurrencyAlarm: Rule = {
  id: 'lambda-concurrency-alarm',
  title: 'Alarms watch the throttles of each function, and the concurrency of the account',
  why: 'All functions of a region share 1,000 executions at once by default. When they are used up, Lambda refuses requests, and users see errors before you do.',
  fix: 'Add an alarm on Throttles of the function, and one without dimensions on ConcurrentExecutions, at 80% of the quota.',
  severity: 'warning',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html',
  example: {
    fixed: {
      Function: { Type: 'AWS::Lambda::Function', Properties: { Timeout: 30 } },
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
      Account: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          Namespace: 'AWS/Lambda',
          MetricName: 'ConcurrentExecutions',
          Threshold: 800,
          ComparisonOperator: 'GreaterThanOrEqualToThreshold',
          Statistic: 'Maximum',
        },
      },
    },
    broken: [
      { Throttles: null },
      { Account: null },
      { 'Throttles.Properties.ComparisonOperator': 'LessThanThreshold' },
    ],
  },
  types: ['AWS::Lambda::Function'],
  check: (fn, inventory) => {
    if (isDeploymentHelper(fn) || inventory.makesCustomResource(fn)) return notApplicable;
    return verdict([
      inventory.alarmsOn('AWS/Lambda', 'Throttles', fn).length === 0 && 'no alarm on Throttles of the function',
      inventory.strict &&
        inventory.alarmsOn('AWS/Lambda', 'ConcurrentExecutions').length === 0 &&
        "no alarm on ConcurrentExecutions of the account's region",
    ]);
  },
};
