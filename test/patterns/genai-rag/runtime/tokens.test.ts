import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cutToTokens,
  estimatedTokens,
  OVERHEAD_TOKENS,
  PASSAGE_TOKENS,
  passageBudget,
  reservationOf,
  TOOL_RESULT_TOKENS,
} from '../../../../patterns/genai-rag/runtime/tokens';

const BOUNDS = {
  maxTokens: 7,
  maxPassages: 3,
  maxHistoryTokens: 11,
  dailyTokens: 1,
  questionsPerMinute: 1,
  answerSeconds: 1,
  conversationDays: 1,
  maxToolRounds: 0,
};

describe('tokens', () => {
  it('are three bytes each, and a part of one counts whole', () => {
    expect(['', 'a', 'abc', 'abcd', '€', '€a', '🚂'].map(estimatedTokens)).toEqual([0, 1, 1, 2, 1, 2, 2]);
    expect([0, 1, 3, 4, 6, 7].map(estimatedTokens)).toEqual([0, 1, 1, 2, 2, 3]);
  });

  it('cut a text to the last whole character that fits', () => {
    expect(cutToTokens('abcdefgh', 2)).toBe('abcdef');
    expect(cutToTokens('abcdef', 2)).toBe('abcdef');
    expect(cutToTokens('abcdef', 0)).toBe('');
    expect(cutToTokens('ab€', 1)).toBe('ab');
    expect(cutToTokens('🚂', 1)).toBe('');
    expect(cutToTokens('€€', 1)).toBe('€');
  });

  it('never cut more than one character too much', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(20), (text, tokens) => {
        const cut = cutToTokens(text, tokens);
        expect(text.startsWith(cut)).toBe(true);
        const [next = ''] = text.slice(cut.length);
        expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(tokens * 3);
        if (next !== '') expect(Buffer.byteLength(cut) + Buffer.byteLength(next)).toBeGreaterThan(tokens * 3);
      }),
    );
  });
});

describe('the reservation of a question', () => {
  it('is one call of the model, as large as the bounds let it become', () => {
    expect([OVERHEAD_TOKENS, PASSAGE_TOKENS, TOOL_RESULT_TOKENS]).toEqual([2000, 500, 2000]);
    expect(passageBudget(BOUNDS)).toBe(1500);
    expect(reservationOf(BOUNDS)).toBe(2000 + 11 + 1500 + 7);
    expect(reservationOf(BOUNDS, 0)).toBe(reservationOf(BOUNDS));
  });

  it('holds each further call with what the rounds before it added', () => {
    for (let rounds = 0; rounds < 5; rounds += 1) {
      let tokens = 0;
      for (let call = 0; call <= rounds; call += 1) tokens += 2000 + 11 + 1500 + 7 + call * (7 + 2000);
      expect(reservationOf(BOUNDS, rounds)).toBe(tokens);
    }
  });
});
