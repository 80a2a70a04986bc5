import { describe, expect, it, vi } from 'vitest';
import { Model, replyMessage } from '../../../../patterns/genai-rag/runtime/model';
import { SYSTEM } from '../../../../patterns/genai-rag/runtime/prompt';
import { Deadline, DeadlinePassed } from '../../../../patterns/genai-rag/runtime/timing';
import { ToolBox } from '../../../../patterns/genai-rag/runtime/tools';
import { StandTiming } from './timing-fixture';

const BOUNDS = {
  maxTokens: 77,
  maxPassages: 1,
  maxHistoryTokens: 0,
  dailyTokens: 1,
  questionsPerMinute: 1,
  answerSeconds: 1,
  conversationDays: 1,
  maxToolRounds: 0,
};
const SETTINGS = { modelId: 'model', guardrail: { id: 'g', version: '3' }, bounds: BOUNDS };
const TOOL = { name: 'departures', description: 'D\u200b', inputSchema: { type: 'object' }, functionArn: 'arn' };
const MESSAGES = [{ role: 'user' as const, content: [{ text: 'Fa\u200bre?' }] }];
type Step = object | Error;

const text = (said: string) => ({ contentBlockDelta: { delta: { text: said }, contentBlockIndex: 0 } });
const stop = (stopReason?: string) => ({ messageStop: { stopReason } });
const METADATA = { metadata: { usage: { inputTokens: 7, outputTokens: 3 } } };
const named = (name: string) => Object.assign(new Error(name), { name, $metadata: { httpStatusCode: 400 } });
const COMPLETE = [text('Yes'), text(''), text('.'), stop('end_turn'), METADATA];

async function* streamOf(steps: readonly Step[]) {
  for (const step of steps) {
    if (step instanceof Error) throw step;
    yield step;
  }
}

/** Asks a model whose calls go as they are told: refused, or a stream; the last one again and again. */
function standOf(calls: readonly (Error | readonly Step[])[], random = 0, tools = new ToolBox([])) {
  const timing = new StandTiming();
  const waits: number[] = [];
  const told = {
    now: () => timing.now(),
    random: () => random,
    after: (ms: number, run: () => void) => {
      if (ms !== 60_000) waits.push(ms);
      return timing.after(ms === 60_000 ? ms : 0, run);
    },
  };
  let asked = 0;
  const send = vi.fn(async (_command: { readonly input: object }, _options: object) => {
    const call = calls[Math.min(asked, calls.length - 1)];
    asked += 1;
    if (call instanceof Error) throw call;
    return call === undefined || call.length === 0 ? {} : { stream: streamOf(call) };
  });
  const deadline = new Deadline(told, timing.now() + 60_000);
  const listener = { onText: vi.fn(), onThrottle: vi.fn(), onUsage: vi.fn() };
  const model = new Model({ send } as never, SETTINGS, told);
  return { send, waits, timing, deadline, listener, reply: () => model.reply(MESSAGES, tools, deadline, listener) };
}

describe('a model', () => {
  it('is asked behind the guardrail, with a bound, as a person sees it', async () => {
    const { send, reply, deadline } = standOf([COMPLETE]);
    await reply();
    const [[{ input }, options]] = send.mock.calls as [[{ input: object }, object]];
    expect(input).toEqual({
      system: SYSTEM,
      messages: [{ role: 'user', content: [{ text: 'Fare?' }] }],
      modelId: 'model',
      inferenceConfig: { maxTokens: 77 },
      guardrailConfig: expect.objectContaining({ guardrailIdentifier: 'g', guardrailVersion: '3' }),
    });
    expect(options).toEqual({ abortSignal: deadline.signal });
  });

  it('is told of tools where there are any', async () => {
    const { send, reply } = standOf([COMPLETE], 0, new ToolBox([TOOL]));
    await reply();
    const spec = { name: 'departures', description: 'D', inputSchema: { json: { type: 'object' } } };
    expect(send.mock.calls[0]?.[0].input).toMatchObject({ toolConfig: { tools: [{ toolSpec: spec }] } });
  });

  it('replies piece by piece', async () => {
    const { reply, listener } = standOf([COMPLETE]);
    const usage = { inputTokens: 7, outputTokens: 3 };
    const guardrail = { action: 'none' };
    expect(await reply()).toEqual({ text: 'Yes.', pieces: 2, stopReason: 'end_turn', toolUses: [], usage, guardrail });
    expect([listener.onText.mock.calls, listener.onUsage.mock.calls]).toEqual([[['Yes'], ['.']], [[usage]]]);
    expect(listener.onThrottle).not.toHaveBeenCalled();
  });

  it('asks for tools, whose inputs come in pieces', async () => {
    const start = (contentBlockIndex: number | undefined, toolUse: object) => ({
      contentBlockStart: { start: { toolUse }, contentBlockIndex },
    });
    const input = (contentBlockIndex: number | undefined, piece?: string) => ({
      contentBlockDelta: { delta: { toolUse: { input: piece } }, contentBlockIndex },
    });
    const { reply } = standOf([
      [
        start(undefined, { toolUseId: 'u-0', name: 'a' }),
        start(1, {}),
        input(undefined, '{"a"'),
        input(1, '[]'),
        input(2, 'lost'),
        input(0, ':1}'),
        input(0),
        { contentBlockStart: {} },
        stop('tool_use'),
        METADATA,
      ],
    ]);
    expect((await reply()).toolUses).toEqual([
      { id: 'u-0', name: 'a', input: '{"a":1}' },
      { id: '', name: '', input: '[]' },
    ]);
  });

  it.each<[string, readonly Step[]]>([
    ['nothing', []],
    ['no reason to stop', [text('Yes'), METADATA]],
    ['no metadata', [text('Yes'), stop('end_turn')]],
    ['an empty reason', [text('Yes'), stop(), METADATA]],
  ])('that says %s broke off', async (_, steps) => {
    await expect(standOf([steps]).reply()).rejects.toMatchObject({ code: 'answer_broke_off', retryable: true });
  });

  it('that counts nothing stopped before a word', async () => {
    const { reply } = standOf([[stop('guardrail_intervened'), { metadata: {} }]]);
    expect((await reply()).guardrail).toEqual({ action: 'blocked', of: 'question' });
  });
});

describe('a model that is busy', () => {
  const BUSY = named('ThrottlingException');

  it.each(['ThrottlingException', 'ModelTimeoutException', 'ModelNotReadyException'])(
    'by %s is asked three times at the most',
    async (name) => {
      const { send, reply, listener, waits } = standOf([named(name)], 0.9999);
      await expect(reply()).rejects.toThrow(name);
      expect([send.mock.calls.length, waits]).toEqual([3, [399, 799]]);
      expect(listener.onThrottle).toHaveBeenCalledTimes(name === 'ThrottlingException' ? 3 : 0);
      expect(listener.onUsage).toHaveBeenCalledTimes(3);
    },
  );

  it('answers at last', async () => {
    const { send, reply } = standOf([BUSY, BUSY, COMPLETE]);
    expect((await reply()).text).toBe('Yes.');
    expect(send).toHaveBeenCalledTimes(3);
  });

  it('is not asked again after a word, nor after another error', async () => {
    for (const call of [[text('Yes'), BUSY], named('ValidationException'), [named('InternalServerException')]]) {
      const { send, reply } = standOf([call]);
      await expect(reply()).rejects.toThrow();
      expect(send).toHaveBeenCalledTimes(1);
    }
    const { send, reply } = standOf([[BUSY], COMPLETE]);
    expect((await reply()).text).toBe('Yes.');
    expect(send).toHaveBeenCalledTimes(2);
  });

  it('is not waited for until the deadline', async () => {
    const waits = async (left: number) => {
      const { send, reply, timing } = standOf([BUSY, COMPLETE], 0.5);
      timing.pass(60_000 - left);
      await reply().catch((error: unknown) => expect(error).toBe(BUSY));
      return send.mock.calls.length;
    };
    expect([await waits(200), await waits(201)]).toEqual([1, 2]);
  });

  it('is not asked at all once the time is up', async () => {
    const { send, reply, timing, listener } = standOf([COMPLETE]);
    timing.pass(60_000);
    await expect(reply()).rejects.toThrow(DeadlinePassed);
    expect(send).not.toHaveBeenCalled();
    expect(listener.onUsage.mock.calls).toEqual([[{ inputTokens: 0, outputTokens: 0 }]]);
  });
});

describe('a reply as it goes into the next call', () => {
  const reply = (said: string, input: string) => ({
    text: said,
    pieces: 1,
    stopReason: 'tool_use',
    toolUses: [{ id: 'u', name: 'a', input }],
    usage: { inputTokens: 0, outputTokens: 0 },
    guardrail: { action: 'none' as const },
  });
  const tools = new ToolBox([]);

  it('is its text and its tools, with what is no input left empty', () => {
    const use = (input: object) => ({ toolUse: { toolUseId: 'u', name: 'a', input } });
    expect(replyMessage(reply('Well', '{"a":1}'), tools)).toEqual({
      role: 'assistant',
      content: [{ text: 'Well' }, use({ a: 1 })],
    });
    for (const blank of ['', ' \n'])
      expect(replyMessage(reply(blank, '['), tools)).toEqual({ role: 'assistant', content: [use({})] });
  });
});
