import { App, Aws, CustomResource, Stack, Stage } from 'aws-cdk-lib';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket, EventType } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { LambdaDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsCustomResource, AwsCustomResourcePolicy, PhysicalResourceId, Provider } from 'aws-cdk-lib/custom-resources';
import { describe, expect, it } from 'vitest';
import cdkJson from '../../../cdk.json';
import { type CatalogueId, runRules, runRulesOnTemplates, type TemplateDocument } from '../../../lib/checks';
import type { MutableTemplate } from '../../../local/weaken/mutable-template';
import { network } from './network-template-fixture';
import { table, template } from './rule-table-fixture';
import { balanced, CONFIG, DISTRIBUTION } from './site-template-fixture';

const BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
const FUNCTION = 'AWS::Lambda::Function';
const TASK = 'AWS::ECS::TaskDefinition';
const ROUTE = 'AWS::ApiGatewayV2::Route';
const ALARM = 'AWS::CloudWatch::Alarm';

const code = {
  runtime: Runtime.NODEJS_24_X,
  handler: 'index.handler',
  code: Code.fromInline('exports.handler = async () => {};'),
};

const errorFilter = (t: MutableTemplate) => {
  const MetricTransformations = [{ MetricNamespace: 'Mine', MetricName: 'Errors' }];
  t.add('Filter', 'AWS::Logs::MetricFilter', {
    LogGroupName: { Ref: t.id('AWS::Logs::LogGroup', 'api') },
    MetricTransformations,
  });
};
table('cw-log-metric-filter', TASK, network, [
  { verdict: 'violation', when: 'nobody reads its errors', says: /metric filter/ },
  { verdict: 'violation', when: 'they are counted, and nobody is told', change: errorFilter, says: /no alarm/ },
  {
    verdict: 'compliant',
    when: 'somebody is told',
    change: [errorFilter, (t) => t.add('Told', ALARM, { Namespace: 'Mine', MetricName: 'Errors' })],
  },
  { verdict: 'not-applicable', when: 'development does without', strict: false },
]);

const open = template((stack) => {
  const handler = new LambdaFunction(stack, 'Handler', code);
  const defaultIntegration = new HttpLambdaIntegration('Health', handler.addAlias('live'));
  new HttpApi(stack, 'Api', { defaultIntegration });
});
const declare = (value: unknown) => (t: MutableTemplate) => {
  for (const [, route] of t.all(ROUTE)) route.Metadata = { groundplan: { public: value } };
};
table('apigw-authorizer-on-every-route', ROUTE, open, [
  { verdict: 'violation', when: 'nobody said that it is public', says: /groundplan\.public/ },
  { verdict: 'compliant', when: 'the template says that it is, on purpose', change: declare(true) },
  { verdict: 'violation', when: 'it says the contrary', change: declare(false) },
  {
    verdict: 'violation',
    when: 'its name alone looks harmless',
    change: (t) => t.set(ROUTE, 'RouteKey', 'DELETE /users/health'),
  },
]);

const ALIAS = 'AWS::Lambda::Alias';
const scaled = (MinCapacity: number) => (t: MutableTemplate) =>
  t.add('Warm', 'AWS::ApplicationAutoScaling::ScalableTarget', {
    ServiceNamespace: 'lambda',
    MinCapacity,
    ResourceId: {
      'Fn::Join': ['', ['function:', { 'Fn::Select': [6, { 'Fn::Split': [':', { Ref: t.id(ALIAS) }] }] }, ':live']],
    },
  });
table('lambda-provisioned-concurrency-user-facing', FUNCTION, open, [
  { verdict: 'violation', when: 'nothing is warm' },
  { verdict: 'compliant', when: 'something scales it, from one', change: scaled(1) },
  { verdict: 'violation', when: 'something scales it, from none', change: scaled(0) },
]);

const alarm = (t: MutableTemplate, Namespace: string, MetricName: string, Value: unknown, more: object = {}) =>
  t.add(`On${MetricName}`, ALARM, { Namespace, MetricName, Dimensions: [{ Name: 'It', Value }], ...more });
const balancerName = (t: MutableTemplate) => ({ 'Fn::GetAtt': [t.id(BALANCER), 'LoadBalancerFullName'] });
const ELB = 'AWS/ApplicationELB';
table('cw-error-rate-alarm', BALANCER, balanced, [
  { verdict: 'violation', when: 'nobody watches' },
  {
    verdict: 'violation',
    when: 'a count is watched, whatever it is of',
    change: (t) => alarm(t, ELB, 'HTTPCode_Target_5XX_Count', balancerName(t)),
  },
  {
    verdict: 'compliant',
    when: 'the share is watched',
    change: (t) => {
      const Metric = {
        Namespace: ELB,
        MetricName: 'HTTPCode_Target_5XX_Count',
        Dimensions: [{ Name: 'LoadBalancer', Value: balancerName(t) }],
      };
      t.add('Rate', ALARM, { Metrics: [{ Expression: '100*m/n' }, { MetricStat: { Metric } }] });
    },
  },
]);
table('cw-p99-latency-alarm', BALANCER, balanced, [
  { verdict: 'violation', when: 'nobody watches' },
  {
    verdict: 'violation',
    when: 'the average is watched',
    change: (t) => alarm(t, ELB, 'TargetResponseTime', balancerName(t), { Statistic: 'Average' }),
  },
  {
    verdict: 'compliant',
    when: 'the p99 is',
    change: (t) => alarm(t, ELB, 'TargetResponseTime', balancerName(t), { ExtendedStatistic: 'p99' }),
  },
]);
const foreign = (t: MutableTemplate) => {
  const [first] = (t.properties(DISTRIBUTION)[CONFIG] as { Origins: Record<string, unknown>[] }).Origins;
  Object.assign(first ?? {}, { VpcOriginConfig: undefined, DomainName: 'shop.example.com' });
};
for (const [id, metric, more] of [
  ['cw-error-rate-alarm', '5xxErrorRate', {}],
  ['cw-p99-latency-alarm', 'OriginLatency', { ExtendedStatistic: 'p99' }],
] as const) {
  table(id, DISTRIBUTION, balanced, [
    { verdict: 'not-applicable', when: 'the load balancer behind it has its own' },
    { verdict: 'violation', when: 'what is behind it is elsewhere', change: foreign },
    {
      verdict: 'compliant',
      when: 'what is behind it is elsewhere, and watched here',
      change: [foreign, (t) => alarm(t, 'AWS/CloudFront', metric, { Ref: t.id(DISTRIBUTION) }, more)],
    },
  ]);
}

describe('what watches a stack', () => {
  it('may be in another one', () => {
    const Workload = { Type: FUNCTION, Properties: {} };
    const Outputs = { Name: { Value: { Ref: 'Workload' } } };
    const Dimensions = [
      { Name: 'FunctionName', Value: { 'Fn::GetStackOutput': { StackName: 'Data', OutputName: 'Name' } } },
    ];
    const three = ['Errors', 'Throttles', 'Duration'].map((MetricName) => [
      MetricName,
      { Type: ALARM, Properties: { Namespace: 'AWS/Lambda', MetricName, Dimensions } },
    ]);
    const of = (alarms: typeof three) =>
      runRulesOnTemplates({
        Data: { Resources: { Workload }, Outputs },
        App: { Resources: Object.fromEntries(alarms) as NonNullable<TemplateDocument['Resources']> },
      }).find(({ id }) => id === 'pattern-has-alarms')?.verdict.kind;
    expect(of(three)).toBe('compliant');
    expect(of(three.slice(1))).toBe('violation');
  });
});

describe('stacks of a stage', () => {
  it('are found by the names that they refer to each other by', () => {
    const app = new App({ context: { ...cdkJson.context }, builtinCloudFormationValidation: false });
    const stage = new Stage(app, 'Prod', { env: { region: 'eu-west-1', account: '111111111111' } });
    const queue = new Queue(new Stack(stage, 'Queues', { stackName: 'theirs' }), 'Jobs');
    const consumers = new Stack(stage, 'Consumers');
    const fn = new LambdaFunction(consumers, 'Worker', code);
    fn.addEventSourceMapping('Jobs', { eventSourceArn: queue.queueArn });
    const verdicts = runRules(stage).flatMap(({ id, verdict }) =>
      id === 'sqs-visibility-timeout-exceeds-processing' ? [verdict.kind] : [],
    );
    expect(verdicts).not.toContain('cannot-tell');
    expect(verdicts).toHaveLength(1);
  });
});

describe('functions that CDK adds', () => {
  const findings = (build: (stack: Stack) => void) => {
    const app = new App({ context: { ...cdkJson.context }, builtinCloudFormationValidation: false });
    build(new Stack(app, 'Mine'));
    return runRules(app).filter(({ id }) => id === 'graviton-default' || id === 'iam-no-wildcards');
  };
  const judged = (build: (stack: Stack) => void, rule: CatalogueId) =>
    findings(build).flatMap(({ id, resource }) => (id === rule ? [resource.path] : []));

  it('cannot be configured, and are left alone', () => {
    const paths = judged((stack) => {
      const bucket = new Bucket(stack, 'Bucket', { autoDeleteObjects: true, removalPolicy: 'destroy' as never });
      const distribution = new Distribution(stack, 'Site', {
        defaultBehavior: { origin: S3BucketOrigin.withOriginAccessControl(bucket) },
      });
      new BucketDeployment(stack, 'Pages', {
        sources: [Source.data('a', 'b')],
        destinationBucket: bucket,
        distribution,
      });
      new AwsCustomResource(stack, 'Call', {
        onCreate: { service: 'S3', action: 'listBuckets', physicalResourceId: PhysicalResourceId.of('x') },
        policy: AwsCustomResourcePolicy.fromSdkCalls({ resources: [bucket.bucketArn] }),
      });
      const mine = new LambdaFunction(stack, 'Mine', code);
      bucket.addEventNotification(EventType.OBJECT_CREATED, new LambdaDestination(mine));
      new CustomResource(stack, 'Thing', {
        serviceToken: new Provider(stack, 'Provider', { onEventHandler: mine }).serviceToken,
      });
    }, 'graviton-default');
    expect(paths).toEqual(['Mine/Mine/Resource']);
  });

  it('are not those that only sound like one', () => {
    const ids = ['LogRetentionSweeper', 'MyCustomResourceProvider', 'CustomS3Copy'];
    const paths = judged((stack) => {
      for (const id of ids) new LambdaFunction(stack, id, code);
    }, 'graviton-default');
    expect(paths).toEqual(ids.map((id) => `Mine/${id}/Resource`));
  });

  it('may invalidate every distribution, and nobody else may', () => {
    const kinds = (build: (stack: Stack) => void) =>
      findings(build).flatMap(({ id, verdict, resource }) =>
        id === 'iam-no-wildcards' && resource.type === 'AWS::IAM::Policy' ? [verdict.kind] : [],
      );
    expect(
      kinds((stack) => {
        const bucket = new Bucket(stack, 'Bucket');
        const distribution = new Distribution(stack, 'Site', {
          defaultBehavior: { origin: S3BucketOrigin.withOriginAccessControl(bucket) },
        });
        new BucketDeployment(stack, 'Pages', {
          sources: [Source.data('a', Aws.REGION)],
          destinationBucket: bucket,
          distribution,
        });
      }),
    ).toEqual(['compliant']);
    const Statement = [{ Effect: 'Allow', Action: 'cloudfront:CreateInvalidation', Resource: '*' }];
    const policy = { Type: 'AWS::IAM::Policy', Properties: { PolicyDocument: { Statement } } };
    const mine = runRulesOnTemplates({ Mine: { Resources: { Policy: policy } } }).find(
      ({ id }) => id === 'iam-no-wildcards',
    );
    expect(mine?.verdict.kind).toBe('violation');
  });
});
