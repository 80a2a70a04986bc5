import { ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { expectEventually } from '../../../fixtures/eventually';
import { ask, BedrockFixture, MODEL, QUESTION } from './bedrock-fixture';

const fixture = new BedrockFixture();
beforeAll(() => fixture.start());
afterAll(() => fixture.stop());
// What one test scripts is none of the next's.
afterEach(() => expect(fixture.bedrock.scripted).toBe(0));

describe.each(['h1', 'h2'] as const)('an answer over %s', (protocol) => {
  const client = () => fixture.runtime(protocol);

  it('comes as the events that the SDK knows, in their order', async () => {
    fixture.bedrock.script({ chunks: ['Grün', ' ist', ' es.'], usage: { inputTokens: 12, outputTokens: 4 } });
    const { events } = await ask(client());
    expect(events).toEqual([
      { messageStart: { role: 'assistant' } },
      ...['Grün', ' ist', ' es.'].map((text) => ({ contentBlockDelta: { contentBlockIndex: 0, delta: { text } } })),
      { contentBlockStop: { contentBlockIndex: 0 } },
      { messageStop: { stopReason: 'end_turn' } },
      {
        metadata: { usage: { inputTokens: 12, outputTokens: 4, totalTokens: 16 }, metrics: { latencyMs: 1 } },
      },
    ]);
  });

  it('is whole however its bytes are cut', async () => {
    const text = 'Every word of it, and ümlauts.';
    const every = Array.from({ length: 40 }, (_, index) => 7 * index + 3);
    fixture.bedrock.script({ text, bytesPerWrite: 1 }, { text, bytesPerWrite: 1000 }, { text, splitBytesAt: every });
    for (let time = 0; time < 3; time += 1) {
      const { tokens, stopReason } = await ask(client());
      expect([tokens.join(''), stopReason]).toEqual([text, 'end_turn']);
    }
  });

  it('comes token by token: the first is there before the second is made', async () => {
    let release = () => {};
    const hold = new Promise<void>((done) => {
      release = done;
    });
    fixture.bedrock.script({ chunks: ['first', 'second'], hold, holdAfter: 1 });
    const seen: string[] = [];
    const asked = ask(client(), {}, (text) => {
      seen.push(text);
      release();
    });
    // Without the first token nobody would let the second go.
    expect((await asked).tokens).toEqual(seen);
    expect(seen).toEqual(['first', 'second']);
  });

  it('dies midway without a word: over HTTP/2 the SDK sees nothing but an end too early', async () => {
    fixture.bedrock.script({ chunks: ['a', 'b', 'c'], dieAfter: 2 });
    const { tokens, stopReason, error } = await ask(client());
    expect([tokens, stopReason]).toEqual([['a', 'b'], undefined]);
    expect((error as { code?: string } | undefined)?.code).toBe(protocol === 'h1' ? 'ECONNRESET' : undefined);
    expect(fixture.bedrock.calls.at(-1)?.ended).toBe('cut');
  });

  it('dies within a message', async () => {
    fixture.bedrock.script({ chunks: ['a', 'b'], dieAtByte: 300 });
    const { tokens, error } = await ask(client());
    expect(tokens).toEqual(['a']);
    expect(error).toMatchObject({
      message: protocol === 'h1' ? 'aborted' : 'Truncated event message received.',
    });
  });

  it('dies within its first message, which the SDK reads before it hands the stream on', async () => {
    fixture.bedrock.script({ text: 'never', dieAtByte: 50 });
    await expect(ask(client())).rejects.toThrow(protocol === 'h1' ? 'aborted' : 'Truncated event message');
  });

  it('dies without a stream too', async () => {
    fixture.bedrock.script({ dieAfter: 0 });
    await expect(client().send(new ConverseCommand({ modelId: MODEL, messages: QUESTION }))).rejects.toThrow();
  });

  it.each([
    ['throttlingException', 'ThrottlingException'],
    ['modelStreamErrorException', 'ModelStreamErrorException'],
    ['internalServerException', 'InternalServerException'],
    ['validationException', 'ValidationException'],
    ['serviceUnavailableException', 'ServiceUnavailableException'],
  ] as const)('ends by %s in the stream', async (type, name) => {
    fixture.bedrock.script({ chunks: ['a', 'b'], streamError: { after: 1, type, message: 'so it is' } });
    const { tokens, error } = await ask(client());
    expect(tokens).toEqual(['a']);
    expect(error).toMatchObject({ name, message: 'so it is' });
  });

  it('is refused with the status of the error', async () => {
    const refused = [];
    for (const fail of ['ThrottlingException', 'ModelTimeoutException', 'AccessDeniedException'] as const) {
      fixture.bedrock.script({ fail });
      refused.push(await ask(client()).catch(({ name, $metadata }) => [name, $metadata.httpStatusCode]));
    }
    expect(refused).toEqual([
      ['ThrottlingException', 429],
      ['ModelTimeoutException', 408],
      ['AccessDeniedException', 403],
    ]);
  });

  it('is given up when its reader goes away', async () => {
    let release = () => {};
    const hold = new Promise<void>((done) => {
      release = done;
    });
    fixture.bedrock.script({ chunks: Array(500).fill('a'), hold, holdAfter: 1 });
    const control = new AbortController();
    const asked = ask(client(), {}, () => control.abort(), control.signal);
    await asked.catch(() => undefined);
    release();
    await expectEventually(() => fixture.bedrock.calls.at(-1)?.ended).toBe('abandoned');
  });
});
