// @node24

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import type { ToolDefinition } from '../../../../patterns/genai-rag/contract';
import { tool } from '../../../../patterns/genai-rag/runtime/index';
import { inputProblem } from '../../../../patterns/genai-rag/runtime/tool-input';
import { AskFixture, BOUNDS, conversationId, eventOf, subject } from './ask-fixture';

const FUNCTION = 'arn:aws:lambda:eu-west-1:111111111111:function:departures:live';
const DEPARTURES: ToolDefinition = {
  name: 'departures',
  description: 'When trains leave',
  inputSchema: {
    type: 'object',
    properties: { from: { type: 'string', maxLength: 20 }, count: { type: 'integer', minimum: 1 } },
    required: ['from'],
    additionalProperties: false,
  },
  functionArn: FUNCTION,
};

let fixture: AskFixture;
const called: unknown[] = [];
beforeAll(async () => {
  fixture = await new AskFixture().start();
  fixture.document('t-acme', 'fares', 'The fare of a day is 12 euros.');
});
afterAll(() => fixture.stop());
beforeEach(() => {
  fixture.calls.length = 0;
  called.length = 0;
  fixture.tools.set(FUNCTION, (call) => {
    called.push(call);
    return { next: '10:20' };
  });
});

const FARE = { groups: 'tenant-acme', question: 'What is the fare of a day?', user: 'traveller' };
const ask = (more = {}, bounds = {}) => fixture.ask({ ...FARE, ...more }, bounds, [DEPARTURES]);
interface Result {
  readonly toolResult: { toolUseId: string; status?: string; content: { text: string }[] };
}
const requests = () =>
  fixture.calls
    .filter(({ action }) => action === 'ConverseStream')
    .map(({ input }) => input as Record<string, unknown>);
const results = () => {
  const messages = requests().at(-1)?.['messages'] as { role: string; content: Result[] }[];
  return (messages.at(-1)?.content ?? []).map(({ toolResult }) => toolResult);
};

describe('a tool', () => {
  it('is called with the token’s tenant and user, and its answer goes back to the model', async () => {
    const input = { from: 'Bern', count: 2 };
    fixture.bedrock.script(
      { text: 'Let me see. ', toolUse: [{ name: 'departures', input, id: 'use-1' }] },
      { text: 'At 10:20 [1]' },
    );
    const answer = await ask();
    expect(called).toEqual([{ tenant: 't-acme', user: subject('traveller'), input }]);
    expect(results()).toEqual([{ toolUseId: 'use-1', content: [{ text: '{"next":"10:20"}' }] }]);
    expect(answer.text).toBe('Let me see. At 10:20 [1]');
    expect(eventOf(answer, 'done')).toMatchObject({ outcome: 'complete' });
    const [first, second] = requests();
    expect(first?.['toolConfig']).toEqual(second?.['toolConfig']);
    expect(first?.['toolConfig']).toEqual({
      tools: [
        {
          toolSpec: {
            name: 'departures',
            description: 'When trains leave',
            inputSchema: { json: DEPARTURES.inputSchema },
          },
        },
      ],
    });
  });

  it.each([
    ['that is not there', 'delete_all', { from: 'Bern' }, /no such tool/],
    ['of a name that every object has', '__proto__', { from: 'Bern' }, /no such tool/],
    ['of another such name', 'constructor', { from: 'Bern' }, /no such tool/],
    [
      'with a member that every object has',
      'departures',
      '{"from":"Bern","toString":1}',
      /input\.toString is not known/,
    ],
    ['with a prototype', 'departures', '{"from":"Bern","__proto__":{}}', /input\.__proto__ is not known/],
    ['with a prototype alone', 'departures', '{"__proto__":{"from":"Bern"}}', /input\.from is missing/],
    ['without what it needs', 'departures', {}, /input\.from is missing/],
    ['with another type', 'departures', { from: 7 }, /input\.from is no string/],
    ['with something more', 'departures', { from: 'Bern', tenant: 't-other' }, /input\.tenant is not known/],
    ['with a list', 'departures', [1], /no JSON object/],
    ['with what is no JSON', 'departures', '{"from":', /no JSON object/],
  ])('%s is never called; the model is told why', async (_, name, input, why) => {
    fixture.bedrock.script({ toolUse: [{ name, input }] }, { text: 'I cannot [1]' });
    const answer = await ask();
    expect(called).toEqual([]);
    expect(results()).toMatchObject([{ status: 'error', content: [{ text: expect.stringMatching(why) }] }]);
    expect(eventOf(answer, 'done')).toMatchObject({ outcome: 'complete' });
  });

  it.each(['blocked-input', 'blocked-output'] as const)(
    'after which the guardrail steps in (%s) leaves its words alone',
    async (action) => {
      fixture.bedrock.script(
        { text: 'Let me see. ', toolUse: [{ name: 'departures', input: { from: 'Bern' } }] },
        { guardrail: { action, text: 'Ask the desk.' } },
      );
      expect(eventOf(await ask(), 'guardrail')).toMatchObject({ action: 'blocked', text: 'Ask the desk.' });
    },
  );

  it('that fails is told to the model without its reason', async () => {
    fixture.tools.set(FUNCTION, () => {
      throw new Error('password=hunter2');
    });
    fixture.bedrock.script({ toolUse: [{ name: 'departures', input: { from: 'Bern' } }] }, { text: 'No idea.' });
    expect((await ask()).text).toBe('No idea.');
    expect(results()).toMatchObject([{ status: 'error', content: [{ text: 'The tool failed.' }] }]);
  });

  it('that says a lot is cut, and only four are called at once', async () => {
    fixture.tools.set(FUNCTION, (call) => {
      called.push(call);
      return 'x'.repeat(100_000);
    });
    const toolUse = Array.from({ length: 6 }, () => ({ name: 'departures', input: { from: 'Bern' } }));
    fixture.bedrock.script({ toolUse }, { text: 'Much.' });
    await ask();
    expect(called).toHaveLength(4);
    expect(results().map(({ status }) => status)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      'error',
      'error',
    ]);
    expect(JSON.stringify(results()).length).toBeLessThan(7000);
  });

  it('is asked for in so many rounds and no more; what the model used is counted, and nothing kept', async () => {
    const again = {
      toolUse: [{ name: 'departures', input: { from: 'Bern' } }],
      usage: { inputTokens: 10, outputTokens: 1 },
    };
    fixture.bedrock.script(again, again, again);
    const before = fixture.dayTokens();
    const answer = await ask({ conversation: conversationId(7) });
    expect(eventOf(answer, 'error')).toMatchObject({ status: 502, code: 'too_many_tools' });
    expect(requests()).toHaveLength(BOUNDS.maxToolRounds + 1);
    expect(fixture.dayTokens()).toBe(before + 33);
    expect([...fixture.items().keys()].filter((key) => key.includes(conversationId(7)))).toEqual([]);
  });

  it('reaches a function by Lambda’s client, which is loaded for it alone', async () => {
    const { ToolBox } = await import('../../../../patterns/genai-rag/runtime/tools.js');
    const { Deadline, WALL_TIME } = await import('../../../../patterns/genai-rag/runtime/timing.js');
    const deadline = new Deadline(WALL_TIME, Date.now() + 5000);
    const failures: unknown[] = [];
    const tools = new ToolBox([DEPARTURES], undefined, (name) => failures.push(name));
    const use = { id: '1', name: 'departures', input: '{"from":"Bern"}' };
    // Nobody plays Lambda here: the call goes out, and fails.
    const { content } = await tools.results([use], { tenant: 't-acme', user: subject('x') }, deadline);
    deadline.end();
    expect(failures).toEqual(['departures']);
    expect(content).toMatchObject([{ toolResult: { status: 'error' } }]);
  });
});

describe('a tool’s function', () => {
  const handler = tool(z.strictObject({ from: z.string() }), async ({ tenant, input }) => `${tenant} ${input.from}`);

  it('gets what its schema takes', async () => {
    expect(await handler({ tenant: 't-a', user: 'u', input: { from: 'Bern' } })).toBe('t-a Bern');
  });

  it('never gets anything else', async () => {
    expect(await handler({ tenant: 't-a', user: 'u', input: { from: 1 } })).toEqual({
      error: expect.stringMatching(/from/),
    });
  });
});

describe('an input', () => {
  it('is of any type that the schema names and that is not known here, such as one that every object has', () => {
    expect(inputProblem('x', { type: 'constructor' })).toBeUndefined();
  });

  const schema = {
    type: 'object',
    properties: {
      kind: { enum: ['a', 'b'] },
      list: { type: 'array', minItems: 1, maxItems: 2, items: { type: ['integer', 'null'], maximum: 9 } },
      deep: { type: 'object', required: ['x'] },
      text: { type: 'string', minLength: 2, maxLength: 3 },
    },
  };

  it.each([
    [{}, undefined],
    [{ kind: 'a', list: [1, null], deep: { x: 1 }, text: '🚂🚂', more: 1 }, undefined],
    [[], 'input is no object'],
    [null, 'input is no object'],
    [{ kind: 'c' }, 'input.kind is none of ["a","b"]'],
    [{ list: [] }, 'input.list is not within minItems 1'],
    [{ list: [1, 2, 3] }, 'input.list is not within maxItems 2'],
    [{ list: [1.5] }, 'input.list.0 is no integer or null'],
    [{ list: [1, 10] }, 'input.list.1 is not within maximum 9'],
    [{ deep: {} }, 'input.deep.x is missing'],
    [{ text: 'x' }, 'input.text is not within minLength 2'],
    [{ text: 'xxxx' }, 'input.text is not within maxLength 3'],
    [{ constructor: 1, toString: 2 }, undefined],
  ])('%j: %s', (value, problem) => {
    expect(inputProblem(value, schema)).toBe(problem);
  });
});
