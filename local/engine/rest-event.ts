import { urlOf } from '../aws/any-request';
import type { ApiRequest } from './http-api';

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
export function restEvent({ method, path, headers = {}, body }: ApiRequest, context: RestEventContext): object {
  const { requestId, now, account, region, apiId, stage, resourceId, resource, pathParameters, claims } = context;
  const url = urlOf(path);
  const names = [...new Set(url.searchParams.keys())];
  const lists = Object.fromEntries(names.map((name) => [name, url.searchParams.getAll(name)]));
  const last = Object.fromEntries(
    Object.entries(lists).map(([name, values]) => [name, values[values.length - 1] ?? '']),
  );
  const domainName = `${apiId}.execute-api.${region}.amazonaws.com`;
  const agent = Object.entries(headers).find(([name]) => name.toLowerCase() === 'user-agent')?.[1];
  const unknown = ['accessKey', 'accountId', 'caller', 'cognitoAuthenticationProvider', 'cognitoAuthenticationType'];
  const more = ['cognitoIdentityId', 'cognitoIdentityPoolId', 'principalOrgId', 'user', 'userArn'];
  return {
    resource,
    path: url.pathname,
    httpMethod: method,
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    queryStringParameters: names.length === 0 ? null : last,
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
      path: `/${stage}${url.pathname}`,
      protocol: 'HTTP/1.1',
      requestId,
      requestTimeEpoch: now,
      resourceId,
      resourcePath: resource,
      stage,
    },
    body: body ?? null,
    isBase64Encoded: false,
  };
}
