import fc from 'fast-check';
import { encoded } from '../../../local/fuzz/nasty';
import { type FuzzRequest, withHeader } from '../../../local/fuzz/request';
import { bare, type DocumentedRoute, keyed, type Operation } from '../../../local/fuzz/target';
import { API_PREFIX, HEALTH_PATH, UPLOAD_TYPES } from '../contract';

export const ITEMS = `${API_PREFIX}/items`;
export const ITEM = 'item';
export const FILE = 'file';

const ITEM_PATH = `${ITEMS}/[^/]+`;
const FILES_PATH = `${ITEM_PATH}/attachments`;

/** What a request with a body may be refused with. */
const BODY = [400, 401, 403, 413, 415];

/** As the routes of the application document them; API Gateway itself knows `/api/health` and everything below `/api`. */
export const WEB_APP_ROUTES: readonly DocumentedRoute[] = [
  { method: 'GET', path: exactly(HEALTH_PATH), statuses: [200, 403], isPublic: true },
  // API Gateway knows the public route by GET alone.
  { method: 'HEAD', path: exactly(HEALTH_PATH), statuses: [200, 401, 403] },
  { method: 'GET', path: exactly(ITEMS), statuses: [200, 400, 401, 403] },
  { method: 'HEAD', path: exactly(ITEMS), statuses: [200, 400, 401, 403] },
  { method: 'POST', path: exactly(ITEMS), statuses: [200, 201, 409, ...BODY] },
  { method: 'GET', path: exactly(ITEM_PATH), statuses: [200, 400, 401, 403, 404] },
  { method: 'HEAD', path: exactly(ITEM_PATH), statuses: [200, 400, 401, 403, 404] },
  { method: 'PUT', path: exactly(ITEM_PATH), statuses: [200, 404, 412, 428, ...BODY] },
  { method: 'DELETE', path: exactly(ITEM_PATH), statuses: [204, 400, 401, 403, 404] },
  { method: 'POST', path: exactly(FILES_PATH), statuses: [201, 404, 409, ...BODY] },
  { method: 'GET', path: exactly(`${FILES_PATH}/[^/]+`), statuses: [200, 400, 401, 403, 404] },
  { method: 'HEAD', path: exactly(`${FILES_PATH}/[^/]+`), statuses: [200, 400, 401, 403, 404] },
  { method: 'POST', path: exactly(`${FILES_PATH}/[^/]+/complete`), statuses: [202, 404, 409, ...BODY] },
];

function exactly(path: string): RegExp {
  return new RegExp(`^${path}$`);
}

const title = fc.constantFrom('title', '__proto__', 'constructor', 'a\u{1f600}é', 't'.repeat(180));

const create: fc.Arbitrary<Operation> = fc
  .tuple(
    fc.nat(6),
    title,
    fc.option(fc.constantFrom('', 'notes', 'n'.repeat(2000), ...Array<string>(5).fill('short'), 'n'.repeat(16_384)), {
      nil: undefined,
    }),
  )
  .map(([key, start, notes]): Operation => {
    return (session, actor) => {
      const json = { title: `${start} ${actor.marker}`, ...(notes !== undefined && { notes }) };
      const content = JSON.stringify([json.title, notes ?? '']);
      const known = session.keys.get(`${actor.name} item ${key}`);
      const isGone = session.things.some(({ owner, gone }) => owner === actor && gone === 'yes');
      // What was deleted leaves its key behind, to be used again.
      const expected = isGone ? [200, 201, 409] : [known === undefined ? 201 : known === content ? 200 : 409];
      return { request: keyed('POST', ITEMS, `${key}`), json, expected };
    };
  });

const list: fc.Arbitrary<Operation> = fc
  .tuple(fc.nat(20), fc.constantFrom(undefined, '1', '2', '100'), fc.boolean())
  .map(([pick, limit, goesOn]): Operation => {
    return (session, actor) => {
      const cursor = goesOn ? session.cursors[pick % Math.max(1, session.cursors.length)] : undefined;
      const query = [
        ...(limit === undefined ? [] : [`limit=${limit}`]),
        ...(cursor === undefined ? [] : [`cursor=${encoded(cursor.text)}`]),
      ];
      const isOwn = cursor === undefined || cursor.owner === actor;
      return { request: bare('GET', ITEMS, query), ...(isOwn && { expected: [200] }) };
    };
  });

const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';

/** Reads an item or a file, of whomever. */
const read = (kind: string) =>
  fc.nat(20).map(
    (pick): Operation =>
      (session, actor) => {
        const thing = session.thing(kind, pick);
        const path = thing?.path ?? `${ITEMS}/${UNKNOWN_ID}`;
        return { request: bare('GET', path), expected: [thing?.owner === actor && thing.gone !== 'yes' ? 200 : 404] };
      },
  );

const change: fc.Arbitrary<Operation> = fc.tuple(fc.nat(20), title, fc.constantFrom(0, 0, 0, 1, -1, 100)).map(
  ([pick, start, by]): Operation =>
    (session, actor) => {
      const item = session.thing(ITEM, pick);
      const version = Number(item?.shown['version'] ?? 1);
      const json = { title: `${start} ${actor.marker}`, notes: `changed ${pick}` };
      const isOwn = item?.owner === actor && item.gone !== 'yes';
      const request = withIfMatch(
        bare('PUT', item?.path ?? `${ITEMS}/${UNKNOWN_ID}`),
        `"${Math.max(1, version + by)}"`,
      );
      const isStale = Math.max(1, version + by) !== version;
      return { request, json, expected: [!isOwn ? 404 : isStale ? 412 : 200] };
    },
);

function withIfMatch(request: Omit<FuzzRequest, 'body'>, etag: string): FuzzRequest {
  return withHeader(withHeader(request, 'content-type', 'application/json'), 'if-match', etag);
}

/** Deletes, or finds it gone. */
const remove: fc.Arbitrary<Operation> = fc.nat(20).map(
  (pick): Operation =>
    (session) => {
      const path = session.thing(ITEM, pick)?.path ?? `${ITEMS}/${UNKNOWN_ID}`;
      return { request: bare('DELETE', path), expected: [204] };
    },
);

const attach: fc.Arbitrary<Operation> = fc
  .tuple(
    fc.nat(20),
    fc.nat(6),
    fc.constantFrom('a.txt', '__proto__', 'a"b\\c.png', '\u{1f600}.pdf', '../../x', 'n'.repeat(200)),
    fc.constantFrom(...UPLOAD_TYPES),
    fc.constantFrom(1, 20, 100_000_000, 104_857_601),
  )
  .map(
    ([pick, key, name, contentType, size]): Operation =>
      (session, actor) => {
        const item = session.thing(ITEM, pick);
        const isOwn = item?.owner === actor && item.gone !== 'yes';
        const request = keyed('POST', `${item?.path ?? `${ITEMS}/${UNKNOWN_ID}`}/attachments`, `file-${key}`);
        return { request, json: { name, contentType, size }, expected: isOwn ? [201, 409] : [404] };
      },
  );

const complete: fc.Arbitrary<Operation> = fc.nat(20).map(
  (pick): Operation =>
    (session, actor) => {
      const file = session.thing(FILE, pick);
      const isOwn = file?.owner === actor && file.gone !== 'yes';
      const request = keyed(
        'POST',
        `${file?.path ?? `${ITEMS}/${UNKNOWN_ID}/attachments/${UNKNOWN_ID}`}/complete`,
        '0',
      );
      return { request, json: { parts: [{ number: 1, etag: '"0"' }] }, expected: [isOwn ? 409 : 404] };
    },
);

const health: fc.Arbitrary<Operation> = fc.constant(() => ({ request: bare('GET', HEALTH_PATH), expected: [200] }));

/** What people do with their items and files, and try with those of others. */
export const WEB_APP_OPERATIONS: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 8, arbitrary: create },
  { weight: 5, arbitrary: list },
  { weight: 5, arbitrary: read(ITEM) },
  { weight: 5, arbitrary: change },
  { weight: 2, arbitrary: remove },
  { weight: 5, arbitrary: attach },
  { weight: 3, arbitrary: read(FILE) },
  { weight: 2, arbitrary: complete },
  { weight: 1, arbitrary: health },
);
