import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { subjectOf } from '../../../local/aws/user-pool';
import type { LocalEngine } from '../../../local/engine/local-engine';
import { RestFixture, TELL } from './rest-api-fixture';

let fixture: RestFixture;
let engine: LocalEngine;
beforeAll(() => {
  fixture = new RestFixture();
});
afterAll(() => fixture.remove());
afterEach(() => engine.stop());

const json = (body = '') => JSON.parse(body) as Record<string, unknown>;

describe('the local REST API', () => {
  it('tells a function what AWS would', async () => {
    engine = await fixture.start({ tell: TELL });
    const user = subjectOf('alice@example.com');
    const [pool] = engine.userPools.values();
    pool?.setGroups(user, ['admins', 'tenant-acme']);
    const { authorization } = engine.signedIn(user);
    const { statusCode, headers, body } = await engine.request({
      method: 'POST',
      path: '/api/items/a%20b?n=1&n=2&q=x%26y',
      headers: { Authorization: authorization, 'Idempotency-Key': 'k', 'user-agent': 'test/1' },
      body: '{"a":1}',
    });
    expect([statusCode, headers]).toEqual([201, { 'content-type': 'application/json' }]);
    const event = json(body);
    expect(event).toMatchObject({
      resource: '/api/items/{id}',
      path: '/api/items/a%20b',
      httpMethod: 'POST',
      headers: { 'Idempotency-Key': 'k' },
      multiValueHeaders: { 'Idempotency-Key': ['k'] },
      queryStringParameters: { n: '2', q: 'x&y' },
      multiValueQueryStringParameters: { n: ['1', '2'], q: ['x&y'] },
      pathParameters: { id: 'a b' },
      stageVariables: null,
      body: '{"a":1}',
      isBase64Encoded: false,
      requestContext: {
        resourcePath: '/api/items/{id}',
        path: '/v1/api/items/a%20b',
        stage: 'v1',
        identity: { sourceIp: '127.0.0.1', userAgent: 'test/1', userArn: null },
        authorizer: {
          claims: {
            sub: user,
            token_use: 'access',
            'cognito:groups': 'admins,tenant-acme',
            exp: 'Thu Jan 01 01:00:00 UTC 2026',
          },
        },
      },
    });
  });

  it('says null for what a request has not, and nothing of a caller whom nobody asked', async () => {
    engine = await fixture.start({ tell: TELL });
    const event = json((await engine.request({ method: 'GET', path: '/api/health' })).body);
    expect(event).toMatchObject({ queryStringParameters: null, pathParameters: null, body: null });
    expect(event['requestContext']).not.toHaveProperty('authorizer');
  });

  it('takes access tokens with a scope of the method, after Bearer or bare', async () => {
    engine = await fixture.start({ tell: TELL });
    const [pool] = engine.userPools.values();
    const [client] = engine.template.ofType('AWS::Cognito::UserPoolClient');
    const signIn = (scope: string) => pool?.signIn({ user: 'a@example.com', clientId: client?.name ?? '', scope });
    const granted = signIn('openid aws.cognito.signin.user.admin');
    const other = signIn('openid email');
    const call = async (Authorization: string | undefined) => {
      const headers: Record<string, string> = Authorization === undefined ? {} : { Authorization };
      return (await engine.request({ method: 'POST', path: '/api/items/1', headers })).statusCode;
    };
    expect(await call(`Bearer ${granted?.accessToken}`)).toBe(201);
    expect(await call(granted?.accessToken)).toBe(201);
    for (const bad of [granted?.idToken, other?.accessToken, 'x.y.z', `${granted?.accessToken}x`, undefined]) {
      expect(await call(bad)).toBe(401);
    }
    await engine.during(new Promise<void>((done) => void engine.clock.after(3_601_000, done)));
    expect(await call(granted?.accessToken)).toBe(401);
  });

  it('hears of the groups of who came through managed login', async () => {
    engine = await fixture.start({ tell: TELL });
    const [pool] = engine.userPools.values();
    const [client] = engine.template.ofType('AWS::Cognito::UserPoolClient');
    pool?.setGroups('a@example.com', ['tenant-acme']);
    const scope = 'aws.cognito.signin.user.admin';
    const token = pool?.signIn({ user: 'a@example.com', clientId: client?.name ?? '', scope }).accessToken ?? '';
    const { body } = await engine.request({ method: 'POST', path: '/api/items/1', headers: { authorization: token } });
    expect(json(body)).toMatchObject({
      requestContext: { authorizer: { claims: { sub: subjectOf('a@example.com'), 'cognito:groups': 'tenant-acme' } } },
    });
  });

  it('refuses in the words of its gateway responses', async () => {
    engine = await fixture.start({ tell: 'exports.handler = async () => { throw new Error("secret"); };' });
    const { authorization } = engine.signedIn('alice');
    const refusals = {
      'no token': [{ method: 'POST', path: '/api/items/1' }, 401, 'unauthorized'],
      'another path': [{ method: 'GET', path: '/api/nothing' }, 404, 'not_found'],
      'another method': [{ method: 'GET', path: '/api/items/1' }, 404, 'not_found'],
      'half a character': [{ method: 'POST', path: '/api/items/%E0%A4' }, 400, 'bad_request'],
      'a body of more than 10 MB': [
        { method: 'POST', path: '/api/items/1', headers: { authorization }, body: 'x'.repeat(10 * 1024 * 1024 + 1) },
        413,
        'too_large',
      ],
      'a function that fails': [{ method: 'GET', path: '/api/health' }, 502, 'internal'],
    } as const;
    for (const [what, [request, status, code]] of Object.entries(refusals)) {
      const { statusCode, headers = {}, body = '' } = await engine.request(request);
      expect([what, statusCode, headers['content-type']]).toEqual([what, status, 'application/problem+json']);
      expect(json(body)).toMatchObject({ code, requestId: headers['x-amzn-requestid'] });
      expect(body).not.toContain('secret');
    }
  });

  it('cuts off at 29 s what its function answers later', async () => {
    engine = await fixture.start({ tell: 'exports.handler = () => new Promise((done) => setTimeout(done, 35000));' });
    const begun = engine.clock.now();
    const { statusCode } = await engine.request({ method: 'GET', path: '/api/health' });
    expect([statusCode, engine.clock.now() - begun]).toEqual([504, 29_025]);
  });

  it.each([
    ['nothing', 'undefined'],
    ['no status', '{ body: "" }'],
    ['an object for a body', '{ statusCode: 200, body: {} }'],
  ])('takes %s for no answer', async (_, answer) => {
    engine = await fixture.start({ tell: `exports.handler = async () => (${answer});` });
    expect((await engine.request({ method: 'GET', path: '/api/health' })).statusCode).toBe(502);
  });

  it('throttles as its stage says', async () => {
    engine = await fixture.start({ tell: TELL });
    const many = Array.from({ length: 101 }, () => engine.api.request({ method: 'GET', path: '/api/health' }));
    const answers = await engine.during(Promise.all(many));
    expect(answers.filter(({ statusCode }) => statusCode === 201)).toHaveLength(100);
    expect(answers.find(({ statusCode }) => statusCode === 429)?.headers).toMatchObject({ 'retry-after': '1' });
  });
});

describe('a schedule', () => {
  const times = (log: readonly string[]) => log.map((line) => line.split(' ')[1]);

  it('invokes its function at once and then at its rate, and keeps no work from ending', async () => {
    const code = 'exports.handler = async (event) => console.log(event["detail-type"] + " " + event.time);';
    engine = await fixture.start(
      { tell: code.replace('" "', '"@ "').replace('event["detail-type"]', 'event.source') },
      { schedules: true },
    );
    expect(engine.notRun).not.toHaveProperty('schedules');
    await engine.settle();
    await engine.during(new Promise<void>((done) => void engine.clock.after(150_000, done)));
    await engine.settle();
    const tell = [...engine.functions.values()].find(({ definition }) => definition.service === 'tell');
    expect(tell?.log[0]).toMatch(/^aws\.scheduler@ /);
    expect(times(tell?.log ?? [])).toEqual(['2026-01-01T00:00:00Z', '2026-01-01T00:01:00Z', '2026-01-01T00:02:00Z']);
  });

  it('is left out unless it is asked for, and said to be', async () => {
    engine = await fixture.start({ tell: TELL });
    expect(engine.notRun).toMatchObject({ schedules: 1 });
  });
});
