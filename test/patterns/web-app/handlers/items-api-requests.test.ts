import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { logger, metrics } from '../../../../lib/runtime/observability';
import type { createApplication } from '../../../../patterns/web-app/runtime/application';

/** Bytes of the largest answer: Lambda takes 6 MB of JSON (lambda-sync-payload-6mb). */
const LARGEST = 5_500_000;

type Options = Parameters<typeof createApplication>[0];

interface Invoked {
  readonly method?: string;
  readonly path?: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
  readonly authorizer?: object;
}

let options: Options;
let answer: () => Response;
let requests: Request[];

vi.mock('../../../../patterns/web-app/runtime/application', () => ({
  createApplication: (given: Options) => {
    options = given;
    return {
      fetch: async (request: Request) => {
        requests.push(request);
        return answer();
      },
    };
  },
}));

beforeAll(() => {
  const variables = {
    DATABASE_WRITER: '127.0.0.1:1',
    DATABASE_READER: '127.0.0.1:1',
    DATABASE_TRUST: 'none',
    DATABASE_CONNECT_SECONDS: '5',
    UPLOADS_BUCKET: 'uploads',
    UPLOADS_MAX_BYTES: '1000',
    UPLOAD_URL_SECONDS: '900',
    ORIGIN_VERIFIERS: 'abc',
    AWS_REGION: 'eu-west-1',
  };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
});
beforeEach(() => {
  requests = [];
  answer = () => new Response('{}', { status: 201, headers: { etag: '"1"' } });
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => vi.unstubAllEnvs());

function event({ method = 'GET', path = '/api/items', query = '', headers = {}, authorizer, ...rest }: Invoked) {
  const requestContext = { requestId: 'r-1', http: { method }, ...(authorizer !== undefined && { authorizer }) };
  return { rawPath: path, rawQueryString: query, headers, isBase64Encoded: false, ...rest, requestContext } as never;
}

async function invoke(invoked: Invoked = {}) {
  const { handler } = await import('../../../../patterns/web-app/handlers/items-api.js');
  const result = await handler(event(invoked));
  return { ...result, problem: result.statusCode === 201 ? undefined : (JSON.parse(result.body ?? '') as object) };
}

const bodyOf = async () => requests[0]?.text();

describe('the request that the application gets', () => {
  it('has the path, the query and the headers, but not the length that the sender claims', async () => {
    await invoke({ path: '/api/items/a b', query: 'limit=5&after=x', headers: { 'x-a': '1', 'content-length': '7' } });
    const [request] = requests;
    expect(request?.url).toBe('https://api.internal/api/items/a%20b?limit=5&after=x');
    expect([request?.headers.get('x-a'), request?.headers.get('content-length')]).toEqual(['1', null]);
  });

  it.each([
    ['POST', '{"a":1}', false, '{"a":1}'],
    ['POST', Buffer.from('Bücher').toString('base64'), true, 'Bücher'],
    ['POST', undefined, true, ''],
    ['POST', undefined, false, ''],
    ['GET', 'ignored', false, ''],
    ['get', 'ignored', false, ''],
    ['HEAD', 'ignored', false, ''],
    ['Head', 'ignored', false, ''],
    ['GETS', 'kept', false, 'kept'],
    ['FORGET', 'kept', false, 'kept'],
    ['HEADER', 'kept', false, 'kept'],
    ['AHEAD', 'kept', false, 'kept'],
  ])('has for %s with %j (base64: %s) the body %j', async (method, body, isBase64Encoded, seen) => {
    expect((await invoke({ method, isBase64Encoded, ...(body !== undefined && { body }) })).statusCode).toBe(201);
    expect(await bodyOf()).toBe(seen);
  });

  it.each(['CONNECT', 'connect', 'TRACE', 'trace', 'TRACK', 'track'])('is none with %s', async (method) => {
    const { statusCode, problem } = await invoke({ method });
    expect([statusCode, problem]).toMatchObject([405, { code: 'method_not_allowed', field: 'method' }]);
    expect(requests).toEqual([]);
  });

  it.each(['RECONNECT', 'CONNECTS', 'RETRACE', 'TRACER', 'BACKTRACK', 'TRACKS'])(
    'may have the method %s',
    async (method) => {
      expect((await invoke({ method })).statusCode).toBe(201);
    },
  );

  it('is refused when it cannot be read', async () => {
    const { statusCode, problem } = await invoke({ method: 'a b' });
    expect([statusCode, problem]).toMatchObject([400, { code: 'invalid_request' }]);
  });
});

describe('the answer', () => {
  it('is that of the application', async () => {
    expect(await invoke()).toMatchObject({ statusCode: 201, headers: { etag: '"1"' }, body: '{}' });
  });

  it('is passed on up to what Lambda lets through, and an error beyond', async () => {
    const lines = vi.spyOn(logger, 'error').mockReturnValue(undefined as never);
    answer = () => new Response('n'.repeat(LARGEST), { status: 201 });
    expect((await invoke()).body).toHaveLength(LARGEST);
    // Bytes count, not characters.
    answer = () => new Response(`${'n'.repeat(LARGEST - 1)}ü`, { status: 201 });
    expect(await invoke()).toMatchObject({ statusCode: 500, problem: { code: 'internal' } });
    expect(lines).toHaveBeenCalledOnce();
  });

  it.each([
    [true, 1],
    [false, 0],
  ])('publishes metrics where there are some (%s)', async (hasSome, times) => {
    vi.spyOn(metrics, 'hasStoredMetrics').mockReturnValue(hasSome);
    const publish = vi.spyOn(metrics, 'publishStoredMetrics').mockReturnValue(metrics);
    await invoke();
    expect(publish).toHaveBeenCalledTimes(times);
  });
});

describe('the owner of a request', () => {
  const ownerOf = async (authorizer?: object) => {
    await invoke();
    return options.ownerOf({ env: event(authorizer === undefined ? {} : { authorizer }) } as never);
  };

  it('is the subject of the token', async () => {
    expect(await ownerOf({ jwt: { claims: { sub: 'alice' } } })).toBe('alice');
    expect(options.requestIdOf({ env: event({}) } as never)).toBe('r-1');
    expect([options.maxUploadBytes, options.originVerifiers]).toEqual([1000, 'abc']);
  });

  it.each([
    undefined,
    {},
    { jwt: { claims: {} } },
    { jwt: { claims: { sub: '' } } },
    { jwt: { claims: { sub: ['alice'] } } },
  ])('is unknown with %j', async (authorizer) => {
    await expect(ownerOf(authorizer)).rejects.toMatchObject({ status: 401, code: 'unauthorized' });
  });
});
