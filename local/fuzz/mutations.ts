import fc from 'fast-check';
import { encoded, INHERITED, jsonText, nastyBody, nastyHeader, nastyJson, nastySegment, nastyText } from './nasty';
import { type FuzzRequest, withHeader } from './request';
import type { Actor, Cursor, Session } from './session';
import { FORGERIES } from './tokens';

/** A request on its way to being sent. */
export interface Draft {
  readonly request: FuzzRequest;
  /** Its body as a value, as long as it is one. */
  readonly json?: unknown;
  /** Whether its token lets nobody in. */
  readonly isForged: boolean;
}

/** Changes a draft. */
export type Mutation = (draft: Draft, session: Session, actor: Actor) => Draft;

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
/** Headers that somebody may read, and what an attacker would like to be read of them. */
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
      withQuery((session, actor) => {
        const cursor = session.cursors[pick % Math.max(1, session.cursors.length)];
        const other = session.actor(pick);
        return `cursor=${encoded(tamper(cursor?.text ?? 'e30', cursor, other === actor ? session.actor(pick + 1) : other))}`;
      }),
    ),
  },
);

function withQuery(parameter: (session: Session, actor: Actor) => string): Mutation {
  return (draft, session, actor) => ({
    ...draft,
    request: { ...draft.request, query: [...draft.request.query, parameter(session, actor)] },
  });
}

type Tamper = (text: string, cursor: Cursor | undefined, other: Actor) => string;

/** What somebody does to a cursor that the API gave out. */
function tampering(): fc.Arbitrary<Tamper> {
  const inside = (change: (plain: string) => string): Tamper => {
    return (text) =>
      Buffer.from(change(Buffer.from(text, 'base64url').toString('latin1')), 'latin1').toString('base64url');
  };
  const member = (pick: number, value: unknown) =>
    inside((plain) => {
      try {
        const parsed = JSON.parse(plain) as Record<string, unknown>;
        const names = Object.keys(parsed);
        return jsonText({ ...parsed, [names[pick % Math.max(1, names.length)] ?? 'pk']: value });
      } catch {
        return plain.replace(/[^.\s]+/, () => String(value));
      }
    });
  return fc.oneof(
    fc.constant<Tamper>((text) => text),
    fc.nat(200).map<Tamper>((at) => (text) => text.slice(0, at % (text.length + 1))),
    fc.tuple(fc.nat(200), fc.constantFrom('A', '_', '-', '=', '%', '+', '/')).map<Tamper>(
      ([at, by]) =>
        (text) =>
          text.slice(0, at % (text.length + 1)) + by + text.slice((at % (text.length + 1)) + 1),
    ),
    fc.tuple(fc.nat(200), fc.nat(255)).map(([at, byte]) =>
      inside((plain) => {
        const place = at % (plain.length + 1);
        return plain.slice(0, place) + String.fromCharCode(byte) + plain.slice(place + 1);
      }),
    ),
    fc.tuple(fc.nat(4), nastyText).map(([pick, value]) => member(pick, value)),
    fc.tuple(fc.nat(4), nastyJson).map(([pick, value]) => member(pick, value)),
    fc.constantFrom('{}', 'null', '[]', '"x"', '{"pk":{}}').map((plain) => inside(() => plain)),
  );
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

/** What happens to one place of a body. */
type Edit = (at: { readonly parent: unknown; readonly key: string | number }) => void;

const edits: fc.Arbitrary<Edit> = fc.oneof(
  {
    weight: 6,
    arbitrary: nastyJson.map(
      (value): Edit =>
        ({ parent, key }) =>
          define(parent, key, value),
    ),
  },
  { weight: 2, arbitrary: fc.constant<Edit>(({ parent, key }) => remove(parent, key)) },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.oneof(fc.constantFrom(...INHERITED), nastyText), nastyJson).map(
      ([name, value]): Edit =>
        ({ parent }) =>
          define(parent, name, value),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(2, 100, 1000, 1001).map(
      (times): Edit =>
        ({ parent, key }) => {
          const value: unknown = Reflect.get(Object(parent), key);
          define(
            parent,
            key,
            Array.from({ length: times }, () => (Array.isArray(value) ? (value[0] as unknown) : value)).flat(),
          );
        },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constant<Edit>(({ parent, key }) => define(parent, key, [Reflect.get(Object(parent), key)])),
  },
);

/** An own member, whatever its name. */
function define(parent: unknown, key: string | number, value: unknown): void {
  const settings = { value, enumerable: true, configurable: true, writable: true };
  // An array has no members but its elements.
  if (typeof parent === 'object' && parent !== null && !(Array.isArray(parent) && typeof key === 'string'))
    Object.defineProperty(parent, key, settings);
}

function remove(parent: unknown, key: string | number): void {
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else if (typeof parent === 'object' && parent !== null) Reflect.deleteProperty(parent, key);
}

const bodies: fc.Arbitrary<Mutation> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(fc.nat(60), edits).map(
      ([pick, edit]): Mutation =>
        (draft) => {
          if (draft.json === undefined) return draft;
          const root = { json: structuredClone(draft.json) };
          const places = placesIn(root);
          edit(places[pick % places.length] ?? { parent: root, key: 'json' });
          return { ...draft, json: root.json, request: { ...draft.request, body: jsonText(root.json) } };
        },
    ),
  },
  {
    weight: 2,
    arbitrary: nastyBody.map(
      (body): Mutation =>
        ({ json: _, ...draft }) => ({ ...draft, request: { ...draft.request, body } }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom<(text: string) => string>(
        (text) => text.slice(0, -1),
        (text) => `${text}${text}`,
        (text) => `\ufeff${text}`,
        (text) => text.replace('{', '{"a":1,"a":2,'),
        (text) => Buffer.from(text).toString('base64'),
        (text) => ` \n${text}\t`,
      )
      .map(
        (change): Mutation =>
          ({ json: _, ...draft }) => ({
            ...draft,
            request: { ...draft.request, body: change(String(draft.request.body ?? '')) },
          }),
      ),
  },
);

/** Every place of a value, the outermost first. */
function placesIn(parent: unknown): { readonly parent: unknown; readonly key: string | number }[] {
  if (typeof parent !== 'object' || parent === null) return [];
  const keys: (string | number)[] = Array.isArray(parent) ? [...parent.keys()].slice(0, 3) : Object.keys(parent);
  return keys.flatMap((key) => [{ parent, key }, ...placesIn(Reflect.get(parent, key))]);
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
        { weight: 7, arbitrary: bodies },
      ),
      { minLength: 1, maxLength: 3 },
    ),
  },
);
