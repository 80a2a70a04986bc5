import fc from 'fast-check';
import { encoded } from '../../../local/fuzz/nasty';
import { withHeader } from '../../../local/fuzz/request';
import type { Actor, Session } from '../../../local/fuzz/session';
import { bare, type DocumentedRoute, keyed, type Operation } from '../../../local/fuzz/target';
import { API_PREFIX, DOCUMENT_TYPES, type DocumentType, HEALTH_PATH } from '../contract';

export const CONVERSATIONS = `${API_PREFIX}/conversations`;
export const DOCUMENTS = `${API_PREFIX}/documents`;
export const ME = `${API_PREFIX}/me`;
export const CONVERSATION = 'conversation';
export const DOCUMENT = 'document';

/** What a request with a body may be refused with. */
const BODY = [400, 401, 403, 413, 415];
/** What any request may. */
const ANY = [400, 401, 403];

/** As the contract documents them. */
export const GENAI_RAG_ROUTES: readonly DocumentedRoute[] = [
  { method: 'GET', path: exactly(HEALTH_PATH), statuses: [200, ...ANY], isPublic: true },
  { method: 'GET', path: exactly(CONVERSATIONS), statuses: [200, ...ANY] },
  { method: 'GET', path: exactly(`${CONVERSATIONS}/[^/]+`), statuses: [200, 404, ...ANY] },
  { method: 'DELETE', path: exactly(`${CONVERSATIONS}/[^/]+`), statuses: [204, 404, ...ANY] },
  { method: 'POST', path: exactly(`${CONVERSATIONS}/[^/]+/messages`), statuses: [200, 404, 409, 429, ...BODY] },
  { method: 'GET', path: exactly(ME), statuses: [200, ...ANY] },
  { method: 'DELETE', path: exactly(ME), statuses: [200, ...ANY] },
  { method: 'GET', path: exactly(DOCUMENTS), statuses: [200, ...ANY] },
  { method: 'POST', path: exactly(DOCUMENTS), statuses: [201, 409, ...BODY] },
  { method: 'GET', path: exactly(`${DOCUMENTS}/[^/]+`), statuses: [200, 404, ...ANY] },
  { method: 'DELETE', path: exactly(`${DOCUMENTS}/[^/]+`), statuses: [202, 404, ...ANY] },
];

function exactly(path: string): RegExp {
  return new RegExp(`^${path}$`);
}

/** A conversation's id, which its client makes: of a person, or one that several people have. */
function conversationId({ id }: Session, actor: Actor | undefined, number: number): string {
  const digits = (text: string, length: number) =>
    Buffer.from(text).toString('hex').slice(-length).padStart(length, '0');
  return `018f0000-0000-7000-8000-${digits(actor?.name ?? '', 4)}${digits(id, 7)}${number}`;
}

const question = fc.constantFrom('What does it cost?', 'Who is __proto__?', 'a\u{1f600}é?', `${'why '.repeat(200)}?`);

const ask: fc.Arbitrary<Operation> = fc
  .tuple(fc.nat(2), fc.nat(6), question, fc.boolean(), fc.nat(20))
  .map(([number, key, text, streams, shared]): Operation => {
    return (session, actor) => {
      const id = conversationId(session, shared === 0 ? undefined : actor, number);
      const json = { question: `${text} ${actor.marker}` };
      const known = session.keys.get(`${actor.name} question ${key}`);
      const content = `${id} ${JSON.stringify(json)}`;
      const accept = streams ? 'text/event-stream' : 'application/json';
      const request = withHeader(keyed('POST', `${CONVERSATIONS}/${id}/messages`, `${key}`), 'accept', accept);
      // What was deleted is forgotten, and its keys may be: whether they are depends on what deleted it.
      const isForgotten = session.things.some(({ owner, gone }) => owner === actor && gone === 'yes');
      const isSame = known === undefined || known === content;
      return { request, json, expected: isForgotten ? [200, 404, 409] : [isSame ? 200 : 409] };
    };
  });

const list = (path: string) =>
  fc.tuple(fc.nat(20), fc.constantFrom(undefined, '1', '2', '100'), fc.boolean()).map(
    ([pick, limit, goesOn]): Operation =>
      (session, actor) => {
        const cursors = session.cursors.filter((cursor) => cursor.path === path);
        const cursor = goesOn ? cursors[pick % Math.max(1, cursors.length)] : undefined;
        const query = [
          ...(limit === undefined ? [] : [`limit=${limit}`]),
          ...(cursor === undefined ? [] : [`cursor=${encoded(cursor.text)}`]),
        ];
        const isOwn = cursor === undefined || cursor.owner === actor;
        return { request: bare('GET', path, query), ...(isOwn && { expected: [200] }) };
      },
  );

/** Asks for one thing of whomever, to read it or to delete it. */
const one = (method: 'GET' | 'DELETE', kind: string, good: number) =>
  fc.tuple(fc.nat(20), fc.constantFrom(undefined, '1', '2')).map(([pick, limit]): Operation => {
    return (session, actor) => {
      const thing = session.thing(kind, pick);
      const unknown = kind === DOCUMENT ? `${DOCUMENTS}/${UNKNOWN_ID}` : `${CONVERSATIONS}/${UNKNOWN_ID}`;
      const path = thing?.path ?? unknown;
      const own = session.at(path, actor) ?? (thing?.sharedWith?.(actor) === true ? thing : undefined);
      const query = method === 'GET' && limit !== undefined ? [`limit=${limit}`] : [];
      const expected = { no: [good], going: [good, 404], yes: [404] }[own === undefined ? 'yes' : (own.gone ?? 'no')];
      return { request: bare(method, path, query), expected };
    };
  });

const UNKNOWN_ID = '018f0000-0000-7000-8000-ffffffffffff';

const announce: fc.Arbitrary<Operation> = fc
  .tuple(
    fc.nat(6),
    fc.constantFrom('a.txt', '__proto__', 'a"b\\c.pdf', '\u{1f600}.csv', '../../x'),
    fc.constantFrom(...(Object.keys(DOCUMENT_TYPES) as DocumentType[])),
    fc.constantFrom(1, 20, 400, 52_428_800),
  )
  .map(([key, name, contentType, size]): Operation => {
    return (session, actor) => {
      const json = { name: `${name} of ${actor.tenant}`, contentType, size };
      const known = session.keys.get(`${actor.name} document ${key}`);
      const isSame = known === undefined || known === JSON.stringify(json);
      return { request: keyed('POST', DOCUMENTS, `${key}`), json, expected: isSame ? [201, 409] : [409] };
    };
  });

/** A request without anything to choose. */
const plain = (method: string, path: string) =>
  fc.constant<Operation>(() => ({ request: bare(method, path), expected: [200] }));

/** What people ask, read, upload and delete, and try with what is others'. */
export const GENAI_RAG_OPERATIONS: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 3, arbitrary: ask },
  { weight: 5, arbitrary: list(CONVERSATIONS) },
  { weight: 5, arbitrary: one('GET', CONVERSATION, 200) },
  { weight: 1, arbitrary: one('DELETE', CONVERSATION, 204) },
  { weight: 2, arbitrary: plain('GET', ME) },
  { weight: 1, arbitrary: plain('DELETE', ME) },
  { weight: 2, arbitrary: announce },
  { weight: 5, arbitrary: list(DOCUMENTS) },
  { weight: 5, arbitrary: one('GET', DOCUMENT, 200) },
  { weight: 1, arbitrary: one('DELETE', DOCUMENT, 202) },
  { weight: 1, arbitrary: plain('GET', HEALTH_PATH) },
);
