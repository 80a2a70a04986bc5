import { type App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  Alarms,
  AlarmTopic,
  DataKey,
  HandlerCode,
  HandlerFunction,
  JwtRestApi,
  type JwtRestApiProps,
  OriginSecret,
  STAGE_NAMES,
  type StageName,
  stages,
  UserDirectory,
} from '../../../lib';
import { allPacks } from '../../../lib/checks/all-packs';
import { resourcesOf, testApp, validationReport } from '../../synthesize';

const MINUTE = Duration.minutes(1);

function fixture(app: App, stageName: StageName = 'dev', props: Partial<JwtRestApiProps> = {}) {
  const stack = new Stack(app, 'Mine', { env: { region: 'eu-west-1' } });
  const stage = stages[stageName];
  const { key: encryptionKey } = new DataKey(stack, 'Key', { stage, description: 'Logs' });
  const { userPool } = new UserDirectory(stack, 'Users', { stage });
  const secret = new OriginSecret(stack, 'OriginSecret', { stage, encryptionKey });
  const { alias } = new HandlerFunction(stack, 'Handler', {
    stage,
    encryptionKey,
    code: HandlerCode.prebuilt('edge', 'origin-secret'),
    serviceName: 'anything',
    timeout: Duration.seconds(28),
    reservedConcurrency: 5,
  });
  const api = new JwtRestApi(stack, 'Api', { stage, encryptionKey, userPool, scopes: ['openid', 'email'], ...props });
  api.route('GET', '/api/items/{id}', alias);
  api.streamRoute('POST', '/api/answers', alias, MINUTE);
  api.publicRoute('GET', '/api/health', alias);
  const topic = new AlarmTopic(stack, 'Topic', { stage, encryptionKey, email: 'ops@example.com' });
  new Alarms(stack, 'Alarms', { stage, topic: topic.topic }).watchRestApi(api.api);
  return { stack, api, secret, alias };
}

describe('a REST API for users', () => {
  let template: Template;
  let built: ReturnType<typeof fixture>;
  beforeAll(() => {
    built = fixture(testApp());
    template = Template.fromStack(built.stack);
  });

  const method = (HttpMethod: string, more: object) =>
    template.hasResourceProperties('AWS::ApiGateway::Method', { HttpMethod, ...more });

  it('asks for an access token with one of the scopes', () => {
    const guard = { AuthorizationType: 'COGNITO_USER_POOLS', AuthorizationScopes: ['openid', 'email'] };
    method('GET', { ...guard, Integration: Match.objectLike({ TimeoutInMillis: 29_000 }) });
    method('POST', guard);
    template.hasResourceProperties('AWS::ApiGateway::Authorizer', {
      Type: 'COGNITO_USER_POOLS',
      IdentitySource: 'method.request.header.Authorization',
    });
  });

  it('streams what is meant to be streamed, by the action of Lambda that can', () => {
    method('POST', {
      Integration: {
        ResponseTransferMode: 'STREAM',
        TimeoutInMillis: 60_000,
        Uri: Match.objectLike({
          'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('response-streaming-invocations')])],
        }),
      },
    });
    const buffered = Object.values(resourcesOf(template, 'AWS::ApiGateway::Method')).filter(
      ({ Properties }) => Properties['HttpMethod'] === 'GET',
    );
    expect(JSON.stringify(buffered)).not.toContain('streaming');
  });

  it('names the public route as meant', () => {
    const open = Object.values(resourcesOf(template, 'AWS::ApiGateway::Method')).filter(
      ({ Properties }) => Properties['AuthorizationType'] === 'NONE',
    );
    expect(open.map(({ Metadata }) => Metadata?.['groundplan'])).toEqual([expect.objectContaining({ public: true })]);
  });

  it('lets API Gateway call each route and nothing else', () => {
    const sources = Object.values(resourcesOf(template, 'AWS::Lambda::Permission')).map(({ Properties }) =>
      JSON.stringify(Properties['SourceArn']),
    );
    expect(sources).toHaveLength(3);
    expect(sources.join()).not.toMatch(/test-invoke-stage|\/\*\/\*/);
    expect(sources.join()).toContain('/GET/api/items/*"');
  });

  it('throttles, logs each request and traces at its stage', () => {
    template.hasResourceProperties('AWS::ApiGateway::Stage', {
      TracingEnabled: true,
      MethodSettings: [
        Match.objectLike({
          HttpMethod: '*',
          ResourcePath: '/*',
          ThrottlingRateLimit: stages.dev.apiThrottle.rateLimit,
          ThrottlingBurstLimit: stages.dev.apiThrottle.burstLimit,
        }),
      ],
      AccessLogSetting: Match.objectLike({ Format: Match.stringLikeRegexp('timeToFirstContent') }),
    });
  });

  it('tells its own refusals as problem+json, and nothing of why', () => {
    const responses = Object.values(resourcesOf(template, 'AWS::ApiGateway::GatewayResponse')).map(
      ({ Properties }) => Properties,
    );
    const types = responses.map(({ ResponseType }) => ResponseType);
    expect(types).toEqual(expect.arrayContaining(['UNAUTHORIZED', 'THROTTLED', 'DEFAULT_4XX', 'DEFAULT_5XX']));
    for (const { ResponseParameters, ResponseTemplates } of responses) {
      expect(ResponseParameters).toMatchObject({
        'gatewayresponse.header.Content-Type': "'application/problem+json'",
      });
      const body = JSON.parse((ResponseTemplates as Record<string, string>)['application/json'] ?? '') as object;
      expect(body).toMatchObject({ type: 'about:blank', code: expect.any(String), requestId: '$context.requestId' });
    }
    expect(JSON.stringify(responses)).not.toContain('$context.error');
    template.hasResourceProperties('AWS::ApiGateway::GatewayResponse', {
      ResponseType: 'MISSING_AUTHENTICATION_TOKEN',
      StatusCode: '404',
    });
  });

  it('sets the role that access logs need before its stage is made, and leaves both behind', () => {
    const [[id, account] = []] = Object.entries(resourcesOf(template, 'AWS::ApiGateway::Account'));
    expect(account?.DeletionPolicy).toBe('RetainExceptOnCreate');
    const roles = Object.entries(resourcesOf(template, 'AWS::IAM::Role'));
    const [[role, kept] = []] = roles.filter(([name]) => name.includes('CloudWatchRole'));
    expect(kept?.DeletionPolicy).toBe('RetainExceptOnCreate');
    expect(JSON.stringify(account?.Properties)).toContain(`"${role}"`);
    template.hasResource('AWS::ApiGateway::Stage', { DependsOn: Match.arrayWith([id ?? '']) });
  });

  it('leaves the account alone where somebody else looks after it', () => {
    const { stack } = fixture(testApp(), 'dev', { setsLogRole: false });
    expect(resourcesOf(Template.fromStack(stack), 'AWS::ApiGateway::Account')).toEqual({});
  });

  it('watches errors and latency under a name of its own', () => {
    const [api] = Object.values(resourcesOf(template, 'AWS::ApiGateway::RestApi'));
    const ApiName = String(api?.Properties['Name']);
    expect(ApiName).toMatch(/^Mine-/);
    const Dimensions = Match.arrayWith([{ Name: 'ApiName', Value: ApiName }]);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'Latency',
      ExtendedStatistic: 'p99',
      Dimensions,
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Metrics: Match.arrayWith([
        Match.objectLike({
          MetricStat: Match.objectLike({ Metric: Match.objectLike({ MetricName: '5XXError', Dimensions }) }),
        }),
      ]),
    });
  });

  it('is an origin at its stage, which waits as long as CloudFront can', () => {
    const { stack, secret, api } = built;
    const { originProperty } = secret.originOfRest(api.api, api.deploymentStage).bind(stack, { originId: 'api' });
    expect(stack.resolve(originProperty)).toMatchObject({
      originPath: { 'Fn::Join': ['', ['/', { Ref: expect.stringContaining('Stage') }]] },
      customOriginConfig: { originReadTimeout: 60, originProtocolPolicy: 'https-only' },
      originCustomHeaders: [{ headerName: 'x-origin-verify' }],
    });
    expect(JSON.stringify(stack.resolve(originProperty?.domainName))).toContain('.execute-api.eu-west-1.');
  });

  it.each([0, 901])('refuses %s seconds to stream', (seconds) => {
    const { api, alias } = fixture(testApp());
    expect(() => api.streamRoute('GET', '/api/slow', alias, Duration.seconds(seconds))).toThrow(
      `Mine/Api: timeout is '${seconds} s'; allowed: 1 s to 15 min. [apigw-29s-timeout]`,
    );
  });

  it('refuses no scopes', () => {
    expect(() => fixture(testApp(), 'dev', { scopes: [] })).toThrow(/Mine\/Api: scopes is '\[\]'.*identity tokens/);
  });
});

describe('a REST API for users, by our rules and those of cdk-nag', () => {
  /** The block alone has no site, no firewall and not every alarm; a pattern has. */
  const OF_A_PATTERN =
    /Groundplan-([a-z-]+-alarms?|cw-log-metric-filter|cloudfront-fronts-everything|waf-on-cloudfront)$/;
  const named = (found: ReturnType<typeof validationReport>['violations']) =>
    found
      .filter(({ ruleName }) => !OF_A_PATTERN.test(ruleName))
      .map(({ ruleName, violatingConstructs }) => [ruleName, violatingConstructs.map((each) => each.constructPath)]);

  it.each(STAGE_NAMES)('has nothing unacknowledged in %s', (stage) => {
    const { violations } = validationReport(
      (app) => {
        fixture(app, stage);
      },
      (app) => allPacks(app, { strict: stage !== 'dev' }),
    );
    expect(named(violations)).toEqual([]);
  });
});
