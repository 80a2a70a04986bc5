import { randomUUID } from 'node:crypto';
import type { ResolvedTemplate } from '../assembly/resolved-template';
import type { LocalFunction } from '../lambda/local-function';

/** A request to the HTTP API. */
export interface ApiRequest {
  readonly method: string;
  /** Path with its query string. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Claims of the token that the authorizer accepted. @default - no token */
  readonly claims?: Readonly<Record<string, string>>;
}

/** Its answer. */
export interface ApiAnswer {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** AWS: HTTP API quotas, payload size. */
const MAX_PAYLOAD_BYTES = 10 * 1024 * 1024;

/** The HTTP API of a template: its routes, their authorization, and the functions behind them. */
export class LocalHttpApi {
  constructor(
    private readonly template: ResolvedTemplate,
    private readonly functionOf: (arn: string) => LocalFunction,
  ) {}

  async request({ method, path, headers = {}, body, claims }: ApiRequest): Promise<ApiAnswer> {
    const url = new URL(path, 'http://localhost');
    for (const { properties } of this.template.ofType('AWS::ApiGatewayV2::Route')) {
      const routeKey = String(properties['RouteKey']);
      const pathParameters = match(routeKey, method, url.pathname);
      if (pathParameters === undefined) continue;
      const type = properties['AuthorizationType'];
      if (type !== 'JWT') throw new Error(`The authorization type ${String(type)} is not known here`);
      if (claims === undefined) return message(401, 'Unauthorized');
      if (Buffer.byteLength(body ?? '') > MAX_PAYLOAD_BYTES) return message(413, 'Request Entity Too Large');
      return this.invoke(String(properties['Target']), {
        version: '2.0',
        routeKey,
        rawPath: url.pathname,
        rawQueryString: url.search.slice(1),
        headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
        ...(url.search !== '' && { queryStringParameters: Object.fromEntries(url.searchParams) }),
        ...(Object.keys(pathParameters).length > 0 && { pathParameters }),
        ...(body !== undefined && { body }),
        isBase64Encoded: false,
        requestContext: {
          requestId: randomUUID(),
          http: { method, path: url.pathname },
          authorizer: { jwt: { claims, scopes: null } },
        },
      });
    }
    return message(404, 'Not Found');
  }

  private async invoke(target: string, event: unknown): Promise<ApiAnswer> {
    const integrationId = target.replace('integrations/', '');
    const integration = this.template
      .ofType('AWS::ApiGatewayV2::Integration')
      .find(({ name }) => name === integrationId);
    try {
      const handler = this.functionOf(String(integration?.properties['IntegrationUri']));
      return (await handler.invoke(event)) as ApiAnswer;
    } catch {
      return message(500, 'Internal Server Error');
    }
  }
}

function message(statusCode: number, text: string): ApiAnswer {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ message: text }) };
}

/** Path parameters of a route that matches. */
function match(routeKey: string, method: string, path: string): Record<string, string> | undefined {
  const [routeMethod, routePath = ''] = routeKey.split(' ');
  const [expected, given] = [routePath.split('/'), path.split('/')];
  if (routeMethod !== method || expected.length !== given.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, step] of expected.entries()) {
    const value = given[index] ?? '';
    const name = /^\{(.+)\}$/.exec(step)?.[1];
    if (name === undefined ? step !== value : value === '') return undefined;
    if (name !== undefined) parameters[name] = decodeURIComponent(value);
  }
  return parameters;
}
