import fc from 'fast-check';
import { bodyMutations } from './body-mutations';
import type { Draft, Mutation } from './draft';
import { encoded, nastyHeader, nastySegment, nastyText } from './nasty';
import { withHeader } from './request';
import type { Session } from './session';
import { tampering } from './tampering';
import { FORGERIES } from './tokens';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'get', 'PROPFIND', 'X'] as const;
const TYPES = [
  ...['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx', 'application/json;charset=utf-16', ''],
  ...[
    'application/JSON',
    'application/octet-stream',
    'multipart/form-data; boundary=x',
    'image/png',
    'a/b, application/json',
  ],
] as const;
/** Headers that a server may read, and what an attacker would like it to read. */
const HEADERS = [
  ...[
    'idempotency-key',
    'if-match',
    'accept',
    'cache-control',
    'content-length',
    'content-encoding',
    'transfer-encoding',
  ],
  ...['x-user', 'x-tenant', 'x-forwarded-for', 'x-http-method-override', 'host', 'cookie', 'range', 'expect', 'origin'],
  ...['x-amzn-oidc-data', 'x-request-id', '__proto__', 'constructor', 'x'.repeat(300)],
] as const;
const PARAMETERS = ['limit', 'cursor', 'q', 'user', 'tenant', 'pk', '__proto__', 'constructor', 'limit[]', ''] as const;

const methods: fc.Arbitrary<Mutation> = fc
  .constantFrom(...METHODS)
  .map((method) => (draft) => ({ ...draft, request: { ...draft.request, method } }));

const paths: fc.Arbitrary<Mutation> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(fc.nat(5), nastySegment).map(
      ([index, segment]): Mutation =>
        (draft) =>
          withPath(draft, (segments) => segments.with(-1 - (index % segments.length), segment)),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.nat(20).map(
      (pick): Mutation =>
        (draft, session) => {
          const { id } = session.things[pick % Math.max(1, session.things.length)] ?? {};
          return id === undefined ? draft : withPath(draft, (segments) => segments.with(-1, encoded(id)));
        },
    ),
  },
  {
    weight: 2,
    arbitrary: nastySegment.map(
      (segment): Mutation =>
        (draft) =>
          withPath(draft, (segments) => [...segments, segment]),
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom<(path: string) => string>(
        (path) => `/${path}`,
        (path) => `${path}/`,
        (path) => path.toUpperCase(),
        (path) => path.replace(/[a-z]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
        (path) => path.replace('/', '//'),
        (path) => `/x/..${path}`,
        () => '/',
      )
      .map(
        (change): Mutation =>
          (draft) => ({ ...draft, request: { ...draft.request, path: change(draft.request.path) } }),
      ),
  },
);

function withPath(draft: Draft, change: (segments: string[]) => string[]): Draft {
  const path = `/${change(draft.request.path.split('/').slice(1)).join('/')}`;
  return { ...draft, request: { ...draft.request, path } };
}

const LIMITS = [
  '',
  '0',
  '-1',
  '1',
  '100',
  '101',
  '1e2',
  '1.5',
  '99999999999999999999',
  'NaN',
  'Infinity',
  ' 5',
  '٣',
  '5,5',
];

const queries: fc.Arbitrary<Mutation> = fc.oneof(
  fc.constantFrom(...LIMITS).map((limit) => withQuery(() => `limit=${encoded(limit)}`)),
  fc
    .tuple(fc.constantFrom(...PARAMETERS), nastyText)
    .map(([name, value]) => withQuery(() => `${encoded(name)}=${encoded(value)}`)),
  fc
    .constantFrom('%', 'cursor', 'cursor=', '=', '&&', 'limit=%zz', 'cursor=%ff', 'limit')
    .map((text) => withQuery(() => text)),
  {
    weight: 4,
    arbitrary: fc.tuple(fc.nat(20), tampering()).map(([pick, tamper]) =>
      withQuery((session) => {
        const cursor = session.cursors[pick % Math.max(1, session.cursors.length)];
        return `cursor=${encoded(tamper(cursor?.text ?? 'e30'))}`;
      }),
    ),
  },
);

function withQuery(parameter: (session: Session) => string): Mutation {
  return (draft, session) => ({
    ...draft,
    request: { ...draft.request, query: [...draft.request.query, parameter(session)] },
  });
}

const headers: fc.Arbitrary<Mutation> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.tuple(fc.constantFrom(...HEADERS), nastyHeader).map(([name, value]) => header(() => [name, value])),
  },
  { weight: 2, arbitrary: fc.constantFrom(...TYPES).map((type) => header(() => ['content-type', type])) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('content-type', 'idempotency-key', 'if-match')
      .map((name) => header(() => [name, undefined])),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.nat(10), nastyHeader).map(
      ([pick, value]): Mutation =>
        (draft) => {
          const { headers: given } = draft.request;
          const [name] = given.filter(([each]) => each !== 'authorization')[pick % Math.max(1, given.length)] ?? [];
          if (name === undefined) return draft;
          return { ...draft, request: { ...draft.request, headers: [...given, [name, value]] } };
        },
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(fc.constantFrom(...Object.keys(FORGERIES)), fc.nat(3)).map(
      ([kind, pick]): Mutation =>
        (draft, session, actor) => {
          const other = session.actor(pick);
          const token = FORGERIES[kind]?.(actor, other === actor ? session.actor(pick + 1) : other);
          return { ...draft, isForged: true, request: withHeader(draft.request, 'authorization', token) };
        },
    ),
  },
);

function header(change: () => readonly [name: string, value: string | undefined]): Mutation {
  return (draft) => ({ ...draft, request: withHeader(draft.request, ...change()) });
}

/** None to three changes; more than a third of requests have none. */
export const mutations: fc.Arbitrary<readonly Mutation[]> = fc.oneof(
  { weight: 4, arbitrary: fc.constant([]) },
  {
    weight: 7,
    arbitrary: fc.array(
      fc.oneof(
        { weight: 1, arbitrary: methods },
        { weight: 3, arbitrary: paths },
        { weight: 3, arbitrary: queries },
        { weight: 4, arbitrary: headers },
        { weight: 7, arbitrary: bodyMutations },
      ),
      { minLength: 1, maxLength: 3 },
    ),
  },
);
