import { describe, expect, it } from 'vitest';
import { guardrailOutcome } from '../../../../patterns/genai-rag/runtime/guardrail';

const took = (action: string) => ({ g1: { topicPolicy: { topics: [{ name: 'x', action }] } } });

function outcomeOf(trace: object | undefined, stopReason = 'guardrail_intervened', outputTokens = 0) {
  return guardrailOutcome({ stopReason, outputTokens, ...(trace !== undefined && { trace: trace as never }) });
}

describe('a guardrail', () => {
  it.each<[string, object | undefined, string, number, object]>([
    ['did nothing', undefined, 'end_turn', 5, { action: 'none' }],
    ['looked and did nothing', { inputAssessment: took('NONE') }, 'end_turn', 5, { action: 'none' }],
    ['blocked a question', { inputAssessment: took('BLOCKED') }, 'end_turn', 5, { action: 'blocked', of: 'question' }],
    ['blocked an answer', { outputAssessments: took('BLOCKED') }, 'end_turn', 0, { action: 'blocked', of: 'answer' }],
    [
      'blocked both',
      { inputAssessment: took('BLOCKED'), outputAssessments: took('BLOCKED') },
      'end_turn',
      5,
      { action: 'blocked', of: 'question' },
    ],
    [
      'masked an answer',
      { outputAssessments: took('ANONYMIZED') },
      'guardrail_intervened',
      5,
      { action: 'masked', of: 'answer' },
    ],
    [
      'masked an answer that the model filtered',
      { outputAssessments: took('ANONYMIZED') },
      'content_filtered',
      5,
      { action: 'blocked', of: 'answer' },
    ],
    ['masked a question', { inputAssessment: took('ANONYMIZED') }, 'end_turn', 5, { action: 'none' }],
    ['is not there, but a filter', undefined, 'content_filtered', 0, { action: 'blocked', of: 'answer' }],
    ['tells nothing, before a word', undefined, 'guardrail_intervened', 0, { action: 'blocked', of: 'question' }],
    ['tells nothing, after a word', {}, 'guardrail_intervened', 1, { action: 'blocked', of: 'answer' }],
    ['names what it looked for', { inputAssessment: { name: 'BLOCKED' } }, 'end_turn', 5, { action: 'none' }],
    [
      'says nothing of an action',
      { inputAssessment: { action: null, a: 1, b: null } },
      'end_turn',
      5,
      { action: 'none' },
    ],
  ])('%s', (_, trace, stopReason, outputTokens, outcome) => {
    expect(outcomeOf(trace, stopReason, outputTokens)).toEqual(outcome);
  });
});
