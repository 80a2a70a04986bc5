import type { ResolvedTemplate } from '../assembly/resolved-template';
import { TokenBucket } from '../clock/token-bucket';
import { HTTP_API_LIMITS } from '../limits/api-gateway';
import { exceeds } from '../limits/limit';
import type { LocalMetrics } from '../monitoring/metrics';
import { type ApiAnswer, refusalAnswer } from './api-answer';
import { type Integration, type IntegrationTargets, integrationOf, message } from './api-integrations';
import { type ApiRequest, bodyBytes, headBytes, joinedHeaders, targetOf } from './api-request';
import { type Callers, type Guard, guardOf } from './authorizers';
import type { Hops } from './hops';
import { HttpCors } from './http-cors';
import { httpEvent } from './http-event';
import type { LocalApi } from './local-api';
import { type MatchedRoute, matchingRoute } from './routes';
import { inOnePart, type StreamedAnswer } from './streamed-answer';

export type { ApiRequest } from './api-request';

const LIMITS = HTTP_API_LIMITS.rows;

/** What the API needs from outside. */
export interface ApiContext extends IntegrationTargets, Callers {
  readonly metrics: LocalMetrics;
  readonly hops: Hops;
  readonly newId: () => string;
}

interface Route {
  readonly routeKey: string;
  readonly integration: Integration;
  readonly guard: Guard;
}

/** The HTTP API of a template: its routes, their authorization and throttling, and the functions behind them. */
export class LocalHttpApi implements LocalApi {
  /** Its default stage is at the root. */
  readonly basePath = '';
  private readonly routes: readonly Route[];
  private readonly bucket?: TokenBucket;
  private readonly dimensions: Readonly<Record<string, string>>;
  private readonly cors: HttpCors;
  private readonly about: Readonly<Record<'account' | 'apiId' | 'domainName' | 'stage', string>>;

  constructor(
    template: ResolvedTemplate,
    private readonly apiContext: ApiContext,
  ) {
    this.routes = template.ofType('AWS::ApiGatewayV2::Route').map((route) => ({
      routeKey: String(route.properties['RouteKey']),
      integration: integrationOf(template, route, apiContext),
      guard: guardOf(template, route, apiContext),
    }));
    const [stage] = template.ofType('AWS::ApiGatewayV2::Stage');
    const settings = (stage?.properties['DefaultRouteSettings'] ?? {}) as {
      ThrottlingRateLimit?: number;
      ThrottlingBurstLimit?: number;
    };
    const { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst } = settings;
    if (rate !== undefined && burst !== undefined) {
      this.bucket = new TokenBucket(rate, burst, () => apiContext.clock.now());
    }
    const [apiId, stageName] = [String(stage?.properties['ApiId']), String(stage?.properties['StageName'])];
    this.dimensions = { ApiId: apiId, Stage: stageName };
    const { account, region } = template.deployment;
    this.about = { account, apiId, domainName: `${apiId}.execute-api.${region}.amazonaws.com`, stage: stageName };
    this.cors = new HttpCors(template);
  }

  /** What the API answers to, for example `POST /orders`. */
  routeKeys(): readonly string[] {
    return this.routes.map(({ routeKey }) => routeKey);
  }

  /** HTTP APIs do not stream. */
  async stream(request: ApiRequest): Promise<StreamedAnswer> {
    return inOnePart(await this.request(request));
  }

  async request(request: ApiRequest): Promise<ApiAnswer> {
    const { clock, metrics, hops } = this.apiContext;
    const begun = clock.now();
    const answered = await this.answer(request);
    const answer = { ...answered, headers: this.cors.applied(request, answered.headers) };
    const latency = clock.now() - begun;
    hops.observe('request to answer', latency);
    metrics.put('AWS/ApiGateway', 'Latency', this.dimensions, latency);
    metrics.put('AWS/ApiGateway', 'Count', this.dimensions, 1);
    metrics.put('AWS/ApiGateway', '5xx', this.dimensions, answer.statusCode >= 500 ? 1 : 0);
    metrics.put('AWS/ApiGateway', '4xx', this.dimensions, Math.floor(answer.statusCode / 100) === 4 ? 1 : 0);
    return answer;
  }

  private async answer(request: ApiRequest): Promise<ApiAnswer> {
    const { clock, newId } = this.apiContext;
    const { method, path } = request;
    if (exceeds(LIMITS.head, headBytes(request))) return refusalAnswer(LIMITS.head);
    if (this.cors.isPreflight(request)) return { statusCode: 204 };
    if (this.bucket?.take() === false) return refusalAnswer(LIMITS.throttle);
    const found = this.routeOf(request);
    if (found === 'malformed') return refusalAnswer(LIMITS.path);
    const route = this.routes.find(({ routeKey }) => routeKey === found?.routeKey);
    if (found === undefined || route === undefined) return message(404, 'Not Found');
    const body = request.body === undefined ? undefined : bodyBytes(request);
    const signed = { method, path, headers: joinedHeaders(request), body };
    const { authorizer, refusal } = await route.guard(signed, clock.now());
    if (refusal !== undefined) return refusal;
    if (exceeds(LIMITS.payload, body?.length ?? 0)) return refusalAnswer(LIMITS.payload);
    const context = { ...this.about, ...found, requestId: newId(), now: clock.now() };
    return route.integration(httpEvent(request, { ...context, ...(authorizer !== undefined && { authorizer }) }));
  }

  private routeOf(request: ApiRequest): MatchedRoute | undefined | 'malformed' {
    try {
      const { pathname } = targetOf(request);
      decodeURIComponent(pathname);
      return matchingRoute(this.routeKeys(), request.method, pathname);
    } catch (error) {
      if (error instanceof URIError) return 'malformed';
      throw error;
    }
  }
}
