import * as z from 'zod/mini';
import type { ClaimCheck } from '../../../lib/runtime/contract';
import { INLINE_PAYLOAD_LIMIT_BYTES, TableKeys } from '../../../lib/runtime/contract';
import { type Citation, ConversationKeys, type Turn } from '../contract';
import type { Ticket } from './admission';
import type { Caller } from './caller';
import { type Item, keyOf } from './table';

/** Digits of a turn's number: it sorts as text. */
const DIGITS = 8;

/** What of a turn may be long, and is then in S3 (ddb-item-400kb-s3-pointer). */
interface Content {
  readonly answer: string;
  readonly citations: readonly Citation[];
}

/** A turn as the table holds it. */
export type TurnItem = Omit<Turn, 'answer' | 'citations'> &
  Partial<Content> & {
    /** Of question, answer and citations. */
    readonly bytes: number;
    readonly claim?: ClaimCheck;
  };

const Stored = z.object({
  answer: z.string(),
  citations: z.array(z.object({ number: z.int(), documentId: z.string(), name: z.string(), excerpt: z.string() })),
});

/** The number of a turn, as text. */
export function turnNumber(count: number): string {
  return String(count).padStart(DIGITS, '0');
}

/** Puts what is too long for an item into S3, before the item that points to it. */
export async function carry(ticket: Ticket, turn: Omit<Turn, 'turn'>): Promise<Omit<TurnItem, 'turn'>> {
  const { answer, citations, ...rest } = turn;
  const content = JSON.stringify({ answer, citations });
  const bytes = Buffer.byteLength(content) + Buffer.byteLength(turn.question);
  if (bytes <= INLINE_PAYLOAD_LIMIT_BYTES) return { ...rest, answer, citations, bytes };
  const { putClaim } = await import('./long-turns.lazy.js');
  return { ...rest, bytes, claim: await putClaim(claimPrefix(ticket), content) };
}

/** Takes back what {@link carry} put into S3 for a turn that is not kept. What does not go now goes when its days are over. */
export async function takeBack({ claim }: Pick<TurnItem, 'claim'>): Promise<void> {
  if (claim === undefined) return;
  const { removeClaim } = await import('./long-turns.lazy.js');
  await removeClaim(claim).catch(() => {});
}

/** Reads a turn whole. */
export async function wholeTurn(item: TurnItem): Promise<Turn> {
  const { claim, bytes: _, answer, citations, ...rest } = item;
  if (claim === undefined) return { ...rest, answer: answer ?? '', citations: citations ?? [] };
  const { resolveClaim } = await import('./long-turns.lazy.js');
  return { ...rest, ...Stored.parse(JSON.parse(await resolveClaim(claim))) };
}

/** The item's attributes. */
export function writeTurn(caller: Caller, conversation: string, turn: TurnItem, expiresAt: number): Item {
  const { turn: number, ...attributes } = turn;
  return {
    ...keyOf(caller, ConversationKeys.turn(conversation, number)),
    ...attributes,
    [TableKeys.expiresAt]: expiresAt,
  };
}

export function readTurn(item: Item): TurnItem {
  const {
    [TableKeys.partition]: _partition,
    [ConversationKeys.sort]: sort,
    [TableKeys.expiresAt]: _expiresAt,
    ...attributes
  } = item;
  return { turn: String(sort).slice(-DIGITS), ...attributes } as unknown as TurnItem;
}

/** Objects of a try to answer in a user's conversation, which no other turn points to; the caller is the verified one. */
function claimPrefix({ caller: { tenant, user }, question, attempt }: Ticket): string {
  return `turns/${tenant}/${user}/${question.conversation}/${attempt}`;
}
