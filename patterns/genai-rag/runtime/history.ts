import type { Message } from '@aws-sdk/client-bedrock-runtime';
import { withoutMarkers } from './citations';
import { earlierQuestion } from './prompt';
import { estimatedTokens } from './tokens';
import { type TurnItem, wholeTurn } from './turn-item';
import { visible } from './visible-text';

/**
 * Earlier turns as the model gets them, oldest first: as many of the newest as the budget holds, whole (bedrock-token-budget). What
 * was blocked or found nothing stays behind, and so do the markers of passages that are not there any more.
 *
 * @param turns newest first
 * @param budget tokens, estimated
 */
export async function historyOf(turns: readonly TurnItem[], budget: number): Promise<Message[]> {
  const messages: Message[] = [];
  let left = budget;
  for (const item of turns) {
    if (item.outcome === 'blocked' || item.outcome === 'nothing_found') continue;
    // The size is on the item: a long turn is fetched from S3 only if it goes along.
    if (item.claim !== undefined && item.bytes / 3 > left) break;
    const { question, answer } = await wholeTurn(item);
    const text = visible(withoutMarkers(answer)).trim();
    // Bedrock refuses a blank text, and a turn that was kept by an earlier version may be one.
    if (text === '' || visible(question).trim() === '') continue;
    left -= estimatedTokens(question) + estimatedTokens(text);
    if (left < 0) break;
    messages.unshift(earlierQuestion(question), { role: 'assistant', content: [{ text }] });
  }
  return messages;
}
