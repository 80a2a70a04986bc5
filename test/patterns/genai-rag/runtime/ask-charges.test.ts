import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ConverseInput, wordsOf } from '../../../../local/aws/bedrock/conversation';
import type { ModelBehaviour } from '../../../../local/aws/bedrock/model-behaviour';
import { AwsError } from '../../../../local/aws/service';
import type { TokenUsage, ToolDefinition } from '../../../../patterns/genai-rag/contract';
import { CallUsage } from '../../../../patterns/genai-rag/runtime/call-usage';
import { estimatedTokens, reservationOf } from '../../../../patterns/genai-rag/runtime/tokens';
import { type Asked, AskFixture, BOUNDS, conversationId, eventOf, type Streamed } from './ask-fixture';
import { StandTiming } from './timing-fixture';

const FUNCTION = 'arn:aws:lambda:eu-west-1:111111111111:function:departures:live';
const DEPARTURES: ToolDefinition = {
  name: 'departures',
  description: 'When trains leave',
  inputSchema: { type: 'object', properties: { from: { type: 'string' } } },
  functionArn: FUNCTION,
};
const RESERVED = reservationOf(BOUNDS);
const FOREVER = new Promise<void>(() => {});

let fixture: AskFixture;
let asked: Asked & { readonly user: string };
let users = 0;
beforeAll(async () => {
  fixture = await new AskFixture().start();
  fixture.document('t-acme', 'fares', 'The fare of a day is 12 euros.');
});
afterAll(() => fixture.stop());
beforeEach(() => {
  users += 1;
  const user = `payer-${users}`;
  asked = { groups: 'tenant-acme', question: 'What is the fare of a day?', user, conversation: conversationId(users) };
  fixture.calls.length = 0;
  fixture.onCall = () => {};
  expect(fixture.bedrock.scripted).toBe(0);
});

const modelCalls = () => fixture.calls.filter(({ action }) => action === 'ConverseStream').map(({ input }) => input);
/** What a model that counts a word as a token read of so many calls. */
const read = (calls = modelCalls()) =>
  calls.reduce<number>((sum, input) => sum + wordsOf(input as unknown as ConverseInput), 0);
const usageOf = (answer: Streamed) => (eventOf(answer, 'error') ?? answer.json)['usage'] as TokenUsage | undefined;
const day = () => fixture.dayTokens(asked.user);

/** Asks, with the time passing once the handler has read what comes before the model holds: its start, and the pieces. */
async function askUntilLate(streams: boolean, behaviour: ModelBehaviour): Promise<Streamed> {
  const take = vi.spyOn(CallUsage.prototype, 'take');
  fixture.bedrock.script(behaviour);
  const waiting = fixture.ask({ ...asked, accept: streams ? 'text/event-stream' : 'application/json' });
  while (take.mock.calls.length < 1 + (behaviour.holdAfter ?? 0)) await new Promise(setImmediate);
  take.mockRestore();
  fixture.timing.pass(60_000);
  return waiting;
}

describe('the day is charged for what was read and written, at least that and at most what was reserved,', () => {
  const words = Array.from({ length: 30 }, (_, index) => ` word${index}`);

  it.each([
    ['a stream at its deadline, before a word', true, { hold: FOREVER }],
    ['an answer in one piece at its deadline, before a word', false, { hold: FOREVER }],
    ['a stream at its deadline, midway', true, { chunks: words, hold: FOREVER, holdAfter: 20 }],
    ['an answer in one piece at its deadline, midway', false, { chunks: words, hold: FOREVER, holdAfter: 20 }],
  ])('by %s', async (_, streams, behaviour: ModelBehaviour) => {
    const answer = await askUntilLate(streams, behaviour);
    const { inputTokens = 0, outputTokens = 0 } = usageOf(answer) ?? {};
    expect(inputTokens).toBeGreaterThanOrEqual(read());
    const written = words.slice(0, behaviour.holdAfter ?? 0).join('');
    expect(outputTokens).toBe(estimatedTokens(written));
    expect(day()).toBe(inputTokens + outputTokens);
    expect(day()).toBeLessThanOrEqual(RESERVED);
  });

  it.each<[string, ModelBehaviour, number]>([
    ['the connection broke before a word', { dieAfter: 0 }, 0],
    ['the connection broke after five', { chunks: words, dieAfter: 5 }, 5],
    [
      'the model failed in its stream',
      { chunks: words, streamError: { after: 7, type: 'modelStreamErrorException' } },
      7,
    ],
    ['Bedrock failed in the stream', { chunks: words, streamError: { after: 3, type: 'internalServerException' } }, 3],
    [
      'it was throttled after its first words',
      { chunks: words, streamError: { after: 2, type: 'throttlingException' } },
      2,
    ],
  ])('when %s', async (_, behaviour, count) => {
    fixture.bedrock.script(behaviour);
    const { inputTokens = 0, outputTokens = 0 } = usageOf(await fixture.ask(asked)) ?? {};
    expect(inputTokens).toBeGreaterThanOrEqual(read());
    expect(outputTokens).toBe(estimatedTokens(words.slice(0, count).join('')));
    expect(day()).toBe(inputTokens + outputTokens);
    expect(day()).toBeLessThanOrEqual(RESERVED);
  });

  it('never for more words than the model was allowed', async () => {
    fixture.bedrock.script({ chunks: ['x'.repeat(50_000)], dieAfter: 1 });
    expect(usageOf(await fixture.ask(asked))?.outputTokens).toBe(BOUNDS.maxTokens);
    expect(day()).toBeLessThanOrEqual(RESERVED);
  });

  it('for each try of a model that had the prompt, and for none that was turned away', async () => {
    fixture.bedrock.script({ fail: 'ModelTimeoutException' }, { fail: 'ThrottlingException' }, { text: 'Twelve. [1]' });
    const answer = await fixture.ask(asked);
    expect(modelCalls()).toHaveLength(3);
    const { inputTokens } = eventOf(answer, 'usage') as unknown as TokenUsage;
    const [first] = modelCalls();
    const once = read(first === undefined ? [] : [first]);
    expect(inputTokens).toBeGreaterThanOrEqual(2 * once);
    expect(day()).toBe(eventOf(answer, 'usage')?.['dailyTokens']);
    fixture.bedrock.script({ fail: 'ServiceUnavailableException' });
    const before = day();
    expect(usageOf(await fixture.ask(asked))).toBeUndefined();
    expect(day()).toBe(before);
  });

  it('for nothing when no model was asked', async () => {
    fixture.bedrock.refuse('Retrieve', 'AccessDeniedException');
    expect(usageOf(await fixture.ask(asked))).toBeUndefined();
    const held = new Promise<void>(() => {});
    fixture.bedrock.delay('Retrieve', held);
    fixture.calls.length = 0;
    const late = fixture.ask(asked);
    while (!fixture.calls.some(({ action }) => action === 'Retrieve')) await new Promise(setImmediate);
    fixture.timing.pass(60_000);
    expect(eventOf(await late, 'error')).toMatchObject({ code: 'answer_too_late' });
    expect(day()).toBe(0);
  });

  it('by Bedrock’s own count where the stream ended, whatever the answer was good for', async () => {
    const usage = { inputTokens: 321, outputTokens: 45 };
    for (const behaviour of [
      { chunks: [], usage },
      { chunks: ['Half'], stopReason: 'malformed_tool_use', usage },
      { guardrail: { action: 'blocked-output' as const, after: 1 }, chunks: ['No'], usage },
      { text: 'Twelve. [1]', usage },
    ]) {
      const before = day();
      fixture.bedrock.script(behaviour);
      await fixture.ask(asked);
      expect(day()).toBe(before + 366);
    }
  });

  it('for nothing when the guardrail stopped the question before the model', async () => {
    fixture.bedrock.script({ guardrail: { action: 'blocked-input' } });
    expect(eventOf(await fixture.ask(asked), 'done')).toMatchObject({ outcome: 'blocked' });
    expect(day()).toBe(0);
  });

  it('of a reader that went away as of one that stayed', async () => {
    fixture.bedrock.script({ chunks: words, usage: { inputTokens: 90, outputTokens: 30 } });
    await fixture.ask({ ...asked, goneAfter: 2 });
    expect(day()).toBe(120);
  });
});

describe('tools: several calls of the model', () => {
  const reserved = reservationOf(BOUNDS, BOUNDS.maxToolRounds);
  const use = {
    toolUse: [{ name: 'departures', input: { from: 'Bern' } }],
    usage: { inputTokens: 80, outputTokens: 8 },
  };

  it('are each charged, the last by an estimate when it broke off', async () => {
    fixture.tools.set(FUNCTION, () => 'at ten');
    fixture.bedrock.script(use, use, { chunks: ['At', ' ten'], dieAfter: 2 });
    const { inputTokens = 0, outputTokens = 0 } = usageOf(await fixture.ask(asked, {}, [DEPARTURES])) ?? {};
    const [, , last] = modelCalls();
    expect(inputTokens).toBeGreaterThanOrEqual(160 + read(last === undefined ? [] : [last]));
    expect(outputTokens).toBe(16 + estimatedTokens('At ten'));
    expect(day()).toBe(inputTokens + outputTokens);
    expect(day()).toBeLessThanOrEqual(reserved);
  });

  it('count what the model wrote of a tool’s input', async () => {
    const input = { from: 'Bern'.repeat(30) };
    const json = JSON.stringify(input);
    fixture.bedrock.script({ toolUse: [{ name: 'departures', input }], dieAtByte: 650 });
    const { outputTokens = 0 } = usageOf(await fixture.ask(asked, {}, [DEPARTURES])) ?? {};
    expect(outputTokens).toBeGreaterThan(0);
    expect(outputTokens).toBeLessThanOrEqual(estimatedTokens(json));
  });

  it('are charged when the time ends in the function of a tool', async () => {
    let called = false;
    fixture.tools.set(FUNCTION, () => {
      called = true;
      return FOREVER;
    });
    fixture.bedrock.script(use);
    const answer = fixture.ask(asked, {}, [DEPARTURES]);
    while (!called) await new Promise(setImmediate);
    fixture.timing.pass(60_000);
    expect(usageOf(await answer)).toEqual({ inputTokens: 80, outputTokens: 8 });
    expect(day()).toBe(88);
  });
});

describe('a function that dies with an answer on its way', () => {
  it('leaves all that was reserved counted, also once its question may be asked again', async () => {
    const { askHandler, answeringFromEnvironment } = await import('../../../../patterns/genai-rag/runtime/ask.js');
    // Its clock stands still: neither its deadline nor anything else of it ever comes.
    const dead = new StandTiming(fixture.timing.now());
    fixture.bedrock.script({ hold: FOREVER });
    void fixture.through(askHandler(dead, answeringFromEnvironment(dead)), { ...asked, key: 'dead' });
    while (modelCalls().length === 0) await new Promise(setImmediate);
    expect(day()).toBe(RESERVED);
    expect(eventOf(await fixture.ask({ ...asked, key: 'dead' }), 'error') ?? {}).toEqual({});
    fixture.timing.pass(91_000);
    fixture.bedrock.script({ text: 'Twelve. [1]', usage: { inputTokens: 50, outputTokens: 5 } });
    expect(eventOf(await fixture.ask({ ...asked, key: 'dead' }), 'done')).toMatchObject({ outcome: 'complete' });
    expect(day()).toBe(RESERVED + 55);
  });

  it('and one whose table is away when it wants to give back keeps it counted, too', async () => {
    fixture.bedrock.script({ dieAfter: 1 });
    let transactions = 0;
    fixture.onCall = ({ action }) => {
      if (action !== 'TransactWriteItems') return;
      transactions += 1;
      if (transactions > 1) throw new AwsError('AccessDeniedException', 'no', 400);
    };
    expect(usageOf(await fixture.ask(asked))).toBeUndefined();
    expect(day()).toBe(RESERVED);
  });
});
