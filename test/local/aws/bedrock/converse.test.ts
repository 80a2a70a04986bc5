import {
  type ContentBlock,
  ConverseCommand,
  type ConverseCommandInput,
  type GuardrailConverseContentQualifier,
  type Message,
} from '@aws-sdk/client-bedrock-runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectEventually } from '../../../fixtures/eventually';
import { ask, BedrockFixture, found, MODEL, QUESTION } from './bedrock-fixture';

const GUARDRAIL = 'gr0000000001';
const fixture = new BedrockFixture({
  models: [MODEL],
  contextTokens: 60,
  guardrails: [
    { id: GUARDRAIL, versions: ['1'], blockedInput: 'No such questions.', blockedOutput: 'No such answers.' },
  ],
});
beforeAll(() => fixture.start());
afterAll(() => fixture.stop());

const converse = (input: Partial<ConverseCommandInput> = {}) =>
  fixture.runtime().send(new ConverseCommand({ modelId: MODEL, messages: QUESTION, ...input }));
const user = (...content: ContentBlock[]): Message => ({ role: 'user', content });
const assistant = (...content: ContentBlock[]): Message => ({ role: 'assistant', content });
const guarded = (text: string, ...qualifiers: GuardrailConverseContentQualifier[]): ContentBlock => ({
  guardContent: { text: { text, qualifiers } },
});
const TOOLS = { tools: [{ toolSpec: { name: 'weather', inputSchema: { json: { type: 'object' } } } }] };
const USE: ContentBlock = { toolUse: { toolUseId: 'u1', name: 'weather', input: {} } };
const RESULT: ContentBlock = { toolResult: { toolUseId: 'u1', content: [{ text: 'sun' }] } };
const guard = (guardrailVersion = '1', trace: 'enabled' | 'disabled' = 'disabled') => ({
  guardrailIdentifier: GUARDRAIL,
  guardrailVersion,
  trace,
});

describe('a request', () => {
  it.each<[string, Partial<ConverseCommandInput>, RegExp]>([
    ['of no message', { messages: [] }, /must start with a user message/],
    ['that the model begins', { messages: [assistant({ text: 'Hello' }), ...QUESTION] }, /start with a user message/],
    ['of two questions', { messages: [...QUESTION, ...QUESTION] }, /must alternate/],
    ['that ends with the model', { messages: [...QUESTION, assistant({ text: 'So' })] }, /end with a user message/],
    ['of an empty message', { messages: [user()] }, /messages.0 is empty/],
    ['of a blank text', { messages: [user({ text: ' ' })] }, /messages.0.content.0 is blank/],
    ['of a blank guarded text', { messages: [user(guarded('', 'query'))] }, /is blank/],
    ['of a blank system text', { system: [{ text: '' }] }, /system.0 is blank/],
    ['of an unknown model', { modelId: 'eu.nobody.nothing-v1:0' }, /model identifier is invalid/],
    ['of no tokens', { inferenceConfig: { maxTokens: 0 } }, /maxTokens/],
    ['of too hot a model', { inferenceConfig: { temperature: 1.1 } }, /temperature/],
    ['of too many words', { messages: [user({ text: 'word '.repeat(61) })] }, /Input is too long/],
    ['of tools without their list', { messages: [...QUESTION, assistant(USE), user(RESULT)] }, /toolConfig/],
    ['of an empty list of tools', { toolConfig: { tools: [] } }, /toolConfig.tools/],
    [
      'of a result that misses',
      { messages: [...QUESTION, assistant(USE), user({ text: 'so?' })], toolConfig: TOOLS },
      /u1/,
    ],
    ['of a result of nothing', { messages: [user(RESULT)], toolConfig: TOOLS }, /exceeds the number of toolUse/],
    ['of an unknown guardrail', { guardrailConfig: { ...guard(), guardrailIdentifier: 'other' } }, /does not exist/],
    ['of an unknown version', { guardrailConfig: guard('2') }, /does not exist/],
    ['of a version that is none', { guardrailConfig: guard('latest') }, /guardrailVersion/],
  ])('%s is refused', async (_, input, message) => {
    const refused = { name: 'ValidationException', message: expect.stringMatching(message) };
    await expect(converse(input)).rejects.toMatchObject(refused);
    await expect(ask(fixture.runtime(), input)).rejects.toMatchObject(refused);
  });

  it('may name the draft of a guardrail, its number, and tools with their results', async () => {
    const messages = [...QUESTION, assistant(USE), user(RESULT)];
    await expect(converse({ guardrailConfig: guard('DRAFT') })).resolves.toBeDefined();
    await expect(converse({ guardrailConfig: guard(), messages, toolConfig: TOOLS })).resolves.toBeDefined();
  });

  it('is kept as it came, and one that is refused too', async () => {
    const before = fixture.bedrock.calls.length;
    await converse({ inferenceConfig: { maxTokens: 5 } });
    await converse({ messages: [] }).catch(() => undefined);
    expect(fixture.bedrock.calls.slice(before)).toEqual([
      { operation: 'Converse', input: { modelId: MODEL, messages: QUESTION, inferenceConfig: { maxTokens: 5 } } },
      { operation: 'Converse', input: { modelId: MODEL, messages: [] } },
    ]);
  });
});

describe('an answer that nobody scripted', () => {
  const passages = [
    '<passage-ab12 number="1">\nDays of leave are asked for in writing. Cats sleep a lot in summer.\n</passage-ab12>',
    '<passage-ab12 number="2">\n# Leave\n\nThe office opens at nine. Each employee has 30 days of leave.\n</passage-ab12>',
  ].map((text) => guarded(text, 'grounding_source'));
  const asked = (question: string) => ({ messages: [user(...passages, guarded(question, 'query', 'guard_content'))] });

  it('quotes the sentences nearest to the question by their words, and cites them', async () => {
    const { tokens } = await ask(fixture.runtime(), asked('How many days of leave has an employee?'));
    expect(tokens.join('')).toBe('Each employee has 30 days of leave. [2] Days of leave are asked for in writing. [1]');
    expect(tokens.slice(0, 3)).toEqual(['Each', ' employee', ' has']);
  });

  it('says that it found nothing', async () => {
    const { output } = await converse(asked('Who won?'));
    expect(output?.message?.content).toEqual([{ text: 'The documents say nothing about this.' }]);
  });

  it('ends at the bound of tokens, and counts words', async () => {
    const input = { ...asked('How many days of leave has an employee?'), inferenceConfig: { maxTokens: 4 } };
    const { tokens, stopReason, metadata } = await ask(fixture.runtime(), input);
    expect([tokens.join(''), stopReason]).toEqual(['Each employee has 30', 'max_tokens']);
    expect(metadata?.usage?.outputTokens).toBe(4);
  });
});

describe('a guardrail', () => {
  it('answers in place of the model', async () => {
    fixture.bedrock.script({ guardrail: { action: 'blocked-input' } });
    const { tokens, stopReason, metadata } = await ask(fixture.runtime(), { guardrailConfig: guard('1', 'enabled') });
    expect([tokens, stopReason]).toEqual([['No such questions.'], 'guardrail_intervened']);
    expect(metadata?.usage).toEqual({ inputTokens: 0, outputTokens: 0, totalTokens: 0 });
    expect(metadata?.trace?.guardrail?.inputAssessment?.[GUARDRAIL]?.topicPolicy?.topics?.[0]?.action).toBe('BLOCKED');
  });

  it('answers in place of the rest', async () => {
    fixture.bedrock.script({ chunks: ['a', 'b', 'c'], guardrail: { action: 'blocked-output', after: 2 } });
    const { tokens, stopReason, metadata } = await ask(fixture.runtime(), { guardrailConfig: guard() });
    expect([tokens, stopReason]).toEqual([['a', 'b', 'No such answers.'], 'guardrail_intervened']);
    expect(metadata).toMatchObject({ usage: { outputTokens: 3 } });
    expect(metadata).not.toHaveProperty('trace');
  });

  it('hides mail addresses', async () => {
    fixture.bedrock.script({ text: 'Ask ann@example.com.', guardrail: { action: 'masked' } });
    const { output, stopReason, trace } = await converse({ guardrailConfig: guard('1', 'enabled') });
    expect([output?.message?.content, stopReason]).toEqual([[{ text: 'Ask {EMAIL}.' }], 'end_turn']);
    const [assessment] = trace?.guardrail?.outputAssessments?.[GUARDRAIL] ?? [];
    expect(assessment?.sensitiveInformationPolicy?.piiEntities).toMatchObject([
      { type: 'EMAIL', action: 'ANONYMIZED', match: 'ann@example.com' },
    ]);
  });

  it('that the request does not name does nothing', async () => {
    fixture.bedrock.script({ text: 'So it is.', guardrail: { action: 'blocked-input' } });
    expect((await ask(fixture.runtime())).tokens.join('')).toBe('So it is.');
  });
});

describe('a tool', () => {
  it('is asked for in pieces of JSON, after what is said', async () => {
    fixture.bedrock.script({ text: 'Let me see.', toolUse: [{ name: 'weather', input: { city: 'Oslo' }, id: 'u1' }] });
    const { events, stopReason } = await ask(fixture.runtime(), { toolConfig: TOOLS });
    const blocks = events.filter(({ contentBlockStart: s, contentBlockDelta: d }) => s ?? d?.contentBlockIndex === 1);
    expect(blocks).toEqual([
      { contentBlockStart: { contentBlockIndex: 1, start: { toolUse: { toolUseId: 'u1', name: 'weather' } } } },
      { contentBlockDelta: { contentBlockIndex: 1, delta: { toolUse: { input: '{"city":' } } } },
      { contentBlockDelta: { contentBlockIndex: 1, delta: { toolUse: { input: '"Oslo"}' } } } },
    ]);
    expect(stopReason).toBe('tool_use');
  });

  it('is asked for without a word, and whole', async () => {
    fixture.bedrock.script({
      toolUse: [
        { name: 'weather', input: {} },
        { name: 'weather', input: {} },
      ],
    });
    const { output, stopReason } = await converse({ toolConfig: TOOLS });
    const uses = (output?.message?.content ?? []).map(({ toolUse }) => toolUse);
    expect(uses.map((use) => [use?.name, use?.input])).toEqual([
      ['weather', {}],
      ['weather', {}],
    ]);
    expect(new Set(uses.map((use) => use?.toolUseId)).size).toBe(2);
    expect(stopReason).toBe('tool_use');
  });
});

it('refuses an operation as often as it is told to', async () => {
  fixture.bedrock.refuse('Converse', 'ThrottlingException', 2);
  const outcomes = [];
  for (let time = 0; time < 3; time += 1)
    outcomes.push(
      await converse().then(
        ({ stopReason }) => stopReason,
        ({ name }) => name,
      ),
    );
  expect(outcomes).toEqual(['ThrottlingException', 'ThrottlingException', 'end_turn']);
});

it('performs a call when it is told to, and answers with what it is told to', async () => {
  let release = () => {};
  fixture.bedrock.delay(
    'Converse',
    new Promise((done) => {
      release = done;
    }),
  );
  fixture.bedrock.answer('Retrieve', { retrievalResults: [{ content: { text: 'Of others.' } }] });
  let over = false;
  const waiting = converse().then(() => {
    over = true;
  });
  await expectEventually(() => fixture.bedrock.calls.at(-1)?.operation).toBe('Converse');
  expect(await found(fixture.agentRuntime(), 'anything')).toEqual(['Of others.']);
  expect(over).toBe(false);
  release();
  await waiting;
});
