import { describe, expect, it } from 'vitest';
import { CallUsage } from '../../../../patterns/genai-rag/runtime/call-usage';

/** 9 bytes of text in it. */
const PROMPT = { messages: [{ text: 'abc' }, 'déf'], count: 7, none: null, more: { a: ['', 'gh'] } };
const NOTHING = { inputTokens: 0, outputTokens: 0 };
const text = (said: string) => ({ contentBlockDelta: { delta: { text: said }, contentBlockIndex: 0 } });
const tool = (input?: string) => ({ contentBlockDelta: { delta: { toolUse: { input } }, contentBlockIndex: 0 } });
const counted = (inputTokens?: number, outputTokens?: number) => ({
  metadata: { usage: { inputTokens, outputTokens, totalTokens: 0 }, metrics: { latencyMs: 1 } },
});
function usageOf(work: (usage: CallUsage) => void, maxTokens = 100) {
  const usage = new CallUsage(PROMPT, maxTokens);
  work(usage);
  return usage.tokens;
}

describe('a call', () => {
  it('that never went out used nothing', () => {
    expect(usageOf(() => {})).toEqual(NOTHING);
  });

  it('used its prompt, at three bytes to a token', () => {
    expect(usageOf((usage) => usage.sent())).toEqual({ inputTokens: 3, outputTokens: 0 });
  });

  it('used what it wrote, of text and of inputs, and no more than it was allowed', () => {
    const wrote = (usage: CallUsage) => {
      usage.sent();
      for (const event of [text('abcd'), text('é'), tool('{}'), tool(), {}, text('')]) usage.take(event as never);
    };
    expect(usageOf(wrote)).toEqual({ inputTokens: 3, outputTokens: 3 });
    expect(usageOf(wrote, 2)).toEqual({ inputTokens: 3, outputTokens: 2 });
  });

  it('used what Bedrock counts, when it does', () => {
    expect(
      usageOf((usage) => {
        usage.sent();
        usage.take(text('abcdef') as never);
        usage.take(counted(50, 0) as never);
      }),
    ).toEqual({ inputTokens: 50, outputTokens: 0 });
  });

  it.each([
    [undefined, 5],
    [5, undefined],
    [-1, 5],
    [5, -1],
    [1.5, 5],
    [5, Number.NaN],
  ])('is estimated where Bedrock counts %s and %s', (inputTokens, outputTokens) => {
    const tokens = usageOf((usage) => {
      usage.sent();
      usage.take(counted(inputTokens, outputTokens) as never);
    });
    expect(tokens).toEqual({ inputTokens: 3, outputTokens: 0 });
  });
});

describe('a call that was refused', () => {
  const answered = (name: string) => Object.assign(new Error(name), { name, $metadata: { httpStatusCode: 400 } });
  const refused = (error: unknown) =>
    usageOf((usage) => {
      usage.sent();
      usage.refused(error);
    }).inputTokens;

  it.each(['ModelTimeoutException', 'ModelErrorException', 'ModelStreamErrorException'])(
    'by %s had been read',
    (name) => {
      expect(refused(answered(name))).toBe(3);
    },
  );

  it('by Bedrock otherwise had not', () => {
    expect(refused(answered('ThrottlingException'))).toBe(0);
    const notAnError = { name: 'ThrottlingException', $metadata: { httpStatusCode: 400 } };
    expect(refused(notAnError)).toBe(3);
  });

  it('on the way there had been read, if there was a way', () => {
    expect(refused(Object.assign(new Error('reset'), { syscall: 'read' }))).toBe(3);
    expect(refused(Object.assign(new Error('gone'), { $metadata: {} }))).toBe(3);
    expect(refused({})).toBe(3);
    for (const syscall of ['connect', 'getaddrinfo'])
      expect(refused(Object.assign(new Error('no'), { syscall }))).toBe(0);
    expect(refused(new Error('Socket did not establish a connection with the server within 1000 ms'))).toBe(0);
  });
});
