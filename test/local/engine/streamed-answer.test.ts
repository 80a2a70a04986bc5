import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ApiServer, serveApi } from '../../../local/cli/api-server';
import { WallClock } from '../../../local/clock/wall-clock';
import { LocalDistribution } from '../../../local/edge/local-distribution';
import { originAt, type ServedDistribution, serveDistribution } from '../../../local/edge/serve-distribution';
import type { LocalEngine, LocalEngineOptions } from '../../../local/engine/local-engine';
import { COUNT, RestFixture, TELL } from './rest-api-fixture';

let fixture: RestFixture;
let engine: LocalEngine;
const ends: (() => Promise<void>)[] = [];
beforeAll(() => {
  fixture = new RestFixture();
});
afterAll(() => fixture.remove());
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function start(code: Readonly<Record<string, string>>, options?: LocalEngineOptions): Promise<void> {
  engine = await fixture.start(code, options);
  ends.push(() => engine.stop());
}

const ask = (path = '/api/count') => engine.stream({ method: 'GET', path, headers: engine.signedIn('alice') });

/** Parts of an answer, with the seconds at which each came. */
async function read(body: AsyncIterable<Uint8Array>): Promise<[seconds: number, text: string][]> {
  const parts: [number, string][] = [];
  const begun = engine.clock.now();
  for await (const part of body) {
    parts.push([Math.round((engine.clock.now() - begun) / 1000), Buffer.from(part).toString()]);
  }
  return parts;
}

const streams = (body: string) =>
  `exports.handler = awslambda.streamifyResponse(async (event, stream) => { ${body} });`;
const begin = 'stream = awslambda.HttpResponseStream.from(stream, { statusCode: 200 });';

describe.each([
  ['in this process', () => ({})],
  ['in threads', () => ({ handlers: 'threads', clock: new WallClock() }) as const],
])('an answer that streams %s', (_where, options) => {
  it('comes part by part: the second is not made before the first was read', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'groundplan-gate-'));
    const gate = join(folder, 'open');
    const waits = `while (!require('node:fs').existsSync('${gate}')) await new Promise((done) => setTimeout(done, 5));`;
    await start({ count: streams(`${begin} stream.write("first"); ${waits} stream.end("second");`) }, options());
    const got: string[] = [];
    for await (const part of (await ask()).body) {
      got.push(Buffer.from(part).toString());
      writeFileSync(gate, '');
    }
    rmSync(folder, { recursive: true });
    expect(got).toEqual(['first', 'second']);
  });

  it('can be had as a whole', async () => {
    await start({ count: COUNT.replace('2000', '1') }, options());
    const { statusCode, headers, body } = await engine.request({
      method: 'GET',
      path: '/api/count',
      headers: engine.signedIn('alice'),
    });
    expect([statusCode, headers]).toEqual([200, { 'content-type': 'text/event-stream' }]);
    expect(body).toBe('data: 1\n\ndata: 2\n\ndata: 3\n\n');
  });

  it('is refused while it has not begun, and breaks off once it has', async () => {
    const failure = 'throw new Error("gone");';
    await start({ count: streams(failure) }, options());
    expect((await ask()).statusCode).toBe(502);
    await engine.stop();
    await start({ count: streams(`${begin} stream.write("half"); ${failure}`) }, options());
    const { statusCode, body } = await ask();
    expect(statusCode).toBe(200);
    const got: string[] = [];
    const reading = (async () => {
      for await (const part of body) got.push(Buffer.from(part).toString());
    })();
    await expect(reading).rejects.toThrow('gone');
    expect(got).toEqual(['half']);
  });
});

describe('an answer that streams', () => {
  it.each([
    ['ends without a word', `${begin} stream.end();`],
    ['has no metadata', 'stream.write("data"); stream.end();'],
    [
      'has metadata beyond 16 KB',
      `awslambda.HttpResponseStream.from(stream, { statusCode: 200, headers: { a: 'x'.repeat(16384) } }).end('data');`,
    ],
    ['has metadata that is no JSON', 'stream.write("data\\0\\0\\0\\0\\0\\0\\0\\0more"); stream.end();'],
  ])('is none when it %s', async (_, code) => {
    await start({ count: streams(code) });
    expect((await ask()).statusCode).toBe(502);
  });

  it('is whatever a function says that does not stream, as a whole and with no metadata', async () => {
    await start({ tell: TELL });
    expect((await ask('/api/whole')).statusCode).toBe(502);
  });

  it('may be written in any cuts', async () => {
    const cut = `const all = Buffer.concat([Buffer.from('{"statusCode":202}'), Buffer.alloc(8), Buffer.from('é!')]);
      for (const byte of all) stream.write(Buffer.from([byte])); stream.end();`;
    await start({ count: streams(cut) });
    const { statusCode, body } = await ask();
    expect(statusCode).toBe(202);
    expect((await read(body)).map(([, text]) => text)).toHaveLength(3);
  });

  it('ends when its integration does, whatever its function does', async () => {
    const endless = `${begin} for (;;) { stream.write('.'); await new Promise((done) => setTimeout(done, 10000)); }`;
    await start({ count: streams(endless) });
    await expect(read((await ask()).body)).rejects.toThrow('took too long');
    expect(engine.clock.now() - Date.parse('2026-01-01')).toBeLessThan(91_000);
  });

  it('comes when its parts do in virtual time', async () => {
    await start({ count: COUNT });
    const parts = await read((await ask()).body);
    expect(parts.map(([seconds]) => seconds)).toEqual([0, 2, 4]);
  });

  it('counts to its end in the metrics of the API', async () => {
    await start({ count: COUNT });
    await read((await ask()).body);
    expect(engine.hops.summary().find(({ name }) => name === 'request to answer')).toMatchObject({ p50: 6000 });
  });
});

describe('an answer that streams over HTTP', () => {
  const api = async () => {
    const served: ApiServer = await serveApi(engine.api, 0);
    ends.push(() => served.close());
    return served.url;
  };
  const GATED = `exports.handler = awslambda.streamifyResponse(async (event, stream) => {
    ${begin.replace('statusCode: 200', "statusCode: 200, headers: { 'content-type': 'text/event-stream' }")}
    stream.write('first');
    await new Promise((done) => { globalThis.openGate = done; });
    stream.write('second');
    stream.end();
  });`;

  /** Reads the first part before the second is made, so that nothing on the way can have gathered them. */
  async function firstThenSecond(url: string): Promise<void> {
    const { authorization } = engine.signedIn('alice');
    const answer = await fetch(url, { headers: { authorization, 'accept-encoding': 'br, gzip' } });
    const reader = answer.body?.getReader();
    const next = async () => Buffer.from((await reader?.read())?.value ?? []).toString();
    expect(await next()).toBe('first');
    (globalThis as { openGate?: () => void }).openGate?.();
    expect(await next()).toBe('second');
    expect((await reader?.read())?.done).toBe(true);
    expect(answer.headers.get('content-encoding')).toBeNull();
  }

  it('comes through the server of the API part by part', async () => {
    await start({ count: GATED });
    const url = await api();
    expect(url).toMatch(/\/v1$/);
    await firstThenSecond(`${url}/api/count`);
    expect((await fetch(url.replace('/v1', '/api/count'))).status).toBe(403);
  });

  it('comes through the edge, too, at the path of the stage', async () => {
    await start({ count: GATED });
    const origin = originAt(await api());
    const edge = new LocalDistribution(engine.template, { api: origin, assetFolder: () => '' });
    const served: ServedDistribution = await serveDistribution(edge);
    ends.push(() => served.close());
    await firstThenSecond(`${served.url}/api/count`);
    expect((await fetch(`${served.url}/api/count`)).status).toBe(401);
  });

  it('may lose its reader', async () => {
    await start({ count: GATED });
    const url = `${await api()}/api/count`;
    const { authorization } = engine.signedIn('alice');
    const gone = new AbortController();
    const answer = await fetch(url, { headers: { authorization }, signal: gone.signal });
    await answer.body?.getReader().read();
    gone.abort();
    await new Promise((done) => setTimeout(done, 20));
    (globalThis as { openGate?: () => void }).openGate?.();
    await firstThenSecond(url);
  });

  it('is cut off when its function fails', async () => {
    await start({ count: streams(`${begin} stream.write("half"); throw new Error("gone");`) });
    const { authorization } = engine.signedIn('alice');
    const answer = await fetch(`${await api()}/api/count`, { headers: { authorization } });
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow();
  });
});
