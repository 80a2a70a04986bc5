import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { originAt, serveDistribution } from '../../../local/edge/serve-distribution';
import { apiFixture, distribution } from './distribution-fixture';

const API_HOST = 'abcdefghij.execute-api.eu-west-1.amazonaws.com';

describe('a distribution that listens', () => {
  it('passes on to an API that listens, path and body as they were sent', async () => {
    const seen: unknown[] = [];
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        seen.push([request.method, request.url, request.headers.host, Buffer.concat(chunks).toString()]);
        response.writeHead(409, { 'content-type': 'application/problem+json' }).end('{"code":"conflict"}');
      });
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const api = apiFixture();
    api.fetch = originAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const behaviors: string[] = [];
    const served = await serveDistribution(distribution(api), {
      onAnswer: ({ trace }) => behaviors.push(trace.behavior),
    });
    try {
      const answered = await fetch(`${served.url}/api/items/a%2Fb?x=%20`, { method: 'POST', body: '{"title":"ö"}' });
      expect([answered.status, await answered.json()]).toEqual([409, { code: 'conflict' }]);
      expect(seen).toEqual([['POST', '/api/items/a%2Fb?x=%20', API_HOST, '{"title":"ö"}']]);
      const page = await fetch(`${served.url}/items`);
      expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<title>Site</title>')]);
      expect(behaviors).toEqual(['/api/*', 'default']);
    } finally {
      await served.close();
      server.close();
    }
  });
});
