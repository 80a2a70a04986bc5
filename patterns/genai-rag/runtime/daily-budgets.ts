import { TableKeys } from '../../../lib/runtime/contract';
import { type AnswerBounds, ConversationKeys } from '../contract';
import type { Caller } from './caller';
import { keyOf, type Table, type Write } from './table';

/** The bounds that limit the tokens of a day (bedrock-token-budget). */
export type TokenBounds = Pick<AnswerBounds, 'dailyTokens' | 'tenantDailyTokens' | 'stackDailyTokens'>;

/** What is reserved for a question, and where it is counted. */
export interface Reservation {
  readonly caller: Caller;
  /** As `2026-11-24`. */
  readonly day: string;
  /** Tokens. */
  readonly reserved: number;
}

/** A budget of tokens for a day. */
export interface DailyBudget {
  /** Tokens. */
  readonly most: number;
  /** What a refusal is called, and says. */
  readonly code: 'daily_budget' | 'tenant_daily_budget' | 'stack_daily_budget';
  readonly detail: string;
  /** The item that counts. */
  keyOf(reservation: Pick<Reservation, 'caller' | 'day'>): Record<string, string>;
}

const RESETS = 'The limit resets at 00:00 UTC.';

/**
 * The budgets that a deployment has: the user's, and those that users share. Each of those is one item, at which transactions take
 * turns: good for some ten questions a second.
 */
export function dailyBudgets({ dailyTokens, tenantDailyTokens, stackDailyTokens }: TokenBounds): DailyBudget[] {
  const budgets: DailyBudget[] = [
    {
      most: dailyTokens,
      code: 'daily_budget',
      detail: `You have used your tokens for today. ${RESETS}`,
      keyOf: ({ caller, day }) => keyOf(caller, ConversationKeys.day(day)),
    },
  ];
  if (tenantDailyTokens !== undefined) {
    budgets.push({
      most: tenantDailyTokens,
      code: 'tenant_daily_budget',
      detail: `Your organization has used its tokens for today. ${RESETS}`,
      keyOf: ({ caller, day }) => sharedKey(ConversationKeys.tenant(caller.tenant), day),
    });
  }
  if (stackDailyTokens !== undefined) {
    budgets.push({
      most: stackDailyTokens,
      code: 'stack_daily_budget',
      detail: `The application has used its tokens for today. ${RESETS}`,
      keyOf: ({ day }) => sharedKey(ConversationKeys.stack, day),
    });
  }
  return budgets;
}

/**
 * The writes that reserve tokens in each of {@link dailyBudgets}, in their order; the condition of each is that it has room.
 *
 * @param expiresAt seconds since 1970
 */
export function dayReservations(
  { name: TableName }: Table,
  bounds: TokenBounds,
  reservation: Reservation,
  expiresAt: number,
): Write[] {
  const { reserved } = reservation;
  return dailyBudgets(bounds).map((budget) => ({
    Update: {
      TableName,
      Key: budget.keyOf(reservation),
      UpdateExpression: `ADD #tokens :reserved SET ${TableKeys.expiresAt} = :expires`,
      ConditionExpression: 'attribute_not_exists(#tokens) OR #tokens <= :most',
      ExpressionAttributeNames: { '#tokens': 'tokens' },
      ExpressionAttributeValues: {
        ':reserved': reserved,
        ':most': budget.most - reserved,
        ':expires': expiresAt,
      },
    },
  }));
}

/**
 * The writes that make each of the counts what was used.
 *
 * @param used tokens
 */
export function dayCorrections(
  { name: TableName }: Table,
  bounds: TokenBounds,
  reservation: Reservation,
  used: number,
): Write[] {
  return dailyBudgets(bounds).map((budget) => ({
    Update: {
      TableName,
      Key: budget.keyOf(reservation),
      UpdateExpression: 'ADD #tokens :by',
      ExpressionAttributeNames: { '#tokens': 'tokens' },
      ExpressionAttributeValues: { ':by': used - reservation.reserved },
    },
  }));
}

function sharedKey(partition: string, day: string): Record<string, string> {
  return { [TableKeys.partition]: partition, [ConversationKeys.sort]: ConversationKeys.day(day) };
}
