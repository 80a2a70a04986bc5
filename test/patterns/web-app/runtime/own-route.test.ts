// @project unit

import { createHash } from 'node:crypto';
import type { APIGatewayProxyEventV2WithJWTAuthorizer } from 'aws-lambda';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { metrics } from '../../../../lib/runtime/observability';
import { Problem } from '../../../../lib/runtime/problem';
import { ownRoute } from '../../../../patterns/web-app/runtime/own-route';

const VALUE = 'what CloudFront says';

beforeAll(() => {
  process.env['ORIGIN_VERIFIERS'] = createHash('sha256').update(VALUE).digest('hex');
});

function event(changes: object = {}): APIGatewayProxyEventV2WithJWTAuthorizer {
  return {
    headers: { 'x-origin-verify': VALUE },
    pathParameters: { month: '2026-11' },
    queryStringParameters: { all: 'true' },
    isBase64Encoded: false,
    requestContext: { requestId: 'r-1', authorizer: { jwt: { claims: { sub: 'alice' } } } },
    ...changes,
  } as never;
}

function callerOf(authorizer: object) {
  return { requestContext: { requestId: 'r-1', authorizer } };
}

describe('a route of your own', () => {
  it('answers with what it returns, and knows who asks for what', async () => {
    const handler = ownRoute(async (request) => request);
    const { statusCode, headers, body = '' } = await handler(event({ body: 'aGVsbG8=', isBase64Encoded: true }));
    expect([statusCode, headers?.['cache-control']]).toEqual([200, 'no-store']);
    expect(JSON.parse(body)).toEqual({
      owner: 'alice',
      parameters: { month: '2026-11' },
      query: { all: 'true' },
      body: 'hello',
    });
  });

  it('gives a body that came as text as it is', async () => {
    const handler = ownRoute(async ({ body }) => ({ body }));
    const bodyOf = async (changes: object) => JSON.parse((await handler(event(changes))).body ?? '').body;
    expect(await bodyOf({ body: 'aGVsbG8=' })).toBe('aGVsbG8=');
    expect(await bodyOf({ isBase64Encoded: true })).toBe('');
    expect(await bodyOf({})).toBeUndefined();
  });

  it('gives nothing of a path and a query that hold nothing', async () => {
    const handler = ownRoute(async ({ parameters, query }) => ({ parameters, query }));
    const { body = '' } = await handler(event({ pathParameters: undefined, queryStringParameters: undefined }));
    expect(JSON.parse(body)).toEqual({ parameters: {}, query: {} });
  });

  it('publishes what was measured, and nothing where nothing was', async () => {
    const publish = vi.spyOn(metrics, 'publishStoredMetrics').mockReturnThis();
    await ownRoute(async () => 'nothing measured')(event());
    expect(publish).not.toHaveBeenCalled();
    await ownRoute(async () => metrics.addMetric('Reports', 'Count', 1) && 'measured')(event());
    expect(publish).toHaveBeenCalledOnce();
    vi.restoreAllMocks();
    metrics.clearMetrics();
  });

  it.each([
    ['comes around CloudFront', { headers: {} }, 403, 'forbidden'],
    ['comes with a guess', { headers: { 'x-origin-verify': 'a guess' } }, 403, 'forbidden'],
    ['carries no token', { requestContext: { requestId: 'r-1' } }, 401, 'unauthorized'],
    ['was let through by another authorizer', callerOf({}), 401, 'unauthorized'],
    ['has a token without a subject', callerOf({ jwt: { claims: {} } }), 401, 'unauthorized'],
    ['has a token with an empty subject', callerOf({ jwt: { claims: { sub: '' } } }), 401, 'unauthorized'],
  ])('does not run for what %s', async (_, changes, status, code) => {
    let runs = 0;
    const handler = ownRoute(async () => {
      runs += 1;
    });
    const { statusCode, body = '' } = await handler(event(changes));
    expect([statusCode, JSON.parse(body).code, runs]).toEqual([status, code, 0]);
  });

  it('tells a problem, and nothing of an error', async () => {
    const asked = async (error: Error) => {
      const { statusCode, body = '' } = await ownRoute(() => Promise.reject(error))(event());
      return [statusCode, JSON.parse(body)];
    };
    expect(await asked(new Problem(404, 'no_report', 'There is none.', 'month'))).toEqual([
      404,
      expect.objectContaining({ code: 'no_report', field: 'month', requestId: 'r-1' }),
    ]);
    const [status, problem] = await asked(new Error('a secret'));
    expect(status).toBe(500);
    expect(JSON.stringify(problem)).not.toContain('secret');
  });
});
