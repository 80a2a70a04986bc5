import type { ResolvedTemplate } from '../assembly/resolved-template';
import { type ApiRequest, joinedHeaders } from './api-request';

interface CorsConfiguration {
  readonly AllowOrigins?: readonly string[];
  readonly AllowMethods?: readonly string[];
  readonly AllowHeaders?: readonly string[];
  readonly ExposeHeaders?: readonly string[];
  readonly MaxAge?: number;
  readonly AllowCredentials?: boolean;
}

/**
 * CORS of an HTTP API (docs.aws.amazon.com/apigateway: http-api-cors): API Gateway answers preflight requests by itself, adds the
 * configured headers to the answers of origins that it allows, and takes CORS headers of an integration out.
 */
export class HttpCors {
  private readonly settings?: CorsConfiguration;

  constructor(template: ResolvedTemplate) {
    const [api] = template.ofType('AWS::ApiGatewayV2::Api');
    this.settings = api?.properties['CorsConfiguration'] as CorsConfiguration | undefined;
  }

  /** Whether a request is a preflight that API Gateway answers without any route. */
  isPreflight(request: ApiRequest): boolean {
    const { origin, 'access-control-request-method': method } = joinedHeaders(request);
    return this.settings !== undefined && request.method === 'OPTIONS' && origin !== undefined && method !== undefined;
  }

  /** Headers of an answer, with CORS as it is configured. Names are in lower case. */
  applied(request: ApiRequest, headers: Readonly<Record<string, string>> = {}): Record<string, string> {
    const { settings } = this;
    if (settings === undefined) return { ...headers };
    const own = Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('access-control-')));
    return { ...own, ...this.headersFor(settings, joinedHeaders(request)['origin'], this.isPreflight(request)) };
  }

  private headersFor(
    { AllowOrigins = [], AllowMethods = [], AllowHeaders = [], ExposeHeaders = [], ...more }: CorsConfiguration,
    origin: string | undefined,
    preflight: boolean,
  ): Record<string, string> {
    const any = AllowOrigins.includes('*');
    if (origin === undefined || !(any || AllowOrigins.includes(origin))) return {};
    const listed = Object.entries({
      'access-control-expose-headers': ExposeHeaders,
      ...(preflight && { 'access-control-allow-methods': AllowMethods, 'access-control-allow-headers': AllowHeaders }),
    }).filter(([, values]) => values.length > 0);
    return {
      'access-control-allow-origin': any ? '*' : origin,
      ...(more.AllowCredentials === true && { 'access-control-allow-credentials': 'true' }),
      ...Object.fromEntries(listed.map(([name, values]) => [name, values.join(',')])),
      ...(preflight && more.MaxAge !== undefined && { 'access-control-max-age': String(more.MaxAge) }),
    };
  }
}
