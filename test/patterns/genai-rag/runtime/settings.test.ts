import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AnswerBounds, ToolDefinition } from '../../../../patterns/genai-rag/contract';
import { answerBounds, answerSettings, toolRoundsOf } from '../../../../patterns/genai-rag/runtime/settings';
import { reservationOf } from '../../../../patterns/genai-rag/runtime/tokens';

const BOUNDS: AnswerBounds = {
  maxTokens: 500,
  maxPassages: 5,
  maxHistoryTokens: 1000,
  dailyTokens: 100_000,
  questionsPerMinute: 100,
  answerSeconds: 60,
  conversationDays: 30,
  maxToolRounds: 2,
};
const TOOL: ToolDefinition = {
  name: 'departures',
  description: 'When trains leave',
  inputSchema: { type: 'object' },
  functionArn: 'arn:aws:lambda:eu-west-1:111111111111:function:departures:live',
};

function settingsWith(changed: Readonly<Record<string, string | undefined>>) {
  const variables = {
    KNOWLEDGE_BASE_ID: 'KNOWLEDGE1',
    MODEL_ID: 'model',
    GUARDRAIL_ID: 'guardrail1',
    GUARDRAIL_VERSION: '3',
    ANSWER_BOUNDS: JSON.stringify(BOUNDS),
    TOOLS: undefined,
    ...changed,
  };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  return answerSettings();
}
const withTools = (tools: unknown) => () => settingsWith({ TOOLS: JSON.stringify(tools) }).tools;
const withBounds = (bounds: unknown) => () => settingsWith({ ANSWER_BOUNDS: JSON.stringify(bounds) }).bounds;

beforeEach(() => {
  settingsWith({});
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe('settings', () => {
  it('are what the environment says', () => {
    expect(settingsWith({ TOOLS: JSON.stringify([TOOL]) })).toEqual({
      bounds: BOUNDS,
      knowledgeBaseId: 'KNOWLEDGE1',
      modelId: 'model',
      guardrail: { id: 'guardrail1', version: '3' },
      tools: [TOOL],
    });
    expect(settingsWith({}).tools).toEqual([]);
  });

  it.each(['1', '10', '12345678'])('take the guardrail version %s', (version) => {
    expect(settingsWith({ GUARDRAIL_VERSION: version }).guardrail.version).toBe(version);
  });

  it.each(['0', '01', '123456789', 'DRAFT', '1x', 'x1', '-1', '1\n'])('refuse the guardrail version %j', (version) => {
    expect(() => settingsWith({ GUARDRAIL_VERSION: version })).toThrow(/^GUARDRAIL_VERSION/);
  });

  it.each(['KNOWLEDGE_BASE_ID', 'MODEL_ID', 'GUARDRAIL_ID', 'GUARDRAIL_VERSION', 'ANSWER_BOUNDS'])(
    'are none without %s',
    (name) => {
      expect(() => settingsWith({ [name]: undefined })).toThrow(name);
    },
  );
});

describe('bounds', () => {
  const LEAST: Readonly<Record<Exclude<keyof AnswerBounds, 'tenantDailyTokens' | 'stackDailyTokens'>, number>> = {
    maxTokens: 1,
    maxPassages: 1,
    maxHistoryTokens: 0,
    dailyTokens: 1,
    questionsPerMinute: 1,
    answerSeconds: 1,
    conversationDays: 1,
    maxToolRounds: 0,
  };

  it.each(Object.entries(LEAST))('of %s are whole numbers from %i', (name, least) => {
    const boundsWith = (value: unknown) => {
      vi.stubEnv('ANSWER_BOUNDS', JSON.stringify({ ...BOUNDS, [name]: value }));
      return answerBounds();
    };
    expect(boundsWith(least)).toEqual({ ...BOUNDS, [name]: least });
    for (const value of [least - 1, least + 0.5, String(least), undefined, null, 2 ** 53])
      expect(() => boundsWith(value)).toThrow(`ANSWER_BOUNDS.${name} is a whole number from ${least}`);
  });

  it.each(['tenantDailyTokens', 'stackDailyTokens'] as const)('of %s are whole numbers from 1, or none', (name) => {
    expect(withBounds({ ...BOUNDS, [name]: 2 ** 40 })()).toEqual({ ...BOUNDS, [name]: 2 ** 40 });
    expect(withBounds({ ...BOUNDS, [name]: undefined })()).toEqual(BOUNDS);
    for (const value of [0, 1.5, '1', null, 2 ** 53]) {
      expect(withBounds({ ...BOUNDS, [name]: value })).toThrow(`ANSWER_BOUNDS.${name} is a whole number from 1`);
    }
    const least = reservationOf(BOUNDS, 0);
    expect(withBounds({ ...BOUNDS, [name]: least })()[name]).toBe(least);
    expect(withBounds({ ...BOUNDS, [name]: least - 1 })).toThrow(`${name} is at least ${least}`);
  });

  it('have no others among them', () => {
    expect(withBounds({ ...BOUNDS, another: 1 })()).toEqual(BOUNDS);
  });

  it('are refused for what is no JSON, and for null', () => {
    expect(() => settingsWith({ ANSWER_BOUNDS: '{' })).toThrow('Environment variable ANSWER_BOUNDS is not JSON');
    expect(withBounds(null)).toThrow('ANSWER_BOUNDS.maxTokens');
  });

  it('of a day hold one question at the least', () => {
    const least = reservationOf(BOUNDS, 0);
    expect(withBounds({ ...BOUNDS, dailyTokens: least })().dailyTokens).toBe(least);
    expect(withBounds({ ...BOUNDS, dailyTokens: least - 1 })).toThrow(`dailyTokens is at least ${least}`);
  });

  it('of a day hold a question with all its rounds of tools', () => {
    const least = reservationOf(BOUNDS, 2);
    const TOOLS = JSON.stringify([TOOL]);
    const dailyOf = (dailyTokens: number) =>
      settingsWith({ TOOLS, ANSWER_BOUNDS: JSON.stringify({ ...BOUNDS, dailyTokens }) }).bounds.dailyTokens;
    expect(dailyOf(least)).toBe(least);
    expect(() => dailyOf(least - 1)).toThrow(`dailyTokens is at least ${least}`);
  });
});

describe('tools', () => {
  it('have rounds only where there are tools', () => {
    expect(toolRoundsOf({ bounds: BOUNDS, tools: [] })).toBe(0);
    expect(toolRoundsOf({ bounds: BOUNDS, tools: [TOOL] })).toBe(2);
  });

  it.each(['a', 'A-z_09', 'x'.repeat(64)])('may be called %s', (name) => {
    expect(withTools([{ ...TOOL, name }])()).toEqual([{ ...TOOL, name }]);
  });

  it.each([
    ['no list', TOOL],
    ['null', [null]],
    ['no name', [{ ...TOOL, name: undefined }]],
    ['an empty name', [{ ...TOOL, name: '' }]],
    ['a long name', [{ ...TOOL, name: 'x'.repeat(65) }]],
    ['a name with a blank before it', [{ ...TOOL, name: ' a' }]],
    ['a name with a dot after it', [{ ...TOOL, name: 'a.' }]],
    ['no description', [{ ...TOOL, description: undefined }]],
    ['no function', [{ ...TOOL, functionArn: undefined }]],
    ['no schema', [{ ...TOOL, inputSchema: undefined }]],
    ['null as a schema', [{ ...TOOL, inputSchema: null }]],
    ['a text as a schema', [{ ...TOOL, inputSchema: 'object' }]],
    ['a schema of a list', [{ ...TOOL, inputSchema: { type: 'array' } }]],
    ['a second one that is none', [TOOL, { ...TOOL, description: 1 }]],
  ])('are refused for %s', (_, tools) => {
    expect(withTools(tools)).toThrow(/^TOOLS is a list of tools/);
  });

  it('are refused for what is no JSON', () => {
    expect(() => settingsWith({ TOOLS: '[' })).toThrow('Environment variable TOOLS is not JSON');
  });
});
