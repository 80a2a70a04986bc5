import { expect, it } from 'vitest';
import { sleep } from '../../../local/clock/clock';
import { HTTP_API_LIMITS, REST_API_LIMITS } from '../../../local/limits/api-gateway';
import type { Limit } from '../../../local/limits/limit';
import { ApiFixture, type Handler } from './api-fixture';
import { onBothSides, outcome, testEachLimit } from './both-sides-fixture';

const OK = () => ({ statusCode: 200, body: '' });
const json = { 'content-type': 'application/json' };
const late =
  (ms: number) =>
  async (fixture: ApiFixture): Promise<void> =>
    sleep(fixture.fixture.clock, ms);

/** A pair whose function takes some time. */
function slow(kind: 'http' | 'rest', ms: number): ApiFixture {
  const fixture: ApiFixture = new ApiFixture(kind, async () => {
    await late(ms)(fixture);
    return OK();
  });
  return fixture;
}

/** Goes to both sides of the head's size: of one long header, of two, and of the request line. */
async function heads(limit: Limit & { readonly max: number }, kind: 'http' | 'rest'): Promise<void> {
  const fixture = new ApiFixture(kind, OK);
  const line = 'POST /open HTTP/1.1'.length;
  await onBothSides(limit, (bytes) => fixture.send({ headers: { 'x-long': 'x'.repeat(bytes - line) } }));
  await onBothSides(limit, (bytes) =>
    fixture.send({
      headers: { a: 'x'.repeat(line), b: 'é'.repeat(4000), 'x-b': ['y'.repeat(bytes - 8000 - 2 * line)] },
    }),
  );
  await onBothSides(limit, (bytes) => fixture.send({ path: `/open?${'q'.repeat(bytes - line - 1)}` }));
}

async function malformed({ error }: Limit, kind: 'http' | 'rest', prefix: string): Promise<void> {
  const fixture = new ApiFixture(kind, OK);
  for (const part of ['%', '%zz', 'a%2', '%E0%A4', '%C0%80']) {
    expect(
      await outcome(() => fixture.send({ method: kind === 'http' ? 'GET' : 'POST', path: `${prefix}${part}` })),
    ).toBe(error);
  }
}

async function throttled({ error }: Limit, kind: 'http' | 'rest'): Promise<void> {
  const rates = { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 5 };
  const fixture = new ApiFixture(kind, OK, {
    Stage:
      kind === 'http'
        ? { DefaultRouteSettings: rates }
        : { MethodSettings: [{ HttpMethod: '*', ResourcePath: '/*', ...rates }] },
  });
  for (let sent = 0; sent < 5; sent += 1) expect(await outcome(() => fixture.send({}))).toBeUndefined();
  expect(await outcome(() => fixture.send({}))).toBe(error);
  await fixture.fixture.clock.during(sleep(fixture.fixture.clock, 100));
  expect(await outcome(() => fixture.send({}))).toBeUndefined();
}

/** A body of more than 6 MB does not fit the function's event. It is kept away from one here. */
async function payloads(limit: Limit & { readonly max: number }, kind: 'http' | 'rest'): Promise<void> {
  const fixture = new ApiFixture(kind, OK);
  for (const bytes of [limit.max, limit.max + 1]) {
    const body = Buffer.alloc(bytes, 'x');
    // Both are refused: up to the limit for what Lambda takes, beyond it before there is an event at all.
    expect(await outcome(() => fixture.send({ headers: json, body }))).toBe(limit.error);
    expect(fixture.event).toBeUndefined();
  }
}

async function functionPayloads({ error }: Limit, kind: 'http' | 'rest'): Promise<void> {
  const fixture = new ApiFixture(kind, OK);
  const around = 3000;
  const six = 6 * 1024 * 1024;
  const send = (bytes: number, type: string) =>
    outcome(() => fixture.send({ headers: { 'content-type': type }, body: 'x'.repeat(bytes) }));
  expect(await send(six - around, 'text/plain')).toBeUndefined();
  expect(await send(six, 'text/plain')).toBe(error);
  // Base64 takes four bytes for three.
  if (kind === 'http') {
    expect(await send(Math.floor((3 * six) / 4) - around, 'image/png')).toBeUndefined();
    expect(await send(Math.floor((3 * six) / 4), 'image/png')).toBe(error);
  }
}

async function times(limit: Limit & { readonly max: number }, kind: 'http' | 'rest'): Promise<void> {
  // At the limit itself either may come first.
  for (const ms of [0, limit.max - 1, limit.max + 1, limit.max + 60_000]) {
    const expected = ms > limit.max ? limit.error : undefined;
    expect({ ms, outcome: await outcome(() => slow(kind, ms).send({})) }).toEqual({ ms, outcome: expected });
  }
}

/** What becomes of answers of a function. */
async function answers(kind: 'http' | 'rest', given: readonly unknown[], expected: string | undefined): Promise<void> {
  for (const answer of given) {
    expect([answer, await outcome(() => new ApiFixture(kind, () => answer).send({}))]).toEqual([answer, expected]);
  }
}

const throwing: Handler = () => {
  throw new Error('secret');
};
const tooLarge = { statusCode: 200, body: 'x'.repeat(6 * 1024 * 1024 + 200) };

testEachLimit(HTTP_API_LIMITS, {
  head: (limit) => heads(limit, 'http'),
  path: (limit) => malformed(limit, 'http', '/items/'),
  throttle: (limit) => throttled(limit, 'http'),
  token: async ({ error }) => {
    const fixture = new ApiFixture('http', OK);
    const send = (headers: Record<string, string>) => outcome(() => fixture.send({ path: '/users', headers }));
    expect(await send({ ...fixture.signedIn('') })).toBeUndefined();
    for (const authorization of ['', 'Bearer', 'Bearer x.y.z', `${fixture.signedIn().authorization}x`]) {
      expect(await send({ authorization })).toBe(error);
    }
    expect(await send({})).toBe(error);
  },
  scope: async ({ error }) => {
    const fixture = new ApiFixture('http', OK);
    const send = (scope: string) =>
      outcome(() => fixture.send({ path: '/orders', headers: { ...fixture.signedIn(scope) } }));
    expect(await send('openid orders/read')).toBeUndefined();
    expect(fixture.event?.['requestContext']).toMatchObject({
      authorizer: { jwt: { scopes: ['openid', 'orders/read'] } },
    });
    for (const scope of ['', 'openid', 'orders', 'orders/readx', 'orders/write']) expect(await send(scope)).toBe(error);
  },
  payload: (limit) => payloads(limit, 'http'),
  functionPayload: (limit) => functionPayloads(limit, 'http'),
  time: async (limit) => {
    await times(limit, 'http');
    expect(() => new ApiFixture('http', OK, { Work: { TimeoutInMillis: 30_001 } })).toThrow(
      'Time that an integration takes',
    );
  },
  answer: async ({ error }) => {
    const good = [
      { statusCode: 200 },
      { statusCode: '201', headers: { a: 1, b: true }, body: null },
      { statusCode: 204, cookies: ['a=b'] },
    ];
    await answers('http', good, undefined);
    const bad = [
      ...['x', 99, 600, 200.5, null, true, {}].map((statusCode) => ({ statusCode })),
      ...[{}, [], 5].map((body) => ({ statusCode: 200, body })),
      ...[{ a: {} }, { a: null }, ['a'], 'a'].map((headers) => ({ statusCode: 200, headers })),
      { statusCode: 200, cookies: 'a=b' },
      tooLarge,
    ];
    await answers('http', bad, error);
    expect(await outcome(() => new ApiFixture('http', throwing).send({}))).toBe(error);
  },
  mappedBody: async ({ max }) => {
    const fixture = new ApiFixture('http', OK);
    const put = (bytes: number) => {
      const body = JSON.stringify({ key: 'k', data: 'eA==' });
      return outcome(() =>
        fixture.send({ path: '/events', headers: json, body: `${body}${' '.repeat(bytes - body.length)}` }),
      );
    };
    const cut = JSON.stringify({ key: 'k', data: 'eA==', more: 'x'.repeat(max) });
    expect(await put(max)).toBeUndefined();
    expect(await put(max + 1)).toBeUndefined();
    expect(await outcome(() => fixture.send({ path: '/events', headers: json, body: cut }))).toMatch(/^400 Missing/);
  },
  mappedParameter: async ({ error }) => {
    const fixture = new ApiFixture('http', OK);
    for (const body of [
      '',
      '{',
      '[]',
      'null',
      '{}',
      '{"key":"k"}',
      '{"key":"","data":"eA=="}',
      '{"key":1,"data":"eA=="}',
    ]) {
      expect(await outcome(() => fixture.send({ path: '/events', headers: json, body }))).toMatch(`${error} `);
    }
  },
});

/** A pair whose streamed answer begins at once, and pauses before its second part. */
function streaming(ms: number, types: readonly string[]) {
  const first = Buffer.concat([Buffer.from('{"statusCode":200}'), Buffer.alloc(8), Buffer.from('a')]);
  const fixture: ApiFixture = new ApiFixture(
    'rest',
    async (_, onChunk) => {
      onChunk?.(first);
      await sleep(fixture.fixture.clock, ms);
      onChunk?.(Buffer.from('b'));
    },
    { Api: { EndpointConfiguration: { Types: types } } },
  );
  return fixture;
}

async function pauses(max: number, types: readonly string[]): Promise<void> {
  const get = (ms: number) => streaming(ms, types).request({ method: 'GET', path: '/stream' });
  for (const ms of [0, max - 1]) expect((await get(ms)).body).toBe('ab');
  for (const ms of [max + 1, max + 60_000]) await expect(get(ms)).rejects.toThrow('The answer took too long');
}

testEachLimit(REST_API_LIMITS, {
  head: (limit) => heads(limit, 'rest'),
  path: (limit) => malformed(limit, 'rest', '/users/'),
  methodArn: async (limit) => {
    const fixture = new ApiFixture('rest', OK);
    await fixture.send({});
    const context = fixture.event?.['requestContext'] as { apiId: string } | undefined;
    const before = `arn:aws:execute-api:eu-west-1:111111111111:${context?.apiId}/v1/POST/users/`;
    const headers = { ...fixture.signedIn() };
    const send = (bytes: number) => fixture.send({ path: `/users/${'x'.repeat(bytes - before.length)}`, headers });
    await onBothSides(limit, send);
    const open = new ApiFixture('rest', OK);
    expect(await outcome(() => open.send({ path: `/open?${'x'.repeat(2000)}` }))).toBeUndefined();
  },
  throttle: (limit) => throttled(limit, 'rest'),
  payload: (limit) => payloads(limit, 'rest'),
  functionPayload: (limit) => functionPayloads(limit, 'rest'),
  time: async (limit) => {
    await times(limit, 'rest');
  },
  answer: async ({ error }) => {
    await answers('rest', [{ statusCode: 200 }, { statusCode: '201', headers: { a: 1 }, body: null }], undefined);
    const bad = [
      null,
      'text',
      {},
      { statusCode: 'x' },
      { statusCode: 200, body: {} },
      { statusCode: 200, headers: { a: {} } },
    ];
    await answers('rest', [...bad, tooLarge], error);
    expect(await outcome(() => new ApiFixture('rest', throwing).send({}))).toBe(error);
  },
  streamTime: async ({ max }) => {
    const settings = (TimeoutInMillis: number) => ({
      Stream: {
        Integration: {
          Type: 'AWS_PROXY',
          Uri: 'arn:aws:apigateway:eu-west-1:lambda:path/2021-11-15/functions/arn:aws:lambda:eu-west-1:1:function:work/response-streaming-invocations',
          ResponseTransferMode: 'STREAM',
          TimeoutInMillis,
        },
      },
    });
    expect(() => new ApiFixture('rest', OK, settings(max))).not.toThrow();
    expect(() => new ApiFixture('rest', OK, settings(max + 1))).toThrow('end of the answer');
  },
  streamIdle: ({ max }) => pauses(max, ['REGIONAL']),
  streamIdleAtEdge: ({ max }) => pauses(max, ['EDGE']),
  streamMetadata: async (limit) => {
    const send = (bytes: number) => {
      const head = '{"statusCode":200}';
      const padded = Buffer.concat([Buffer.from(head + ' '.repeat(bytes - head.length - 8)), Buffer.alloc(8)]);
      const fixture = new ApiFixture('rest', (_, onChunk) => onChunk?.(padded));
      return fixture.send({ method: 'GET', path: '/stream' });
    };
    await onBothSides(limit, send);
  },
});

it('hands over one text for what came several times, and cookies apart (payload format 2.0)', async () => {
  const fixture = new ApiFixture('http', OK);
  const headers = { 'X-Two': ['a', 'b'], 'x-two': 'c', Cookie: 'a=1; b=2' };
  await fixture.send({ method: 'GET', path: '/items/a%20b?limit=1&limit=5&q=x%26y', headers });
  expect(fixture.event).toMatchObject({
    routeKey: 'GET /items/{id}',
    rawPath: '/items/a b',
    rawQueryString: 'limit=1&limit=5&q=x%26y',
    headers: { 'x-two': 'a,b,c' },
    cookies: ['a=1', 'b=2'],
    queryStringParameters: { limit: '1,5', q: 'x&y' },
    pathParameters: { id: 'a b' },
    isBase64Encoded: false,
  });
  expect(fixture.event?.['headers']).not.toHaveProperty('cookie');
});

it('ends the path that a function gets at a question mark that was encoded', async () => {
  const fixture = new ApiFixture('http', OK);
  await fixture.send({ method: 'GET', path: '/items/a%3Fb=c' });
  expect(fixture.event).toMatchObject({ rawPath: '/items/a', pathParameters: { id: 'a?b=c' } });
});

it.each([
  ['application/json', false],
  ['Application/JSON; charset=utf-8', false],
  ['text/csv', false],
  ['application/xml', false],
  ['application/javascript', false],
  ['application/x-www-form-urlencoded', true],
  ['application/problem+json', true],
  ['application/jsonl', true],
  ['image/png', true],
  [undefined, true],
])('hands over a body of type %s in base64: %s', async (type, isBase64Encoded) => {
  const fixture = new ApiFixture('http', OK);
  const bytes = Buffer.from('{"é":1}');
  await fixture.send({ headers: type === undefined ? {} : { 'content-type': type }, body: bytes });
  expect(fixture.event).toMatchObject({ isBase64Encoded, body: bytes.toString(isBase64Encoded ? 'base64' : 'utf8') });
});

it('makes an answer without a status code the body of one', async () => {
  for (const [given, body] of [
    ['plain', 'plain'],
    [{ a: 1 }, '{"a":1}'],
    [undefined, 'null'],
    [[1], '[1]'],
  ] as const) {
    const answer = await new ApiFixture('http', () => given).send({});
    expect(answer).toEqual({ statusCode: 200, headers: json, body });
  }
});

it('answers preflight requests of allowed origins by itself, and replaces what a function says of CORS', async () => {
  const CorsConfiguration = {
    AllowOrigins: ['https://a.example'],
    AllowMethods: ['GET'],
    AllowHeaders: ['authorization'],
    MaxAge: 60,
  };
  const fixture = new ApiFixture('http', () => ({ statusCode: 200, headers: { 'Access-Control-Allow-Origin': '*' } }), {
    Api: { CorsConfiguration },
  });
  const preflight = (origin: string) =>
    fixture.send({ method: 'OPTIONS', path: '/orders', headers: { origin, 'access-control-request-method': 'GET' } });
  expect(await preflight('https://a.example')).toEqual({
    statusCode: 204,
    headers: {
      'access-control-allow-origin': 'https://a.example',
      'access-control-allow-methods': 'GET',
      'access-control-allow-headers': 'authorization',
      'access-control-max-age': '60',
    },
  });
  expect((await preflight('https://b.example')).headers).toEqual({});
  expect((await fixture.send({ headers: { origin: 'https://b.example' } })).headers).toEqual({});
  expect((await fixture.send({ headers: { origin: 'https://a.example' } })).headers).toEqual({
    'access-control-allow-origin': 'https://a.example',
  });
});
