import { asynchronousSources } from '../../asynchronous-sources';
import { mustHold, notApplicable, type Rule } from '../../rule';

export const lambdaAsyncRetryBounds: Rule = {
  id: 'lambda-async-retry-bounds',
  title: 'A function that is invoked asynchronously states its retries and the age of its events',
  why: 'By default Lambda runs the function up to three times for one event, over up to six hours. A payment or an e-mail is then made three times, or long after it made sense.',
  fix: 'Set MaximumRetryAttempts and MaximumEventAgeInSeconds in AWS::Lambda::EventInvokeConfig. In the CDK, set retryAttempts and maxEventAge.',
  severity: 'warning',
  profile: 'correctness',
  address: 'https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html',
  example: {
    fixed: {
      Rule: {
        Type: 'AWS::Events::Rule',
        Properties: {
          EventPattern: { source: ['shop.orders'] },
          Targets: [{ Id: 'Function', Arn: { 'Fn::GetAtt': ['Function', 'Arn'] } }],
        },
      },
      Function: { Type: 'AWS::Lambda::Function', Properties: { Timeout: 30 } },
      Config: {
        Type: 'AWS::Lambda::EventInvokeConfig',
        Properties: {
          FunctionName: { Ref: 'Function' },
          Qualifier: '$LATEST',
          MaximumRetryAttempts: 2,
          MaximumEventAgeInSeconds: 3600,
        },
      },
    },
    broken: [
      { Config: null },
      { 'Config.Properties.MaximumRetryAttempts': null },
      { 'Config.Properties.MaximumEventAgeInSeconds': null },
    ],
  },
  types: ['AWS::Lambda::Function'],
  check: (fn, inventory) => {
    if (asynchronousSources(fn, inventory).length === 0) return notApplicable;
    const bounded = inventory
      .ofType('AWS::Lambda::EventInvokeConfig')
      .some(
        (each) =>
          inventory.names(each, each.get('FunctionName'), fn) &&
          each.has('MaximumRetryAttempts') &&
          each.has('MaximumEventAgeInSeconds'),
      );
    return mustHold(bounded, 'MaximumRetryAttempts and MaximumEventAgeInSeconds are not both set');
  },
};
