import { beforeEach, describe, expect, it, vi } from 'vitest';
import { historyOf } from '../../../../patterns/genai-rag/runtime/history';
import { earlierQuestion } from '../../../../patterns/genai-rag/runtime/prompt';
import type { TurnItem } from '../../../../patterns/genai-rag/runtime/turn-item';

const claims = vi.hoisted(() => ({ resolveClaim: vi.fn() }));
vi.mock('../../../../patterns/genai-rag/runtime/long-turns.lazy', () => claims);
beforeEach(() => {
  claims.resolveClaim.mockReset().mockResolvedValue(JSON.stringify({ answer: 'long', citations: [] }));
});

function turn(question: string, answer: string, changed: Partial<TurnItem> = {}): TurnItem {
  return {
    turn: '00000001',
    question,
    answer,
    at: '2026-11-24T10:15:00.000Z',
    citations: [],
    guardrail: { action: 'none' },
    usage: { inputTokens: 1, outputTokens: 2 },
    outcome: 'complete',
    bytes: 0,
    ...changed,
  };
}
const said = (text: string) => ({ role: 'assistant', content: [{ text }] });
const CLAIM = { key: 'turns/1', bytes: 3, sha256: 'x' };
/** 2 tokens, by the estimate. */
const ONE = turn('one', 'ONE');
const TWO = turn('two', 'TWO');

describe('history', () => {
  it('is the earlier turns, the oldest first', async () => {
    const messages = await historyOf([TWO, ONE], 4);
    expect(messages).toEqual([earlierQuestion('one'), said('ONE'), earlierQuestion('two'), said('TWO')]);
  });

  it('holds as many of the newest turns as fit whole, to the last token', async () => {
    expect(await historyOf([TWO, ONE], 3)).toEqual([earlierQuestion('two'), said('TWO')]);
    expect(await historyOf([TWO, ONE], 2)).toEqual([earlierQuestion('two'), said('TWO')]);
    expect(await historyOf([TWO, ONE], 1)).toEqual([]);
    // Question and answer are counted one by one: 2 and 1 tokens.
    expect(await historyOf([turn('four', 'x')], 3)).toHaveLength(2);
    expect(await historyOf([turn('four', 'x')], 2)).toEqual([]);
    expect(await historyOf([turn('x', 'four')], 2)).toEqual([]);
  });

  it('has nothing after a turn that does not fit', async () => {
    expect(await historyOf([turn('much too long', 'much too long'), ONE], 4)).toEqual([]);
  });

  it('passes over what was blocked, found nothing or says nothing', async () => {
    const silent = [
      turn('a', 'b', { outcome: 'blocked' }),
      turn('a', 'b', { outcome: 'nothing_found' }),
      turn('a', ' \u200b[1] '),
      turn(' \u200b', 'b'),
    ];
    expect(await historyOf([...silent, ONE], 2)).toEqual([earlierQuestion('one'), said('ONE')]);
    expect(await historyOf([turn('one', 'ONE', { outcome: 'length' })], 2)).toHaveLength(2);
  });

  it('tells answers without their markers, and as a person sees them', async () => {
    expect(await historyOf([turn('one', ' O\u200bNE [1]. ')], 9)).toEqual([earlierQuestion('one'), said('ONE .')]);
  });

  it('fetches a long turn only if it may fit', async () => {
    expect(await historyOf([turn('one', '', { claim: CLAIM, bytes: 12 })], 4)).toEqual([
      earlierQuestion('one'),
      said('long'),
    ]);
    expect(claims.resolveClaim.mock.calls).toEqual([[CLAIM]]);
    expect(await historyOf([turn('one', '', { claim: CLAIM, bytes: 13 }), ONE], 4)).toEqual([]);
    expect(claims.resolveClaim).toHaveBeenCalledTimes(1);
    // The size of one that is there already does not matter.
    expect(await historyOf([turn('one', 'ONE', { bytes: 13 })], 4)).toHaveLength(2);
  });
});
