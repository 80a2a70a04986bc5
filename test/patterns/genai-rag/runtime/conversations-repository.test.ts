import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Problem } from '../../../../lib/runtime/problem';
import type { Turn } from '../../../../patterns/genai-rag/contract';
import { AdmissionDesk, type Ticket } from '../../../../patterns/genai-rag/runtime/admission';
import { ConversationsRepository, NotKept } from '../../../../patterns/genai-rag/runtime/conversations-repository';
import { Forgetting } from '../../../../patterns/genai-rag/runtime/forget';
import { TableInMemory } from './stores-in-memory-fixture';
import { StandTiming } from './timing-fixture';

const claims = vi.hoisted(() => ({ putClaim: vi.fn(), removeClaim: vi.fn() }));
vi.mock('../../../../patterns/genai-rag/runtime/long-turns.lazy', () => claims);

const BOUNDS = {
  maxTokens: 1,
  maxPassages: 1,
  maxHistoryTokens: 0,
  dailyTokens: 1e6,
  questionsPerMinute: 1e6,
  answerSeconds: 60,
  conversationDays: 2,
  maxToolRounds: 0,
};
const DAY_MS = 86_400_000;
const CALLER = { tenant: 't-acme', user: 'ada' };
const OTHER = { tenant: 't-acme', user: 'bob' };
const USER = 'user#t-acme#ada';
const START = Date.parse('2026-11-24T10:15:00.000Z');
const NONE = { turns: [], count: 0 };

let timing: StandTiming;
let store: TableInMemory;
let conversations: ConversationsRepository;
let forgetting: Forgetting;
let desk: AdmissionDesk;
let keys = 0;
beforeEach(() => {
  vi.resetAllMocks();
  timing = new StandTiming(START);
  store = new TableInMemory(() => timing.now());
  const table = { name: 'conversations', client: { send: store.send as never } };
  desk = new AdmissionDesk(table, timing, BOUNDS);
  conversations = new ConversationsRepository(table, timing, BOUNDS);
  forgetting = new Forgetting(table, conversations, timing);
});

async function ticketFor(conversation: string, text = 'Fare?', caller = CALLER): Promise<Ticket> {
  keys += 1;
  const question = { conversation, text, key: `k-${keys}`, hash: 'h', streams: false };
  const admission = await desk.admit(caller, question, 100);
  if (admission.kind !== 'admitted') throw new Error('answered before');
  return admission.ticket;
}
const newTurn = (answer = 'Yes.'): Omit<Turn, 'turn'> => ({
  question: 'Fare?',
  answer,
  at: new Date(timing.now()).toISOString(),
  citations: [],
  guardrail: { action: 'none' },
  usage: { inputTokens: 1, outputTokens: 2 },
  outcome: 'complete',
});
/** Asks and is answered. */
async function said(conversation = 'c-1', text = 'Fare?', caller = CALLER): Promise<Turn> {
  const ticket = await ticketFor(conversation, text, caller);
  return conversations.append(ticket, await conversations.recent(caller, conversation), newTurn(), 7);
}
const item = (key: string) => store.items().get(`${USER} ${key}`);
const numbers = ({ turns }: { turns: readonly { turn: string }[] }) => turns.map(({ turn }) => Number(turn));
const failure = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );
const notFound = expect.objectContaining({ status: 404, code: 'not_found' });

describe('a turn that is appended', () => {
  it('is kept with its conversation, its tokens and its key', async () => {
    const ticket = await ticketFor('c-1', 'What  is\n the fare?');
    const turn = newTurn();
    expect(await conversations.append(ticket, NONE, turn, 7)).toEqual({ ...turn, turn: '00000001' });
    const expiresAt = START / 1000 + 2 * 86_400;
    expect(item('turn#c-1#00000001')).toMatchObject({ ...turn, expiresAt });
    expect(item('conversation#c-1')).toEqual({
      pk: USER,
      sk: 'conversation#c-1',
      title: 'What is the fare?',
      createdAt: turn.at,
      updatedAt: turn.at,
      expiresAt,
    });
    expect(item('usage#2026-11-24')).toMatchObject({ tokens: 7 });
    expect(item(`question#${ticket.question.key}`)).toMatchObject({ state: 'answered', turn: '00000001' });
  });

  it('goes on with a conversation, whose title and beginning stay', async () => {
    await said('c-1', 'First?');
    timing.pass(1000);
    expect((await said('c-1', 'Second?')).turn).toBe('00000002');
    const [createdAt, updatedAt] = [0, 1000].map((ms) => new Date(START + ms).toISOString());
    expect(await conversations.summary(CALLER, 'c-1')).toEqual({ id: 'c-1', title: 'First?', createdAt, updatedAt });
    expect(item('conversation#c-1')?.['expiresAt']).toBe(START / 1000 + 1 + 2 * 86_400);
  });

  it('has a title of at most 80 characters', async () => {
    await said('c-1', '🚂'.repeat(80));
    await said('c-2', '🚂'.repeat(81));
    const titles = await Promise.all(['c-1', 'c-2'].map((id) => conversations.summary(CALLER, id)));
    expect(titles.map(({ title }) => title)).toEqual(['🚂'.repeat(80), `${'🚂'.repeat(79)}…`]);
  });

  it('takes the next number that is free, of 50', async () => {
    for (let turn = 1; turn <= 49; turn += 1) await said();
    expect((await conversations.append(await ticketFor('c-1'), NONE, newTurn(), 7)).turn).toBe('00000050');
    const late = await failure(conversations.append(await ticketFor('c-1'), NONE, newTurn(), 7));
    expect(late).toEqual(new Error('50 turns of conversation c-1 were taken at once'));
    expect(late).not.toBeInstanceOf(Problem);
  });

  it('is not kept when its conversation was deleted meanwhile', async () => {
    claims.putClaim.mockResolvedValue({ key: 'claim', bytes: 1, sha256: 'x' });
    claims.removeClaim.mockResolvedValue(undefined);
    await said();
    const recent = await conversations.recent(CALLER, 'c-1');
    const ticket = await ticketFor('c-1');
    expect(await forgetting.conversation(CALLER, 'c-1')).toBe(true);
    const long = newTurn('x'.repeat(200_000));
    const failed = await failure(conversations.append(ticket, recent, long, 7));
    expect(failed).toBeInstanceOf(NotKept);
    expect(failed).toMatchObject({ status: 409, code: 'conversation_deleted' });
    expect(claims.removeClaim.mock.calls).toEqual([[{ key: 'claim', bytes: 1, sha256: 'x' }]]);
    expect([...store.items().keys()].filter((key) => /turn#|conversation#/.test(key))).toEqual([]);
  });

  it('is not kept when its question was deleted meanwhile', async () => {
    const ticket = await ticketFor('c-1');
    await forgetting.user(CALLER);
    expect(await failure(conversations.append(ticket, NONE, newTurn(), 7))).toBeInstanceOf(NotKept);
  });

  it('fails as the table does', async () => {
    const ticket = await ticketFor('c-1');
    const lost = new Error('lost');
    store.onCall = () => {
      throw lost;
    };
    expect(await failure(conversations.append(ticket, NONE, newTurn(), 7))).toBe(lost);
  });
});

describe('recent turns', () => {
  it('are the newest 20, with the number of the newest', async () => {
    expect(await conversations.recent(CALLER, 'c-1')).toEqual(NONE);
    for (let turn = 1; turn <= 21; turn += 1) await said();
    const recent = await conversations.recent(CALLER, 'c-1');
    expect([numbers(recent), recent.count]).toEqual([Array.from({ length: 20 }, (_, index) => 21 - index), 21]);
    expect(await conversations.recent(OTHER, 'c-1')).toEqual(NONE);
  });

  it('leave out what is past its days, and count it', async () => {
    await said();
    timing.pass(2 * DAY_MS - 1);
    expect(numbers(await conversations.recent(CALLER, 'c-1'))).toEqual([1]);
    timing.pass(1);
    expect(await conversations.recent(CALLER, 'c-1')).toEqual({ turns: [], count: 1 });
  });

  it('go by a bound that was lowered since', async () => {
    await said();
    const table = { name: 'conversations', client: { send: store.send as never } };
    const lower = new ConversationsRepository(table, timing, { conversationDays: 1, dailyTokens: 100_000 });
    timing.pass(DAY_MS - 1);
    expect(numbers(await lower.recent(CALLER, 'c-1'))).toEqual([1]);
    timing.pass(1);
    expect((await lower.recent(CALLER, 'c-1')).turns).toEqual([]);
    expect((await lower.turns(CALLER, 'c-1', 9)).found).toEqual([]);
    expect(numbers(await conversations.recent(CALLER, 'c-1'))).toEqual([1]);
  });
});

describe('what a user reads', () => {
  it('is a turn, a conversation, or nothing of either', async () => {
    await said();
    expect(await conversations.turn(CALLER, 'c-1', '00000001')).toMatchObject({ answer: 'Yes.' });
    for (const work of [
      () => conversations.turn(CALLER, 'c-1', '00000002'),
      () => conversations.turn(OTHER, 'c-1', '00000001'),
      () => conversations.summary(CALLER, 'c-2'),
      () => conversations.summary(OTHER, 'c-1'),
    ]) {
      expect(await failure(work())).toEqual(notFound);
    }
    timing.pass(2 * DAY_MS - 1);
    expect((await conversations.summary(CALLER, 'c-1')).id).toBe('c-1');
    timing.pass(1);
    expect(await failure(conversations.summary(CALLER, 'c-1'))).toEqual(notFound);
  });

  it('is a page of conversations, the newest first, each page after the one before', async () => {
    for (const id of ['c-1', 'c-2', 'c-3']) await said(id);
    await said('c-4', 'Fare?', OTHER);
    const reads: unknown[] = [];
    store.onCall = (_, { ConsistentRead }) => reads.push(ConsistentRead);
    const first = await conversations.list(CALLER, 2);
    expect([first.found.map(({ id }) => id), first.last]).toEqual([['c-3', 'c-2'], 'c-2']);
    const second = await conversations.list(CALLER, 2, first.last);
    expect(second).toEqual({ found: [expect.objectContaining({ id: 'c-1' })] });
    expect(reads).toEqual([true, true]);
    timing.pass(2 * DAY_MS);
    expect((await conversations.list(CALLER, 2)).found).toEqual([]);
  });

  it('is a page of turns, the newest first, each page after the one before', async () => {
    for (let turn = 1; turn <= 3; turn += 1) await said();
    const first = await conversations.turns(CALLER, 'c-1', 2);
    expect([numbers({ turns: first.found }), first.last]).toEqual([[3, 2], '00000002']);
    const second = await conversations.turns(CALLER, 'c-1', 2, first.last);
    expect([numbers({ turns: second.found }), second.last]).toEqual([[1], undefined]);
  });
});
