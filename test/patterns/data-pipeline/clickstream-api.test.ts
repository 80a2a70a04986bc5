// @project synthesis

import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { describe, expect, it } from 'vitest';
import { ResolvedTemplate, type TemplateDocument } from '../../../local/assembly/resolved-template';
import { AwsError } from '../../../local/aws/service';
import { sleep } from '../../../local/clock/clock';
import type { LocalEngine } from '../../../local/engine/local-engine';
import { ClickstreamPipeline, type ClickstreamPipelineProps } from '../../../patterns/data-pipeline';
import { EVENTS_PATH } from '../../../patterns/data-pipeline/contract';
import { signedRequest } from '../../local/engine/signed-request-fixture';
import { MAIL_FROM, resourcesOf, testApp } from '../../synthesize';
import { withDataPipeline } from './engine-fixture';

type ApiProps = Pick<ClickstreamPipelineProps, 'api' | 'existing'>;

function pipeline(props: ApiProps = {}, stack = new Stack(testApp(), 'Mine')): ClickstreamPipeline {
  return new ClickstreamPipeline(stack, 'Clicks', { alarmEmail: 'ops@example.com', ...props });
}
const templateOf = (of: ClickstreamPipeline) => Template.fromStack(Stack.of(of));
const typesOf = (of: ClickstreamPipeline) =>
  new Set(Object.values(resourcesOf(templateOf(of))).map(({ Type }) => Type));
const only = (of: ClickstreamPipeline, type: string) => {
  const [first, ...more] = Object.values(resourcesOf(templateOf(of), type));
  expect(more).toEqual([]);
  return first?.Properties;
};
const ROUTE = 'AWS::ApiGatewayV2::Route';
const iam = { api: { authorizer: 'iam' } } as const;

describe('the way in by HTTP', () => {
  it('is for users with a token, unless told otherwise', () => {
    for (const props of [{}, { api: { authorizer: 'jwt' } }] as const) {
      const built = pipeline(props);
      expect(only(built, ROUTE)).toMatchObject({ RouteKey: 'POST /events', AuthorizationType: 'JWT' });
      expect(only(built, 'AWS::ApiGatewayV2::Authorizer')).toMatchObject({ AuthorizerType: 'JWT' });
      expect(only(built, 'AWS::Cognito::UserPool')).toBeDefined();
    }
  });

  it('takes users that you bring', () => {
    const stack = new Stack(testApp(), 'Mine');
    const userPool = new UserPool(stack, 'Customers');
    const built = pipeline({ existing: { users: { userPool, clients: [userPool.addClient('Shop')] } } }, stack);
    expect(built.api?.users).toBeUndefined();
    expect(Object.keys(resourcesOf(templateOf(built), 'AWS::Cognito::UserPool'))).toHaveLength(1);
  });

  it('lets mail to its users come from the address that is passed, and otherwise from Cognito', () => {
    const sender = (of: ClickstreamPipeline) => only(of, 'AWS::Cognito::UserPool')?.['EmailConfiguration'];
    expect(sender(pipeline())).toBeUndefined();
    expect(sender(pipeline({ api: { mailFrom: MAIL_FROM } }))).toMatchObject({
      EmailSendingAccount: 'DEVELOPER',
      From: MAIL_FROM,
    });
  });

  it('refuses a sender where it makes no users, or that is none', () => {
    const stack = new Stack(testApp(), 'Mine');
    const userPool = new UserPool(stack, 'Customers');
    const users = { userPool, clients: [userPool.addClient('Shop')] };
    const ours = /api.mailFrom is 'accounts@example.com'; allowed: only without .*\[cognito-ses-for-email\]/;
    expect(() => pipeline({ api: { mailFrom: MAIL_FROM }, existing: { users } }, stack)).toThrow(ours);
    expect(() => pipeline({ api: { mailFrom: MAIL_FROM, authorizer: 'iam' } })).toThrow(ours);
    expect(() => pipeline({ api: { mailFrom: 'accounts' } })).toThrow(/email.from is 'accounts'/);
  });

  it('is for roles with "iam", without a user pool or an authorizer to keep', () => {
    const built = pipeline(iam);
    const { AuthorizerId, ...route } = only(built, ROUTE) ?? {};
    expect(route).toMatchObject({ RouteKey: 'POST /events', AuthorizationType: 'AWS_IAM' });
    expect(AuthorizerId).toBeUndefined();
    expect(built.api?.users).toBeUndefined();
    expect([...typesOf(built)].filter((type) => /Cognito|Authorizer/.test(type))).toEqual([]);
  });

  it('is not there with "false", nor anything of it', () => {
    const built = pipeline({ api: false });
    expect(built.api).toBeUndefined();
    expect([...typesOf(built)].filter((type) => /Cognito|ApiGateway/.test(type))).toEqual([]);
  });

  it('throttles, logs who called but no credentials, and names its origins, whoever may call', () => {
    const who = {
      jwt: ['sub', '$context.authorizer.claims.sub'],
      iam: ['userArn', '$context.identity.userArn'],
    } as const;
    for (const authorizer of ['jwt', 'iam'] as const) {
      const [field, variable] = who[authorizer];
      const template = templateOf(pipeline({ api: { authorizer, allowedOrigins: ['https://shop.example.com'] } }));
      template.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
        DefaultRouteSettings: Match.objectLike({ ThrottlingRateLimit: Match.anyValue() }),
        AccessLogSettings: { Format: Match.serializedJson(Match.objectLike({ [field]: variable })) },
      });
      const log = JSON.stringify(resourcesOf(template, 'AWS::ApiGatewayV2::Stage'));
      expect(log).not.toMatch(/accessKey|authorization"|token/i);
      const signing = authorizer === 'iam' ? ['x-amz-content-sha256', 'x-amz-date', 'x-amz-security-token'] : [];
      template.hasResourceProperties('AWS::ApiGatewayV2::Api', {
        CorsConfiguration: {
          AllowOrigins: ['https://shop.example.com'],
          AllowHeaders: ['authorization', 'content-type', 'idempotency-key', ...signing],
        },
      });
    }
  });

  it.each<[string, ApiProps | ((stack: Stack) => ApiProps), RegExp]>([
    [
      'users with "iam"',
      (stack) => {
        const userPool = new UserPool(stack, 'Customers');
        return { ...iam, existing: { users: { userPool, clients: [userPool.addClient('Shop')] } } };
      },
      /^Mine\/Clicks\/Api: existing.users is 'Mine\/Customers'; allowed: no value with api.authorizer 'iam'.*omit existing.users/,
    ],
    [
      'users without a client',
      (stack) => ({ existing: { users: { userPool: new UserPool(stack, 'Customers'), clients: [] } } }),
      /userPoolClients is '\[\]'; allowed: at least one client/,
    ],
    [
      'any origin',
      { api: { ...iam.api, allowedOrigins: ['*'] } },
      /allowedOrigins is '\*'.*any site could send requests/,
    ],
    ['an origin with a path', { api: { allowedOrigins: ['https://shop.example.com/'] } }, /allowedOrigins is 'https/],
    ['plain HTTP', { api: { allowedOrigins: ['http://shop.example.com'] } }, /allowedOrigins is 'http:/],
  ])('refuses %s', (_, props, message) => {
    const stack = new Stack(testApp(), 'Mine');
    expect(() => pipeline(typeof props === 'function' ? props(stack) : props, stack)).toThrow(message);
  });
});

describe('grantSend', () => {
  const roleIn = (stack: Stack) =>
    new Role(stack, 'Sender', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });

  it('lets a role call the one route of the one stage, and nothing else', () => {
    const built = pipeline(iam);
    const stack = Stack.of(built);
    built.api?.grantSend(roleIn(stack));
    const document = Template.fromStack(stack).toJSON() as TemplateDocument;
    const template = new ResolvedTemplate(document, {
      account: '111111111111',
      region: 'eu-west-1',
      stackName: 'Mine',
    });
    const api = template.ofType('AWS::ApiGatewayV2::Api')[0]?.name ?? '';
    const policies = template.ofType('AWS::IAM::Policy').filter(({ logicalId }) => logicalId.startsWith('Sender'));
    expect(policies.map(({ properties }) => properties['PolicyDocument'])).toEqual([
      {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: 'execute-api:Invoke',
            Resource: `arn:aws:execute-api:eu-west-1:111111111111:${api}/$default/POST/events`,
          },
        ],
      },
    ]);
  });

  it('is refused where a token lets in, and where nothing could', () => {
    const built = pipeline();
    expect(() => built.api?.grantSend(roleIn(Stack.of(built)))).toThrow(
      /^Mine\/Clicks\/Api: api.authorizer is 'jwt'; allowed: 'iam' for grantSend.*let the role use the producer/,
    );
    const stack = new Stack(testApp(), 'Mine', { env: { account: '111111111111', region: 'eu-west-1' } });
    const theirs = Role.fromRoleArn(stack, 'Theirs', 'arn:aws:iam::222222222222:role/sender');
    expect(() => pipeline(iam, stack).api?.grantSend(theirs)).toThrow(
      /the grantee's account is '222222222222'; allowed: 111111111111.*assume a role of this account/,
    );
  });
});

describe('an event by HTTP', () => {
  const event = { event_id: 'e-1', event_type: 'purchase', session_id: 's-1', page: '/checkout', amount_cents: 1990 };
  const eventAt = (engine: LocalEngine) => ({ ...event, occurred_at: new Date(engine.clock.now()).toISOString() });
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const recordsOf = (engine: LocalEngine) =>
    engine.stores.kinesis.stream(engine.find('AWS::Kinesis::Stream', 'ClickstreamEvents').name).records();

  /** Posts a body as a caller who is let in. */
  async function post(engine: LocalEngine, body: string | undefined) {
    const request = { method: 'POST', path: EVENTS_PATH, ...(body !== undefined && { body }) };
    const roles = engine.template.ofType('AWS::Cognito::UserPool').length === 0;
    return engine.request(
      roles ? await signedRequest(engine, request) : { ...request, headers: engine.signedIn('alice') },
    );
  }

  describe.each(['jwt', 'iam'] as const)('with %s', (authorizer) => {
    it('comes into the stream as it is, by its session, and is counted', async () => {
      await withDataPipeline({ props: { api: { authorizer } } }, async (engine) => {
        const body = JSON.stringify({ ...eventAt(engine), colour: 'red', page: '/café' });
        const answer = await post(engine, body);
        expect(answer.statusCode).toBe(200);
        expect(JSON.parse(answer.body ?? '')).toMatchObject({
          ShardId: 'shardId-000000000000',
          SequenceNumber: expect.stringMatching(/^\d{56}$/),
          EncryptionType: 'KMS',
        });
        expect(recordsOf(engine)).toMatchObject([{ partitionKey: 's-1', data: base64(body) }]);
        await engine.settle();
        expect(engine.metrics.total('EventsAggregated')).toBe(1);
      });
    });

    it('comes likewise in base64, by a key of its sender', async () => {
      await withDataPipeline({ props: { api: { authorizer } } }, async (engine) => {
        const data = base64(JSON.stringify(eventAt(engine)));
        for (const key of ['k', 'k'.repeat(256)]) {
          expect((await post(engine, JSON.stringify({ key, data }))).statusCode).toBe(200);
        }
        expect(recordsOf(engine).map((each) => [each.partitionKey.length, each.data])).toEqual([
          [1, data],
          [256, data],
        ]);
      });
    });

    it('is refused from anyone', async () => {
      await withDataPipeline({ props: { api: { authorizer } } }, async (engine) => {
        const body = JSON.stringify(eventAt(engine));
        const { statusCode } = await engine.api.request({ method: 'POST', path: EVENTS_PATH, body });
        expect(statusCode).toBe(authorizer === 'jwt' ? 401 : 403);
        expect(recordsOf(engine)).toEqual([]);
      });
    });
  });

  it("tells a client's mistake with a code and a field, puts nothing into the stream, and sets off no alarm", async () => {
    await withDataPipeline({ stage: 'prod' }, async (engine) => {
      const good = eventAt(engine);
      const data = base64(JSON.stringify(good));
      const of = (more: object) => JSON.stringify({ ...good, ...more });
      const late = new Date(engine.clock.now() + 6 * 60_000).toISOString();
      const mistakes: readonly (readonly [body: string | undefined, status: number, code: string, field?: string])[] = [
        [undefined, 400, 'not_json'],
        ['', 400, 'not_json'],
        ['key=s-1', 400, 'not_json'],
        ['null', 400, 'not_an_object'],
        ['[]', 400, 'not_an_object'],
        ['"text"', 400, 'not_an_object'],
        [of({ session_id: undefined }), 400, 'missing', 'session_id'],
        [of({ session_id: '' }), 400, 'out_of_range', 'session_id'],
        [of({ session_id: 'k'.repeat(257) }), 400, 'out_of_range', 'session_id'],
        [of({ session_id: 7 }), 400, 'wrong_type', 'session_id'],
        [of({ event_type: '__proto__' }), 400, 'out_of_range', 'event_type'],
        [of({ event_type: 'toString' }), 400, 'out_of_range', 'event_type'],
        [of({ amount_cents: undefined }), 400, 'missing', 'amount_cents'],
        [of({ amount_cents: Number.MAX_SAFE_INTEGER }), 400, 'out_of_range', 'amount_cents'],
        [of({ occurred_at: '2026-11-23 10:15:00' }), 400, 'wrong_type', 'occurred_at'],
        [of({ occurred_at: late }), 400, 'clock_skew', 'occurred_at'],
        [of({ colour: 'x'.repeat(2 ** 20) }), 413, 'too_large'],
        [data, 400, 'not_json'],
        [JSON.stringify({ data }), 400, 'out_of_range', 'key'],
        [JSON.stringify({ key: '', data }), 400, 'out_of_range', 'key'],
        [JSON.stringify({ key: 'k'.repeat(257), data }), 400, 'out_of_range', 'key'],
        [JSON.stringify({ key: 7, data }), 400, 'out_of_range', 'key'],
        [JSON.stringify({ key: 's-1' }), 400, 'missing', 'event_id'],
        [JSON.stringify({ key: 's-1', data: good }), 400, 'not_base64', 'data'],
        [JSON.stringify({ key: 's-1', data: JSON.stringify(good) }), 400, 'not_base64', 'data'],
        [JSON.stringify({ key: 's-1', data: 'abc' }), 400, 'not_base64', 'data'],
        [JSON.stringify({ key: 's-1', data: '' }), 400, 'not_json'],
        [JSON.stringify({ key: 's-1', data: base64('no event') }), 400, 'not_json'],
        [JSON.stringify({ key: 's-1', data: '//8=' }), 400, 'not_utf8'],
      ];
      for (const [body, statusCode, code, field] of mistakes) {
        const answer = await post(engine, body);
        expect({ ...answer, body: JSON.parse(answer.body ?? '') }, body?.slice(0, 200)).toMatchObject({
          statusCode,
          headers: { 'content-type': 'application/problem+json' },
          body: { code, ...(field !== undefined && { field }) },
        });
      }
      expect((await post(engine, ' '.repeat(10 * 1024 * 1024 + 1))).statusCode).toBe(413);
      expect(recordsOf(engine)).toEqual([]);
      await engine.during(sleep(engine.clock, 30 * 60_000));
      expect(engine.firedAlarms()).toEqual([]);
    });
  });

  it('takes a record of 1 MiB with its key, and not of a byte more', async () => {
    await withDataPipeline({}, async (engine) => {
      const sized = (bytes: number) => {
        const body = JSON.stringify({ ...eventAt(engine), colour: '' });
        const room = bytes - Buffer.byteLength(body) - 's-1'.length;
        return body.replace('"colour":""', `"colour":"${'x'.repeat(room)}"`);
      };
      expect((await post(engine, sized(2 ** 20))).statusCode).toBe(200);
      expect((await post(engine, sized(2 ** 20 + 1))).statusCode).toBe(413);
    });
  });

  it('is answered "come back later" while its shard is full, and the alarm is that of the stream', async () => {
    await withDataPipeline({ stage: 'prod', faults: { throttles: 1 } }, async (engine) => {
      for (let index = 0; index < 60; index += 1) {
        const answer = await post(engine, JSON.stringify(eventAt(engine)));
        expect(answer).toMatchObject({ statusCode: 429, headers: { 'retry-after': '1' } });
      }
      await engine.during(sleep(engine.clock, 10 * 60_000));
      expect(engine.firedAlarms().map((id) => /Alarms(\w+?)[0-9A-F]{8}$/.exec(id)?.[1])).toEqual([
        'EventsWriteThrottles',
      ]);
    });
  });

  it('is a 5xx that pages when Kinesis itself fails', async () => {
    await withDataPipeline({ stage: 'prod' }, async (engine) => {
      engine.stores.kinesis.call = () => {
        throw new AwsError('InternalFailureException', 'Internal failure', 500);
      };
      for (let index = 0; index < 60; index += 1) {
        expect((await post(engine, JSON.stringify(eventAt(engine)))).statusCode).toBe(503);
      }
      await engine.during(sleep(engine.clock, 10 * 60_000));
      expect(engine.firedAlarms().join()).toMatch(/AlarmsErrorRate/);
    });
  });
});
