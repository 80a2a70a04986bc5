import type { APIGatewayProxyEventV2WithJWTAuthorizer, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { ORIGIN_HEADER } from '../../../lib/runtime/contract';
import { requiredVariable } from '../../../lib/runtime/environment';
import { logger, metrics } from '../../../lib/runtime/observability';
import { originCheck } from '../../../lib/runtime/origin-check';
import { Problem, problemAnswer } from '../../../lib/runtime/problem';
import { WebAppEnvironment } from '../contract';

/** A request to a route of your own. */
export interface OwnRequest {
  /** Whose token it was: what is theirs is what they may see. */
  readonly owner: string;
  /** What stands in the path's braces. */
  readonly parameters: Readonly<Record<string, string | undefined>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** As it was sent; decoded if it came in base64. */
  readonly body: string | undefined;
}

/**
 * Makes the handler of a route of your own (`addRoute`): it refuses what comes around CloudFront, knows whose the token was, and
 * answers with what you return, as JSON. Throw a `Problem` for a 4xx; anything else becomes a 500 or 503 that tells nothing, and a
 * line in the log.
 *
 * @param respond returns what JSON can say
 */
export function ownRoute(respond: (request: OwnRequest) => Promise<unknown>) {
  const check = originCheck(requiredVariable(WebAppEnvironment.originVerifiers));
  return async (event: APIGatewayProxyEventV2WithJWTAuthorizer): Promise<APIGatewayProxyStructuredResultV2> => {
    try {
      check(event.headers[ORIGIN_HEADER]);
      const owner = event.requestContext.authorizer?.jwt?.claims['sub'];
      if (typeof owner !== 'string' || owner === '') {
        throw new Problem(401, 'unauthorized', 'Sign in and send the token as Authorization: Bearer.');
      }
      const body = event.isBase64Encoded ? Buffer.from(event.body ?? '', 'base64').toString() : event.body;
      const answer = await respond({
        owner,
        parameters: event.pathParameters ?? {},
        query: event.queryStringParameters ?? {},
        body,
      });
      const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
      return { statusCode: 200, headers, body: JSON.stringify(answer) };
    } catch (error) {
      return problemAnswer(error, event.requestContext.requestId, logger);
    } finally {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    }
  };
}
