import { compliant, mustHold, type Rule } from '../../rule';

export const lambdaNoWarmCapacityForBackground: Rule = {
  id: 'lambda-no-warm-capacity-for-background',
  title: 'A function that works off a queue or a stream has no provisioned concurrency',
  why: 'Provisioned concurrency hides the second that a cold start takes, and bills around the clock. No user waits for a background consumer, so it buys nothing.',
  fix: 'Take ProvisionedConcurrencyConfig off the alias of the consumer. In the CDK, leave out provisionedConcurrentExecutions.',
  severity: 'advice',
  profile: 'cost',
  address: 'https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html',
  example: {
    fixed: {
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: { EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] }, FunctionName: { Ref: 'Live' } },
      },
      Live: {
        Type: 'AWS::Lambda::Alias',
        Properties: {
          FunctionName: { Ref: 'Function' },
          FunctionVersion: { 'Fn::GetAtt': ['Version', 'Version'] },
          Name: 'live',
        },
      },
      Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Function' } } },
      Function: { Type: 'AWS::Lambda::Function', Properties: { Timeout: 30 } },
    },
    broken: [{ 'Live.Properties.ProvisionedConcurrencyConfig': { ProvisionedConcurrentExecutions: 1 } }],
  },
  types: ['AWS::Lambda::Alias'],
  check: (alias, inventory) => {
    const warm = alias.number('ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions') ?? 0;
    if (warm === 0) return compliant;
    const fn = inventory.functionBehind(alias, alias.get('FunctionName'));
    const background = inventory.mappingsOf(fn).length > 0 && inventory.integrationsOf(fn).length === 0;
    return mustHold(!background, `${warm} provisioned for a background consumer; allowed: none`);
  },
};
