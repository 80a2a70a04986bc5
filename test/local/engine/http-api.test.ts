import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { decode, sign } from 'jsonwebtoken';
import { describe, expect, it } from 'vitest';
import { DataKey, HandlerCode, HandlerFunction, IamHttpApi, stages } from '../../../lib';
import { readStack } from '../../../local/assembly/cloud-assembly';
import type { ApiRequest } from '../../../local/engine/http-api';
import { LocalEngine } from '../../../local/engine/local-engine';
import { withDataPipeline } from '../../patterns/data-pipeline/engine-fixture';
import { withEventDriven } from '../../patterns/event-driven/engine-fixture';
import { testApp } from '../../synthesize';
import { type Signing, signedRequest } from './signed-request-fixture';

/** A body that is taken. */
const EVENT = JSON.stringify({
  event_id: 'e-1',
  event_type: 'click',
  occurred_at: '2025-12-31T12:00:00Z',
  session_id: 's-1',
  page: '/books',
});

const list = (engine: LocalEngine, authorization?: string) =>
  engine.request({ method: 'GET', path: '/orders', headers: authorization === undefined ? {} : { authorization } });

/** Claims of a good token, changed, and signed by somebody. */
function forged(engine: LocalEngine, changes: object, algorithm: 'RS256' | 'HS256' | 'none' = 'RS256'): string {
  const good = decode(engine.signedIn('alice').authorization.replace('Bearer ', '')) as object;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = algorithm === 'RS256' ? privateKey : algorithm === 'HS256' ? 'secret' : '';
  return `Bearer ${sign({ ...good, ...changes }, key, { algorithm })}`;
}

describe('the local API', () => {
  it('lets in who has a token of the pool, and nobody else', async () => {
    await withEventDriven({}, async (engine) => {
      const { authorization } = engine.signedIn('alice');
      const [head, body, signature] = authorization.split('.');
      const tampered = Buffer.from(JSON.stringify({ sub: 'bob' })).toString('base64url');
      const statuses: Record<string, number> = {};
      for (const [what, token] of Object.entries({
        good: authorization,
        none: undefined,
        garbage: 'Bearer x.y.z',
        tampered: `${head}.${tampered}.${signature}`,
        unsigned: `${head}.${body}.`,
        'another key': forged(engine, {}),
        'no algorithm': forged(engine, {}, 'none'),
        'a shared secret': forged(engine, {}, 'HS256'),
      })) {
        statuses[what] = (await list(engine, token)).statusCode;
      }
      const { good, ...others } = statuses;
      expect(good).toBe(200);
      expect(new Set(Object.values(others))).toEqual(new Set([401]));
    });
  });

  it('refuses a token of the pool for another client, and one that has expired', async () => {
    await withEventDriven({}, async (engine) => {
      const [pool] = engine.userPools.values();
      const [client] = engine.template.ofType('AWS::Cognito::UserPoolClient');
      const other = `Bearer ${pool?.accessToken('alice', 'another-client')}`;
      const short = `Bearer ${pool?.accessToken('bob', client?.name ?? '', 60)}`;
      expect((await list(engine, other)).statusCode).toBe(401);
      expect((await list(engine, short)).statusCode).toBe(200);
      await engine.during(new Promise<void>((done) => engine.clock.after(61_000, done)));
      expect((await list(engine, short)).statusCode).toBe(401);
    });
  });

  it('throttles as its stage says, and refuses what is too large or not there', async () => {
    await withEventDriven({}, async (engine) => {
      const headers = engine.signedIn('alice');
      const many = Array.from({ length: 150 }, () => engine.api.request({ method: 'GET', path: '/nothing', headers }));
      const statuses = (await engine.during(Promise.all(many))).map(({ statusCode }) => statusCode);
      expect(statuses.filter((status) => status === 404)).toHaveLength(100);
      expect(statuses.filter((status) => status === 429)).toHaveLength(50);
      await engine.during(new Promise<void>((done) => engine.clock.after(1000, done)));
      const body = 'x'.repeat(10 * 1024 * 1024 + 1);
      expect((await engine.request({ method: 'POST', path: '/orders', headers, body })).statusCode).toBe(413);
    });
  });
});

describe('the local API for roles', () => {
  const event: ApiRequest = {
    method: 'POST',
    path: '/events?from=back-end&to=a%20stream&to=all',
    headers: { 'user-agent': 'back end/1' },
    body: EVENT,
  };
  const MINUTE = 60_000;
  const withRoles = (use: (engine: LocalEngine) => Promise<void>) =>
    withDataPipeline({ props: { api: { authorizer: 'iam' } } }, use);
  const headersWithout = ({ headers = {}, ...request }: ApiRequest, name: string): ApiRequest => ({
    ...request,
    headers: Object.fromEntries(Object.entries(headers).filter(([each]) => each !== name)),
  });
  const replaced = ({ headers = {}, ...request }: ApiRequest, pattern: RegExp, by: string): ApiRequest => ({
    ...request,
    headers: { ...headers, authorization: String(headers['authorization'] ?? '').replace(pattern, by) },
  });

  it('lets in what the role signed, up to five minutes ago or ahead', async () => {
    await withRoles(async (engine) => {
      const now = engine.clock.now();
      const { headers = {}, ...request } = await signedRequest(engine, event);
      const capitals = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]));
      for (const good of [
        { ...request, headers },
        { ...request, headers: capitals },
        headersWithout({ ...request, headers }, 'user-agent'),
        await signedRequest(engine, event, { at: now - 5 * MINUTE }),
        await signedRequest(engine, event, { at: now + 5 * MINUTE }),
        await signedRequest(engine, { ...event, body: EVENT.replace('/books', '/café') }),
      ]) {
        expect(await engine.api.request(good)).toMatchObject({ statusCode: 200 });
      }
    });
  });

  it('answers 403 to everything else, and puts nothing into the stream', async () => {
    await withRoles(async (engine) => {
      const { credentials } = engine.role;
      const { accessKeyId, secretAccessKey } = credentials;
      const now = engine.clock.now();
      const good = await signedRequest(engine, event);
      const sign = (signing: Signing) => signedRequest(engine, event, signing);
      const bad: Record<string, ApiRequest> = {
        'no signature': event,
        'a token': { ...event, headers: { authorization: 'Bearer x.y.z' } },
        'another body': { ...good, body: String(event.body).replace('s-1', 's-2') },
        'another body, without its hash': headersWithout({ ...good, body: '{}' }, 'x-amz-content-sha256'),
        'another path': { ...good, path: '/events' },
        'another parameter': { ...good, path: good.path.replace('all', 'none') },
        'another host': { ...good, headers: { ...good.headers, host: 'example.com' } },
        'a header that is gone': headersWithout(good, 'content-type'),
        'a host that is not signed': await sign({ unsigned: ['host'] }),
        'a time that is not signed': await sign({ unsigned: ['x-amz-date'] }),
        'a header that is not signed any more': replaced(good, /content-type;/, ''),
        'no time': headersWithout(good, 'x-amz-date'),
        'a time that is none': { ...good, headers: { ...good.headers, 'x-amz-date': '20261399T000000Z' } },
        'five minutes and a second ago': await sign({ at: now - 5 * MINUTE - 1000 }),
        'five minutes and a second ahead': await sign({ at: now + 5 * MINUTE + 1000 }),
        'another day': replaced(good, /\/\d{8}\//, '/20251231/'),
        'another secret': await sign({ credentials: { ...credentials, secretAccessKey: 'guessed' } }),
        'another key': await sign({ credentials: { ...credentials, accessKeyId: 'AKIAIOSFODNN7EXAMPLE' } }),
        'another session': await sign({ credentials: { ...credentials, sessionToken: 'x' } }),
        'no session': await sign({ credentials: { accessKeyId, secretAccessKey } }),
        'another region': await sign({ region: 'us-east-1' }),
        'a scope of another region': replaced(good, /eu-west-1/, 'us-east-1'),
        'another service': await sign({ service: 'kinesis' }),
        'a scope of another service': replaced(good, /execute-api/, 'kinesis'),
        'a signature of noughts': replaced(good, /Signature=.*/, `Signature=${'0'.repeat(64)}`),
      };
      const answers = await Promise.all(
        Object.entries(bad).map(async ([what, request]) => [what, await engine.api.request(request)] as const),
      );
      expect(answers.filter(([, { statusCode }]) => statusCode !== 403)).toEqual([]);
      expect(new Set(answers.map(([, { body }]) => body))).toEqual(new Set(['{"message":"Forbidden"}']));
      const stream = engine.stores.kinesis.stream(engine.find('AWS::Kinesis::Stream', '').name);
      expect(stream.records()).toEqual([]);
      expect((await engine.api.request(good)).statusCode).toBe(200);
    });
  });

  it('takes a body whose hash is not among the headers', async () => {
    await withRoles(async (engine) => {
      const unhashed = await signedRequest(engine, event, { unsigned: ['x-amz-content-sha256'] });
      expect((await engine.api.request(headersWithout(unhashed, 'x-amz-content-sha256'))).statusCode).toBe(200);
      const other = { ...headersWithout(unhashed, 'x-amz-content-sha256'), body: '{}' };
      expect((await engine.api.request(other)).statusCode).toBe(403);
    });
  });

  it('tells a function who calls', async () => {
    const outdir = mkdtempSync(join(tmpdir(), 'groundplan-api-'));
    const app = testApp({ outdir });
    const stack = new Stack(app, 'Mine');
    const { key } = new DataKey(stack, 'Key', { stage: stages.dev, description: 'Logs' });
    const common = { stage: stages.dev, encryptionKey: key };
    const code = HandlerCode.entry(join(__dirname, 'who-calls-fixture.ts'));
    const { function: whoCalls } = new HandlerFunction(stack, 'WhoCalls', {
      ...common,
      code,
      serviceName: 'who',
      timeout: Duration.seconds(3),
    });
    new IamHttpApi(stack, 'Api', common).route(HttpMethod.GET, '/me/{part}', whoCalls);
    app.synth();
    const engine = await LocalEngine.start(readStack(outdir, 'Mine'));
    const request = await signedRequest(engine, { method: 'GET', path: '/me/first%20name' });
    const { statusCode, body = '' } = await engine.request(request);
    await engine.stop();
    rmSync(outdir, { recursive: true, force: true });
    expect(statusCode).toBe(200);
    const principal = expect.stringMatching(/^AROA[A-Z2-7]{17}:local$/);
    expect(JSON.parse(body)).toEqual({
      iam: {
        accessKey: engine.role.credentials.accessKeyId,
        accountId: '111111111111',
        callerId: principal,
        cognitoIdentity: null,
        principalOrgId: null,
        userArn: 'arn:aws:sts::111111111111:assumed-role/local-sender/local',
        userId: principal,
      },
    });
  });

  it('has credentials of its own in each run, the same for a seed', async () => {
    const keyOf = (seed: number) => withDataPipeline({ seed }, async ({ role }) => role.credentials.secretAccessKey);
    expect(await keyOf(1)).toBe(await keyOf(1));
    expect(await keyOf(1)).not.toBe(await keyOf(2));
  });
});
