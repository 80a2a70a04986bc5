import { Duration, type Stack } from 'aws-cdk-lib';
import { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Alarms, JwtRestApi, stages } from '../../../lib';
import type { MutableTemplate } from '../../../local/weaken/mutable-template';
import { PARAMETER, table, template } from './rule-table-fixture';

const API = 'AWS::ApiGateway::RestApi';
const STAGE = 'AWS::ApiGateway::Stage';
const METHOD = 'AWS::ApiGateway::Method';
const AUTHORIZER = 'AWS::ApiGateway::Authorizer';
const ALARM = 'AWS::CloudWatch::Alarm';
const FUNCTION = 'AWS::Lambda::Function';
const DISTRIBUTION = 'AWS::CloudFront::Distribution';

const answers = template((stack: Stack) => {
  const stage = stages.prod;
  const encryptionKey = new Key(stack, 'Key');
  const fn = (id: string, seconds: number) =>
    new LambdaFunction(stack, id, {
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: Code.fromInline('exports.handler = async () => {};'),
      timeout: Duration.seconds(seconds),
    }).addAlias('live', { provisionedConcurrentExecutions: 1 });
  const userPool = new UserPool(stack, 'Users');
  const rest = new JwtRestApi(stack, 'Api', { stage, encryptionKey, userPool, scopes: ['openid'] });
  rest.streamRoute('POST', '/asked', fn('Ask', 60), Duration.seconds(60));
  rest.route('GET', '/items', fn('List', 29));
  rest.publicRoute('GET', '/health', fn('Health', 3));
  new Alarms(stack, 'Alarms', { stage, topic: new Topic(stack, 'Topic') }).watchRestApi(rest.api);
  const origin = new HttpOrigin(`${rest.api.restApiId}.execute-api.eu-west-1.amazonaws.com`, {
    customHeaders: { 'x-origin-verify': 'secret' },
  });
  new Distribution(stack, 'Edge', { defaultBehavior: { origin } });
});

type Integration = Record<string, unknown>;
const integration = (subject: string, settings: Integration) => (t: MutableTemplate) =>
  void Object.assign(t.properties(METHOD, subject)['Integration'] as Integration, settings);

table('apigw-29s-timeout', METHOD, answers, [
  { verdict: 'compliant', when: 'what streams takes a minute', subject: 'asked' },
  {
    verdict: 'violation',
    when: 'what streams takes longer than its integration',
    subject: 'asked',
    change: (t) => t.set(FUNCTION, 'Timeout', 61, 'Ask'),
    says: /at most 60 s/,
  },
  {
    verdict: 'violation',
    when: 'what streams takes longer than 15 minutes',
    subject: 'asked',
    change: integration('asked', { TimeoutInMillis: 900_001 }),
    says: /at most 900000/,
  },
  {
    verdict: 'violation',
    when: 'what streams does not say how long it takes',
    subject: 'asked',
    change: integration('asked', { TimeoutInMillis: undefined }),
    says: /at most 29 s/,
  },
  {
    verdict: 'violation',
    when: 'it does not stream, and takes a minute',
    subject: 'asked',
    change: integration('asked', { ResponseTransferMode: 'BUFFERED' }),
    says: /at most 29000/,
  },
  { verdict: 'compliant', when: 'it takes 29 s', subject: 'items' },
  {
    verdict: 'violation',
    when: 'it takes 30 s',
    subject: 'items',
    change: (t) => t.set(FUNCTION, 'Timeout', 30, 'List'),
    says: /at most 29 s/,
  },
]);

table('apigw-authorizer-on-every-route', METHOD, answers, [
  { verdict: 'compliant', when: 'a token is asked for', subject: 'items' },
  { verdict: 'compliant', when: 'it is public, and says so', subject: 'health' },
  {
    verdict: 'violation',
    when: 'nothing is asked for',
    subject: 'items',
    change: (t) => t.set(METHOD, 'AuthorizationType', 'NONE', 'items'),
  },
  {
    verdict: 'not-applicable',
    when: 'browsers ask what they may',
    subject: 'items',
    change: (t) => t.set(METHOD, 'HttpMethod', 'OPTIONS', 'items'),
  },
]);

table('cognito-native-jwt-authorizer', AUTHORIZER, answers, [
  { verdict: 'compliant', when: 'it takes access tokens of the pool' },
  {
    verdict: 'violation',
    when: 'a method has no scopes',
    change: (t) => t.drop(METHOD, 'AuthorizationScopes', 'items'),
    says: /GET.* takes identity tokens/,
  },
  { verdict: 'violation', when: 'a function checks', change: (t) => t.set(AUTHORIZER, 'Type', 'TOKEN') },
  { verdict: 'violation', when: 'it names no pool', change: (t) => t.set(AUTHORIZER, 'ProviderARNs', []) },
  {
    verdict: 'cannot-tell',
    when: 'a parameter says which scopes',
    change: (t) => t.set(METHOD, 'AuthorizationScopes', PARAMETER, 'items'),
  },
]);

table('apigw-http-api-default', API, answers, [
  { verdict: 'compliant', when: 'it streams' },
  {
    verdict: 'violation',
    when: 'it does not',
    change: integration('asked', { ResponseTransferMode: 'BUFFERED' }),
    says: /nothing an HTTP API lacks/,
  },
  {
    verdict: 'violation',
    when: 'another one does',
    change: (t) => t.set(METHOD, 'RestApiId', 'another', 'asked'),
  },
]);

const settingFor = (setting: object) => (t: MutableTemplate) => t.set(STAGE, 'MethodSettings', [setting]);
const LIMITS = { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 5 };
table('apigw-throttling', STAGE, answers, [
  { verdict: 'compliant', when: 'every method is held to a rate' },
  { verdict: 'violation', when: 'none is', change: (t) => t.drop(STAGE, 'MethodSettings') },
  {
    verdict: 'violation',
    when: 'one method is',
    change: settingFor({ HttpMethod: 'GET', ResourcePath: '/items', ...LIMITS }),
  },
]);

table('apigw-access-logs', STAGE, answers, [
  { verdict: 'compliant', when: 'it logs each request' },
  { verdict: 'violation', when: 'it does not', change: (t) => t.drop(STAGE, 'AccessLogSetting') },
]);
table('logs-everywhere', STAGE, answers, [
  { verdict: 'compliant', when: 'it logs each request' },
  { verdict: 'violation', when: 'it does not', change: (t) => t.drop(STAGE, 'AccessLogSetting') },
]);
table('tracing-on', STAGE, answers, [
  { verdict: 'compliant', when: 'it traces' },
  { verdict: 'violation', when: 'it does not', change: (t) => t.drop(STAGE, 'TracingEnabled') },
]);

const renamed = (t: MutableTemplate) => t.set(API, 'Name', 'another');
table('cw-error-rate-alarm', API, answers, [
  { verdict: 'compliant', when: 'an alarm knows it by its name' },
  { verdict: 'violation', when: 'the alarm is on another name', change: renamed },
  { verdict: 'violation', when: 'there is none', change: (t) => t.removeAlarms('5XXError') },
]);
table('cw-p99-latency-alarm', API, answers, [
  { verdict: 'compliant', when: 'an alarm knows it by its name' },
  { verdict: 'violation', when: 'the alarm is on another name', change: renamed },
  {
    verdict: 'violation',
    when: 'it is on the average',
    change: (t) => t.set(ALARM, 'ExtendedStatistic', 'p50', 'Latency'),
  },
]);

table('cloudfront-fronts-everything', API, answers, [
  { verdict: 'compliant', when: 'the distribution tells it a secret' },
  {
    verdict: 'violation',
    when: 'the distribution tells it nothing',
    change: (t) => {
      const { Origins } = t.properties(DISTRIBUTION)['DistributionConfig'] as { Origins: Integration[] };
      for (const each of Origins) delete each['OriginCustomHeaders'];
    },
    says: /secret header/,
  },
  {
    verdict: 'violation',
    when: 'there is no distribution, and a route is public',
    change: (t) => t.remove(DISTRIBUTION),
    says: /a distribution in front/,
  },
]);

table('lambda-provisioned-concurrency-user-facing', FUNCTION, answers, [
  { verdict: 'compliant', when: 'one is warm', subject: 'Ask' },
  {
    verdict: 'violation',
    when: 'none is',
    subject: 'Ask',
    change: (t) => t.drop('AWS::Lambda::Alias', 'ProvisionedConcurrencyConfig', 'Ask'),
  },
]);
