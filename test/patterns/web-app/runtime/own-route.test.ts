import { createHash } from 'node:crypto';
import type { APIGatewayProxyEventV2WithJWTAuthorizer } from 'aws-lambda';
import { beforeAll, describe, expect, it } from 'vitest';
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

  it.each([
    ['comes around CloudFront', { headers: {} }, 403, 'forbidden'],
    ['comes with a guess', { headers: { 'x-origin-verify': 'a guess' } }, 403, 'forbidden'],
    ['carries no token', { requestContext: { requestId: 'r-1' } }, 401, 'unauthorized'],
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
