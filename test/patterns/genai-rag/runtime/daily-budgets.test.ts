import { beforeEach, describe, expect, it } from 'vitest';
import { AdmissionDesk, answeredBy, type Ticket, TooMany } from '../../../../patterns/genai-rag/runtime/admission';
import { dailyBudgets, dayCorrections } from '../../../../patterns/genai-rag/runtime/daily-budgets';
import type { Question } from '../../../../patterns/genai-rag/runtime/question';
import { transact } from '../../../../patterns/genai-rag/runtime/table';
import { TableInMemory } from './stores-in-memory-fixture';
import { StandTiming } from './timing-fixture';

const BOUNDS = {
  maxTokens: 1,
  maxPassages: 1,
  maxHistoryTokens: 0,
  dailyTokens: 100,
  tenantDailyTokens: 150,
  stackDailyTokens: 220,
  questionsPerMinute: 10,
  answerSeconds: 60,
  conversationDays: 30,
  maxToolRounds: 0,
};
const ADA = { tenant: 't-acme', user: 'ada' };
const BOB = { tenant: 't-acme', user: 'bob' };
const EVE = { tenant: 't-other', user: 'eve' };
const DAY = 'usage#2026-11-24';
/** Seconds from the start to midnight. */
const LEFT = 49_480;

let timing: StandTiming;
let store: TableInMemory;
let table: { name: string; client: { send: never } };
let calls: string[];
beforeEach(() => {
  timing = new StandTiming(Date.parse('2026-11-24T10:15:20.500Z'));
  store = new TableInMemory(() => timing.now());
  table = { name: 'conversations', client: { send: store.send as never } };
  calls = [];
  store.onCall = (action) => calls.push(action);
});

const deskWith = (bounds: object = {}) => new AdmissionDesk(table, timing, { ...BOUNDS, ...bounds });
const questionOf = (key: string): Question => ({ conversation: 'c', text: 'q', key, hash: 'h', streams: false });
const counted = (partition: string) => store.items().get(`${partition} ${DAY}`)?.['tokens'];
const counts = () => [
  counted('user#t-acme#ada'),
  counted('tenant#t-acme'),
  counted('tenant#t-other'),
  counted('stack'),
];

async function admitted(caller: typeof ADA, key: string, reserved: number, desk = deskWith()): Promise<Ticket> {
  const admission = await desk.admit(caller, questionOf(key), reserved);
  if (admission.kind !== 'admitted') throw new Error('answered before');
  return admission.ticket;
}

async function refused(caller: typeof ADA, key: string, reserved: number, desk = deskWith()): Promise<unknown> {
  const before = store.items();
  const error = await desk.admit(caller, questionOf(key), reserved).catch((reason: unknown) => reason);
  expect(store.items()).toEqual(before);
  return error instanceof TooMany ? [error.status, error.code, error.retryAfter] : error;
}

describe('the budgets of a tenant and of the stack', () => {
  it('are counted with the user’s, in the one transaction', async () => {
    await admitted(ADA, 'k-1', 40);
    await admitted(EVE, 'k-1', 30);
    expect(counts()).toEqual([40, 40, 30, 70]);
    expect(calls).toEqual(['TransactWriteItems', 'TransactWriteItems']);
    expect(store.items().get(`stack ${DAY}`)).toMatchObject({
      expiresAt: Math.floor(timing.now() / 1000) + 1 + 2 * 86_400,
    });
  });

  it('are filled to their last token, each with its own refusal until midnight, and what is refused counts nowhere', async () => {
    await admitted(ADA, 'k-1', 100);
    expect(await refused(ADA, 'k-2', 1)).toEqual([429, 'daily_budget', LEFT]);
    expect(await refused(BOB, 'k-1', 51)).toEqual([429, 'tenant_daily_budget', LEFT]);
    await admitted(BOB, 'k-1', 50);
    expect(await refused(BOB, 'k-2', 1)).toEqual([429, 'tenant_daily_budget', LEFT]);
    expect(await refused(EVE, 'k-1', 71)).toEqual([429, 'stack_daily_budget', LEFT]);
    await admitted(EVE, 'k-1', 70);
    expect(await refused(EVE, 'k-2', 1)).toEqual([429, 'stack_daily_budget', LEFT]);
    // Who is at several limits hears of the nearest.
    expect(await refused(ADA, 'k-2', 1)).toEqual([429, 'daily_budget', LEFT]);
    expect(await refused(BOB, 'k-2', 1)).toEqual([429, 'tenant_daily_budget', LEFT]);
    timing.pass(LEFT * 1000);
    await admitted(EVE, 'k-2', 100);
  });

  it('are refused for before the minute', async () => {
    const desk = deskWith({ questionsPerMinute: 1, stackDailyTokens: 150 });
    await admitted(ADA, 'k-1', 100, desk);
    await admitted(EVE, 'k-1', 50, desk);
    expect(await refused(EVE, 'k-2', 1, desk)).toEqual([429, 'stack_daily_budget', LEFT]);
    expect(await refused(EVE, 'k-2', 1, deskWith({ questionsPerMinute: 1 }))).toEqual([429, 'too_many_questions', 40]);
  });

  it('get back what was not used, once', async () => {
    const ticket = await admitted(ADA, 'k-1', 40);
    await admitted(EVE, 'k-1', 30);
    expect(await deskWith().giveBack(ticket, 15)).toBe(true);
    expect(counts()).toEqual([15, 15, 30, 45]);
    expect(calls.slice(2)).toEqual(['TransactWriteItems']);
  });

  it('get it back also where the key is another’s, and not where the turn was kept after all', async () => {
    const lost = await admitted(ADA, 'k-1', 40);
    timing.pass(90_001);
    const kept = await admitted(ADA, 'k-1', 30);
    expect(await deskWith().giveBack(lost, 0)).toBe(true);
    expect(counts()).toEqual([30, 30, undefined, 30]);
    await transact(table, timing, [answeredBy(table, kept, '1'), ...dayCorrections(table, BOUNDS, kept, 10)]);
    expect(await deskWith().giveBack(kept, 0)).toBe(false);
    expect(counts()).toEqual([10, 10, undefined, 10]);
  });

  it('let in no more than they hold, of many questions at once', async () => {
    const desk = deskWith({
      dailyTokens: 1000,
      tenantDailyTokens: 1000,
      stackDailyTokens: 1000,
      questionsPerMinute: 1000,
    });
    const asked = Array.from({ length: 40 }, (_, index) => {
      const caller = { tenant: `t-${index % 3}`, user: `u-${index % 7}` };
      return desk.admit(caller, questionOf(`k-${index}`), 40).then(
        () => 'in',
        (error: TooMany) => error.code,
      );
    });
    const outcomes = await Promise.all(asked);
    expect(outcomes.filter((outcome) => outcome === 'in')).toHaveLength(25);
    expect(new Set(outcomes)).toEqual(new Set(['in', 'stack_daily_budget']));
    expect(counted('stack')).toBe(1000);
  });

  it('are as many as the deployment has, and leave no item where it has none', async () => {
    const { tenantDailyTokens: _t, stackDailyTokens: _s, ...plain } = BOUNDS;
    const codes = (bounds: Parameters<typeof dailyBudgets>[0]) => dailyBudgets(bounds).map(({ code }) => code);
    expect(codes(plain)).toEqual(['daily_budget']);
    expect(codes({ ...plain, tenantDailyTokens: 1 })).toEqual(['daily_budget', 'tenant_daily_budget']);
    expect(codes({ ...plain, stackDailyTokens: 1 })).toEqual(['daily_budget', 'stack_daily_budget']);
    const desk = new AdmissionDesk(table, timing, plain);
    const ticket = await admitted(ADA, 'k-1', 40, desk);
    await desk.giveBack(ticket, 10);
    expect(counts()).toEqual([10, undefined, undefined, undefined]);
  });
});
