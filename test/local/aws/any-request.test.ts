import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { originForm, urlOf } from '../../../local/aws/any-request';
import { type LoginServer, startLoginServer } from '../../../local/aws/login-server';
import { LocalUserPool } from '../../../local/aws/user-pool';
import { type ApiServer, serveApi } from '../../../local/cli/api-server';
import { WallClock } from '../../../local/clock/wall-clock';
import { type ServedDistribution, serveDistribution } from '../../../local/edge/serve-distribution';
import type { LocalApi } from '../../../local/engine/local-api';
import type { LocalEngine } from '../../../local/engine/local-engine';
import { seededRandom } from '../../../local/engine/random';
import { inOnePart } from '../../../local/engine/streamed-answer';
import { withEventDriven } from '../../patterns/event-driven/engine-fixture';
import { apiFixture, distribution } from '../edge/distribution-fixture';
import { RestFixture, TELL } from '../engine/rest-api-fixture';
import { S3Fixture } from './s3/s3-fixture';

/** Requests to each server; `ANY_BYTES=100000` sends more. */
const REQUESTS = Number(process.env['ANY_BYTES'] ?? 300);
const AT_ONCE = 20;

/** Sends bytes, says that there are no more, and gives what came back until the server closed. */
function send(address: string, bytes: Buffer): Promise<string> {
  const { hostname, port } = new URL(address);
  return new Promise((closed) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname, () => socket.end(bytes));
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => closed(Buffer.concat(chunks).toString('latin1')));
  });
}
const ask = (address: string, head: string, body = '') =>
  send(address, Buffer.from(`${head}\r\nhost: x\r\nconnection: close\r\n\r\n${body}`, 'latin1'));
const SIGNED = '\r\nauthorization: AWS4-HMAC-SHA256 Credential=a/20261130/r/s3/aws4_request';
const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);

/** Requests of every kind, by chance: most almost right, some no HTTP at all. */
function requests(seed: number, paths: readonly string[]): () => Buffer {
  const random = seededRandom(seed, 'any bytes');
  const below = (count: number) => Math.floor(random() * count);
  const one = <T>(of: readonly T[]): T => of[below(of.length)] as T;
  const noise = (most: number) => Buffer.from(Array.from({ length: below(most) }, () => below(256))).toString('latin1');
  const odd = [
    '%',
    '%zz',
    '%00',
    '%ff',
    '%c0%af',
    '//',
    '/..',
    '/.',
    '?',
    '??',
    '#',
    '&',
    '=',
    '[',
    '\\',
    '*',
    '\0',
    ' ',
  ];
  const more = ['%F0%9F%92%A5', '__proto__', 'constructor', '{id}', '+', ';', ':', '@', '%2f', 'x'.repeat(2000)];
  const target = () => {
    const path = `${one(paths)}${Array.from({ length: below(4) }, () => one([...odd, ...more])).join('')}`;
    return one([
      path,
      path,
      path,
      `http://evil.example${path}`,
      `//evil.example${path}`,
      path.slice(1),
      noise(20),
      '*',
    ]);
  };
  const methods = ['GET', 'GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH', 'TRACE', 'CONNECT', 'BREW', ''];
  const header = () =>
    one([
      () => `content-length: ${one(['0', '5', '-1', '1e3', '99999999999', 'x', ''])}`,
      () => `transfer-encoding: ${one(['chunked', 'gzip', 'chunked, chunked', ''])}`,
      () => `content-type: ${one(['application/json', 'multipart/form-data', 'multipart/form-data; boundary=x', ''])}`,
      () => `cookie: ${one(['cognito=%', 'cognito=%zz; a', '__proto__=1; constructor=2', noise(30)])}`,
      () =>
        `authorization: ${one(['Bearer x.y.z', 'AWS4-HMAC-SHA256 Credential=a/20261130/r/s3/aws4_request', noise(30)])}`,
      () => `x-amz-target: ${one(['DynamoDB_20120810.GetItem', 'x', ''])}`,
      () => `expect: ${one(['100-continue', 'x'])}`,
      () => `upgrade: ${one(['h2c', 'websocket'])}\r\nconnection: upgrade`,
      () => `${one(['host', 'range', 'if-match', 'accept-encoding', noise(8)])}: ${noise(40)}`,
      () => `x-huge: ${'h'.repeat(below(40_000))}`,
      () => Array.from({ length: below(300) }, (_, index) => `x-${index}: y`).join('\r\n'),
    ])();
  const body = () =>
    one(['', '{"a":1}', '5\r\nhello\r\n0\r\n\r\n', 'zz\r\n', '5\r\nhel', '--x\r\n\r\n--x--', noise(60)]);
  return () => {
    if (random() < 0.08)
      return Buffer.from(one([noise(200), `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${noise(100)}`]), 'latin1');
    const lines = Array.from({ length: below(4) }, header).map((line) => `${line}\r\n`);
    const version = one(['HTTP/1.1', 'HTTP/1.1', 'HTTP/1.1', 'HTTP/1.0', 'HTTP/2.0', 'HTTP/9', '']);
    const request = `${one(methods)} ${target()} ${version}\r\nhost: x\r\n${lines.join('')}\r\n${body()}`;
    // Some go away in the middle.
    return Buffer.from(random() < 0.1 ? request.slice(0, below(request.length)) : request, 'latin1');
  };
}

/** Sends requests by chance, many at once. @returns the statuses that came back */
async function bombard(address: string, seed: number, paths: readonly string[]): Promise<Set<number>> {
  const next = requests(seed, paths);
  const statuses = new Set<number>();
  for (let sent = 0; sent < REQUESTS; sent += AT_ONCE) {
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => send(address, next())));
    for (const answer of answers) statuses.add(statusOf(answer));
  }
  return statuses;
}

/** What was thrown and not awaited: it would end `npm start`. */
const escaped: unknown[] = [];
const keep = (error: unknown) => void escaped.push(error);
beforeAll(() => {
  process.on('unhandledRejection', keep);
  process.on('uncaughtException', keep);
});
afterAll(() => {
  process.off('unhandledRejection', keep);
  process.off('uncaughtException', keep);
});
let said: string[];
beforeEach(() => {
  said = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((line) => {
    // Node.js warns there of its own age.
    if (!String(line).startsWith('(node:')) said.push(String(line));
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  expect(escaped).toEqual([]);
});

describe('an HTTP API', () => {
  it('answers any bytes, and a malformed path 400', async () => {
    await withEventDriven({ clock: new WallClock() }, async (engine: LocalEngine) => {
      const server = await serveApi(engine.api, 0);
      try {
        for (const path of ['/orders/%', '/orders/%zz', '/%', '/orders/%ff', '/orders/a%2'])
          expect([path, statusOf(await ask(server.url, `GET ${path} HTTP/1.1`))]).toEqual([path, 400]);
        for (const path of ['/orders/x', 'http://evil.example/orders/x', '/orders?limit=%'])
          expect([path, statusOf(await ask(server.url, `GET ${path} HTTP/1.1`))]).toEqual([path, 401]);
        expect(statusOf(await ask(server.url, 'GET //orders/x HTTP/1.1'))).toBe(404);
        const statuses = await bombard(server.url, 1, ['/orders', '/orders/x', '/']);
        expect([...statuses].filter((status) => status >= 500 && status !== 501 && status !== 505)).toEqual([]);
        expect(statusOf(await ask(server.url, 'GET /orders HTTP/1.1'))).toBe(401);
      } finally {
        await server.close();
      }
    });
    expect(said).toEqual([]);
  });
});

describe('a REST API', () => {
  it('answers any bytes, and a malformed path 400', async () => {
    const fixture = new RestFixture();
    const engine = await fixture.start({ tell: TELL, count: TELL }, { clock: new WallClock() });
    const server = await serveApi(engine.api, 0);
    try {
      const stage = new URL(server.url).pathname;
      expect(statusOf(await ask(server.url, `POST ${stage}/api/items/% HTTP/1.1`))).toBe(400);
      expect(statusOf(await ask(server.url, `GET http://evil.example${stage}/api/health HTTP/1.1`))).toBe(201);
      expect(statusOf(await ask(server.url, 'GET /elsewhere HTTP/1.1'))).toBe(403);
      await bombard(
        server.url,
        2,
        ['/api/health', '/api/items/x', '/'].map((path) => `${stage}${path}`),
      );
      expect(statusOf(await ask(server.url, `GET ${stage}/api/health HTTP/1.1`))).toBe(201);
    } finally {
      await server.close();
      await engine.stop();
      fixture.remove();
    }
    expect(said).toEqual([]);
  });
});

describe('the servers beside an API', () => {
  let served: ServedDistribution;
  let login: LoginServer;
  const s3 = new S3Fixture();
  beforeAll(async () => {
    served = await serveDistribution(distribution(apiFixture()));
    const pool = new LocalUserPool('https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Pool', Date.now, () => 'id');
    const client = { clientId: 'site', callbackUrls: ['http://x/'], logoutUrls: ['http://x/'], scopes: ['openid'] };
    login = await startLoginServer(pool, [client]);
    await s3.start();
  });
  afterAll(async () => {
    await served.close();
    await login.close();
    await s3.stop();
  });

  it.each<[string, () => string, readonly string[], number]>([
    ['a distribution', () => served.url, ['/', '/api/items', '/assets/x', '/config.json'], 200],
    ['the login', () => login.url, ['/oauth2/authorize', '/oauth2/token', '/login', '/logout'], 404],
    [
      'the stores',
      () => s3.endpoint,
      ['/', '/files/x', '/files/x?X-Amz-Signature=', '/files?list-type=2&constructor'],
      400,
    ],
  ])('answer any bytes: %s', async (_, address, paths, status) => {
    const statuses = await bombard(address(), 3, paths);
    expect([...statuses].filter((each) => each === 500)).toEqual([]);
    expect(statuses.size).toBeGreaterThan(2);
    expect(statusOf(await ask(address(), 'GET / HTTP/1.1'))).toBe(status);
    expect(said).toEqual([]);
  });

  it.each(['/files/%', '/files/x?X-Amz-Signature=%zz', '/files/%?X-Amz-Signature=1'])(
    'take %s for no address in a bucket',
    async (path) => {
      const answer = await ask(s3.endpoint, `GET ${path} HTTP/1.1${path.includes('?') ? '' : SIGNED}`);
      expect([statusOf(answer), answer]).toEqual([400, expect.stringContaining('<Code>InvalidURI</Code>')]);
    },
  );

  it('take a cookie that is none for no session', async () => {
    const query = `response_type=code&client_id=site&redirect_uri=http://x/&code_challenge=${'x'.repeat(43)}&code_challenge_method=S256`;
    const answer = await ask(login.url, `GET /oauth2/authorize?${query} HTTP/1.1\r\ncookie: cognito=%`);
    expect(statusOf(answer)).toBe(200);
  });
});

describe('a handler that throws', () => {
  let server: ApiServer;
  const api = (stream: LocalApi['stream']): LocalApi => ({
    basePath: '',
    routeKeys: () => [],
    request: () => Promise.reject(new Error('not asked')),
    stream,
  });
  afterEach(() => server.close());

  it.each<[string, LocalApi['stream']]>([
    ['before its answer', () => Promise.reject(new Error('a fault'))],
    ['with a header that cannot be sent', async () => inOnePart({ statusCode: 200, headers: { 'x-a': 'a fault\n' } })],
    ['with a status that is none', async () => inOnePart({ statusCode: 99, headers: {} })],
  ])('is a 500 with a line on the console: %s', async (_, stream) => {
    server = await serveApi(api(stream), 0);
    const answer = await ask(server.url, 'GET /orders?limit=1 HTTP/1.1');
    expect([statusOf(answer), answer.split('\r\n\r\n')[1]]).toEqual([500, '{"message":"Internal Server Error"}']);
    expect(said).toEqual([expect.stringMatching(/^GET \/orders\?limit=1: .*\n$/s)]);
  });

  it('cuts an answer that has begun', async () => {
    const body = (async function* () {
      yield Buffer.from('a part');
      throw new Error('a fault');
    })();
    server = await serveApi(
      api(async () => ({ statusCode: 200, headers: {}, body })),
      0,
    );
    const answer = await ask(server.url, 'GET / HTTP/1.1');
    expect(statusOf(answer)).toBe(200);
    expect(answer).not.toMatch(/\r\n0\r\n\r\n$/);
    expect(said).toHaveLength(1);
  });

  it('says nothing of a client that went away', async () => {
    server = await serveApi(
      api(async () => inOnePart({ statusCode: 200 })),
      0,
    );
    expect(await send(server.url, Buffer.from('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nhalf'))).toMatch(
      /^$|400/,
    );
    expect(said).toEqual([]);
  });
});

describe('a target', () => {
  it.each([
    ['/a?b', '/a?b'],
    ['//a', '//a'],
    ['http://host/a', '/a'],
    ['https://host?q', '/?q'],
    ['*', '/*'],
    ['', '/'],
    ['http://', '/'],
  ])('%s asks for %s', (target, expected) => {
    expect(originForm(target)).toBe(expected);
  });

  it('is read without its host, or refused', () => {
    expect(urlOf('//evil.example/orders').pathname).toBe('//evil.example/orders');
    expect(() => urlOf('/%')).toThrow(URIError);
  });
});
