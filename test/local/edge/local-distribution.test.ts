import { brotliDecompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { TemplateDocument } from '../../../local/assembly/resolved-template';
import type { LocalDistribution } from '../../../local/edge/local-distribution';
import { LOGIN } from '../../lib/edge/edge-fixture';
import { answer, apiFixture, distribution } from './distribution-fixture';

const API_HOST = 'abcdefghij.execute-api.eu-west-1.amazonaws.com';
const IMMUTABLE = 'public,max-age=31536000,immutable';

/** What takes each URL: the site, with the path after its function, or the API, with the path that gets there. */
const URLS = [
  // The site's files.
  ['/', 'site', '/index.html', 200],
  ['/index.html', 'site', '/index.html', 200],
  ['/assets/index-1a2b3c4d.js', 'site', '/assets/index-1a2b3c4d.js', 200],
  ['/favicon.svg', 'site', '/favicon.svg', 200],
  ['/config.json', 'site', '/config.json', 200],
  // Files that are not there, yesterday's among them: no page in their place.
  ['/assets/index-00000000.js', 'site', '/assets/index-00000000.js', 404],
  ['/robots.txt', 'site', '/robots.txt', 404],
  ['/assets/../index.html', 'site', '/assets/../index.html', 404],
  // Places inside the application.
  ['/items', 'site', '/index.html', 200],
  ['/items/0a1b', 'site', '/index.html', 200],
  ['/items/', 'site', '/index.html', 200],
  ['/signed-in?code=1&state=2', 'site', '/index.html', 200],
  ['/v1.2/items', 'site', '/index.html', 200],
  // The API.
  ['/api/', 'api', '/api/', 200],
  ['/api/items', 'api', '/api/items', 200],
  ['/api/items?limit=5&cursor=a%2Fb', 'api', '/api/items?limit=5&cursor=a%2Fb', 200],
  ['/api/items/0a1b/attachments/2c3d', 'api', '/api/items/0a1b/attachments/2c3d', 200],
  ['/api/report.html', 'api', '/api/report.html', 200],
  // Other spellings of its paths, which it gets as they were sent and does not know.
  ['/%61pi/items', 'api', '/%61pi/items', 200],
  ['//api/items', 'api', '//api/items', 200],
  ['/assets/../api/items', 'api', '/assets/../api/items', 200],
  ['/api/%2e%2e/api/x', 'api', '/api/%2e%2e/api/x', 200],
  // What only looks like it.
  ['/api', 'site', '/index.html', 200],
  ['/api?x=1', 'site', '/index.html', 200],
  ['/apix', 'site', '/index.html', 200],
  ['/API/items', 'site', '/index.html', 200],
  ['/api/../x', 'site', '/index.html', 200],
  ['/api%2Fitems', 'site', '/index.html', 200],
  ['/v1/api/items', 'site', '/index.html', 200],
] as const;

describe('the edge of a template', () => {
  it.each(URLS)('%s is for the %s, as %s, and answers %i', async (url, who, path, status) => {
    const api = apiFixture();
    const { trace, ...answered } = await distribution(api).request({ method: 'GET', url });
    expect(answered.status).toBe(status);
    if (who === 'api') {
      expect(trace).toMatchObject({
        behavior: '/api/*',
        cachePolicy: 'CachingDisabled',
        originRequestPolicy: 'AllViewerExceptHostHeader',
        sent: { host: API_HOST, url: path },
      });
      expect(trace.uriAfterFunction).toBeUndefined();
      expect(api.asked).toHaveLength(1);
    } else {
      expect(trace).toMatchObject({ behavior: 'default', cachePolicy: 'CachingOptimized', uriAfterFunction: path });
      expect(trace.sent).toMatchObject({ url: path, host: expect.stringMatching(/^shop-site.*\.s3\.eu-west-1/) });
      expect(trace.originRequestPolicy).toBeUndefined();
      expect(api.asked).toEqual([]);
    }
  });

  it('sends the API all of a request but its host, and what only the distribution knows', async () => {
    const api = apiFixture();
    const body = Buffer.from('{"title":"One"}');
    await distribution(api).request({
      method: 'POST',
      url: '/api/items',
      headers: {
        host: 'app.example.com',
        authorization: 'Bearer token',
        cookie: 'a=1',
        'content-type': 'application/json',
        'idempotency-key': 'key',
        'user-agent': 'a browser',
        'x-origin-verify': 'guessed',
        connection: 'keep-alive',
      },
      body,
    });
    const [asked] = api.asked;
    expect(asked).toMatchObject({ method: 'POST', body });
    expect(asked?.headers).toMatchObject({
      host: API_HOST,
      authorization: 'Bearer token',
      cookie: 'a=1',
      'content-type': 'application/json',
      'idempotency-key': 'key',
      'user-agent': 'a browser',
      'x-origin-verify': expect.stringMatching(/^Shop-OriginSecret/),
    });
    expect(asked?.headers).not.toHaveProperty('connection');
  });

  it('sends the bucket nothing of who asks', async () => {
    const { trace } = await distribution(apiFixture()).request({
      method: 'GET',
      url: '/assets/index-1a2b3c4d.js?list-type=2',
      headers: { host: 'app.example.com', authorization: 'Bearer token', cookie: 'a=1', 'accept-encoding': 'br' },
    });
    expect(trace.sent?.url).toBe('/assets/index-1a2b3c4d.js');
    expect(Object.keys(trace.sent?.headers ?? {}).sort()).toEqual([
      ...['accept-encoding', 'host', 'user-agent', 'via', 'x-forwarded-for'],
    ]);
  });

  it.each([
    [400, undefined],
    [403, undefined],
    [404, 0],
    [405, 0],
    [500, 1],
    [502, 1],
    [503, 1],
    [504, 1],
    [429, undefined],
  ])('leaves an error %i of the API as it is, and keeps it for %s s', async (status, errorSeconds) => {
    const api = apiFixture();
    const problem = '{"code":"not_found"}';
    api.answer = answer(status, problem, { 'content-type': 'application/problem+json' });
    const got = await distribution(api).request({ method: 'GET', url: '/api/items/0a1b' });
    expect([got.status, got.body.toString(), got.headers['content-type']]).toEqual([
      status,
      problem,
      'application/problem+json',
    ]);
    expect(got.trace.errorSeconds).toBe(errorSeconds);
  });

  it('keeps an error for as long as the API asks', async () => {
    const api = apiFixture();
    const edge = distribution(api);
    const kept = async (status: number, cacheControl: string, method = 'GET') => {
      api.answer = answer(status, '{}', { 'cache-control': cacheControl });
      return (await edge.request({ method, url: '/api/items' })).trace.errorSeconds;
    };
    expect(await kept(403, 'max-age=60')).toBe(60);
    expect(await kept(404, 'no-store')).toBe(0);
    expect(await kept(503, 's-maxage=30')).toBe(30);
    expect(await kept(404, 'max-age=60', 'POST')).toBeUndefined();
    expect(await kept(200, 'max-age=60')).toBeUndefined();
  });

  it('lets the API say how long an answer is kept, and says no-store where it does not', async () => {
    const api = apiFixture();
    const edge = distribution(api);
    const cacheControl = async () =>
      (await edge.request({ method: 'GET', url: '/api/items' })).headers['cache-control'];
    expect(await cacheControl()).toBe('no-store');
    api.answer = answer(200, '{}', { 'cache-control': 'private, max-age=5', server: 'api' });
    expect(await cacheControl()).toBe('private, max-age=5');
  });

  it('hands out hashed files for good, and the page to be asked for anew', async () => {
    const edge = distribution(apiFixture());
    const get = async (url: string) => (await edge.request({ method: 'GET', url })).headers;
    expect(await get('/assets/index-1a2b3c4d.js')).toMatchObject({
      'cache-control': IMMUTABLE,
      'content-type': 'text/javascript',
    });
    for (const url of ['/', '/items', '/config.json', '/favicon.svg']) {
      expect((await get(url))['cache-control'], url).toBe('no-cache');
    }
  });

  it('guards pages and answers by headers', async () => {
    const edge = distribution(apiFixture());
    const page = (await edge.request({ method: 'GET', url: '/items' })).headers;
    expect(page['content-security-policy']).toContain(`connect-src 'self' ${LOGIN};`);
    const api = (await edge.request({ method: 'GET', url: '/api/items' })).headers;
    expect(api['content-security-policy']).toBeUndefined();
    for (const headers of [page, api]) {
      expect(headers).toMatchObject({
        'strict-transport-security': 'max-age=63072000; includeSubDomains',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      });
      expect(headers).not.toHaveProperty('server');
    }
  });

  it('knows what only the deployment knows, and may put a stand-in there', async () => {
    const config = async (edge: LocalDistribution) =>
      JSON.parse((await edge.request({ method: 'GET', url: '/config.json' })).body.toString()) as unknown;
    expect(await config(distribution(apiFixture()))).toEqual({
      loginUrl: LOGIN,
      bucket: expect.stringMatching(/^shop-site/),
    });
    const local = distribution(apiFixture(), undefined, { [LOGIN]: 'http://127.0.0.1:9' });
    expect(await config(local)).toMatchObject({ loginUrl: 'http://127.0.0.1:9' });
    const page = await local.request({ method: 'GET', url: '/' });
    expect(page.headers['content-security-policy']).toContain("connect-src 'self' http://127.0.0.1:9;");
  });

  it.each([
    ['POST', '/items', 'https', 403],
    ['OPTIONS', '/items', 'https', 403],
    ['DELETE', '/api/items/0a1b', 'https', 200],
    ['GET', '/items?a=1', 'http', 301],
    ['GET', '/api/items', 'http', 403],
    ['POST', '/api/items', 'http', 403],
  ] as const)('answers %s %s by %s with %i', async (method, url, scheme, status) => {
    const api = apiFixture();
    const got = await distribution(api).request({ method, url, scheme, headers: { host: 'app.example.com' } });
    expect(got.status).toBe(status);
    expect(got.headers['location']).toBe(status === 301 ? `https://app.example.com${url}` : undefined);
    expect(api.asked).toHaveLength(status === 200 ? 1 : 0);
  });

  it('answers HEAD without a body, and refuses a GET with one', async () => {
    const edge = distribution(apiFixture());
    const head = await edge.request({ method: 'HEAD', url: '/index.html' });
    expect([head.status, head.body.length]).toEqual([200, 0]);
    expect((await edge.request({ method: 'GET', url: '/api/items', body: Buffer.from('x') })).status).toBe(403);
  });

  it('compresses what a browser takes so', async () => {
    const api = apiFixture();
    const edge = distribution(api, (config) => {
      // The API's answers under the site's cache policy: large enough to be compressed.
      const [first] = config['CacheBehaviors'] as Record<string, unknown>[];
      if (first !== undefined) first['CachePolicyId'] = '658327ea-f89d-4fab-a63d-7e88639e58f6';
    });
    api.answer = answer(200, 'a'.repeat(2000), { 'content-type': 'text/plain' });
    const get = (accept: string) =>
      edge.request({ method: 'GET', url: '/api/items', headers: { 'accept-encoding': accept } });
    const got = await get('gzip, deflate, br');
    expect(got.headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync(got.body).toString()).toBe('a'.repeat(2000));
    expect((await get('gzip')).headers['content-encoding']).toBe('gzip');
    expect((await get('identity')).headers).not.toHaveProperty('content-encoding');
  });
});

describe('what goes wrong in a template shows', () => {
  it('an error page in place of the API errors', async () => {
    const api = apiFixture();
    api.answer = answer(404, '{}');
    const edge = distribution(api, (config) => {
      for (const entry of config['CustomErrorResponses'] as Record<string, unknown>[]) {
        if (entry['ErrorCode'] === 404) Object.assign(entry, { ResponsePagePath: '/index.html', ResponseCode: 200 });
      }
    });
    const got = await edge.request({ method: 'GET', url: '/api/items/0a1b' });
    expect([got.status, got.body.toString()]).toEqual([200, expect.stringContaining('<title>Site</title>')]);
  });

  it('a wide behaviour before a narrow one', async () => {
    const api = apiFixture();
    const edge = distribution(api, (config) => {
      const behaviors = config['CacheBehaviors'] as Record<string, unknown>[];
      const site = config['DefaultCacheBehavior'] as Record<string, unknown>;
      behaviors.unshift({ ...site, PathPattern: '/*' });
    });
    expect((await edge.request({ method: 'GET', url: '/api/items' })).trace.behavior).toBe('/*');
    expect(api.asked).toEqual([]);
  });

  it('an error without a time', async () => {
    const api = apiFixture();
    api.answer = answer(404, '{}');
    const edge = distribution(api, (config) => {
      for (const entry of config['CustomErrorResponses'] as Record<string, unknown>[]) {
        delete entry['ErrorCachingMinTTL'];
      }
    });
    expect((await edge.request({ method: 'GET', url: '/api/items' })).trace.errorSeconds).toBe(300);
  });

  it.each([
    ['s3:ListBucket', '/index.html', 200],
    ['s3:ListBucket', '/missing.js', 403],
    ['s3:GetObject', '/index.html', 403],
  ])('a bucket that does not allow %s: %s is %i', async (action, url, status) => {
    const edge = distribution(apiFixture(), (_, document) => {
      for (const { Type, Properties } of Object.values(document.Resources)) {
        if (Type !== 'AWS::S3::BucketPolicy') continue;
        const { Statement = [] } = (Properties?.['PolicyDocument'] ?? {}) as { Statement?: { Action: unknown }[] };
        for (const statement of Statement) {
          statement.Action = [statement.Action].flat().filter((name) => name !== action);
        }
      }
    });
    expect((await edge.request({ method: 'GET', url })).status).toBe(status);
  });
});

describe('a bucket', () => {
  it('answers its own distribution alone', async () => {
    const edge = distribution(apiFixture(), (_, document) => {
      const text = JSON.stringify(document.Resources).replaceAll(
        '"AWS:SourceArn":{',
        '"AWS:SourceArn":"other","was":{',
      );
      Object.assign(document.Resources, JSON.parse(text));
    });
    expect((await edge.request({ method: 'GET', url: '/index.html' })).status).toBe(403);
  });
});

describe('what the local edge does not know', () => {
  const refused = (change: (config: Record<string, unknown>) => void) => () => distribution(apiFixture(), change);

  it('is refused by name', () => {
    expect(refused((config) => Object.assign(config, { OriginGroups: {} }))).toThrow(/OriginGroups is not known here/);
    const site = (config: Record<string, unknown>) => config['DefaultCacheBehavior'] as Record<string, unknown>;
    expect(refused((config) => Object.assign(site(config), { LambdaFunctionAssociations: [] }))).toThrow(
      'behaviour default: LambdaFunctionAssociations is not known here',
    );
    expect(refused((config) => Object.assign(site(config), { CachePolicyId: 'mine' }))).toThrow(
      'The cache policy mine is not known here',
    );
    expect(refused((config) => Object.assign(site(config), { OriginRequestPolicyId: 'mine' }))).toThrow(
      'The origin request policy mine is not known here',
    );
    expect(
      refused((config) => {
        const [association] = site(config)['FunctionAssociations'] as Record<string, unknown>[];
        Object.assign(association ?? {}, { EventType: 'viewer-response' });
      }),
    ).toThrow('A function on viewer-response is not known here');
    expect(
      refused((config) => {
        const [origin] = config['Origins'] as Record<string, unknown>[];
        Object.assign(origin ?? {}, { Failover: '/x' });
      }),
    ).toThrow(/Failover is not known here/);
  });

  it('is refused of headers and deployments, too', () => {
    const change = (type: string, properties: object) => () =>
      distribution(apiFixture(), (_, document: TemplateDocument) => {
        for (const { Type, Properties } of Object.values(document.Resources)) {
          if (Type === type) Object.assign(Properties ?? {}, properties);
        }
      });
    const CorsConfig = {};
    expect(
      change('AWS::CloudFront::ResponseHeadersPolicy', { ResponseHeadersPolicyConfig: { Name: 'x', CorsConfig } }),
    ).toThrow(/CorsConfig is not known here/);
    expect(change('Custom::CDKBucketDeployment', { Exclude: ['*'] })).toThrow(/Exclude is not known here/);
    expect(
      change('AWS::CloudFront::Function', { FunctionConfig: { Comment: '', Runtime: 'cloudfront-js-1.0' } }),
    ).toThrow('the runtime cloudfront-js-1.0 is not known here');
  });
});
