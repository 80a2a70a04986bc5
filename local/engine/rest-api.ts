import type { ResolvedTemplate } from '../assembly/resolved-template';
import { TokenBucket } from '../clock/token-bucket';
import { REST_API_LIMITS } from '../limits/api-gateway';
import { exceeds, type Limit } from '../limits/limit';
import { type ApiAnswer, refusalAnswer } from './api-answer';
import { type ApiRequest, bodyBytes, headBytes, targetOf, valuesOf } from './api-request';
import { type TokenCheck, tokenCheckOf } from './cognito-authorizer';
import { GatewayResponses, type GatewayResponseType } from './gateway-responses';
import type { ApiContext } from './http-api';
import type { LocalApi } from './local-api';
import { restEvent } from './rest-event';
import { type RestIntegration, restIntegrationOf } from './rest-integrations';
import { matchingRoute } from './routes';
import { inOnePart, type StreamedAnswer, whole } from './streamed-answer';

interface Route {
  /** For example `POST /api/documents`. */
  readonly routeKey: string;
  readonly resource: string;
  readonly resourceId: string;
  readonly integration: RestIntegration;
  readonly check?: TokenCheck;
}

interface MethodSetting {
  readonly HttpMethod?: string;
  readonly ResourcePath?: string;
  readonly ThrottlingRateLimit?: number;
  readonly ThrottlingBurstLimit?: number;
}

const LIMITS = REST_API_LIMITS.rows;

/** The REST API of a template: its resources and methods, who may call them, and the functions behind them. */
export class LocalRestApi implements LocalApi {
  /** The path that the stage is under. */
  readonly basePath: string;
  private readonly apiId: string;
  private readonly stage: string;
  private readonly routes: readonly Route[];
  private readonly responses: GatewayResponses;
  private readonly bucket?: TokenBucket;
  private readonly dimensions: Readonly<Record<string, string>>;

  /** @throws Error for more than one API or stage, or naming a method with something that is not known here */
  constructor(
    private readonly template: ResolvedTemplate,
    private readonly apiContext: ApiContext,
  ) {
    const [api, ...apis] = template.ofType('AWS::ApiGateway::RestApi');
    const [stage, ...stages] = template.ofType('AWS::ApiGateway::Stage');
    if (api === undefined || stage === undefined || apis.length + stages.length > 0)
      throw new Error('A template with several REST APIs or stages of one is not known here');
    if (((api.properties['BinaryMediaTypes'] ?? []) as string[]).length > 0)
      throw new Error(`${api.logicalId}: BinaryMediaTypes are not known here`);
    this.apiId = api.name;
    this.stage = stage.name;
    this.basePath = `/${stage.name}`;
    this.responses = new GatewayResponses(template);
    this.routes = routesOf(template, apiContext);
    const settings = (stage.properties['MethodSettings'] ?? []) as MethodSetting[];
    const all = settings.find(({ HttpMethod, ResourcePath }) => HttpMethod === '*' && ResourcePath === '/*');
    const { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst } = all ?? {};
    if (rate !== undefined && burst !== undefined)
      this.bucket = new TokenBucket(rate, burst, () => apiContext.clock.now());
    this.dimensions = { ApiName: String(api.properties['Name']), Stage: stage.name };
  }

  routeKeys(): readonly string[] {
    return this.routes.map(({ routeKey }) => routeKey);
  }

  async request(request: ApiRequest): Promise<ApiAnswer> {
    return whole(await this.stream(request));
  }

  async stream(request: ApiRequest): Promise<StreamedAnswer> {
    const begun = this.apiContext.clock.now();
    const { statusCode, headers, body } = await this.answer(request);
    const ended = () => this.measure(statusCode, begun);
    return {
      statusCode,
      headers,
      body: (async function* () {
        try {
          yield* body;
        } finally {
          ended();
        }
      })(),
    };
  }

  /** Of a streamed answer the latency is of all of it (docs.aws.amazon.com/apigateway: response-streaming-troubleshoot). */
  private measure(statusCode: number, begun: number): void {
    const { clock, metrics, hops } = this.apiContext;
    const latency = clock.now() - begun;
    hops.observe('request to answer', latency);
    metrics.put('AWS/ApiGateway', 'Latency', this.dimensions, latency);
    metrics.put('AWS/ApiGateway', 'Count', this.dimensions, 1);
    metrics.put('AWS/ApiGateway', '5XXError', this.dimensions, statusCode >= 500 ? 1 : 0);
    metrics.put('AWS/ApiGateway', '4XXError', this.dimensions, Math.floor(statusCode / 100) === 4 ? 1 : 0);
  }

  private async answer(request: ApiRequest): Promise<StreamedAnswer> {
    const requestId = this.apiContext.newId();
    const answer = await this.integrated(request, requestId);
    if (typeof answer === 'string') return inOnePart(this.responses.answer(answer, requestId));
    return 'limit' in answer ? inOnePart(refusalAnswer(answer)) : answer;
  }

  /** An answer, or why there is none: a gateway response, or a limit that none is for. */
  private async integrated(
    request: ApiRequest,
    requestId: string,
  ): Promise<StreamedAnswer | GatewayResponseType | Limit> {
    const { clock } = this.apiContext;
    const { method } = request;
    const { pathname } = targetOf(request);
    if (exceeds(LIMITS.head, headBytes(request))) return LIMITS.head;
    let found: ReturnType<typeof matchingRoute>;
    try {
      decodeURIComponent(pathname);
      found = matchingRoute(this.routeKeys(), method, pathname);
    } catch (error) {
      if (error instanceof URIError) return 'BAD_REQUEST_PARAMETERS';
      throw error;
    }
    const route = this.routes.find(({ routeKey }) => routeKey === found?.routeKey);
    if (found === undefined || route === undefined) return 'MISSING_AUTHENTICATION_TOKEN';
    if (this.bucket?.take() === false) return 'THROTTLED';
    const { account, region } = this.template.deployment;
    const { apiId, stage } = this;
    const methodArn = `arn:aws:execute-api:${region}:${account}:${apiId}/${stage}/${method}${pathname}`;
    if (route.check !== undefined && exceeds(LIMITS.methodArn, Buffer.byteLength(methodArn))) return LIMITS.methodArn;
    const claims = route.check?.(valuesOf(request).get('authorization')?.[0], clock.now());
    if (route.check !== undefined && claims === undefined) return 'UNAUTHORIZED';
    if (exceeds(LIMITS.payload, bodyBytes(request).length)) return 'REQUEST_TOO_LARGE';
    const { resource, resourceId } = route;
    const { pathParameters } = found;
    const now = clock.now();
    const context = { requestId, now, account, region, apiId, stage, resource, resourceId, pathParameters };
    return route.integration(restEvent(request, { ...context, ...(claims !== undefined && { claims }) }));
  }
}

function routesOf(template: ResolvedTemplate, { clock, functionOf, userPools }: ApiContext): readonly Route[] {
  const [api] = template.ofType('AWS::ApiGateway::RestApi');
  const { Types = ['EDGE'] } = (api?.properties['EndpointConfiguration'] ?? {}) as { Types?: readonly string[] };
  const idle = Types.includes('EDGE') ? LIMITS.streamIdleAtEdge : LIMITS.streamIdle;
  const paths = new Map([[api?.attributes['RootResourceId'] ?? '', '']]);
  const resources = template.ofType('AWS::ApiGateway::Resource');
  const pathOf = (id: string): string => {
    const known = paths.get(id);
    if (known !== undefined) return known;
    const { ParentId, PathPart } = resources.find(({ name }) => name === id)?.properties ?? {};
    const path = `${pathOf(String(ParentId))}/${String(PathPart)}`;
    paths.set(id, path);
    return path;
  };
  return template.ofType('AWS::ApiGateway::Method').map((method) => {
    const resourceId = String(method.properties['ResourceId']);
    const resource = pathOf(resourceId) || '/';
    const check = tokenCheckOf(template, method, userPools);
    return {
      routeKey: `${String(method.properties['HttpMethod'])} ${resource}`,
      resource,
      resourceId,
      integration: restIntegrationOf(method, { clock, functionOf, idleMs: idle.max }),
      ...(check !== undefined && { check }),
    };
  });
}
