import type { ResolvedTemplate } from '../assembly/resolved-template';
import { urlOf } from '../aws/any-request';
import type { Clock } from '../clock/clock';
import { TokenBucket } from '../clock/token-bucket';
import type { LocalMetrics } from '../monitoring/metrics';
import { type ApiAnswer, type Integration, type IntegrationTargets, integrationOf, message } from './api-integrations';
import { type Callers, type Guard, guardOf } from './authorizers';
import type { Hops } from './hops';
import type { LocalApi } from './local-api';
import { matchingRoute } from './routes';
import { inOnePart, type StreamedAnswer } from './streamed-answer';

/** A request to an API. */
export interface ApiRequest {
  readonly method: string;
  /** Path with its query string. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What the API needs from outside. */
export interface ApiSurroundings extends IntegrationTargets, Callers {
  readonly clock: Clock;
  readonly metrics: LocalMetrics;
  readonly hops: Hops;
  readonly newId: () => string;
}

interface Route {
  readonly routeKey: string;
  readonly integration: Integration;
  readonly guard: Guard;
}

/** AWS: HTTP API quotas, payload size. */
const MAX_PAYLOAD_BYTES = 10 * 1024 * 1024;

/** The HTTP API of a template: its routes, their authorization and throttling, and the functions behind them. */
export class LocalHttpApi implements LocalApi {
  /** Its default stage is at the root. */
  readonly basePath = '';
  private readonly routes: readonly Route[];
  private readonly bucket?: TokenBucket;
  private readonly dimensions: Readonly<Record<string, string>>;

  constructor(
    template: ResolvedTemplate,
    private readonly surroundings: ApiSurroundings,
  ) {
    this.routes = template.ofType('AWS::ApiGatewayV2::Route').map((route) => ({
      routeKey: String(route.properties['RouteKey']),
      integration: integrationOf(template, route, surroundings),
      guard: guardOf(template, route, surroundings),
    }));
    const [stage] = template.ofType('AWS::ApiGatewayV2::Stage');
    const settings = (stage?.properties['DefaultRouteSettings'] ?? {}) as {
      ThrottlingRateLimit?: number;
      ThrottlingBurstLimit?: number;
    };
    const { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst } = settings;
    if (rate !== undefined && burst !== undefined) {
      this.bucket = new TokenBucket(rate, burst, () => surroundings.clock.now());
    }
    this.dimensions = { ApiId: String(stage?.properties['ApiId']), Stage: String(stage?.properties['StageName']) };
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
    const { clock, metrics, hops } = this.surroundings;
    const begun = clock.now();
    const answer = await this.answer(request);
    const latency = clock.now() - begun;
    hops.observe('request to answer', latency);
    metrics.put('AWS/ApiGateway', 'Latency', this.dimensions, latency);
    metrics.put('AWS/ApiGateway', 'Count', this.dimensions, 1);
    metrics.put('AWS/ApiGateway', '5xx', this.dimensions, answer.statusCode >= 500 ? 1 : 0);
    metrics.put('AWS/ApiGateway', '4xx', this.dimensions, Math.floor(answer.statusCode / 100) === 4 ? 1 : 0);
    return answer;
  }

  private async answer({ method, path, headers = {}, body }: ApiRequest): Promise<ApiAnswer> {
    const url = readUrl(path);
    // A malformed escape: not seen in AWS, whose REST APIs answer such a request so.
    if (url === undefined) return message(400, 'Bad Request');
    const lowered = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    if (this.bucket?.take() === false) return message(429, 'Too Many Requests');
    const found = matchingRoute(this.routeKeys(), method, url.pathname);
    const route = this.routes.find(({ routeKey }) => routeKey === found?.routeKey);
    if (found !== undefined && route !== undefined) {
      const { routeKey, pathParameters } = found;
      const signed = { method, path, headers: lowered, body };
      const { authorizer, refusal } = await route.guard(signed, this.surroundings.clock.now());
      if (refusal !== undefined) return refusal;
      if (Buffer.byteLength(body ?? '') > MAX_PAYLOAD_BYTES) return message(413, 'Request Entity Too Large');
      return route.integration({
        version: '2.0',
        routeKey,
        rawPath: url.pathname,
        rawQueryString: url.search.slice(1),
        headers: lowered,
        ...(url.search !== '' && { queryStringParameters: Object.fromEntries(url.searchParams) }),
        ...(Object.keys(pathParameters).length > 0 && { pathParameters }),
        ...(body !== undefined && { body }),
        isBase64Encoded: false,
        requestContext: {
          requestId: this.surroundings.newId(),
          http: { method, path: url.pathname },
          ...(authorizer !== undefined && { authorizer }),
        },
      });
    }
    return message(404, 'Not Found');
  }
}

function readUrl(path: string): URL | undefined {
  try {
    return urlOf(path);
  } catch {
    return undefined;
  }
}
