import { asynchronousSources } from '../../asynchronous-sources';
import { mustHold, notApplicable, type Rule } from '../../rule';

export const lambdaAsyncFailureDestination: Rule = {
  id: 'lambda-async-failure-destination',
  title: 'A function that is invoked asynchronously has a failure destination or a dead-letter queue',
  why: 'Lambda tries an asynchronous event three times, and then drops it: the order, the file or the message is gone, and nothing shows which one it was.',
  fix: 'Add an AWS::Lambda::EventInvokeConfig with DestinationConfig.OnFailure, or DeadLetterConfig to the function. In the CDK, set onFailure or deadLetterQueue.',
  severity: 'error',
  profile: 'correctness',
  address: 'https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html',
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
          DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['Queue', 'Arn'] } } },
        },
      },
      Queue: { Type: 'AWS::SQS::Queue', Properties: { MessageRetentionPeriod: 1209600 } },
    },
    broken: [
      { Config: null },
      { 'Config.Properties.DestinationConfig': null },
      { 'Config.Properties.FunctionName': 'other-function' },
    ],
  },
  types: ['AWS::Lambda::Function'],
  check: (fn, inventory) => {
    if (asynchronousSources(fn, inventory).length === 0) return notApplicable;
    const configured = inventory
      .ofType('AWS::Lambda::EventInvokeConfig')
      .some(
        (each) =>
          inventory.names(each, each.get('FunctionName'), fn) && each.has('DestinationConfig.OnFailure.Destination'),
      );
    return mustHold(
      configured || fn.has('DeadLetterConfig.TargetArn'),
      'events that fail three times vanish; allowed: an OnFailure destination or a dead-letter queue',
    );
  },
};
