import type { AnswerBounds } from '../contract';

/**
 * Bytes that make a token, estimated to be too few rather than too many: English has about four to a token, other languages
 * fewer characters of more bytes each.
 */
const BYTES_PER_TOKEN = 3;
/** A passage of a fixed size of 300 tokens, with its delimiters; longer ones share what all of them have together. */
export const PASSAGE_TOKENS = 500;
/** The instructions, the question of at most 1,000 characters, and what stands between the parts. */
export const OVERHEAD_TOKENS = 2000;
/** What the results of a round of tools may say to the model, together. */
export const TOOL_RESULT_TOKENS = 2000;

/** Tokens of a text, or of so many bytes of text, estimated. */
export function estimatedTokens(text: string | number): number {
  return Math.ceil((typeof text === 'number' ? text : Buffer.byteLength(text)) / BYTES_PER_TOKEN);
}

/** The beginning of a text that has so many tokens at most, never half a character. */
export function cutToTokens(text: string, tokens: number): string {
  const bytes = Buffer.from(text);
  const most = tokens * BYTES_PER_TOKEN;
  if (bytes.length <= most) return text;
  let end = most;
  // Bytes 10xxxxxx go on with a character (RFC 3629).
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end);
}

/** Tokens that the passages of a question may have together. */
export function passageBudget({ maxPassages }: Pick<AnswerBounds, 'maxPassages'>): number {
  return maxPassages * PASSAGE_TOKENS;
}

/**
 * Tokens that a question is let in for: what it may use at most, by our estimate. What it did use is counted when it is
 * answered, so the day's count is exact afterwards and never passes its bound by questions that run at once
 * (bedrock-token-budget). A try of the model that fails with the prompt in hand, before a word of its answer, is counted on top.
 *
 * @param toolRounds rounds of tools that the answer may take: each is one more call of the model
 */
export function reservationOf(bounds: AnswerBounds, toolRounds = 0): number {
  const call = OVERHEAD_TOKENS + bounds.maxHistoryTokens + passageBudget(bounds) + bounds.maxTokens;
  // What one round adds, its answer and its results, goes along in all calls after it.
  const added = bounds.maxTokens + TOOL_RESULT_TOKENS;
  return call * (toolRounds + 1) + (added * toolRounds * (toolRounds + 1)) / 2;
}
