import { describe, expect, it, vi } from 'vitest';
import type { ToolUse } from '../../../../patterns/genai-rag/runtime/model';
import { Deadline, DeadlinePassed } from '../../../../patterns/genai-rag/runtime/timing';
import { ToolBox } from '../../../../patterns/genai-rag/runtime/tools';
import { StandTiming } from './timing-fixture';

const CALLER = { tenant: 't-acme', user: 'ada' };
const TOOL = {
  name: 'departures',
  description: 'When trains leave',
  inputSchema: { type: 'object', properties: { from: { type: 'string' } }, required: ['from'] },
  functionArn: 'arn:departures',
};
const use = (id: string, changed: Partial<ToolUse> = {}): ToolUse => ({
  id,
  name: 'departures',
  input: '{"from":"Bern"}',
  ...changed,
});

function boxOf(invoke: (arn: string, call: unknown, signal: AbortSignal) => Promise<string>) {
  const timing = new StandTiming();
  const deadline = new Deadline(timing, timing.now() + 100);
  const onFailure = vi.fn();
  const box = new ToolBox([TOOL], invoke, onFailure);
  const results = async (...uses: ToolUse[]) => {
    const { role, content = [] } = await box.results(uses, CALLER, deadline);
    expect(role).toBe('user');
    return content.map(({ toolResult }) => {
      const { toolUseId, content: blocks = [], status } = toolResult ?? {};
      return [toolUseId, blocks.map(({ text }) => text).join(), status];
    });
  };
  return { timing, deadline, onFailure, box, results };
}

describe('tools', () => {
  it('are told to the model, and none are none', () => {
    expect(new ToolBox([]).config).toBeUndefined();
    expect(new ToolBox([TOOL]).config).toEqual({
      tools: [
        { toolSpec: { name: 'departures', description: TOOL.description, inputSchema: { json: TOOL.inputSchema } } },
      ],
    });
  });

  it('are called for who asks, and answer as a person sees it', async () => {
    const invoke = vi.fn(async () => '"12:0\u200b0"');
    const { results, deadline } = boxOf(invoke);
    expect(await results(use('u-1'))).toEqual([['u-1', '"12:00"', undefined]]);
    expect(invoke.mock.calls).toEqual([['arn:departures', { ...CALLER, input: { from: 'Bern' } }, deadline.signal]]);
  });

  it('never answer with a blank text', async () => {
    for (const blank of ['', ' \u200b']) {
      const { results } = boxOf(async () => blank);
      expect(await results(use('u-1'))).toEqual([['u-1', '-', undefined]]);
    }
  });

  it('share 2,000 tokens', async () => {
    const { results, box, deadline } = boxOf(async () => 'x'.repeat(7000));
    const lengths = async (...uses: ToolUse[]) => (await results(...uses)).map(([, text = '']) => text.length);
    expect(await lengths(use('1'))).toEqual([6000]);
    expect(await lengths(use('1'), use('2'), use('3'))).toEqual([1998, 1998, 1998]);
    expect(await box.results([], CALLER, deadline)).toEqual({ role: 'user', content: [] });
  });

  it('are four at once', async () => {
    const { results } = boxOf(async () => '1');
    const uses = [1, 2, 3, 4, 5].map((id) => use(String(id)));
    const refused = ['5', 'At most 4 tools are called at once.', 'error'];
    expect(await results(...uses)).toEqual([...uses.slice(0, 4).map(({ id }) => [id, '1', undefined]), refused]);
  });

  it.each<[Partial<ToolUse>, string]>([
    [{ name: 'arrivals' }, 'There is no such tool.'],
    [{ input: '[]' }, 'The input was refused: input is no JSON object.'],
    [{ input: 'null' }, 'The input was refused: input is no JSON object.'],
    [{ input: '1' }, 'The input was refused: input is no JSON object.'],
    [{ input: '{' }, 'The input was refused: input is no JSON object.'],
    [{ input: '' }, 'The input was refused: input.from is missing.'],
    [{ input: '{"from":1}' }, 'The input was refused: input.from is no string.'],
  ])('refuse %j', async (changed, text) => {
    const invoke = vi.fn(async () => '1');
    const { results } = boxOf(invoke);
    expect(await results(use('u-1', changed))).toEqual([['u-1', text, 'error']]);
    expect(invoke).not.toHaveBeenCalled();
  });

  it('that fail say no more than that', async () => {
    const failure = new Error('secret');
    const { results, onFailure } = boxOf(async () => {
      throw failure;
    });
    expect(await results(use('u-1'))).toEqual([['u-1', 'The tool failed.', 'error']]);
    expect(onFailure.mock.calls).toEqual([['departures', failure]]);
    const quiet = new ToolBox([TOOL], async () => {
      throw failure;
    });
    const { deadline } = boxOf(async () => '');
    await quiet.results([use('u-1')], CALLER, deadline);
  });

  it('that take too long end the answer', async () => {
    const { results, timing, onFailure } = boxOf(() => new Promise(() => {}));
    const late = results(use('u-1'));
    timing.pass(100);
    await expect(late).rejects.toThrow(DeadlinePassed);
    expect(onFailure).not.toHaveBeenCalled();
  });
});
