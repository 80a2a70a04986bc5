import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LocalUserPool, verifiedClaims } from '../../../local/aws/user-pool';
import { jsonText, nastyJson } from '../../../local/fuzz/nasty';
import { apiRequest, curlLine, type FuzzRequest, headerOf, withHeader } from '../../../local/fuzz/request';
import type { Actor } from '../../../local/fuzz/session';
import { FORGERIES } from '../../../local/fuzz/tokens';

const POST: FuzzRequest = {
  method: 'POST',
  path: '/orders/%zz',
  query: ['limit=1', 'limit=2'],
  headers: [
    ['X', '1'],
    ['x', '2'],
    ['authorization', 'Bearer secret'],
  ],
  body: '{"a":"it\'s"}',
};

describe('a request', () => {
  it('goes to the API part by part as it was drawn', () => {
    expect(apiRequest(POST)).toEqual({
      method: 'POST',
      path: '/orders/%zz?limit=1&limit=2',
      headers: { X: ['1'], x: ['2'], authorization: ['Bearer secret'] },
      body: '{"a":"it\'s"}',
    });
    expect(headerOf(POST, 'x')).toBe('1,2');
    expect(headerOf(withHeader(POST, 'x', '3'), 'x')).toBe('3');
    expect(headerOf(withHeader(POST, 'X', undefined), 'x')).toBeUndefined();
  });

  it('is shown as a line for a shell, with variables for tokens and without what no terminal shows', () => {
    const line = curlLine(POST, new Map([['secret', 'ANN']]));
    expect(line).toBe(
      `curl -X POST "$API"'/orders/%zz?limit=1&limit=2' -H "X: 1" -H "x: 2" -H "authorization: Bearer $ANN" --data-raw '{"a":"it'\\''s"}'`,
    );
    const odd = curlLine({ ...POST, body: 'a\u0000\u200b\ud800' }, new Map());
    expect(odd).toContain(String.raw`--data-raw 'a\u0000\u200b\ud800'`);
    expect(curlLine({ ...POST, body: Buffer.from([0xff]) }, new Map())).toContain(
      '--data-binary @<(base64 -d <<< /w==)',
    );
    expect(curlLine({ ...POST, body: 'a'.repeat(5000) }, new Map())).toContain('(5000 characters)');
  });
});

describe('JSON that is drawn', () => {
  it('has members and literals that no value has', () => {
    expect(jsonText(Object.fromEntries([['__proto__', 1]]))).toBe('{"__proto__":1}');
    const texts = fc.sample(nastyJson, { numRuns: 2000, seed: 1 }).map((value) => jsonText({ value }));
    for (const text of ['{"value":NaN}', '{"value":9007199254740993}', '{"value":1e400}'])
      expect(texts).toContain(text);
    expect(texts.some((text) => text.includes('raw:'))).toBe(false);
  });
});

describe('a forged token', () => {
  const pool = new LocalUserPool(
    'https://cognito-idp.eu-west-1.amazonaws.com/pool',
    () => 1_800_000_000_000,
    () => 'id',
  );
  const signIn = (user: string, validitySeconds?: number) =>
    pool.signIn({
      user,
      clientId: 'client',
      scope: 'openid',
      ...(validitySeconds !== undefined && { validitySeconds }),
    });
  const actor = (name: string): Actor => ({
    name,
    email: name,
    tenant: name,
    marker: name,
    token: signIn(name).accessToken,
    expiredToken: signIn(name, -60).accessToken,
  });
  const accepts = (header: string | undefined) =>
    verifiedClaims(/^bearer (.*)$/i.exec(header ?? '')?.[1] ?? '', pool, 1_800_000_000_000) !== undefined;

  it.each(Object.entries(FORGERIES))('%s is refused', (_, forge) => {
    const [ann, eve] = [actor('ann'), actor('eve')];
    expect(accepts(`Bearer ${ann.token}`)).toBe(true);
    expect(accepts(forge(ann, eve))).toBe(false);
  });
});
