import { ResolvedTemplate } from '../../../local/assembly/resolved-template';
import { LocalKinesis } from '../../../local/aws/kinesis/service';
import { LocalRole } from '../../../local/aws/local-role';
import { AwsError } from '../../../local/aws/service';
import { LocalUserPool } from '../../../local/aws/user-pool';
import type { ApiAnswer } from '../../../local/engine/api-answer';
import { type ApiContext, type ApiRequest, LocalHttpApi } from '../../../local/engine/http-api';
import type { LocalApi } from '../../../local/engine/local-api';
import { LocalRestApi } from '../../../local/engine/rest-api';
import type { OnChunk } from '../../../local/lambda/sandbox';
import { EngineFixture, LOCATION } from '../engine/engine-fixture';

/** What stands behind every route of a fixture. */
export type Handler = (event: unknown, onChunk?: OnChunk) => unknown;

const FUNCTION = 'arn:aws:lambda:eu-west-1:111111111111:function:work';
const invocations = (prefix = '') =>
  `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${FUNCTION}/${prefix}invocations`;
const of = (Type: string, Properties: object = {}) => ({ Type, Properties: Properties as Record<string, unknown> });
const SCOPE = 'orders/read';

/** An API of either kind over one function, in virtual time. */
export class ApiFixture {
  readonly fixture = new EngineFixture();
  readonly kinesis = new LocalKinesis(LOCATION, () => this.fixture.clock.now());
  readonly pool: LocalUserPool;
  readonly api: LocalApi;
  /** The event of the last invocation. */
  event?: Readonly<Record<string, unknown>>;

  constructor(kind: 'http' | 'rest', handler: Handler, changes: Readonly<Record<string, object>> = {}) {
    const { clock, metrics, hops } = this.fixture;
    const fn = this.fixture.fn(
      (event, onChunk) => {
        this.event = event as Record<string, unknown>;
        return handler(event, onChunk);
      },
      {},
      { timeout: 3600 },
    );
    this.kinesis.createStream({
      name: 'clicks',
      shards: 1,
      retention: 3600,
      maxRecordBytes: 1024 ** 2,
      encrypted: false,
    });
    const resources: Record<string, ReturnType<typeof of>> = kind === 'http' ? httpResources() : restResources();
    for (const [id, properties] of Object.entries(changes)) Object.assign(resources[id]?.Properties ?? {}, properties);
    const template = new ResolvedTemplate({ Resources: resources }, { ...LOCATION, stackName: 'Mine' });
    const [userPool] = template.ofType('AWS::Cognito::UserPool');
    let ids = 0;
    const newId = () => `id-${++ids}`;
    this.pool = new LocalUserPool(userPool?.attributes['ProviderURL'] ?? '', () => clock.now(), newId);
    const context: ApiContext = {
      clock,
      metrics,
      hops,
      newId,
      functionOf: () => fn,
      kinesis: this.kinesis,
      userPools: [this.pool],
      role: new LocalRole(LOCATION, () => 0.5),
    };
    this.api = kind === 'http' ? new LocalHttpApi(template, context) : new LocalRestApi(template, context);
  }

  request(request: Partial<ApiRequest>): Promise<ApiAnswer> {
    return this.fixture.clock.during(this.api.request({ method: 'POST', path: '/open', ...request }));
  }

  /** Sends a request. @throws AwsError whose code is status and message, of an answer from 400 */
  async send(request: Partial<ApiRequest>): Promise<ApiAnswer> {
    const answer = await this.request(request);
    const { message } = (answer.statusCode < 400 ? {} : JSON.parse(answer.body ?? '{}')) as { message?: string };
    if (answer.statusCode >= 400) throw new AwsError(`${answer.statusCode} ${message}`, '');
    return answer;
  }

  /** A header with an access token. */
  signedIn(scope = SCOPE): { readonly authorization: string } {
    const { accessToken } = this.pool.signIn({ user: 'a@example.com', clientId: 'Client', scope });
    return { authorization: `Bearer ${accessToken}` };
  }
}

function httpResources() {
  const integration = (id: string, properties: object) => ({
    [id]: of('AWS::ApiGatewayV2::Integration', { IntegrationType: 'AWS_PROXY', ...properties }),
  });
  const route = (RouteKey: string, integrationId: string, properties: object = {}) =>
    of('AWS::ApiGatewayV2::Route', {
      RouteKey,
      Target: { 'Fn::Join': ['', ['integrations/', { Ref: integrationId }]] },
      ...properties,
    });
  const jwt = { AuthorizationType: 'JWT', AuthorizerId: { Ref: 'Jwt' } };
  return {
    Users: of('AWS::Cognito::UserPool'),
    Api: of('AWS::ApiGatewayV2::Api'),
    Stage: of('AWS::ApiGatewayV2::Stage', { ApiId: { Ref: 'Api' }, StageName: '$default' }),
    Jwt: of('AWS::ApiGatewayV2::Authorizer', {
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Audience: ['Client'], Issuer: { 'Fn::GetAtt': ['Users', 'ProviderURL'] } },
    }),
    ...integration('Work', { IntegrationUri: FUNCTION, PayloadFormatVersion: '2.0' }),
    ...integration('Clicks', {
      IntegrationSubtype: 'Kinesis-PutRecord',
      RequestParameters: { StreamName: 'clicks', Data: '$request.body.data', PartitionKey: '$request.body.key' },
    }),
    Open: route('POST /open', 'Work'),
    Read: route('GET /items/{id}', 'Work'),
    Rest: route('ANY /rest/{proxy+}', 'Work'),
    Users1: route('POST /users', 'Work', jwt),
    Orders: route('POST /orders', 'Work', { ...jwt, AuthorizationScopes: [SCOPE] }),
    Events: route('POST /events', 'Clicks'),
  };
}

function restResources() {
  const resource = (PathPart: string, parent: object = { 'Fn::GetAtt': ['Api', 'RootResourceId'] }) =>
    of('AWS::ApiGateway::Resource', { PathPart, ParentId: parent });
  const method = (HttpMethod: string, resourceId: string, properties: object = {}, streams = false) =>
    of('AWS::ApiGateway::Method', {
      HttpMethod,
      ResourceId: { Ref: resourceId },
      Integration: streams
        ? {
            Type: 'AWS_PROXY',
            Uri: invocations('response-streaming-'),
            ResponseTransferMode: 'STREAM',
            TimeoutInMillis: 900_000,
          }
        : { Type: 'AWS_PROXY', Uri: invocations() },
      ...properties,
    });
  return {
    Users: of('AWS::Cognito::UserPool'),
    Api: of('AWS::ApiGateway::RestApi', { Name: 'mine', EndpointConfiguration: { Types: ['REGIONAL'] } }),
    Stage: of('AWS::ApiGateway::Stage', { StageName: 'v1' }),
    Jwt: of('AWS::ApiGateway::Authorizer', {
      Type: 'COGNITO_USER_POOLS',
      IdentitySource: 'method.request.header.Authorization',
      ProviderARNs: [{ 'Fn::GetAtt': ['Users', 'Arn'] }],
    }),
    OpenPath: resource('open'),
    StreamPath: resource('stream'),
    UsersPath: resource('users'),
    UserPath: resource('{id}', { Ref: 'UsersPath' }),
    Open: method('POST', 'OpenPath'),
    Stream: method('GET', 'StreamPath', {}, true),
    User: method('POST', 'UserPath', {
      AuthorizationType: 'COGNITO_USER_POOLS',
      AuthorizerId: { Ref: 'Jwt' },
      AuthorizationScopes: [SCOPE],
    }),
  };
}
