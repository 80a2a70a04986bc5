import type { Construct } from 'constructs';
import { refuse } from '../../lib/validation/refuse';
import type { AnswerBounds } from './contract';
import { DEFAULT_BOUNDS } from './genai-rag-props';
import { reservationOf } from './runtime/tokens';

/** What each bound may be, whole numbers, and why. */
const RANGES: Readonly<Record<keyof AnswerBounds, readonly [least: number, most: number, why: string]>> = {
  maxTokens: [1, 64_000, 'what the largest models of Converse answer with'],
  maxPassages: [1, 100, 'what a knowledge base returns at the most'],
  maxHistoryTokens: [0, 100_000, 'it is paid for with each question'],
  dailyTokens: [1, Number.MAX_SAFE_INTEGER, 'a day without a bound has none on its bill'],
  questionsPerMinute: [1, 1000, 'nobody asks faster'],
  answerSeconds: [10, 840, 'the function that answers ends at 15 minutes, and so does the stream through API Gateway'],
  conversationDays: [1, 3650, 'what is kept for ever is what is forgotten to be deleted'],
  maxToolRounds: [0, 10, 'each is one more call of the model'],
};

/**
 * The bounds of answers, whole.
 *
 * @throws RefusedValueError for a bound out of range, or a day that has not room for one question
 */
export function answerBounds(scope: Construct, given: Partial<AnswerBounds> = {}): AnswerBounds {
  const bounds = { ...DEFAULT_BOUNDS, ...given };
  for (const [name, [least, most, why]] of Object.entries(RANGES)) {
    const value = bounds[name as keyof AnswerBounds];
    if (Number.isInteger(value) && value >= least && value <= most) continue;
    refuse(scope, {
      prop: `answers.bounds.${name}`,
      value,
      allowed: `a whole number from ${least} to ${most}: ${why}`,
      fix: `leave it out for ${DEFAULT_BOUNDS[name as keyof AnswerBounds]}`,
      catalogueId: 'bedrock-token-budget',
    });
  }
  requireRoom(scope, bounds, 0);
  return bounds;
}

/**
 * A day must have room for one question (bedrock-token-budget): the function that answers does not begin without.
 *
 * @param toolRounds rounds of tools that an answer may take
 * @throws RefusedValueError for a day that has not
 */
export function requireRoom(scope: Construct, bounds: AnswerBounds, toolRounds: number): void {
  const question = reservationOf(bounds, toolRounds);
  if (bounds.dailyTokens >= question) return;
  refuse(scope, {
    prop: 'answers.bounds.dailyTokens',
    value: bounds.dailyTokens,
    allowed: `at least ${question}, which one question may take with these bounds${toolRounds === 0 ? '' : ' and tools'}`,
    fix: 'raise it, or take fewer passages, less history, shorter answers or fewer rounds of tools',
    catalogueId: 'bedrock-token-budget',
  });
}
