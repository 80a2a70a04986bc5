import type { Construct } from 'constructs';
import { refuse } from '../../lib/validation/refuse';
import type { AnswerBounds } from './contract';
import { DEFAULT_BOUNDS } from './genai-rag-props';
import { reservationOf } from './runtime/tokens';

/** What each bound may be, whole numbers, and why. */
const RANGES: Readonly<Record<keyof AnswerBounds, readonly [least: number, most: number, why: string]>> = {
  maxTokens: [1, 64_000, 'the largest answer of the models of the Converse API'],
  maxPassages: [1, 100, 'the most passages that a knowledge base returns'],
  maxHistoryTokens: [0, 100_000, 'each question pays for it'],
  dailyTokens: [1, Number.MAX_SAFE_INTEGER, 'without a limit the cost of a day has no limit'],
  questionsPerMinute: [1, 1000, 'no person asks faster'],
  answerSeconds: [10, 840, 'the function and the stream through API Gateway end after 15 minutes'],
  conversationDays: [1, 3650, 'conversations must not be stored forever'],
  maxToolRounds: [0, 10, 'each round is one more call of the model'],
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
      fix: `omit it to use the default of ${DEFAULT_BOUNDS[name as keyof AnswerBounds]}`,
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
    fix: 'raise it, or lower the passages, history, answer length or rounds of tools',
    catalogueId: 'bedrock-token-budget',
  });
}
