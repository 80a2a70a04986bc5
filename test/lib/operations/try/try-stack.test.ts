import { describe, expect, it } from 'vitest';
import { withDeployed } from './stack-fixture';

describe('groundplan try', () => {
  it('asks as the user whom it makes, and deletes the user', async () => {
    await withDeployed({ answers: [{ status: 201, body: '{"id":1}' }] }, async ({ run, calls, asked, left }) => {
      const { code, out, listening } = await run('Shop');
      expect([code, left(), listening]).toEqual([0, [], 0]);
      expect(asked).toEqual(['POST /things Bearer eyJ', 'DELETE /things/1 Bearer eyJ']);
      expect(out).toMatch(/^\nPOST http:\S+\/things\n{"name":"it's"}\n201 {"id":1}\n/);
      expect(out).toContain(`-d '{"name":"it'\\''s"}'`);
      expect(calls).toEqual([
        'cloudformation:DescribeStacks',
        'cloudformation:GetTemplate',
        'cognito-idp:AdminCreateUser',
        'cognito-idp:AdminSetUserPassword',
        'cognito-idp:AdminInitiateAuth',
        'cognito-idp:AdminDeleteUser',
      ]);
    });
  });

  it.each([
    ['a stack that is not there', 'Other', {}, 1, /^There is no stack Other in eu-west-1: check the name, --region/],
    [
      'a stack that is being made',
      'Shop',
      { status: 'CREATE_IN_PROGRESS' },
      1,
      /Shop in eu-west-1 is CREATE_IN_PROGRESS/,
    ],
    ['a stack that failed', 'Shop', { status: 'ROLLBACK_COMPLETE' }, 1, /Shop in eu-west-1 is ROLLBACK_COMPLETE/],
    ['a stack of others', 'Shop', { metadata: {} }, 1, /^Shop does not say which pattern it is\./],
    [
      'a stack with half a mark',
      'Shop',
      { metadata: { groundplan: { stage: 'dev' } } },
      1,
      /does not say which pattern/,
    ],
    ['a template in YAML', 'Shop', { template: 'Resources: {}' }, 1, /^Shop does not say which pattern it is\./],
    [
      'a pattern that it does not know',
      'Shop',
      { metadata: { groundplan: { pattern: 'toString', stage: 'dev' } } },
      1,
      /^Shop is of the pattern toString, which has no first request; available: things$/,
    ],
    [
      'another stage, without a line for the first user',
      'Shop',
      { metadata: { groundplan: { pattern: 'things', stage: 'prod' } } },
      2,
      /^Shop is of stage prod; groundplan try makes users in stage dev alone, and made nothing\.$/,
    ],
    ['users of yours', 'Shop', { outputs: { Try: undefined } }, 1, /^Shop has no output Try: its users are of a pool/],
    ['an output that is missing', 'Shop', { outputs: { ApiUrl: undefined } }, 1, /^Shop has no output ApiUrl, which/],
    ['no pool among the outputs', 'Shop', { outputs: { UserPoolId: undefined } }, 1, /^Shop has no output UserPoolId,/],
  ] as const)('makes nothing for %s', async (_, stack, deployed, expected, message) => {
    await withDeployed(deployed, async ({ run, calls, asked }) => {
      const { code, out, err } = await run(stack);
      expect([code, out, err]).toEqual([expected, '', expect.stringMatching(message)]);
      expect(asked).toEqual([]);
      expect(calls.filter((call) => call.startsWith('cognito-idp'))).toEqual([]);
    });
  });

  it.each(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE'])(
    'tries a stack that is %s',
    async (status) => {
      await withDeployed({ status }, async ({ run }) => expect((await run('Shop')).code).toBe(0));
    },
  );

  it.each([
    'cloudformation:DescribeStacks',
    'cloudformation:GetTemplate',
    'cognito-idp:AdminCreateUser',
    'cognito-idp:AdminSetUserPassword',
    'cognito-idp:AdminInitiateAuth',
  ])('names the IAM action when %s is denied, and leaves no user', async (denied) => {
    await withDeployed({ denied }, async ({ run, left }) => {
      const { code, err } = await run('Shop');
      expect([code, err.split('\n').at(-1)]).toEqual([
        1,
        expect.stringMatching(`^Not allowed: ${denied} in eu-west-1\\. AccessDeniedException: no`),
      ]);
      expect(left()).toEqual([]);
    });
  });

  it('says how to delete the user when it may not, and fails', async () => {
    await withDeployed({ denied: 'cognito-idp:AdminDeleteUser' }, async ({ run, left }) => {
      const { code, out, err } = await run('Shop');
      const [user] = left();
      expect([code, user]).toEqual([1, expect.stringMatching(/^try-/)]);
      expect(err).toMatch(/was not deleted\. Not allowed: cognito-idp:AdminDeleteUser in eu-west-1/);
      expect(err).toContain(
        `aws cognito-idp admin-delete-user --region eu-west-1 --user-pool-id eu-west-1_Pool --username ${user}`,
      );
      expect(out).toContain(`The user ${user} stays.`);
    });
  });

  it('leaves a user alone who exists', async () => {
    await withDeployed({}, async ({ run, left }) => {
      expect((await run('Shop --keep --email a@example.com')).code).toBe(0);
      const { code, err } = await run('Shop --email a@example.com');
      expect([code, err]).toEqual([1, expect.stringMatching(/a@example\.com exists already, and is left alone/)]);
      expect(left()).toEqual(['a@example.com']);
    });
  });

  it('says what to do when the client takes no password, and leaves no user', async () => {
    await withDeployed({ flows: ['ALLOW_USER_SRP_AUTH'] }, async ({ run, left }) => {
      const { code, err } = await run('Shop');
      expect([code, left()]).toEqual([1, []]);
      expect(err).toMatch(
        /The client client does not take ADMIN_USER_PASSWORD_AUTH: deploy the stack again in stage dev/,
      );
    });
  });

  it.each([
    [{ 'apigw-requestid': 'abc=' }, 'abc='],
    [{ 'x-amzn-requestid': 'def' }, 'def'],
    [{ 'x-amz-cf-id': 'ghi' }, 'ghi'],
    [{}, 'none'],
  ])('shows a refusal with its request id (%j) and where the logs are', async (headers, id) => {
    await withDeployed(
      { answers: [{ status: 400, body: '{"code":"bad"}', headers }] },
      async ({ run, asked, left }) => {
        const { code, out, err } = await run('Shop');
        expect([code, out, asked.length, left()]).toEqual([1, '', 1, []]);
        expect(err).toMatch(/POST http:\S+\/things was answered 400: {"code":"bad"}\n/);
        expect(err).toContain(
          `Request id: ${id}. Its logs:\naws logs tail Shop-ApiLogs-1 --since 15m --region eu-west-1`,
        );
        expect(err).not.toContain('OtherLogs');
      },
    );
  });

  it('shows a refusal also where the logs cannot be listed', async () => {
    const denied = 'cloudformation:ListStackResources';
    await withDeployed({ denied, answers: [{ status: 500, body: 'oh' }] }, async ({ run }) => {
      const { code, err } = await run('Shop');
      expect([code, err]).toEqual([
        1,
        expect.stringMatching(/answered 500: oh\n.*log groups of the stack Shop, which could not/),
      ]);
    });
  });

  it('deletes what the first request made, unless it is to stay', async () => {
    await withDeployed({}, async ({ run, asked }) => {
      expect((await run('Shop --keep')).code).toBe(0);
      expect(asked).toEqual(['POST /things Bearer eyJ']);
    });
  });

  it.each([
    [{ status: 500, body: 'oh' }, '500 oh'],
    [{ status: 0, cut: true } as const, '(UND_ERR_SOCKET|ECONNRESET)'],
  ])('says what it could not delete (%j)', async (last, why) => {
    await withDeployed({ answers: [{ status: 200, body: '{}' }, last] }, async ({ run, left }) => {
      const { code, err } = await run('Shop');
      expect([code, left()]).toEqual([0, []]);
      expect(err).toMatch(new RegExp(`\nNot deleted: http:\\S+/things/1 \\(${why}\\)\\.$`));
    });
  });

  it('sends a file without the token, and shows how S3 refuses it', async () => {
    const refused = { status: 403, body: '<Error/>', headers: { 'x-amz-request-id': 's3-1' } };
    const outputs = { UploadUrl: '/bucket' };
    await withDeployed({ outputs, answers: [{ status: 200, body: '{}' }, refused] }, async ({ run, asked, left }) => {
      const { code, err } = await run('Shop');
      expect([code, asked.at(-1), left()]).toEqual([1, 'POST /bucket undefined', []]);
      expect(err).toMatch(/POST http:\S+\/bucket was answered 403: <Error\/>\nRequest id: s3-1\. Its logs:/);
    });
  });

  it('shows what is no answer of an API', async () => {
    await withDeployed({ answers: [{ status: 200, body: '<!doctype html>' }] }, async ({ run, left }) => {
      const { code, err } = await run('Shop');
      expect([code, left()]).toEqual([1, []]);
      expect(err).toMatch(/POST http:\S+\/things was answered 200, and not in JSON: <!doctype html>$/);
    });
  });

  it.each([429, 502, 503, 504])('asks again while the API answers %i, and then is answered', async (status) => {
    await withDeployed(
      { answers: [{ status }, { status }, { status: 200, body: '1' }] },
      async ({ run, asked, waited }) => {
        const { code, err } = await run('Shop');
        expect([code, asked.length, waited]).toEqual([0, 4, [2000, 4000]]);
        expect(err).toContain(`Not ready yet (${status}); again in 2 s.`);
      },
    );
  });

  it('asks again when it got no answer, for two minutes', async () => {
    await withDeployed({ answers: [{ status: 0, cut: true }] }, async ({ run, asked, waited, left }) => {
      const { code, err } = await run('Shop');
      const total = waited.reduce((sum, each) => sum + each, 0);
      expect([code, left(), asked.length]).toEqual([1, [], waited.length + 1]);
      expect(total).toBeLessThanOrEqual(120_000);
      expect(total + 15_000).toBeGreaterThan(120_000);
      expect(err).toMatch(/POST http:\S+\/things got no answer: (UND_ERR_SOCKET|ECONNRESET)\.$/);
    });
  });

  it('stops at Ctrl-C, and leaves no user', async () => {
    await withDeployed({ answers: [{ status: 503 }] }, async ({ run, left }) => {
      const { code, out, err, listening } = await run('Shop', { interruptsAfter: 0 });
      expect([code, out, left(), listening]).toEqual([130, '', [], 0]);
      expect(err).toMatch(/Stopping\. Press Ctrl-C again/);
      expect(err).toMatch(/\nInterrupted\.$/);
    });
  });
});
