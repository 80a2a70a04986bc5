import { Fn, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { AllowedEmailDomains, DataKey, type StageName, stages, UserDirectory } from '../../../lib';
import { resourcesOf, testApp } from '../../synthesize';

interface Given {
  readonly stage?: StageName;
  readonly selfSignUp?: boolean;
}

function fixture(allowedEmailDomains: readonly string[], { stage: name = 'dev', selfSignUp }: Given = {}) {
  const stack = new Stack(testApp(), 'Mine');
  const stage = stages[name];
  const { key: encryptionKey } = new DataKey(stack, 'Key', { stage, description: 'Logs' });
  const users = new UserDirectory(stack, 'People', { stage, selfSignUp });
  const signUp = new AllowedEmailDomains(stack, 'SignUp', { stage, encryptionKey, users, allowedEmailDomains });
  return { stack, signUp, template: () => Template.fromStack(stack) };
}

/** The variable that the function reads. */
function domainsOf(template: Template): unknown {
  const variables = Object.values(resourcesOf(template, 'AWS::Lambda::Function')).map(
    ({ Properties }) => (Properties['Environment'] as { Variables: Record<string, unknown> }).Variables,
  );
  return variables.find((each) => 'ALLOWED_EMAIL_DOMAINS' in each)?.['ALLOWED_EMAIL_DOMAINS'];
}

describe('the domains that may sign up', () => {
  it('are asked for by the pool, which alone may call the function', () => {
    const template = fixture(['example.com', 'xn--bcher-kva.example']).template();
    const [pool] = Object.keys(resourcesOf(template, 'AWS::Cognito::UserPool'));
    const [fn] = Object.keys(resourcesOf(template, 'AWS::Lambda::Function'));
    const arn = { 'Fn::GetAtt': [fn, 'Arn'] };
    template.hasResourceProperties('AWS::Cognito::UserPool', { LambdaConfig: { PreSignUp: arn } });
    template.resourceCountIs('AWS::Lambda::Permission', 1);
    template.hasResourceProperties('AWS::Lambda::Permission', {
      Action: 'lambda:InvokeFunction',
      FunctionName: arn,
      Principal: 'cognito-idp.amazonaws.com',
      SourceArn: { 'Fn::GetAtt': [pool, 'Arn'] },
    });
    template.hasResourceProperties('AWS::Lambda::Function', { Timeout: 5 });
    expect(domainsOf(template)).toBe('example.com,xn--bcher-kva.example');
  });

  it('let the function write its log, and nothing else', () => {
    const actions = Object.values(resourcesOf(fixture(['example.com']).template(), 'AWS::IAM::Policy')).flatMap(
      ({ Properties }) =>
        (Properties['PolicyDocument'] as { Statement: { Action: string | string[] }[] }).Statement.flatMap(
          ({ Action }) => Action,
        ),
    );
    expect([...actions].sort()).toEqual([
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ]);
  });

  it.each([
    [[], /allowedEmailDomains is 'empty'; allowed: domains such as example.com/],
    [['example.com', 'example.com'], /allowedEmailDomains is 'example.com'; allowed/],
    [['Example.com'], /'Example.com'/],
    [['@example.com'], /'@example.com'/],
    [['ann@example.com'], /'ann@example.com'/],
    [['example'], /'example'/],
    [['*.example.com'], /'\*.example.com'/],
    [['.example.com'], /'.example.com'/],
    [['example.com.'], /'example.com.'/],
    [['example.com '], /'example.com '/],
    [['exa_mple.com'], /'exa_mple.com'/],
    [['-example.com'], /'-example.com'/],
    [['bücher.example'], /'bücher.example'/],
    [['example.com,example.org'], /'example.com,example.org'/],
    [[''], /''/],
    [['10.0.0.1'], /'10.0.0.1'/],
  ])('are not %j', (domains, message) => {
    expect(() => fixture(domains)).toThrow(message);
  });

  it.each([
    [`${'a'.repeat(63)}.com`, true],
    [`${'a'.repeat(64)}.com`, false],
    [`${'a'.repeat(49)}.`.repeat(5).concat('com'), true],
    [`${'a'.repeat(49)}.`.repeat(5).concat('comm'), false],
    ['a.de', true],
  ])('are as long as a host name may be: %s', (domain, works) => {
    const build = () => fixture([domain]);
    if (works) expect(build).not.toThrow();
    else expect(build).toThrow('allowedEmailDomains');
  });

  it('are taken on trust where only a deployment knows them', () => {
    const { template } = fixture(Fn.split(',', Fn.ref('AWS::StackName')));
    expect(domainsOf(template())).toEqual({ 'Fn::Join': [',', { 'Fn::Split': [',', { Ref: 'AWS::StackName' }] }] });
    expect(domainsOf(fixture([Fn.ref('AWS::StackName'), 'example.com']).template())).toEqual({
      'Fn::Join': ['', [{ Ref: 'AWS::StackName' }, ',example.com']],
    });
  });

  it('have no effect where administrators make each account, and are refused', () => {
    const refused =
      /SignUp: allowedEmailDomains is 'example.com'; allowed: only with selfSignUp: true .* Fix: set selfSignUp: true/;
    expect(() => fixture(['example.com'], { stage: 'prod' })).toThrow(refused);
    expect(() => fixture(['example.com'], { selfSignUp: false })).toThrow(refused);
    expect(() => fixture(['example.com'], { stage: 'prod', selfSignUp: true })).not.toThrow();
  });

  it('have a metric of what they refused', () => {
    const { stack, signUp } = fixture(['example.com']);
    expect(stack.resolve(signUp.metricRefused().toMetricConfig().metricStat)).toMatchObject({
      namespace: 'Groundplan',
      metricName: 'SignUpsRefused',
      statistic: 'Sum',
      dimensions: [
        { name: 'service', value: 'sign-up' },
        { name: 'stack', value: 'Mine' },
      ],
    });
  });
});
