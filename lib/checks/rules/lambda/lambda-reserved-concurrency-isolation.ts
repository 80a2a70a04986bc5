import { isDeploymentHelper, notApplicable, type Rule, verdict } from '../../rule';

export const lambdaReservedConcurrencyIsolation: Rule = {
  id: 'lambda-reserved-concurrency-isolation',
  title: 'The concurrency of each function behind an API or a queue is bounded',
  why: 'All functions of a region share 1,000 executions at once by default. One that runs away takes them all, and every other function of the account is refused.',
  fix: 'Set ReservedConcurrentExecutions of the function, or ScalingConfig.MaximumConcurrency of the mapping of its queue. In the CDK, set reservedConcurrentExecutions or maxConcurrency.',
  severity: 'warning',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html',
  example: {
    fixed: {
      Integration: {
        Type: 'AWS::ApiGatewayV2::Integration',
        Properties: {
          ApiId: { Ref: 'Api' },
          IntegrationType: 'AWS_PROXY',
          IntegrationUri: { 'Fn::GetAtt': ['Web', 'Arn'] },
          PayloadFormatVersion: '2.0',
        },
      },
      Web: { Type: 'AWS::Lambda::Function', Properties: { ReservedConcurrentExecutions: 100 } },
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] },
          FunctionName: { Ref: 'Worker' },
          ScalingConfig: { MaximumConcurrency: 10 },
        },
      },
      Queue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 180 } },
      Worker: { Type: 'AWS::Lambda::Function', Properties: { Timeout: 30 } },
    },
    broken: [{ 'Web.Properties.ReservedConcurrentExecutions': null }, { 'Mapping.Properties.ScalingConfig': null }],
  },
  types: ['AWS::Lambda::Function'],
  check: (fn, inventory) => {
    if (isDeploymentHelper(fn)) return notApplicable;
    const reserved = fn.has('ReservedConcurrentExecutions');
    const behindApi = inventory.integrationsOf(fn).length > 0;
    const unbounded = inventory.mappingsOf(fn).filter((mapping) => {
      const source = inventory.referent(mapping, mapping.get('EventSourceArn'));
      return source?.type === 'AWS::SQS::Queue' && !mapping.has('ScalingConfig.MaximumConcurrency');
    });
    if (!behindApi && inventory.mappingsOf(fn).length === 0) return notApplicable;
    return verdict([
      behindApi && !reserved && 'ReservedConcurrentExecutions is not set behind an API',
      unbounded.length > 0 &&
        !reserved &&
        'neither ReservedConcurrentExecutions nor MaximumConcurrency bounds a queue consumer',
    ]);
  },
};
