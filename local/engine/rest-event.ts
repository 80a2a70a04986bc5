import { type ApiRequest, bodyBytes, targetOf, valuesOf } from './api-request';

/** What an event says beside the request itself. */
export interface RestEventContext {
  readonly requestId: string;
  readonly now: number;
  readonly account: string;
  readonly region: string;
  readonly apiId: string;
  readonly stage: string;
  readonly resourceId: string;
  /** As the template has it, such as `/api/documents/{id}`. */
  readonly resource: string;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly claims?: Readonly<Record<string, string>>;
}

/**
 * What a function behind a REST API gets (docs.aws.amazon.com/apigateway: set-up-lambda-proxy-integrations, input format). Headers
 * have the names that the client wrote, and what is not there is null.
 */
export function restEvent(request: ApiRequest, context: RestEventContext): object {
  const { method, headers = {}, body } = request;
  const { requestId, now, account, region, apiId, stage, resourceId, resource, pathParameters, claims } = context;
  const { pathname, search } = targetOf(request);
  const parameters = new URLSearchParams(search);
  const names = [...new Set(parameters.keys())];
  const lists = Object.fromEntries(names.map((name) => [name, parameters.getAll(name)]));
  const lastOf = (values: Readonly<Record<string, readonly string[]>>) =>
    Object.fromEntries(Object.entries(values).map(([name, list]) => [name, list[list.length - 1] ?? '']));
  const headerLists = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat()]));
  const domainName = `${apiId}.execute-api.${region}.amazonaws.com`;
  const agent = valuesOf(request).get('user-agent')?.[0];
  const unknown = ['accessKey', 'accountId', 'caller', 'cognitoAuthenticationProvider', 'cognitoAuthenticationType'];
  const more = ['cognitoIdentityId', 'cognitoIdentityPoolId', 'principalOrgId', 'user', 'userArn'];
  return {
    resource,
    path: pathname,
    httpMethod: method,
    headers: lastOf(headerLists),
    multiValueHeaders: headerLists,
    queryStringParameters: names.length === 0 ? null : lastOf(lists),
    multiValueQueryStringParameters: names.length === 0 ? null : lists,
    pathParameters: Object.keys(pathParameters).length === 0 ? null : pathParameters,
    stageVariables: null,
    requestContext: {
      accountId: account,
      apiId,
      ...(claims !== undefined && { authorizer: { claims } }),
      domainName,
      domainPrefix: apiId,
      extendedRequestId: requestId,
      httpMethod: method,
      identity: {
        ...Object.fromEntries([...unknown, ...more].map((name) => [name, null])),
        sourceIp: '127.0.0.1',
        userAgent: agent ?? null,
      },
      path: `/${stage}${pathname}`,
      protocol: 'HTTP/1.1',
      requestId,
      requestTimeEpoch: now,
      resourceId,
      resourcePath: resource,
      stage,
    },
    // Without binary media types, which the engine refuses, every body is text.
    body: body === undefined ? null : bodyBytes(request).toString('utf8'),
    isBase64Encoded: false,
  };
}
