// @node24
import type { PreSignUpTriggerEvent } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const lines: string[] = [];

beforeEach(() => {
  lines.length = 0;
  for (const method of ['log', 'info', 'debug', 'warn', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation((...said: unknown[]) => void lines.push(said.join(' ')));
  }
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((chunk) => lines.push(String(chunk)) > 0);
  }
  vi.stubEnv('ALLOWED_EMAIL_DOMAINS', 'example.com,example.org');
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

function event(email: string | undefined, triggerSource = 'PreSignUp_SignUp'): PreSignUpTriggerEvent {
  return {
    version: '1',
    region: 'eu-west-1',
    userPoolId: 'eu-west-1_Pool',
    triggerSource: triggerSource as 'PreSignUp_SignUp',
    userName: 'a-user',
    callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: 'client' },
    request: { userAttributes: email === undefined ? {} : { email } },
    response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
  };
}

async function check(given: PreSignUpTriggerEvent): Promise<unknown> {
  const { handler } = await import('../../../../lib/users/handlers/allowed-email-domains.js');
  return handler(given);
}

const errors = () => lines.filter((line) => line.includes('"level":"ERROR"'));

describe('the check of a sign-up', () => {
  it.each(['ann@example.com', 'ann@EXAMPLE.com', 'Ann+shop@Example.Org', '"a@b.net"@example.com'])(
    'lets in %s, as it came',
    async (email) => {
      const given = event(email);
      await expect(check(given)).resolves.toEqual(event(email));
      expect(lines).toEqual([]);
    },
  );

  it.each([
    'ann@example.net',
    'ann@mail.example.com',
    'ann@example.com.example.net',
    'ann@notexample.com',
    'ann@example.com.',
    'ann@example.com@example.net',
    'ann@example.com,example.org',
    'ann@',
    'example.com',
    '',
    undefined,
  ])('refuses %s', async (email) => {
    await expect(check(event(email))).rejects.toThrow(/^Only e-mail addresses of certain domains may sign up$/);
  });

  it('looks at who comes from an identity provider, and not at whom an administrator adds', async () => {
    await expect(check(event('ann@example.net', 'PreSignUp_ExternalProvider'))).rejects.toThrow('certain domains');
    await expect(check(event(undefined, 'PreSignUp_ExternalProvider'))).rejects.toThrow('certain domains');
    await expect(check(event('ann@example.com', 'PreSignUp_ExternalProvider'))).resolves.toBeDefined();
    const added = event('ann@example.net', 'PreSignUp_AdminCreateUser');
    await expect(check(added)).resolves.toBe(added);
  });

  it('counts a refusal, and logs no error and no address', async () => {
    await expect(check(event('ann@example.net'))).rejects.toThrow();
    expect(errors()).toEqual([]);
    expect(lines.join('\n')).toContain('"SignUpsRefused":1');
    expect(lines.join('\n')).not.toContain('ann');
  });

  it('logs an error when it cannot check, and lets no one in', async () => {
    vi.stubEnv('ALLOWED_EMAIL_DOMAINS', '');
    await expect(check(event('ann@example.com'))).rejects.toThrow('ALLOWED_EMAIL_DOMAINS is not set');
    expect(errors()).toHaveLength(1);
    lines.length = 0;
    const broken = { ...event(''), request: {} } as unknown as PreSignUpTriggerEvent;
    await expect(check(broken)).rejects.toThrow(TypeError);
    expect(errors()).toHaveLength(1);
  });
});
