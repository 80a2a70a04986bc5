import { describe, expect, it } from 'vitest';
import { commandsToPaste, curl } from '../../../../lib/operations/try/commands-to-paste';

const SIGN_IN = { region: 'eu-west-1', userPoolId: 'eu-west-1_P', clientId: 'c', user: 'a@example.com', password: 'p' };
const READ = { method: 'GET', url: 'https://api.example.com/a?b=c&d' } as const;

describe('commands to paste', () => {
  it('make a user only where there is none', () => {
    const actions = (isThere: boolean) =>
      [...commandsToPaste(SIGN_IN, READ, { isThere }).matchAll(/cognito-idp ([\w-]+)/g)].map(([, name]) => name);
    expect(actions(false)).toEqual(['admin-create-user', 'admin-set-user-password', 'admin-initiate-auth']);
    expect(actions(true)).toEqual(['admin-initiate-auth']);
  });

  it.each([
    [READ, `curl -s 'https://api.example.com/a?b=c&d' -H "authorization: Bearer $TOKEN"`],
    [
      { ...READ, method: 'DELETE' } as const,
      `curl -s -X DELETE 'https://api.example.com/a?b=c&d' -H "authorization: Bearer $TOKEN"`,
    ],
    [
      {
        method: 'POST',
        url: 'https://a/',
        headers: { 'idempotency-key': '1', accept: 'a' },
        body: { q: "it's" },
      } as const,
      `curl -s 'https://a/' -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' -H "idempotency-key: $(date +%s)" -H 'accept: a' -d '{"q":"it'\\''s"}'`,
    ],
    [{ method: 'POST', url: 'https://a/' } as const, `curl -s -X POST 'https://a/' -H "authorization: Bearer $TOKEN"`],
  ])('send %j by curl', (request, expected) => {
    expect(curl(request)).toBe(expected);
  });
});
