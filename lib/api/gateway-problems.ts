import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';

interface GatewayProblem {
  /** Absent where the kind covers several. */
  readonly status?: number;
  readonly code: string;
  readonly detail: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What API Gateway answers by itself (AWS: gateway response types), in the words that the handlers use. */
const PROBLEMS: readonly (readonly [ResponseType, GatewayProblem])[] = [
  [
    ResponseType.UNAUTHORIZED,
    { status: 401, code: 'unauthorized', detail: 'Sign in and send the access token as Authorization: Bearer.' },
  ],
  [
    ResponseType.ACCESS_DENIED,
    { status: 403, code: 'forbidden', detail: 'You do not have permission for this request.' },
  ],
  // What a REST API answers to a path or method that it does not have is 403 by default, as if a token would help.
  [ResponseType.MISSING_AUTHENTICATION_TOKEN, { status: 404, code: 'not_found', detail: 'Not found.' }],
  [ResponseType.RESOURCE_NOT_FOUND, { status: 404, code: 'not_found', detail: 'Not found.' }],
  [ResponseType.REQUEST_TOO_LARGE, { status: 413, code: 'too_large', detail: 'The request is too large.' }],
  [
    ResponseType.THROTTLED,
    {
      status: 429,
      code: 'throttled',
      detail: 'Too many requests. Try again in a moment.',
      headers: { 'Retry-After': "'1'" },
    },
  ],
  [ResponseType.WAF_FILTERED, { status: 403, code: 'forbidden', detail: 'The request was blocked.' }],
  [
    ResponseType.INTEGRATION_TIMEOUT,
    { status: 504, code: 'timeout', detail: 'The request timed out, but it may have succeeded. Try again.' },
  ],
  [ResponseType.DEFAULT_4XX, { code: 'bad_request', detail: 'Bad request.' }],
  [ResponseType.DEFAULT_5XX, { code: 'internal', detail: 'The service failed to process the request.' }],
];

/** What templates say of a request that only the gateway saw. They know no status (AWS: API Gateway, data transformation variables). */
function body({ status, code, detail }: GatewayProblem): string {
  return JSON.stringify({ type: 'about:blank', status, code, detail, requestId: '$context.requestId' });
}

/**
 * Has a REST API tell its own refusals as problem+json, as its handlers do. Each tells no more than its status: what the gateway
 * says of a token or of a function is for logs.
 */
export function tellProblems(api: RestApi): void {
  for (const [type, problem] of PROBLEMS) {
    api.addGatewayResponse(type.responseType, {
      type,
      ...(problem.status === undefined ? {} : { statusCode: String(problem.status) }),
      responseHeaders: { 'Content-Type': "'application/problem+json'", ...problem.headers },
      templates: { 'application/json': body(problem) },
    });
  }
}
