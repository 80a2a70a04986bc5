// @node24

import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ModelBehaviour } from '../../../../local/aws/bedrock/model-behaviour';
import { AwsError } from '../../../../local/aws/service';
import type { TokenUsage } from '../../../../patterns/genai-rag/contract';
import { eventually } from '../../../fixtures/eventually';
import { AskFixture, conversationId, eventOf, type Streamed } from './ask-fixture';

let fixture: AskFixture;
let count: { readonly mock: { readonly calls: readonly unknown[][] }; mockClear(): unknown };
beforeAll(async () => {
  fixture = await new AskFixture().start();
  fixture.document('t-acme', 'fares', 'The fare of a day is 12 euros.');
  fixture.document('t-acme', 'dogs', 'Dogs travel for half of the fare of a day.');
  const { metrics } = await import('../../../../lib/runtime/observability.js');
  count = vi.spyOn(metrics, 'addMetric');
});
afterAll(() => fixture.stop());
beforeEach(() => {
  fixture.calls.length = 0;
  fixture.onCall = () => {};
  count.mockClear();
  expect(fixture.bedrock.scripted).toBe(0);
});

const FARE = { groups: 'tenant-acme', question: 'What is the fare of a day?', user: 'trouble' };
const counted = () => count.mock.calls.map(([name]) => name);
const calls = (action: string) => fixture.calls.filter((call) => call.action === action);

/** Tokens that an answer says it was charged for though it failed. */
function chargedFor(failed: Streamed): number {
  const { usage } = (eventOf(failed, 'error') ?? failed.json) as { usage?: TokenUsage };
  return (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0);
}

/** Asks twice with one key: first in trouble, then without, when nothing may remind of the first. */
async function failsThenAnswers(
  number: number,
  behaviours: readonly ModelBehaviour[],
  bounds = {},
): Promise<{ failed: Streamed; answered: Streamed }> {
  const asked = { ...FARE, conversation: conversationId(number), key: `trouble-${number}` };
  const before = new Map(fixture.kept());
  const tokens = fixture.dayTokens();
  fixture.bedrock.script(...behaviours);
  const failed = await fixture.ask(asked, bounds);
  // The day is charged for what it is said to be, and the stream that began was read for (ask-charges.test.ts).
  expect(fixture.dayTokens()).toBe(tokens + chargedFor(failed));
  expect(chargedFor(failed) > 0).toBe(behaviours.some(({ fail }) => fail === undefined));
  const day = (key: string) => key.includes(' usage#');
  expect(fixture.kept().filter(([key]) => !day(key))).toEqual([...before].filter(([key]) => !day(key)));
  expect(failed.events.at(-1)?.event).toBe('error');
  const answered = await fixture.ask(asked, bounds);
  expect(eventOf(answered, 'done')).toEqual({ turn: '00000001', outcome: 'complete' });
  return { failed, answered };
}

describe('a stream that is cut at awkward places', () => {
  const CHUNKS = [
    'Zwölf € — 十二',
    ' 🚂',
    '\ud83d',
    '\ude82 [',
    '1',
    '] und [',
    '2,',
    ' 1',
    '] aber [',
    '7',
    '] [x] [',
    '12',
  ];
  const WANTED = 'Zwölf € — 十二 🚂🚂 [1] und [2][1] aber  [x] [12';

  it.each([1, 3, 7, 64, 1000])('is whole in writes of %i bytes', async (bytesPerWrite) => {
    fixture.bedrock.script({ chunks: CHUNKS, bytesPerWrite });
    const answer = await fixture.ask({ ...FARE, conversation: conversationId(1) });
    expect(answer.text).toBe(WANTED);
    const cited = eventOf(answer, 'citations')?.['citations'] as { number: number }[];
    expect(cited.map(({ number }) => number)).toEqual([1, 2]);
    for (const chunk of answer.chunks) expect(chunk).not.toContain('\ufffd');
  });
});

describe('a model that is busy', () => {
  it.each(['ThrottlingException', 'ModelTimeoutException', 'ModelNotReadyException'] as const)(
    'by %s is asked again',
    async (fail) => {
      fixture.bedrock.script({ fail }, { fail });
      const answer = await fixture.ask(FARE);
      expect(eventOf(answer, 'done')).toMatchObject({ outcome: 'complete' });
      expect(calls('ConverseStream')).toHaveLength(3);
      expect(counted().filter((name) => name === 'ModelThrottles')).toHaveLength(
        fail === 'ThrottlingException' ? 2 : 0,
      );
    },
  );

  it('in its stream, before a word, is asked again; after one it is not', async () => {
    fixture.bedrock.script({ streamError: { after: 0, type: 'throttlingException' } });
    expect(eventOf(await fixture.ask(FARE), 'done')).toMatchObject({ outcome: 'complete' });
    expect(calls('ConverseStream')).toHaveLength(2);
    const { failed } = await failsThenAnswers(20, [{ streamError: { after: 2, type: 'throttlingException' } }]);
    expect(eventOf(failed, 'error')).toMatchObject({ status: 503, code: 'model_busy', retryable: true });
  });

  it('is asked three times at the most', async () => {
    const { failed } = await failsThenAnswers(
      21,
      [1, 2, 3].map(() => ({ fail: 'ThrottlingException' as const })),
    );
    expect(eventOf(failed, 'error')).toMatchObject({ status: 503, code: 'model_busy', retryable: true });
    expect(calls('ConverseStream')).toHaveLength(4);
  });

  it.each([
    ['InternalServerException', 'answer_broke_off'],
    ['ServiceUnavailableException', 'answer_broke_off'],
  ] as const)('by %s is not asked again', async (fail, code) => {
    fixture.bedrock.script({ fail });
    expect(eventOf(await fixture.ask(FARE), 'error')).toMatchObject({ code });
    expect(calls('ConverseStream')).toHaveLength(1);
  });
});

describe('a stream that breaks off', () => {
  it.each([
    ['before its first word', { dieAfter: 0 }],
    ['after two words', { dieAfter: 2 }],
    ['after its last word', { chunks: ['Twelve'], dieAfter: 1 }],
    ['in the middle of a message', { dieAtByte: 200 }],
    ['with an error of the model', { streamError: { after: 2, type: 'modelStreamErrorException' as const } }],
    ['with an error of Bedrock', { streamError: { after: 1, type: 'internalServerException' as const } }],
  ])('%s ends in an error event, keeps nothing, and can be asked again with its key', async (_, behaviour) => {
    const number = 30 + calls.length + Math.floor(fixture.items().size);
    const { failed } = await failsThenAnswers(number, [behaviour]);
    expect(failed.status).toBe(200);
    expect(eventOf(failed, 'error')).toMatchObject({ status: 502, code: 'answer_broke_off', retryable: true });
    expect(eventOf(failed, 'done')).toBeUndefined();
    expect(counted()).toContain('AnswersFailed');
  });

  it.each([
    ['half a tool', { chunks: ['Twelve'], stopReason: 'malformed_tool_use' }],
    ['nothing', { chunks: [] }],
  ])('with %s at its end counts what the model used', async (_, behaviour) => {
    const tokens = fixture.dayTokens();
    fixture.bedrock.script({ ...behaviour, usage: { inputTokens: 90, outputTokens: 9 } });
    const answer = await fixture.ask({ ...FARE, conversation: conversationId(70) });
    expect(eventOf(answer, 'error')).toMatchObject({ code: 'answer_broke_off' });
    expect(fixture.dayTokens()).toBe(tokens + 99);
  });

  it('has a status of its own for a client that does not stream', async () => {
    fixture.bedrock.script({ dieAfter: 2 });
    const answer = await fixture.ask({ ...FARE, accept: 'application/json' });
    expect(answer.status).toBe(502);
    expect(answer.json).toMatchObject({ status: 502, code: 'answer_broke_off' });
  });
});

describe('a guardrail', () => {
  const there = (number: number) => ({ ...FARE, user: 'guarded', conversation: conversationId(number) });

  it('that blocks the question speaks in place of the model', async () => {
    fixture.bedrock.script({ guardrail: { action: 'blocked-input', text: 'Not about that.' } });
    const answer = await fixture.ask(there(100));
    expect(eventOf(answer, 'guardrail')).toEqual({ action: 'blocked', of: 'question', text: 'Not about that.' });
    expect(eventOf(answer, 'citations')).toEqual({ citations: [] });
    expect(eventOf(answer, 'done')).toEqual({ turn: '00000001', outcome: 'blocked' });
    expect(counted()).toContain('GuardrailInterventions');
  });

  it('that blocks an answer after its first words replaces them, and they are not kept', async () => {
    const chunks = ['The', ' secret', ' [1]'];
    fixture.bedrock.script({ chunks, guardrail: { action: 'blocked-output', after: 2, text: ' Not that.' } });
    const asked = { ...there(101), key: 'blocked-midway' };
    const answer = await fixture.ask(asked);
    expect(answer.text).toContain('The secret');
    expect(eventOf(answer, 'guardrail')).toEqual({
      action: 'blocked',
      of: 'answer',
      text: 'This answer was withheld.',
    });
    expect(JSON.stringify(fixture.kept())).not.toContain('secret');
    const again = await fixture.ask(asked);
    expect(again.text).toBe('This answer was withheld.');
  });

  it('that blocks a whole answer speaks in place of it', async () => {
    fixture.bedrock.script({ guardrail: { action: 'blocked-output', text: 'Ask the desk.' } });
    const answer = await fixture.ask(there(102));
    expect(eventOf(answer, 'guardrail')).toEqual({ action: 'blocked', of: 'answer', text: 'Ask the desk.' });
  });

  it.each(['end_turn', 'guardrail_intervened'])(
    'that hides personal data lets the answer through (%s)',
    async (stopReason) => {
      fixture.bedrock.script({ guardrail: { action: 'masked', text: 'Write to {EMAIL} [1]' }, stopReason });
      const answer = await fixture.ask({ ...there(103), accept: 'application/json' });
      expect(answer.json).toMatchObject({
        answer: 'Write to {EMAIL} [1]',
        guardrail: { action: 'masked', of: 'answer' },
        outcome: 'complete',
        citations: [{ number: 1 }],
      });
    },
  );

  it('is heard in a model’s own filter too', async () => {
    fixture.bedrock.script({ chunks: ['Well', '...'], stopReason: 'content_filtered' });
    expect(eventOf(await fixture.ask(there(104)), 'done')).toMatchObject({ outcome: 'blocked' });
    fixture.bedrock.script({ chunks: ['Well...'], stopReason: 'content_filtered' });
    const filtered = eventOf(await fixture.ask(there(104)), 'guardrail');
    expect(filtered).toEqual({ action: 'blocked', of: 'answer', text: 'This answer was withheld.' });
  });

  it('leaves what it blocked out of what the model hears later', async () => {
    fixture.bedrock.script({ guardrail: { action: 'blocked-input' } });
    await fixture.ask({ ...there(105), question: 'A fare of evil?' });
    fixture.calls.length = 0;
    await fixture.ask(there(105));
    expect(JSON.stringify([calls('ConverseStream'), calls('Retrieve')])).not.toContain('evil');
  });
});

describe('a model that cannot be asked', () => {
  it.each(['AccessDeniedException', 'ResourceNotFoundException', 'ValidationException'] as const)(
    '(%s) is told as such, counted, and not asked again',
    async (fail) => {
      fixture.bedrock.script({ fail });
      const answer = await fixture.ask(FARE);
      expect(eventOf(answer, 'error')).toMatchObject({ status: 502, code: 'model_unavailable', retryable: false });
      expect(counted()).toEqual(expect.arrayContaining(['AnswersFailed', 'ModelUnavailable']));
      expect(calls('ConverseStream')).toHaveLength(1);
    },
  );

  it('is another one by a change of the environment alone', async () => {
    const before = process.env['MODEL_ID'];
    process.env['MODEL_ID'] = 'anthropic.claude-next-v9:0';
    await fixture.ask(FARE, { maxTokens: 123 });
    process.env['MODEL_ID'] = before;
    expect(calls('ConverseStream')[0]?.input['modelId']).toBe('anthropic.claude-next-v9:0');
  });
});

describe('an answer that takes too long', () => {
  it.each([
    ['text/event-stream', 60],
    ['application/json', 25],
  ])('ends at its deadline (%s)', async (accept, seconds) => {
    const asked = { ...FARE, accept, conversation: conversationId(seconds), key: `late-${seconds}` };
    const tokens = fixture.dayTokens();
    fixture.bedrock.script({ chunks: ['Well'], hold: new Promise(() => {}), holdAfter: 1 });
    let ended = false;
    const answer = fixture.ask(asked).finally(() => {
      ended = true;
    });
    await eventually(() => expect(counted()).toContain('FirstTokenMs'), 2);
    fixture.timing.pass(seconds * 1000 - 1);
    await new Promise(setImmediate);
    expect(ended).toBe(false);
    fixture.timing.pass(1);
    const late = await answer;
    const error = accept === 'application/json' ? late.json : eventOf(late, 'error');
    expect(error).toMatchObject({ status: 504, code: 'answer_too_late' });
    expect(chargedFor(late)).toBeGreaterThan(100);
    expect(fixture.dayTokens()).toBe(tokens + chargedFor(late));
    expect((await fixture.ask(asked)).status).toBe(200);
    expect(fixture.timing.waiting).toBe(0);
  });

  it('does not wait for a busy model beyond it', async () => {
    fixture.bedrock.script({ fail: 'ThrottlingException', hold: new Promise((done) => setImmediate(done)) });
    fixture.onCall = ({ action }) => {
      if (action === 'ConverseStream') fixture.timing.pass(60_000);
    };
    expect(eventOf(await fixture.ask(FARE), 'error')).toMatchObject({ code: 'answer_too_late' });
    expect(calls('ConverseStream')).toHaveLength(1);
    fixture.bedrock.script();
  });

  it('says something every ten seconds meanwhile', async () => {
    let release: () => void = () => {};
    const hold = new Promise<void>((done) => {
      release = done;
    });
    fixture.bedrock.script({ chunks: ['Twelve'], hold });
    const chunks: string[] = [];
    const answer = fixture.ask({ ...FARE, onChunk: (text) => chunks.push(text) });
    await eventually(() => expect(calls('ConverseStream')).toHaveLength(1), 2);
    const before = chunks.length;
    fixture.timing.pass(30_000);
    await new Promise(setImmediate);
    expect(chunks.slice(before)).toEqual([':\n\n', ':\n\n', ':\n\n']);
    release();
    await answer;
  });
});

describe('a reader that goes away', () => {
  it('finds its answer kept, and has it with the same key', async () => {
    const asked = { ...FARE, conversation: conversationId(200), key: 'gone' };
    const cut = await fixture.ask({ ...asked, goneAfter: 3 });
    expect(cut.chunks).toHaveLength(3);
    expect(eventOf(cut, 'done')).toBeUndefined();
    fixture.calls.length = 0;
    const again = await fixture.ask(asked);
    expect(again.text).toBe('The fare of a day is 12 euros. [1] Dogs travel for half of the fare of a day. [2]');
    expect(calls('ConverseStream')).toEqual([]);
  });
});

describe('a store in trouble', () => {
  it('the knowledge base: nothing is kept, and no model is asked', async () => {
    fixture.bedrock.refuse('Retrieve', 'AccessDeniedException');
    const { failed } = await failsThenAnswers(300, []);
    expect(eventOf(failed, 'error')).toMatchObject({ status: 503, code: 'retrieval_failed', retryable: true });
  });

  it('transactions that meet are tried again', async () => {
    let conflicts = 3;
    fixture.onCall = ({ action, input }) => {
      if (action !== 'TransactWriteItems' || conflicts === 0) return;
      conflicts -= 1;
      throw AskFixture.conflict((input['TransactItems'] as unknown[]).length);
    };
    expect(eventOf(await fixture.ask(FARE), 'done')).toMatchObject({ outcome: 'complete' });
    expect(calls('TransactWriteItems')).toHaveLength(5);
  });

  it('a turn that was kept, though nobody heard so, is counted once and answered again', async () => {
    const { askHandler, answeringFromEnvironment } = await import('../../../../patterns/genai-rag/runtime/ask.js');
    const answering = answeringFromEnvironment(fixture.timing);
    const append = answering.conversations.append.bind(answering.conversations);
    answering.conversations.append = async (...turn) => {
      await append(...turn);
      throw Object.assign(new Error('The connection was reset'), { code: 'ECONNRESET' });
    };
    const asked = { ...FARE, conversation: conversationId(302), key: 'unheard' };
    const tokens = fixture.dayTokens();
    fixture.bedrock.script({ text: 'Twelve.', usage: { inputTokens: 70, outputTokens: 7 } });
    const answer = await fixture.through(askHandler(fixture.timing, answering), asked);
    expect(eventOf(answer, 'error')).toMatchObject({ status: 503, retryable: true });
    expect(fixture.dayTokens()).toBe(tokens + 77);
    fixture.calls.length = 0;
    expect((await fixture.ask(asked)).text).toBe('Twelve.');
    expect(calls('ConverseStream')).toEqual([]);
  });

  it('a turn that cannot be kept is an error, and what the model used is counted', async () => {
    const tokens = fixture.dayTokens();
    let transactions = 0;
    fixture.onCall = ({ action }) => {
      if (action !== 'TransactWriteItems') return;
      transactions += 1;
      if (transactions === 2) throw new AwsError('AccessDeniedException', 'no', 400);
    };
    const usage = { inputTokens: 70, outputTokens: 7 };
    fixture.bedrock.script({ text: 'Twelve.', usage });
    const answer = await fixture.ask({ ...FARE, conversation: conversationId(301), key: 'not-kept' });
    expect(eventOf(answer, 'error')).toMatchObject({ status: 503, retryable: true });
    expect(fixture.dayTokens()).toBe(tokens + 77);
    fixture.onCall = () => {};
    const again = await fixture.ask({ ...FARE, conversation: conversationId(301), key: 'not-kept' });
    expect(eventOf(again, 'done')).toMatchObject({ turn: '00000001' });
  });
});
