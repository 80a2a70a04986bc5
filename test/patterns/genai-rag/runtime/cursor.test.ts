import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Problem } from '../../../../lib/runtime/problem';
import {
  CONVERSATION_CURSORS,
  type Cursors,
  DOCUMENT_CURSORS,
  pageRequestOf,
  TURN_CURSORS,
} from '../../../../patterns/genai-rag/runtime/cursor';
import { AskFixture, conversationId, subject } from './ask-fixture';

const encoded = (text: string | Buffer) => Buffer.from(text).toString('base64url');
const TURN = '00000012';
const MOMENT = '2026-11-24T10:00:00.000Z';
const DOCUMENT = { createdAt: MOMENT, id: '0190aaaa-0000-8000-8000-000000000001' };
const LISTS: readonly (readonly [name: string, Cursors<unknown>, good: unknown])[] = [
  ['conversations', CONVERSATION_CURSORS as Cursors<unknown>, conversationId(7)],
  ['turns', TURN_CURSORS as Cursors<unknown>, TURN],
  ['documents', DOCUMENT_CURSORS as Cursors<unknown>, DOCUMENT],
];
const GOOD = LISTS.map(([, { write }, good]) => write(good));

/** Cursors as an attacker makes them up: any text, texts and keys that are encoded, and good ones with something changed. */
const forged = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ maxLength: 6000 }).map(encoded),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => encoded(Buffer.from(bytes))),
  fc
    .record({ pk: fc.string({ maxLength: 5000 }), sk: fc.string({ maxLength: 5000 }) })
    .map((key) => encoded(JSON.stringify(key))),
  fc.constantFrom(
    ...['', '#', 'turn#', `${TURN} `, `${TURN}\n`, '99999999999', `${MOMENT} x`, 'x'.repeat(5000)].map(encoded),
  ),
  fc.constantFrom(`2026-13-45T10:00:00.000Z ${DOCUMENT.id}`, `${MOMENT} ${conversationId(1)}`).map(encoded),
  fc
    .tuple(fc.constantFrom(...GOOD), fc.nat(200), fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }))
    .map(([cursor, at, more]) => `${cursor.slice(0, at)}${more}${cursor.slice(at)}`),
);

describe.each(LISTS)('a cursor of %s', (_, cursors, good) => {
  it('is read as it was written', () => {
    expect(pageRequestOf({ cursor: cursors.write(good) }, cursors)).toEqual({ limit: 20, after: good });
  });

  it('is refused with its field when it was not written here, be it of another list', () => {
    const others = GOOD.filter((cursor) => cursor !== cursors.write(good));
    fc.assert(
      fc.property(fc.oneof(forged, fc.constantFrom(...others)), (cursor) => {
        const taken = positionIn(cursors, cursor);
        // What is taken is what would be written, to the last bit.
        if (taken !== undefined) expect(cursors.write(taken)).toBe(cursor);
        else expect(refusalOf(() => pageRequestOf({ cursor }, cursors))).toEqual([400, 'invalid_cursor', 'cursor']);
      }),
      { numRuns: 2000 },
    );
    for (const other of others) expect(cursors.read(other)).toBeUndefined();
  });
});

/** Undefined for a cursor that is refused. */
function positionIn(cursors: Cursors<unknown>, cursor: string): unknown {
  try {
    return pageRequestOf({ cursor }, cursors).after;
  } catch {
    return undefined;
  }
}

function refusalOf(read: () => unknown): unknown[] {
  try {
    read();
  } catch (error) {
    if (error instanceof Problem) return [error.status, error.code, error.field];
    throw error;
  }
  return [];
}

describe('at the wire to DynamoDB', () => {
  let fixture: AskFixture;
  let handler: typeof import('../../../../patterns/genai-rag/handlers/conversations').handler;
  beforeAll(async () => {
    fixture = await new AskFixture().start();
    ({ handler } = await import('../../../../patterns/genai-rag/handlers/conversations.js'));
  });
  afterAll(() => fixture.stop());

  it('no start key is of another user, or of a length that DynamoDB refuses, and no cursor is an error of ours', async () => {
    const user = `user#t-acme#${subject('pager')}`;
    const lists = fc.constantFrom('/api/conversations', '/api/conversations/{id}');
    await fc.assert(
      fc.asyncProperty(lists, fc.oneof(forged, fc.constantFrom(...GOOD)), async (resource, cursor) => {
        fixture.calls.length = 0;
        const { statusCode, body } = await handler({
          httpMethod: 'GET',
          resource,
          path: resource,
          pathParameters: { id: conversationId(3) },
          queryStringParameters: { cursor },
          headers: {},
          requestContext: {
            requestId: 'r',
            authorizer: { claims: { sub: subject('pager'), 'cognito:groups': 'tenant-acme' } },
          },
        });
        // 404: the conversation of this user is not there.
        expect([200, 400, 404]).toContain(statusCode);
        if (statusCode === 400) expect(JSON.parse(body)).toMatchObject({ code: 'invalid_cursor', field: 'cursor' });
        const starts = fixture.calls.flatMap(({ input }) => input['ExclusiveStartKey'] ?? []) as Record<
          string,
          { S: string }
        >[];
        for (const { pk, sk } of starts) {
          expect(pk?.S).toBe(user);
          expect(sk?.S).toMatch(/^(conversation#[0-9a-f-]{36}|turn#[0-9a-f-]{36}#\d{8})$/);
        }
      }),
      { numRuns: 150 },
    );
  });
});
