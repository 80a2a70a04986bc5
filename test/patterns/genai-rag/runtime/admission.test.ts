import { beforeEach, describe, expect, it } from 'vitest';
import { Problem } from '../../../../lib/runtime/problem';
import { AdmissionDesk, answeredBy, type Ticket, TooMany } from '../../../../patterns/genai-rag/runtime/admission';
import { dayCorrections } from '../../../../patterns/genai-rag/runtime/daily-budgets';
import type { Question } from '../../../../patterns/genai-rag/runtime/question';
import { transact } from '../../../../patterns/genai-rag/runtime/table';
import { TableInMemory } from './stores-in-memory-fixture';
import { StandTiming } from './timing-fixture';

const BOUNDS = {
  maxTokens: 1,
  maxPassages: 1,
  maxHistoryTokens: 0,
  dailyTokens: 100,
  questionsPerMinute: 3,
  answerSeconds: 60,
  conversationDays: 30,
  maxToolRounds: 0,
};
const CALLER = { tenant: 't-acme', user: 'ada' };
const OTHER = { tenant: 't-acme', user: 'bob' };
const START = Date.parse('2026-11-24T10:15:20.500Z');
const SECONDS = Math.floor(START / 1000);
const USER = 'user#t-acme#ada';

let timing: StandTiming;
let store: TableInMemory;
let table: { name: string; client: { send: never } };
let desk: AdmissionDesk;
beforeEach(() => {
  timing = new StandTiming(START);
  store = new TableInMemory(() => timing.now());
  table = { name: 'conversations', client: { send: store.send as never } };
  desk = new AdmissionDesk(table, timing, BOUNDS);
});

const questionOf = (key: string, hash = 'hash-1'): Question => ({
  conversation: 'c-1',
  text: 'q',
  key,
  hash,
  streams: false,
});
const item = (key: string) => store.items().get(`${USER} ${key}`);
const tokens = () => item('usage#2026-11-24')?.['tokens'];

async function admitted(key: string, reserved = 10): Promise<Ticket> {
  const admission = await desk.admit(CALLER, questionOf(key), reserved);
  if (admission.kind !== 'admitted') throw new Error('answered before');
  return admission.ticket;
}

/** Status, code, seconds and field of a refusal. */
async function refusalOf(work: Promise<unknown>): Promise<unknown> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof TooMany) return [error.status, error.code, error.retryAfter];
  if (error instanceof Problem) return [error.status, error.code, error.field];
  return error;
}
const refused = (key: string, reserved = 10, hash?: string) =>
  refusalOf(desk.admit(CALLER, questionOf(key, hash), reserved));

describe('a question that is let in', () => {
  it('takes its key, its tokens and its place in the minute, each with its time', async () => {
    const ticket = await admitted('k-1', 40);
    const question = questionOf('k-1');
    expect(ticket).toEqual({
      caller: CALLER,
      question,
      reserved: 40,
      attempt: expect.stringMatching(/^[0-9a-f-]{36}$/),
      day: '2026-11-24',
    });
    const keys = { pk: USER };
    expect([...store.items().values()]).toHaveLength(3);
    expect(item('question#k-1')).toEqual({
      ...keys,
      sk: 'question#k-1',
      state: 'answering',
      hash: 'hash-1',
      attempt: ticket.attempt,
      until: START + 90_000,
      expiresAt: SECONDS + 1 + 86_400,
    });
    expect(item('usage#2026-11-24')).toEqual({
      ...keys,
      sk: 'usage#2026-11-24',
      tokens: 40,
      expiresAt: SECONDS + 1 + 2 * 86_400,
    });
    expect(item('rate#2026-11-24T10:15')).toEqual({
      ...keys,
      sk: 'rate#2026-11-24T10:15',
      questions: 1,
      expiresAt: SECONDS + 1 + 120,
    });
  });

  it('fits into the day to its last token', async () => {
    await admitted('k-1', 60);
    expect(await refused('k-2', 41)).toEqual([429, 'daily_budget', 49_480]);
    expect(tokens()).toBe(60);
    await admitted('k-3', 40);
    expect(tokens()).toBe(100);
    expect(await refused('k-4', 1)).toEqual([429, 'daily_budget', 49_480]);
    expect((await desk.admit(OTHER, questionOf('k-1'), 100)).kind).toBe('admitted');
  });

  it('waits for the next day to the second', async () => {
    await admitted('k-1', 100);
    timing.pass(Date.parse('2026-11-24T23:59:59.000Z') - START);
    expect(await refused('k-2')).toEqual([429, 'daily_budget', 1]);
    timing.pass(999);
    expect(await refused('k-2')).toEqual([429, 'daily_budget', 1]);
    timing.pass(1);
    const { day } = await admitted('k-2');
    expect(day).toBe('2026-11-25');
  });

  it('is one of so many in a minute', async () => {
    for (const key of ['k-1', 'k-2', 'k-3']) await admitted(key, 1);
    expect(await refused('k-4', 1)).toEqual([429, 'too_many_questions', 40]);
    timing.pass(39_499);
    expect(await refused('k-4', 1)).toEqual([429, 'too_many_questions', 1]);
    timing.pass(1);
    await admitted('k-4', 1);
    expect(tokens()).toBe(4);
  });

  it('is refused for its day before its minute', async () => {
    for (const key of ['k-1', 'k-2', 'k-3']) await admitted(key, 30);
    expect(await refused('k-4', 30)).toEqual([429, 'daily_budget', 49_480]);
  });
});

describe('a key', () => {
  it('is of one question', async () => {
    await admitted('k-1');
    expect(await refused('k-1', 10, 'hash-2')).toEqual([409, 'idempotency_key_reused', 'Idempotency-Key']);
    expect(await refused('k-1')).toEqual([409, 'in_progress', 3]);
  });

  it('is refused for itself before day and minute are', async () => {
    for (const key of ['k-1', 'k-2', 'k-3']) await admitted(key, 33);
    expect(await refused('k-1', 33)).toEqual([409, 'in_progress', 3]);
  });

  it('is free again half a minute after the answer had to be there, for the same question alone', async () => {
    const first = await admitted('k-1');
    timing.pass(90_000);
    expect(await refused('k-1')).toEqual([409, 'in_progress', 3]);
    timing.pass(1);
    expect(await refused('k-1', 10, 'hash-2')).toEqual([409, 'idempotency_key_reused', 'Idempotency-Key']);
    const { attempt } = await admitted('k-1');
    expect(attempt).not.toBe(first.attempt);
  });

  it('tells the turn that answered it, for a day', async () => {
    const ticket = await admitted('k-1');
    await transact(table, timing, [answeredBy(table, ticket, '00000007')]);
    const answered = { kind: 'answered', turn: '00000007' };
    expect(await desk.admit(CALLER, questionOf('k-1'), 10)).toEqual(answered);
    expect(await refused('k-1', 10, 'hash-2')).toEqual([409, 'idempotency_key_reused', 'Idempotency-Key']);
    const expires = Number(item('question#k-1')?.['expiresAt']) * 1000;
    timing.pass(expires - START - 1);
    expect(await desk.admit(CALLER, questionOf('k-1'), 10)).toEqual(answered);
    timing.pass(1);
    expect(await desk.admit(CALLER, questionOf('k-1', 'hash-2'), 10)).toMatchObject({ kind: 'admitted' });
  });

  it('is not answered by who lost it', async () => {
    const ticket = { ...(await admitted('k-1')), attempt: 'another' };
    await expect(transact(table, timing, [answeredBy(table, ticket, '00000007')])).rejects.toThrow(/conditions 0/);
    expect(item('question#k-1')?.['state']).toBe('answering');
  });
});

describe('what was reserved', () => {
  it('is given back but for what was used, with the key', async () => {
    const ticket = await admitted('k-1', 40);
    await admitted('k-2', 30);
    expect(await desk.giveBack(ticket, 15)).toBe(true);
    expect(tokens()).toBe(45);
    expect(item('question#k-1')).toBeUndefined();
    expect(item('question#k-2')).toBeDefined();
  });

  it('is given back without the key where that is another’s by now', async () => {
    const ticket = await admitted('k-1', 40);
    timing.pass(90_001);
    await admitted('k-1', 30);
    expect(await desk.giveBack(ticket, 15)).toBe(true);
    expect(tokens()).toBe(45);
    expect(item('question#k-1')).toBeDefined();
  });

  it('is given back where the key is gone', async () => {
    const ticket = await admitted('k-1', 40);
    await desk.giveBack(ticket, 40);
    expect(await desk.giveBack(ticket, 15)).toBe(true);
    expect(tokens()).toBe(15);
  });

  it('stays where the turn was kept after all', async () => {
    const ticket = await admitted('k-1', 40);
    await transact(table, timing, [answeredBy(table, ticket, '00000001')]);
    expect(await desk.giveBack(ticket, 15)).toBe(false);
    expect(tokens()).toBe(40);
  });

  it('is counted for the day on which it was reserved', async () => {
    const ticket = await admitted('k-1', 40);
    timing.pass(86_400_000);
    await desk.giveBack(ticket, 15);
    expect(tokens()).toBe(15);
    await transact(table, timing, dayCorrections(table, BOUNDS, { ...ticket, reserved: 15 }, 10));
    expect(tokens()).toBe(10);
  });

  it('fails as the table does', async () => {
    const ticket = await admitted('k-1');
    const lost = new Error('lost');
    store.onCall = () => {
      throw lost;
    };
    expect(await refused('k-2')).toBe(lost);
    await expect(desk.giveBack(ticket, 0)).rejects.toBe(lost);
    await expect(desk.usage(CALLER)).rejects.toBe(lost);
  });
});

describe('the usage of a day', () => {
  it('is what was reserved or used, until midnight', async () => {
    const usage = { limit: 100, resetsAt: '2026-11-25T00:00:00.000Z' };
    expect(await desk.usage(CALLER)).toEqual({ tokens: 0, ...usage });
    await admitted('k-1', 40);
    const reads: unknown[] = [];
    store.onCall = (_, { ConsistentRead }) => reads.push(ConsistentRead);
    expect(await desk.usage(CALLER)).toEqual({ tokens: 40, ...usage });
    expect(reads).toEqual([true]);
    expect((await desk.usage(OTHER)).tokens).toBe(0);
    timing.pass(Date.parse('2026-11-25T00:00:00.000Z') - START - 1);
    expect(await desk.usage(CALLER)).toEqual({ tokens: 40, ...usage });
    timing.pass(1);
    expect(await desk.usage(CALLER)).toEqual({ tokens: 0, limit: 100, resetsAt: '2026-11-26T00:00:00.000Z' });
  });
});
