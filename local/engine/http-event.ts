import { type ApiRequest, bodyBytes, joinedHeaders, targetOf, valuesOf } from './api-request';

/** What an event says beside the request itself. */
export interface HttpEventContext {
  readonly requestId: string;
  readonly now: number;
  readonly account: string;
  readonly apiId: string;
  readonly domainName: string;
  readonly stage: string;
  readonly routeKey: string;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly authorizer?: Readonly<Record<string, unknown>>;
}

/**
 * Content types whose bodies an HTTP API hands over as text. All others, a form's and a missing one too, come in base64: AWS
 * says so of "binary" types and lists none; github.com/ministackorg/ministack/pull/766 lists what was seen in AWS.
 */
const TEXT_TYPE = /^\s*(text\/[^;]*|application\/(json|xml|javascript))\s*(;|$)/i;

/**
 * What a function behind an HTTP API gets (docs.aws.amazon.com/apigateway: http-api-develop-integrations-lambda, payload format
 * 2.0): names of headers in lower case, values of a header or parameter that came several times in one text with commas,
 * cookies apart.
 *
 * @throws URIError for a path that is not percent-encoded
 */
export function httpEvent(request: ApiRequest, context: HttpEventContext): Readonly<Record<string, unknown>> {
  const { requestId, now, account, apiId, domainName, stage, routeKey, pathParameters, authorizer } = context;
  const { pathname, search } = targetOf(request);
  const { cookie, ...headers } = joinedHeaders(request);
  const cookies = valuesOf(request)
    .get('cookie')
    ?.flatMap((each) => each.split(/;\s*/));
  const path = rawPath(pathname);
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: search,
    ...(cookie !== undefined && { cookies }),
    headers,
    ...(search !== '' && { queryStringParameters: joinedQuery(search) }),
    ...(Object.keys(pathParameters).length > 0 && { pathParameters }),
    ...bodyOf(request, headers['content-type']),
    requestContext: {
      accountId: account,
      apiId,
      ...(authorizer !== undefined && { authorizer }),
      domainName,
      domainPrefix: domainName.split('.')[0],
      http: {
        method: request.method,
        path,
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId,
      routeKey,
      stage,
      time: new Date(now).toUTCString(),
      timeEpoch: now,
    },
  };
}

/**
 * HTTP APIs hand over the path decoded and end it at a question mark that comes of it; REST APIs do neither. AWS does not say so:
 * github.com/middleapi/standard-server/pull/93 tells what was seen in AWS.
 */
function rawPath(pathname: string): string {
  return decodeURIComponent(pathname).split('?')[0] ?? '';
}

function joinedQuery(search: string): Record<string, string> {
  const parameters = new URLSearchParams(search);
  return Object.fromEntries([...parameters.keys()].map((name) => [name, parameters.getAll(name).join(',')]));
}

function bodyOf(request: ApiRequest, contentType = ''): { readonly body?: string; readonly isBase64Encoded: boolean } {
  if (request.body === undefined) return { isBase64Encoded: false };
  const isBase64Encoded = !TEXT_TYPE.test(contentType);
  return { body: bodyBytes(request).toString(isBase64Encoded ? 'base64' : 'utf8'), isBase64Encoded };
}
