import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { APIGatewayProxyEventV2WithJWTAuthorizer, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { Environment, ORIGIN_HEADER } from '../../../lib/runtime/contract';
import { logger, metrics } from '../../../lib/runtime/observability';
import { originCheck } from '../../../lib/runtime/origin-check';
import { Problem, problemAnswer } from '../../../lib/runtime/problem';
import { parseOrderRequest } from '../runtime/order-request';
import { acceptOrder, findOrder, listOrders } from '../runtime/orders';

type Request = APIGatewayProxyEventV2WithJWTAuthorizer;
type Answer = APIGatewayProxyStructuredResultV2;

const routes: Readonly<Record<string, (request: Request) => Promise<Answer>>> = {
  'POST /orders': async (request) => {
    const { order, created } = await acceptOrder(customerOf(request), parseOrderRequest(request));
    if (created) metrics.addMetric('OrdersAccepted', MetricUnit.Count, 1);
    const { orderId, createdAt, totalCents, currency } = order;
    // Built from the stored order alone, so that a repeated request gets the same answer byte for byte.
    return json(
      202,
      { orderId, status: 'accepted', createdAt, totalCents, currency },
      { location: `/orders/${orderId}` },
    );
  },
  'GET /orders/{id}': async (request) =>
    json(200, await findOrder(customerOf(request), request.pathParameters?.['id'] ?? '')),
  'GET /orders': async (request) =>
    json(200, await listOrders(customerOf(request), request.queryStringParameters ?? {})),
};

const verifiers = process.env[Environment.originVerifiers];
/** Undefined where no distribution stands in front of the API. */
const checkOrigin = verifiers === undefined ? undefined : originCheck(verifiers);

/** The orders API behind an HTTP API with a JWT authorizer. */
export async function handler(request: Request): Promise<Answer> {
  try {
    checkOrigin?.(request.headers[ORIGIN_HEADER]);
    const route = routes[request.routeKey];
    if (route === undefined) throw new Problem(404, 'not_found', 'Not found.');
    return await route(request);
  } catch (error) {
    return problemAnswer(error, request.requestContext.requestId, logger);
  } finally {
    if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  }
}

/** API Gateway has checked the token; its subject is the customer, and nothing in the request can say otherwise. */
function customerOf(request: Request): string {
  const subject = request.requestContext.authorizer?.jwt?.claims['sub'];
  if (typeof subject !== 'string' || subject === '') {
    throw new Problem(401, 'unauthorized', 'Sign in and send the token as Authorization: Bearer.');
  }
  return subject;
}

function json(statusCode: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return { statusCode, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}
