import { type App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import cdkJson from '../../../cdk.json';
import { GroundplanApp } from '../../../patterns/groundplan-app';
import { WebApp } from '../../../patterns/web-app';
import {
  MAIL_FROM,
  resourcesOf,
  type TemplateResource,
  testApp,
  webApp,
  webAppStacks,
  webAppTemplate,
} from '../../synthesize';

/** Types that hold data, keys, users or logs. */
const STATEFUL = /^AWS::(Cognito::UserPool|KMS::Key|Logs::LogGroup|RDS::DBCluster|RDS::DBInstance|S3::Bucket)$/;
const COMPUTES = ['lambda', 'fargate'] as const;

/** Templates of an app's stacks, by name. */
function templatesOf(app: App) {
  return Object.fromEntries(
    app
      .synth()
      .stacks.map(({ stackName, template }) => [
        stackName,
        template as { Resources: Record<string, TemplateResource>; Outputs?: Record<string, { Export?: unknown }> },
      ]),
  );
}

describe('dev leaves nothing behind', () => {
  it.each(COMPUTES)('retains no resource, and empties its buckets, with %s', (compute) => {
    const resources = Object.values(resourcesOf(webAppTemplate('dev', compute)));
    const kept = resources.filter(
      ({ DeletionPolicy, Type }) => DeletionPolicy?.startsWith('Retain') && !/Version$/.test(Type),
    );
    expect(kept.map(({ Type }) => Type)).toEqual([]);
    const emptied = resources.filter(({ Type }) => Type === 'Custom::S3AutoDeleteObjects');
    expect(emptied).toHaveLength(resources.filter(({ Type }) => Type === 'AWS::S3::Bucket').length);
    const [cluster] = resources.filter(({ Type }) => Type === 'AWS::RDS::DBCluster');
    expect(cluster).toMatchObject({ DeletionPolicy: 'Delete', Properties: { DeletionProtection: false } });
  });

  it.each(COMPUTES)('has no log group that Lambda or RDS would make by itself, with %s', (compute) => {
    for (const { Type, Properties } of Object.values(resourcesOf(webAppTemplate('dev', compute)))) {
      if (Type === 'AWS::Lambda::Function') expect(Properties['LoggingConfig']).toHaveProperty('LogGroup');
    }
  });
});

describe('prod keeps its data', () => {
  it.each(COMPUTES)('retains all that is stateful, and protects the stacks, with %s', (compute) => {
    for (const [id, { Type, Properties, DeletionPolicy }] of Object.entries(
      resourcesOf(webAppTemplate('prod', compute)),
    )) {
      // The proxy's log has the proxy's name, which must be free when another comes.
      if (JSON.stringify(Properties['LogGroupName'] ?? '').includes('/aws/rds/proxy/')) continue;
      if (STATEFUL.test(Type)) expect([id, DeletionPolicy]).toEqual([id, 'RetainExceptOnCreate']);
    }
    const app = testApp();
    webAppStacks(app, 'prod', { compute });
    for (const child of app.node.children) expect((child as Stack).terminationProtection, child.node.id).toBe(true);
  });
});

describe('a first deployment to prod', () => {
  it.each(COMPUTES)('fails for an address that SES does not know before there is a cluster, with %s', (compute) => {
    const template = webAppTemplate('prod', compute);
    const [users] = Object.keys(template.findResources('AWS::Cognito::UserPool'));
    const clusters = Object.values(template.findResources('AWS::RDS::DBCluster')) as { DependsOn?: string[] }[];
    expect(clusters).toHaveLength(1);
    for (const { DependsOn } of clusters) expect(DependsOn).toContain(users);
  });
});

describe('the stacks', () => {
  it.each(COMPUTES)('export what a change of would replace something, and depend one way, with %s', (compute) => {
    const app = testApp();
    webAppStacks(app, 'prod', { compute });
    const templates = templatesOf(app);
    const exporting = Object.entries(templates).filter(([, { Outputs = {} }]) =>
      Object.values(Outputs).some(({ Export }) => Export !== undefined),
    );
    expect(exporting.map(([name]) => name)).toEqual(['WebAppNetwork', 'WebAppData']);
    const text = (name: string) => JSON.stringify(templates[name]?.Resources);
    expect(text('WebAppNetwork')).not.toMatch(/"StackName":"WebApp/);
    expect(text('WebAppData')).not.toMatch(/"StackName":"WebApp(Edge-[^"]*)?"/);
    expect(text('WebAppEdge-eu-west-1')).not.toMatch(/"StackName":"WebApp/);
    // The application imports its VPC and its user pool, and reads all else at deployment, so that it can go and come again.
    const imported = [...(text('WebApp')?.matchAll(/"(\w+)":\{"Fn::ImportValue"/g) ?? [])].map(([, name]) => name);
    expect(new Set(imported)).toEqual(new Set(compute === 'fargate' ? ['UserPoolId', 'VpcId'] : ['UserPoolId']));
    expect(text('WebApp')).toContain('Fn::GetStackOutput');
    // What replaces a database must be known before it is changed.
    expect(text('WebAppData')).toContain('Fn::ImportValue');
    expect(text('WebAppData')).not.toContain('Fn::GetStackOutput');
  });

  it.each(['eu-west-1', 'us-east-1', 'ap-southeast-2'])('make the web ACL in us-east-1 for an app in %s', (region) => {
    const app = testApp();
    webAppStacks(app, 'dev', {}, region);
    const holders = app
      .synth()
      .stacks.filter(({ template }) => JSON.stringify(template).includes('AWS::WAFv2::WebACL"'));
    expect(holders.map(({ environment }) => environment.region)).toEqual(['us-east-1']);
  });

  it('are the same resources as all of it in one stack', () => {
    const app = testApp();
    webAppStacks(app, 'staging', {}, 'us-east-1');
    const types = (resources: readonly TemplateResource[]) => resources.map(({ Type }) => Type).sort();
    const apart = types(Object.values(templatesOf(app)).flatMap(({ Resources }) => Object.values(Resources)));
    const together = types(Object.values(resourcesOf(webAppTemplate('staging'))));
    // Each stack has its own function that CDK needs once in a stack.
    expect(new Set(apart)).toEqual(new Set(together));
  });
});

it('keeps more functions warm when they are busy, up to what is said', () => {
  const template = Template.fromStack(Stack.of(webApp(testApp(), 'prod', { scaling: { warmest: 20 } })));
  template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
    ServiceNamespace: 'lambda',
    MinCapacity: 2,
    MaxCapacity: 20,
  });
  template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
    TargetTrackingScalingPolicyConfiguration: {
      PredefinedMetricSpecification: { PredefinedMetricType: 'LambdaProvisionedConcurrencyUtilization' },
      TargetValue: 0.7,
    },
  });
  const build = (warmest: number) => webApp(testApp(), 'prod', { scaling: { warmest } });
  expect(() => build(2)).toThrow(/scaling.warmest is 2; allowed: a whole number above the 2 that prod keeps warm/);
  expect(() => build(101)).toThrow(/up to the 100 that run at once/);
});

it('two of them in one stack work', () => {
  const app = testApp();
  const { node } = webApp(app);
  new WebApp(node.scope as Stack, 'Second', { login: { mailFrom: MAIL_FROM } });
  const [{ template } = { template: {} }] = app.synth().stacks;
  const distributions = Object.values((template as { Resources: Record<string, TemplateResource> }).Resources).filter(
    ({ Type }) => Type === 'AWS::CloudFront::Distribution',
  );
  expect(distributions).toHaveLength(2);
});

it('the app takes compute, and a region for its synth where no one names one', async () => {
  const context = { ...cdkJson.context, compute: 'fargate', alarmEmail: 'ops@example.com' };
  const built = await GroundplanApp.create({ context, builtinCloudFormationValidation: false });
  const stack = built.node.findChild('WebApp') as Stack;
  expect(stack.region).toBe(process.env['CDK_DEFAULT_REGION'] ?? 'us-east-1');
  expect(JSON.stringify(built.synth().getStackByName('WebApp').template)).toContain('AWS::ECS::Service');
});
