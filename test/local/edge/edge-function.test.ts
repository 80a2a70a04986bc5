import { describe, expect, it } from 'vitest';
import { EdgeFunction } from '../../../local/edge/edge-function';

describe("a site's function", () => {
  const run = (code: string) =>
    new EdgeFunction({
      logicalId: 'Function',
      type: 'AWS::CloudFront::Function',
      name: 'function',
      attributes: {},
      properties: { FunctionCode: code, FunctionConfig: { Runtime: 'cloudfront-js-2.0' } },
    }).onViewerRequest({ method: 'GET', url: '/a?b=1&b=2&c', headers: { cookie: 'd=3; e=4', host: 'f' } }, 'E1');

  it('gets the event that CloudFront sends', () => {
    const told = run('function handler(event) { return { statusCode: 200, body: JSON.stringify(event) }; }');
    expect('answer' in told ? JSON.parse(told.answer.body.toString()) : undefined).toMatchObject({
      version: '1.0',
      context: { distributionId: 'E1', eventType: 'viewer-request' },
      request: {
        method: 'GET',
        uri: '/a',
        headers: { host: { value: 'f' } },
        querystring: { b: { value: '1', multiValue: [{ value: '1' }, { value: '2' }] }, c: { value: '' } },
        cookies: { d: { value: '3' }, e: { value: '4' } },
      },
    });
  });

  it('has no way to Node.js', () => {
    expect(() => run('function handler() { return require("node:fs"); }')).toThrow('require is not defined');
    expect(() => run('function handler() { return process.env; }')).toThrow('process is not defined');
  });
});
