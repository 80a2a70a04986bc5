import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ToolDefinition } from '../../../../patterns/genai-rag/contract';
import { estimatedTokens, reservationOf } from '../../../../patterns/genai-rag/runtime/tokens';
import { AskFixture, BOUNDS, CLAIMS, conversationId, eventOf } from './ask-fixture';

let fixture: AskFixture;
beforeAll(async () => {
  fixture = await new AskFixture().start();
  fixture.document('t-acme', 'fares', 'The fare of a day is 12 euros.');
  fixture.document('t-long', 'long', `The fare of a day. ${'word '.repeat(9000)}`);
});
afterAll(() => fixture.stop());
beforeEach(() => {
  fixture.calls.length = 0;
});

const FARE = { groups: 'tenant-acme', question: 'What is the fare of a day?', accept: 'application/json' };
interface Message {
  readonly role: string;
  readonly content: readonly { readonly text?: string; readonly guardContent?: { text: { text: string } } }[];
}
const messages = () => fixture.calls.find(({ action }) => action === 'ConverseStream')?.input['messages'] as Message[];

describe('history', () => {
  const there = { ...FARE, user: 'historian', conversation: conversationId(1) };
  /** About 104 tokens, by the estimate. */
  const long = (number: number) => `${number} ${'y'.repeat(300)}`;

  it('goes along as messages that take turns, the oldest left out first', async () => {
    for (let number = 1; number <= 12; number += 1) {
      fixture.bedrock.script({ text: `${long(number)} [1]` });
      await fixture.ask(there);
    }
    fixture.calls.length = 0;
    await fixture.ask(there);
    const sent = messages();
    expect(sent.map(({ role }) => role)).toEqual(sent.map((_, index) => (index % 2 === 0 ? 'user' : 'assistant')));
    const answers = sent.filter(({ role }) => role === 'assistant').map(({ content }) => content[0]?.text);
    expect(answers).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map(long).slice(-answers.length));
    expect(answers.length).toBeLessThan(12);
    const tokens = sent.slice(0, -1).reduce((sum, { content }) => sum + estimatedTokens(content[0]?.text ?? ''), 0);
    expect(tokens).toBeLessThanOrEqual(BOUNDS.maxHistoryTokens);
    // One turn more would not have fitted.
    expect(tokens + 115).toBeGreaterThan(BOUNDS.maxHistoryTokens);
  });

  it('stays at home without a budget', async () => {
    await fixture.ask(there, { maxHistoryTokens: 0 });
    expect(messages()).toHaveLength(1);
  });

  it('is forgotten once its days are over, before DynamoDB deletes it', async () => {
    const asked = { ...there, conversation: conversationId(2) };
    await fixture.ask(asked, { conversationDays: 1 });
    fixture.timing.pass(86_400_000 + 2000);
    fixture.calls.length = 0;
    expect((await fixture.ask(asked)).json).toMatchObject({ turn: '00000002' });
    expect(messages()).toHaveLength(1);
  });
});

describe('history of more days than are allowed now', () => {
  it('stays at home', async () => {
    const asked = { ...FARE, user: 'elder', conversation: conversationId(9) };
    await fixture.ask(asked);
    fixture.timing.pass(3 * 86_400_000);
    fixture.calls.length = 0;
    await fixture.ask(asked, { conversationDays: 2 });
    expect(messages()).toHaveLength(1);
  });
});

describe('passages', () => {
  it('have a budget together: what is too long is cut', async () => {
    await fixture.ask({ ...FARE, groups: 'tenant-long' });
    const parts = messages().at(-1)?.content ?? [];
    const tokens = parts.reduce((sum, { guardContent }) => sum + estimatedTokens(guardContent?.text.text ?? ''), 0);
    expect(parts.length).toBeLessThanOrEqual(BOUNDS.maxPassages + 1);
    expect(tokens).toBeLessThanOrEqual(BOUNDS.maxPassages * 500 + estimatedTokens(FARE.question));
  });
});

describe('a long turn', () => {
  it('is kept in S3 with a pointer in its item, answered again, and heard by the model only if it fits', async () => {
    const there = { ...FARE, user: 'talker', conversation: conversationId(3), key: 'long' };
    const text = `${'größer '.repeat(20_000)}[1]`;
    const bounds = { maxTokens: 60_000, dailyTokens: 1_000_000, maxHistoryTokens: 100_000 };
    fixture.bedrock.script({ chunks: [text] });
    const answer = await fixture.ask(there, bounds);
    expect(answer.json['answer']).toBe(text);
    const [key, ...others] = fixture.s3.keys(CLAIMS);
    expect(others).toEqual([]);
    expect(key).toMatch(/^turns\/t-acme\/00000000-0000-4000-8000-\w+\/01900000-.*\.json$/);
    const item = [...fixture.items()].find(
      ([sort]) => sort.includes('turn#') && sort.includes(there.conversation),
    )?.[1];
    expect(Buffer.byteLength(JSON.stringify(item))).toBeLessThan(2000);
    expect((await fixture.ask(there, bounds)).json).toEqual(answer.json);
    fixture.calls.length = 0;
    await fixture.ask({ ...there, key: 'next' }, bounds);
    expect(messages()).toHaveLength(3);
    fixture.calls.length = 0;
    await fixture.ask({ ...there, key: 'after' }, { ...bounds, maxHistoryTokens: 1000 });
    expect(messages()).toHaveLength(3);
    expect(JSON.stringify(messages())).not.toContain('größer');
    expect(fixture.calls.map(({ action }) => action)).not.toContain('GetObject');
  });
});

describe('a day', () => {
  const reserved = reservationOf(BOUNDS);

  it('lets in no more at once than its bound holds, to the token', async () => {
    for (const [user, dailyTokens, most] of [
      ['exact', reserved * 3, 3],
      ['short', reserved * 3 - 1, 2],
    ] as const) {
      let release: () => void = () => {};
      const hold = new Promise<void>((done) => {
        release = done;
      });
      const questions = 8;
      fixture.bedrock.script(...Array.from({ length: most }, () => ({ text: 'Twelve.', hold })));
      const answers = Array.from({ length: questions }, (_, index) =>
        fixture.ask({ ...FARE, user, conversation: conversationId(100 + index) }, { dailyTokens }),
      );
      let refused = 0;
      for (const answer of answers) {
        void answer.then(() => {
          refused += 1;
          if (refused === questions - most) release();
        });
      }
      const statuses = (await Promise.all(answers)).map(({ status }) => status);
      expect(statuses.filter((status) => status === 200)).toHaveLength(most);
      expect(statuses.filter((status) => status === 429)).toHaveLength(questions - most);
    }
  });

  it('that is used up says so, with the seconds to the next, which begins anew', async () => {
    const bounds = { dailyTokens: reserved };
    const asked = { ...FARE, user: 'spender' };
    fixture.bedrock.script({ text: 'Twelve.', usage: { inputTokens: 1, outputTokens: 0 } });
    expect((await fixture.ask(asked, bounds)).status).toBe(200);
    const refused = await fixture.ask(asked, bounds);
    expect(refused.status).toBe(429);
    expect(refused.json).toMatchObject({ status: 429, code: 'daily_budget' });
    const seconds = Number(refused.headers['retry-after']);
    const midnight = new Date(fixture.timing.now() + seconds * 1000).toISOString();
    expect(midnight).toMatch(/T00:00:0/);
    expect(fixture.counts()['Retrieve']).toBe(1);
    fixture.timing.pass((seconds - 1) * 1000 - (fixture.timing.now() % 1000));
    expect((await fixture.ask(asked, bounds)).status).toBe(429);
    fixture.timing.pass(1000);
    expect((await fixture.ask(asked, bounds)).status).toBe(200);
  });

  it('counts what was used, not what was reserved, and each user apart', async () => {
    const asked = { ...FARE, user: 'counter' };
    fixture.bedrock.script({ text: 'Twelve.', usage: { inputTokens: 1000, outputTokens: 10 } });
    const answer = await fixture.ask({ ...asked, accept: 'text/event-stream' });
    expect(eventOf(answer, 'usage')).toMatchObject({ inputTokens: 1000, outputTokens: 10, dailyTokens: 1010 });
    fixture.bedrock.script({ text: 'Twelve.', usage: { inputTokens: 5, outputTokens: 5 } });
    const others = await fixture.ask({ ...asked, user: 'other', accept: 'text/event-stream' });
    expect(eventOf(others, 'usage')).toMatchObject({ dailyTokens: 10 });
  });

  it('of a tenant, and of the stack, is counted by what was used, also of answers that fail, in no more calls', async () => {
    const shared = { tenantDailyTokens: 200_000, stackDailyTokens: 300_000 };
    const count = (key: string) => Number((fixture.items().get(key)?.['tokens'] as { N: string } | undefined)?.N ?? 0);
    const day = `usage#${new Date(fixture.timing.now()).toISOString().slice(0, 10)}`;
    const counts = () => [count(`tenant#t-acme ${day}`), count(`stack ${day}`)];
    const asked = { ...FARE, groups: 'tenant-acme', user: 'sharing' };
    fixture.bedrock.script({ text: 'Twelve. [1]', usage: { inputTokens: 1000, outputTokens: 10 } });
    fixture.calls.length = 0;
    expect((await fixture.ask(asked, shared)).status).toBe(200);
    expect(fixture.counts()['TransactWriteItems']).toBe(2);
    expect(counts()).toEqual([1010, 1010]);
    fixture.bedrock.script({ text: 'Twelve. [1]', usage: { inputTokens: 500, outputTokens: 5 } }, { dieAfter: 0 });
    expect((await fixture.ask({ ...asked, user: 'sharing2' }, shared)).status).toBe(200);
    const failed = await fixture.ask({ ...asked, user: 'sharing2' }, shared);
    const { inputTokens = 0, outputTokens = 0 } = (failed.json['usage'] ?? {}) as Record<string, number>;
    expect(inputTokens).toBeGreaterThan(0);
    expect(counts()).toEqual([1515 + inputTokens + outputTokens, 1515 + inputTokens + outputTokens]);
    // What is left holds no further question.
    const full = { dailyTokens: reserved, tenantDailyTokens: reserved, stackDailyTokens: reserved };
    const refused = await fixture.ask({ ...asked, user: 'sharing3' }, full);
    expect([refused.status, refused.json['code']]).toEqual([429, 'tenant_daily_budget']);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    const others = await fixture.ask({ ...FARE, groups: 'tenant-other', user: 'sharing4' }, full);
    expect([others.status, others.json['code']]).toEqual([429, 'stack_daily_budget']);
  });

  it('that has not room for one question is refused when the handler is loaded', async () => {
    await expect(fixture.ask(FARE, { dailyTokens: reserved - 1 })).rejects.toThrow(/ANSWER_BOUNDS\.dailyTokens/);
    await expect(fixture.ask(FARE, { maxPassages: 0 })).rejects.toThrow(/ANSWER_BOUNDS\.maxPassages/);
    const broken = { name: 'x', description: 'x', functionArn: 'x', inputSchema: {} } as ToolDefinition;
    await expect(fixture.ask(FARE, {}, [broken])).rejects.toThrow(/TOOLS/);
  });
});

describe('a minute', () => {
  it('lets in so many questions and no more, however they come, and says when the next begins', async () => {
    const bounds = { questionsPerMinute: 5 };
    const asked = { ...FARE, user: 'hurrier' };
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) => fixture.ask({ ...asked, conversation: conversationId(index) }, bounds)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(7);
    for (const { json, headers } of refused) {
      expect(json).toMatchObject({ code: 'too_many_questions' });
      const seconds = Number(headers['retry-after']);
      expect(seconds).toBeGreaterThan(0);
      expect((fixture.timing.now() + seconds * 1000) % 60_000).toBeLessThan(1000);
    }
    fixture.timing.pass(60_000);
    expect((await fixture.ask(asked, bounds)).status).toBe(200);
  });
});

describe('questions of a conversation at once', () => {
  it('are all kept, each with a number of its own', async () => {
    const conversation = conversationId(50);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => fixture.ask({ ...FARE, user: 'parallel', conversation }, { dailyTokens: 1e6 })),
    );
    const numbers = answers.map(({ json }) => String(json['turn'])).sort();
    expect(numbers).toEqual(Array.from({ length: 10 }, (_, index) => String(index + 1).padStart(8, '0')));
    expect([...fixture.items()].filter(([key]) => key.includes(`turn#${conversation}`))).toHaveLength(10);
  });
});
