import type { APIGatewayProxyEventV2WithJWTAuthorizer, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { requiredVariable } from '../../../lib/runtime/environment';
import { logger, metrics } from '../../../lib/runtime/observability';
import { Problem, problemAnswer } from '../../../lib/runtime/problem';
import { WebAppEnvironment } from '../contract';
import { createApplication } from '../runtime/application';
import { cache, database } from '../runtime/stores';

type Event = APIGatewayProxyEventV2WithJWTAuthorizer;
type Answer = APIGatewayProxyStructuredResultV2;

/** Lambda answers with at most 6 MB (lambda-sync-payload-6mb); the rest is for what JSON makes of the body. */
const LARGEST_ANSWER_BYTES = 5.5 * 1000 * 1000;

const application = createApplication({
  database: database(),
  cache: cache(),
  uploads: async () => (await import('../runtime/uploads.lazy.js')).uploads,
  maxUploadBytes: Number(requiredVariable(WebAppEnvironment.uploadsMaxBytes)),
  originVerifiers: requiredVariable(WebAppEnvironment.originVerifiers),
  ownerOf: ({ env }) => subjectOf(env as Event),
  requestIdOf: ({ env }) => (env as Event).requestContext.requestId,
});

/** The application behind an HTTP API with a JWT authorizer. */
export async function handler(event: Event): Promise<Answer> {
  const { requestId } = event.requestContext;
  try {
    const response = await application.fetch(requestOf(event), event);
    const body = await response.text();
    if (Buffer.byteLength(body) > LARGEST_ANSWER_BYTES)
      throw new Error('The answer is larger than Lambda lets through');
    return { statusCode: response.status, headers: Object.fromEntries(response.headers), body };
  } catch (error) {
    return problemAnswer(error, requestId, logger);
  } finally {
    if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  }
}

/** Methods that no `Request` can have, in any case (the Fetch standard's forbidden methods). */
const UNREADABLE_METHOD = /^(connect|trace|track)$/i;

/** @throws Problem 400 for what is no request, 405 for a method that none has */
function requestOf({ rawPath, rawQueryString, headers, body, isBase64Encoded, requestContext }: Event): Request {
  const { method } = requestContext.http;
  if (UNREADABLE_METHOD.test(method)) {
    throw new Problem(405, 'method_not_allowed', 'This path does not support the method.', 'method');
  }
  // Counted anew: what a body holds is what counts, not what its sender says of it.
  const { 'content-length': _, ...others } = headers;
  try {
    const url = new URL('https://api.internal');
    url.pathname = rawPath;
    url.search = rawQueryString;
    const text = body === undefined || !isBase64Encoded ? body : Buffer.from(body, 'base64');
    // A `Request` spells some methods in capitals, and a GET of it has no body.
    const hasBody = text !== undefined && !/^(get|head)$/i.test(method);
    return new Request(url, { method, headers: others as Record<string, string>, ...(hasBody && { body: text }) });
  } catch {
    throw new Problem(400, 'invalid_request', 'The request cannot be read.');
  }
}

/** API Gateway has checked the token; its subject is the owner, and nothing in the request can say otherwise. */
function subjectOf({ requestContext }: Event): string {
  const subject = requestContext.authorizer?.jwt?.claims['sub'];
  if (typeof subject === 'string' && subject !== '') return subject;
  throw new Problem(401, 'unauthorized', 'Sign in and send the token as Authorization: Bearer.');
}
