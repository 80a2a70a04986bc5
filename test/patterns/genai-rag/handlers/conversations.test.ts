// @node24

import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Conversation, ConversationPage, Forgotten } from '../../../../patterns/genai-rag/contract';
import { AskFixture, CLAIMS, conversationId, eventOf, subject } from '../runtime/ask-fixture';

let fixture: AskFixture;
let handler: typeof import('../../../../patterns/genai-rag/handlers/conversations').handler;
beforeAll(async () => {
  fixture = await new AskFixture().start();
  // The handler's clock is the machine's: what is kept must not be past its days by it.
  vi.useFakeTimers({ toFake: ['Date'], now: fixture.timing.now() });
  fixture.document('t-acme', 'fares', 'The fare of a day is 12 euros.');
  ({ handler } = await import('../../../../patterns/genai-rag/handlers/conversations.js'));
});
afterAll(async () => {
  vi.useRealTimers();
  await fixture.stop();
});
beforeEach(() => {
  fixture.onCall = () => {};
});

const FARE = { groups: 'tenant-acme', question: 'What is the fare of a day?', accept: 'application/json' };

async function call(method: string, resource: string, { user = 'ada', id = '', query = {}, signedIn = true } = {}) {
  const answer = await handler({
    httpMethod: method,
    resource: `/api${resource}`,
    path: `/api${resource.replace('{id}', id)}`,
    pathParameters: id === '' ? null : { id },
    queryStringParameters: query,
    headers: {},
    requestContext: {
      requestId: 'request-1',
      authorizer: signedIn ? { claims: { sub: subject(user), 'cognito:groups': 'tenant-acme' } } : null,
    },
  });
  const body: unknown = answer.body === '' ? undefined : JSON.parse(answer.body);
  return { status: answer.statusCode, headers: answer.headers, body };
}

async function asks(user: string, conversation: number, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    await fixture.ask({
      ...FARE,
      user,
      conversation: conversationId(conversation),
      question: `Fare ${time} of a day?`,
    });
    fixture.timing.pass(1000);
  }
}

const of = (user: string) =>
  [...fixture.items().keys()].filter((key) => key.startsWith(`user#t-acme#${subject(user)} `));

describe('conversations', () => {
  it('are listed page by page, the newest first, and the caller’s own alone', async () => {
    for (const conversation of [1, 2, 3, 4, 5]) await asks('lister', conversation, 1);
    await asks('stranger', 6, 1);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const query = { limit: '2', ...(cursor !== undefined && { cursor }) };
      const page = (await call('GET', '/conversations', { user: 'lister', query })).body as ConversationPage;
      expect(page.conversations.length).toBeLessThanOrEqual(2);
      seen.push(...page.conversations.map(({ id }) => id));
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(seen).toEqual([5, 4, 3, 2, 1].map(conversationId));
  });

  it('are read page by page, the newest turn first', async () => {
    await asks('reader', 1, 5);
    const turns: string[] = [];
    let cursor: string | undefined;
    do {
      const query = { limit: '2', ...(cursor !== undefined && { cursor }) };
      const { body } = await call('GET', '/conversations/{id}', { user: 'reader', id: conversationId(1), query });
      const page = body as Conversation;
      expect(page).toMatchObject({ id: conversationId(1), title: 'Fare 0 of a day?' });
      expect(page.createdAt < page.updatedAt).toBe(true);
      turns.push(...page.turns.map(({ turn, question }) => `${turn} ${question}`));
      expect(page.turns[0]).toMatchObject({ outcome: 'complete', citations: [{ number: 1, documentId: 'fares' }] });
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(turns).toEqual([5, 4, 3, 2, 1].map((number) => `0000000${number} Fare ${number - 1} of a day?`));
  });

  it('with long turns are read whole, in pages that an answer carries', async () => {
    const bounds = { maxTokens: 60_000, dailyTokens: 10_000_000 };
    const text = `${'long-'.repeat(400_000)} [1]`;
    for (let time = 0; time < 3; time += 1) {
      fixture.bedrock.script({ chunks: [text], stopReason: 'end_turn' });
      await fixture.ask({ ...FARE, user: 'talker', conversation: conversationId(1) }, bounds);
    }
    expect(fixture.s3.keys(CLAIMS).length).toBeGreaterThan(0);
    const first = await call('GET', '/conversations/{id}', { user: 'talker', id: conversationId(1) });
    const page = first.body as Conversation;
    expect(page.turns.map(({ turn }) => turn)).toEqual(['00000003', '00000002']);
    const query = { cursor: page.cursor ?? '' };
    const rest = (await call('GET', '/conversations/{id}', { user: 'talker', id: conversationId(1), query })).body;
    expect((rest as Conversation).turns.map(({ turn }) => turn)).toEqual(['00000001']);
    expect((rest as Conversation).cursor).toBeUndefined();
    await call('DELETE', '/conversations/{id}', { user: 'talker', id: conversationId(1) });
    expect(fixture.s3.keys(CLAIMS)).toEqual([]);
  });

  it('that are past their days are not there', async () => {
    await asks('leaver', 1, 1);
    fixture.timing.pass(40 * 86_400_000);
    // The handler's clock is the machine's; the items say when they end.
    for (const [key, item] of fixture.items()) {
      if (key.includes(subject('leaver')))
        fixture.dynamodb.table('conversations').put({ ...item, expiresAt: { N: '1' } } as never);
    }
    const list = await call('GET', '/conversations', { user: 'leaver' });
    expect(list.body).toEqual({ conversations: [] });
    expect((await call('GET', '/conversations/{id}', { user: 'leaver', id: conversationId(1) })).status).toBe(404);
  });

  it.each([
    [{ limit: '0' }, 'invalid_limit', 'limit'],
    [{ limit: '101' }, 'invalid_limit', 'limit'],
    [{ limit: 'x' }, 'invalid_limit', 'limit'],
    [{ cursor: 'user#t-other' }, 'invalid_cursor', 'cursor'],
    [{ cursor: Buffer.from('a#b').toString('base64url') }, 'invalid_cursor', 'cursor'],
    [{ cursor: '' }, 'invalid_cursor', 'cursor'],
  ])('are not listed by %j', async (query, code, field) => {
    const answer = await call('GET', '/conversations', { query });
    expect(answer).toMatchObject({ status: 400, body: { code, field } });
  });

  it.each([
    ['GET', '/conversations'],
    ['GET', '/conversations/{id}'],
    ['DELETE', '/conversations/{id}'],
    ['GET', '/me'],
    ['DELETE', '/me'],
  ])('%s %s takes a token', async (method, resource) => {
    const answer = await call(method, resource, { id: conversationId(1), signedIn: false });
    expect(answer).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
  });

  it('have a way to tell that the API is there, without a token, and no other ways', async () => {
    expect(await call('GET', '/health', { signedIn: false })).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(await call('PUT', '/me')).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });
});

describe('a page of turns', () => {
  /** Gives the newest turns sizes, as the table has them. */
  function sized(user: string, ...bytes: readonly number[]): void {
    const turns = [...fixture.items()].filter(([key]) => key.includes(`${subject(user)} turn#`)).sort();
    turns.reverse().forEach(([, item], index) => {
      const own = { ...item, bytes: { N: String(bytes[index]) } };
      fixture.dynamodb.table('conversations').put(own as never);
    });
  }
  const MIB = 1024 * 1024;

  it.each([
    ['holds 4 MiB', [2 * MIB, 2 * MIB, 1], 2],
    ['holds no byte more', [2 * MIB, 2 * MIB + 1, 1], 1],
    ['holds one turn that is longer than that', [4 * MIB + 1, 1, 1], 1],
    ['ends before the second turn when the first is as long', [4 * MIB, 1, 1], 1],
  ] as const)('%s', async (what, bytes, shown) => {
    const user = `sized ${what}`;
    await asks(user, 1, 3);
    sized(user, ...bytes);
    const { body } = await call('GET', '/conversations/{id}', { user, id: conversationId(1) });
    const { turns, cursor = '' } = body as Conversation;
    expect(turns.map(({ turn }) => turn)).toEqual(['00000003', '00000002', '00000001'].slice(0, shown));
    const next = await call('GET', '/conversations/{id}', { user, id: conversationId(1), query: { cursor } });
    expect((next.body as Conversation).turns[0]?.turn).toBe(`0000000${3 - shown}`);
  });
});

describe('a conversation that is deleted', () => {
  it('is gone with its turns, for its user alone, once', async () => {
    await asks('deleter', 1, 3);
    await asks('deleter', 2, 1);
    const strangers = await call('DELETE', '/conversations/{id}', { user: 'nobody', id: conversationId(1) });
    expect(strangers.status).toBe(404);
    expect(of('deleter').filter((key) => key.includes(conversationId(1)))).toHaveLength(4);
    const deleted = await call('DELETE', '/conversations/{id}', { user: 'deleter', id: conversationId(1) });
    expect(deleted).toEqual({ status: 204, headers: { 'cache-control': 'no-store' }, body: undefined });
    expect(of('deleter').filter((key) => key.includes(conversationId(1)))).toEqual([]);
    expect(of('deleter').filter((key) => key.includes(conversationId(2)))).toHaveLength(2);
    expect((await call('DELETE', '/conversations/{id}', { user: 'deleter', id: conversationId(1) })).status).toBe(404);
  });

  it.each(['/conversations/{id}', '/me'])('while an answer is on its way stays gone (DELETE %s)', async (resource) => {
    const user = resource === '/me' ? 'forgotten' : 'hasty';
    await asks(user, 1, 1);
    const tokens = fixture.dayTokens(user);
    let deleting: Promise<unknown> | undefined;
    let release: () => void = () => {};
    const hold = new Promise<void>((done) => {
      release = done;
    });
    fixture.bedrock.script({
      chunks: ['Twelve', '.'],
      hold,
      holdAfter: 1,
      usage: { inputTokens: 50, outputTokens: 5 },
    });
    fixture.onCall = ({ action }) => {
      if (action !== 'ConverseStream') return;
      fixture.onCall = () => {};
      deleting = call('DELETE', resource, { user, id: conversationId(1) }).then(release);
    };
    const answer = await fixture.ask({ ...FARE, user, conversation: conversationId(1), accept: 'text/event-stream' });
    await deleting;
    expect(eventOf(answer, 'error')).toMatchObject({ status: 409, code: 'conversation_deleted', retryable: false });
    expect(of(user).filter((key) => !/ (usage|rate|question)#/.test(key))).toEqual([]);
    expect(fixture.dayTokens(user)).toBe(tokens + 55);
  });
});

describe('a long answer of a conversation that was deleted', () => {
  it('leaves nothing in S3', async () => {
    await asks('rambler', 1, 1);
    const text = 'long-'.repeat(40_000);
    fixture.bedrock.script({ chunks: [text] });
    fixture.onCall = ({ action }) => {
      if (action !== 'PutObject') return;
      fixture.onCall = () => {};
      const sk = { S: `conversation#${conversationId(1)}` };
      const pk = { S: `user#t-acme#${subject('rambler')}` };
      fixture.dynamodb.call('DeleteItem', { TableName: 'conversations', Key: { pk, sk } });
    };
    const bounds = { maxTokens: 60_000, dailyTokens: 10_000_000 };
    const answer = await fixture.ask({ ...FARE, user: 'rambler', conversation: conversationId(1) }, bounds);
    expect(answer.json).toMatchObject({ status: 409, code: 'conversation_deleted' });
    expect(fixture.s3.keys(CLAIMS)).toEqual([]);
  });
});

describe('a user', () => {
  it('sees the tenant and what was used of the day', async () => {
    const { body } = await call('GET', '/me', { user: 'nobody-yet' });
    expect(body).toEqual({
      tenant: 't-acme',
      usage: { tokens: 0, limit: 100_000, resetsAt: expect.stringMatching(/T00:00:00\.000Z$/) },
    });
  });

  it('is forgotten but for what was used', async () => {
    for (const conversation of [1, 2, 3]) await asks('goodbye', conversation, 1);
    // More turns than are looked for at once.
    const [key = '', turn] = [...fixture.items()].find(([each]) => each.includes(`${subject('goodbye')} turn#`)) ?? [];
    for (let number = 2; number < 47; number += 1) {
      const sk = { S: key.split(' ')[1]?.replace(/\d{8}$/, String(number).padStart(8, '0')) };
      fixture.dynamodb.table('conversations').put({ ...turn, sk } as never);
    }
    const stranger = of('stranger');
    const gone = (await call('DELETE', '/me', { user: 'goodbye' })).body as Forgotten;
    expect(gone).toEqual({ deleted: 51, done: true });
    expect(of('goodbye').filter((key) => !/ (usage|rate)#/.test(key))).toEqual([]);
    expect(of('stranger')).toEqual(stranger);
    expect((await call('DELETE', '/me', { user: 'goodbye' })).body).toEqual({ deleted: 0, done: true });
  });

  it('is forgotten whenever meanwhile an answer comes to its end', async () => {
    await asks('meanwhile', 1, 1);
    const items = [...fixture.items()].filter(([key]) => key.startsWith(`user#t-acme#${subject('meanwhile')} `));
    const table = fixture.dynamodb.table('conversations');
    for (let moment = 1; moment <= 8; moment += 1) {
      await call('DELETE', '/me', { user: 'meanwhile' });
      const isOfTurn = (key: string) => / (turn|conversation)#/.test(key);
      for (const [key, item] of items) if (!isOfTurn(key)) table.put(item as never);
      let calls = 0;
      fixture.onCall = () => {
        calls += 1;
        // What keeps a turn keeps it only while the question is there.
        if (calls !== moment || !of('meanwhile').some((key) => key.includes(' question#'))) return;
        for (const [key, item] of items) if (isOfTurn(key)) table.put(item as never);
      };
      expect((await call('DELETE', '/me', { user: 'meanwhile' })).body).toMatchObject({ done: true });
      fixture.onCall = () => {};
      expect(
        of('meanwhile').filter((key) => !/ (usage|rate)#/.test(key)),
        `before call ${moment}`,
      ).toEqual([]);
    }
  });
});
