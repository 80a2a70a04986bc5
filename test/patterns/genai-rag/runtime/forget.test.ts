import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Problem } from '../../../../lib/runtime/problem';
import { ConversationsRepository } from '../../../../patterns/genai-rag/runtime/conversations-repository';
import { Forgetting } from '../../../../patterns/genai-rag/runtime/forget';
import { TableInMemory } from './stores-in-memory-fixture';
import { StandTiming } from './timing-fixture';

const claims = vi.hoisted(() => ({ removeClaim: vi.fn() }));
vi.mock('../../../../patterns/genai-rag/runtime/long-turns.lazy', () => claims);

const CALLER = { tenant: 't-acme', user: 'ada' };
const USER = 'user#t-acme#ada';

let timing: StandTiming;
let store: TableInMemory;
let forgetting: Forgetting;
beforeEach(() => {
  vi.resetAllMocks();
  timing = new StandTiming();
  store = new TableInMemory(() => timing.now());
  const table = { name: 'conversations', client: { send: store.send as never } };
  const conversations = new ConversationsRepository(table, timing, { conversationDays: 30, dailyTokens: 100_000 });
  forgetting = new Forgetting(table, conversations, timing);
});

class PutCommand {
  constructor(readonly input: object) {}
}
const put = (sk: string, more: object = {}, pk = USER) =>
  store.send(new PutCommand({ TableName: 'conversations', Item: { pk, sk, expiresAt: 9e9, ...more } }));
const turn = (number: number) => `turn#c-1#${String(number).padStart(8, '0')}`;
async function conversationOf(turns: number): Promise<void> {
  await put('conversation#c-1', { title: 't', createdAt: '', updatedAt: '' });
  for (let number = 1; number <= turns; number += 1) await put(turn(number));
}
const left = () => [...store.items().keys()];
/** Each look at items takes so long. */
function slow(ms: number): void {
  store.onCall = (action) => {
    if (action === 'Query') timing.pass(ms);
  };
}

describe('a conversation', () => {
  it('goes with its turns, and nothing else does', async () => {
    await conversationOf(3);
    const others = ['conversation#c-10', 'turn#c-10#00000001', 'usage#2026-11-24', 'question#k'];
    for (const key of others) await put(key);
    await put(turn(1), {}, 'user#t-acme#bob');
    expect(await forgetting.conversation(CALLER, 'c-1')).toBe(true);
    const kept = [...others.map((key) => `${USER} ${key}`), `user#t-acme#bob ${turn(1)}`];
    expect(left().sort()).toEqual(kept.sort());
  });

  it('goes 25 turns at a time', async () => {
    await conversationOf(51);
    const limits: unknown[] = [];
    store.onCall = (action, { Limit }) => {
      if (action === 'Query') limits.push(Limit);
    };
    expect(await forgetting.conversation(CALLER, 'c-1')).toBe(true);
    expect([limits, left()]).toEqual([[25, 25, 25], []]);
  });

  it('goes before its turns, so that nothing is kept of an answer on its way', async () => {
    await conversationOf(1);
    const deleted: unknown[] = [];
    store.onCall = (action, { Key }) => {
      if (action === 'DeleteItem') deleted.push((Key as { sk: string }).sk);
    };
    await forgetting.conversation(CALLER, 'c-1');
    expect(deleted).toEqual(['conversation#c-1', turn(1)]);
  });

  it('that is not there is not found, but turns that were left of it go', async () => {
    await expect(forgetting.conversation(CALLER, 'c-1')).rejects.toMatchObject({ status: 404 });
    await put(turn(1));
    expect(await forgetting.conversation(CALLER, 'c-1')).toBe(true);
    await put('conversation#c-1', { title: 't', createdAt: '', updatedAt: '' });
    expect(await forgetting.conversation(CALLER, 'c-1')).toBe(true);
    expect(left()).toEqual([]);
  });

  it('says after 20 seconds that there is more', async () => {
    await conversationOf(75);
    slow(10_000);
    expect(await forgetting.conversation(CALLER, 'c-1')).toBe(false);
    expect(left()).toHaveLength(25);
    await conversationOf(74);
    slow(9_999);
    expect(await forgetting.conversation(CALLER, 'c-1')).toBe(true);
  });

  it('takes the object of a long turn along, and before it', async () => {
    await conversationOf(1);
    await put(turn(2), { claim: { key: 'claim' } });
    claims.removeClaim.mockImplementation(async () => {
      expect(left()).toContain(`${USER} ${turn(2)}`);
    });
    await forgetting.conversation(CALLER, 'c-1');
    expect(claims.removeClaim.mock.calls).toEqual([[{ key: 'claim' }]]);
  });

  it('fails as the table does', async () => {
    const lost = new Error('lost');
    store.onCall = (action) => {
      if (action === 'GetItem') throw lost;
    };
    await expect(forgetting.conversation(CALLER, 'c-1')).rejects.toBe(lost);
    expect(lost).not.toBeInstanceOf(Problem);
  });
});

describe('a user', () => {
  it('is forgotten but for what counts tokens, and what goes is counted', async () => {
    await conversationOf(30);
    for (const key of ['question#k-1', 'question#k-2', 'usage#2026-11-24', 'rate#2026-11-24T10:15']) await put(key);
    await put(turn(1), {}, 'user#t-acme#bob');
    expect(await forgetting.user(CALLER)).toEqual({ deleted: 31, done: true });
    const kept = [`${USER} usage#2026-11-24`, `${USER} rate#2026-11-24T10:15`, `user#t-acme#bob ${turn(1)}`];
    expect(left().sort()).toEqual(kept.sort());
    expect(await forgetting.user(CALLER)).toEqual({ deleted: 0, done: true });
  });

  it('is asked to come again after 20 seconds', async () => {
    await conversationOf(60);
    await put('question#k-1');
    // Three looks: at questions, at conversations, and at some turns.
    slow(7_000);
    expect(await forgetting.user(CALLER)).toEqual({ deleted: 26, done: false });
    slow(20_000);
    expect(await forgetting.user(CALLER)).toEqual({ deleted: 0, done: false });
    slow(0);
    expect(await forgetting.user(CALLER)).toEqual({ deleted: 35, done: true });
  });
});
