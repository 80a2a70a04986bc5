import type { Actor } from './session';

/** Tokens that must be refused, made of a valid one. */
export const FORGERIES: Readonly<Record<string, (actor: Actor, other: Actor) => string | undefined>> = {
  missing: () => undefined,
  empty: () => '',
  'scheme alone': () => 'Bearer ',
  'another scheme': ({ token }) => `Basic ${token}`,
  expired: ({ expiredToken }) => `Bearer ${expiredToken}`,
  'cut short': ({ token }) => `Bearer ${token.slice(0, -8)}`,
  'without a signature': ({ token }) => `Bearer ${token.split('.').slice(0, 2).join('.')}.`,
  'said to need no signature': ({ token }) =>
    `Bearer ${part({ alg: 'none', typ: 'JWT' })}.${token.split('.')[1] ?? ''}.`,
  "another's claims": ({ token }, other) => withClaims(token, other.token),
  'of another subject': ({ token }) => withClaims(token, undefined, { sub: '11111111-1111-4111-8111-111111111111' }),
  'of no subject': ({ token }) => withClaims(token, undefined, { sub: null }),
  'not a token': () => 'Bearer a.b.c',
  'no text at all': () => `Bearer ${'\u00ff'.repeat(20)}`,
  'far too long': () => `Bearer ${'a'.repeat(6000)}`,
};

/** A token whose signature is right for other claims. */
function withClaims(token: string, other: string | undefined, claims: object = {}): string {
  const [head = '', payload = '', signature = ''] = token.split('.');
  const taken = (other ?? '').split('.')[1] ?? payload;
  const known = JSON.parse(Buffer.from(taken, 'base64url').toString()) as object;
  return `Bearer ${head}.${part({ ...known, ...claims, admin: true })}.${signature}`;
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
