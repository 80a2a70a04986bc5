import { describe, expect, it } from 'vitest';
import { isLoopback, parseEndpoint } from '../../../lib/runtime/endpoint';

describe('an endpoint', () => {
  it.each([
    ['a:1', 'a', 1],
    ['db.example.com:5432', 'db.example.com', 5432],
    ['db:65535', 'db', 65_535],
  ])('is read from %s', (text, host, port) => {
    expect(parseEndpoint(text)).toEqual({ host, port });
  });

  it.each([
    ...['', ':', 'db', ':5432', 'db:', 'db:x', 'db:123456', 'db:5432 ', ' db:5432', 'db:5432x', 'd b:1'],
    ...['a:b:1', 'https://db:5432', 'db/x:5432', 'db:-1', 'db:5 4'],
  ])('is not %j', (text) => {
    expect(() => parseEndpoint(text)).toThrow(`${JSON.stringify(text)} is not host:port`);
  });
});

it.each([
  ['localhost', true],
  ['127.0.0.1', true],
  ['db', false],
  ['localhost.example.com', false],
  ['10.0.0.1', false],
])('tells whether %s is the machine itself', (host, expected) => {
  expect(isLoopback({ host, port: 1 })).toBe(expected);
});
