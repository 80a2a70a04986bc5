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
  tenantDailyTokens: [1, Number.MAX_SAFE_INTEGER, 'omit it for no limit of a tenant'],
  stackDailyTokens: [1, Number.MAX_SAFE_INTEGER, 'omit it for no limit of the stack'],
  questionsPerMinute: [1, 1000, 'no person asks faster'],
  answerSeconds: [10, 840, 'the function and the stream through API Gateway end after 15 minutes'],
  conversationDays: [1, 3650, 'conversations must not be stored forever'],
  maxToolRounds: [0, 10, 'each round is one more call of the model'],
};

/**
 * The bounds of answers, whole.
 *
 * @throws RefusedValueError for a bound out of range, a budget above that of its tenant or stack, or a day that has not room for one
 * question
 */
export function answerBounds(scope: Construct, given: Partial<AnswerBounds> = {}): AnswerBounds {
  const bounds = { ...DEFAULT_BOUNDS, ...given };
  for (const [name, [least, most, why]] of Object.entries(RANGES)) {
    const value = bounds[name as keyof AnswerBounds];
    const usual = DEFAULT_BOUNDS[name as keyof AnswerBounds];
    if (value === undefined && usual === undefined) continue;
    if (value !== undefined && Number.isInteger(value) && value >= least && value <= most) continue;
    refuse(scope, {
      prop: `answers.bounds.${name}`,
      value,
      allowed: `a whole number from ${least} to ${most}: ${why}`,
      fix: `omit it to use the default: ${usual ?? 'no limit'}`,
      catalogueId: 'bedrock-token-budget',
    });
  }
  refuseOutOfReach(scope, bounds);
  requireRoom(scope, bounds, 0);
  return bounds;
}

/** A budget above one that it is a part of would never be reached. */
function refuseOutOfReach(scope: Construct, bounds: AnswerBounds): void {
  const budgets = (['dailyTokens', 'tenantDailyTokens', 'stackDailyTokens'] as const).flatMap((name) => {
    const tokens = bounds[name];
    return tokens === undefined ? [] : [{ name, tokens }];
  });
  budgets.forEach(({ name, tokens }, index) => {
    const whole = budgets[index + 1];
    if (whole === undefined || tokens <= whole.tokens) return;
    refuse(scope, {
      prop: `answers.bounds.${name}`,
      value: tokens,
      allowed: `at most ${whole.tokens}, which is ${whole.name}: more would never be reached`,
      fix: `lower ${name} (the default of dailyTokens is ${DEFAULT_BOUNDS.dailyTokens}), or raise ${whole.name}`,
      catalogueId: 'bedrock-token-budget',
    });
  });
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
