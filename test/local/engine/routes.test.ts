import { describe, expect, it } from 'vitest';
import { matchingRoute } from '../../../local/engine/routes';

const ROUTES = ['GET /orders', 'GET /orders/{id}', 'ANY /orders/{id}', 'ANY /files/{path+}', 'GET /files/{path+}'];

describe('a route', () => {
  it.each([
    ['GET', '/orders', 'GET /orders', {}],
    ['GET', '/orders/a%20b', 'GET /orders/{id}', { id: 'a b' }],
    ['DELETE', '/orders/1', 'ANY /orders/{id}', { id: '1' }],
    ['GET', '/files/a/b', 'GET /files/{path+}', { path: 'a/b' }],
    ['PUT', '/files/a/b', 'ANY /files/{path+}', { path: 'a/b' }],
  ])('is picked by what fits best: %s %s', (method, path, routeKey, pathParameters) => {
    expect(matchingRoute(ROUTES, method, path)).toEqual({ routeKey, pathParameters });
  });

  it.each([
    ['POST', '/orders'],
    ['GET', '/orders/'],
    ['GET', '/orders/1/2'],
    ['GET', '/files/'],
  ])('is none for %s %s, but the default where there is one', (method, path) => {
    expect(matchingRoute(ROUTES, method, path)).toBeUndefined();
    expect(matchingRoute([...ROUTES, '$default'], method, path)?.routeKey).toBe('$default');
  });
});
