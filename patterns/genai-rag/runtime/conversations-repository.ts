import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { TableKeys } from '../../../lib/runtime/contract';
import { Problem } from '../../../lib/runtime/problem';
import { type AnswerBounds, ConversationKeys, type ConversationSummary, type Turn } from '../contract';
import { answeredBy, type Ticket } from './admission';
import type { Caller } from './caller';
import { dayCorrections, type TokenBounds } from './daily-budgets';
import { Cancelled, expiry, type Item, isExpired, keyOf, type Table, transact } from './table';
import type { Timing } from './timing';
import { carry, readTurn, type TurnItem, takeBack, turnNumber, writeTurn } from './turn-item';

/** Turns that are looked at for the history of a question. */
const RECENT_TURNS = 20;
/** Questions of a conversation that may end at once: each takes the next number that is free. */
const MAX_TRIES = 50;
const TITLE_CHARACTERS = 80;
const DAY_SECONDS = 86_400;

/** The end of a conversation, as a question finds it. */
export interface RecentTurns {
  /** Newest first. */
  readonly turns: readonly TurnItem[];
  /** Of the newest turn there ever was; 0 for none. */
  readonly count: number;
}

/** A page of what a query finds. */
export interface Page<T> {
  readonly found: readonly T[];
  /** The last of them, when there may be more. */
  readonly last?: string;
}

/** The conversation was deleted, or the user forgotten, while the answer was on its way: nothing of it is kept. */
export class NotKept extends Problem {
  constructor() {
    super(409, 'conversation_deleted', 'The conversation was deleted meanwhile; the answer is not kept.');
  }
}

/** Conversations of a user: whatever is asked for, it is looked for below the caller's own key (rag-conversation-history). */
export class ConversationsRepository {
  constructor(
    private readonly table: Table,
    private readonly timing: Timing,
    private readonly bounds: Pick<AnswerBounds, 'conversationDays'> & TokenBounds,
  ) {}

  async recent(caller: Caller, conversation: string): Promise<RecentTurns> {
    const { found } = await this.query(caller, ConversationKeys.turn(conversation, ''), RECENT_TURNS);
    const items = found.map(readTurn);
    const turns = items.filter((_, index) => !this.isOver(found[index] ?? {}));
    return { turns, count: Number(items[0]?.turn ?? 0) };
  }

  /**
   * Appends a turn, corrects the day's count and marks the key as answered: all or nothing, in one transaction. A number that another
   * question took meanwhile is left to it, and the next one tried.
   *
   * @param used tokens
   * @throws NotKept when the conversation or the question was deleted meanwhile
   */
  async append(ticket: Ticket, recent: RecentTurns, turn: Omit<Turn, 'turn'>, used: number): Promise<Turn> {
    const { caller, question } = ticket;
    const { conversation } = question;
    const item = await carry(ticket, turn);
    const expiresAt = expiry(this.timing, this.bounds.conversationDays * DAY_SECONDS);
    const known = recent.turns.length > 0;
    const counts = dayCorrections(this.table, this.bounds, ticket, used);
    for (let count = recent.count + 1; count <= recent.count + MAX_TRIES; count += 1) {
      const number = turnNumber(count);
      const writes = [
        {
          Put: {
            TableName: this.table.name,
            Item: writeTurn(caller, conversation, { ...item, turn: number }, expiresAt),
            ConditionExpression: `attribute_not_exists(${TableKeys.partition})`,
          },
        },
        this.conversationWrite(ticket, turn, expiresAt, known),
        answeredBy(this.table, ticket, number),
        ...counts,
      ];
      try {
        await transact(this.table, this.timing, writes);
        return { ...turn, turn: number };
      } catch (error) {
        if (!(error instanceof Cancelled)) throw error;
        if (error.failed.has(1) || error.failed.has(2)) {
          await takeBack(item);
          throw new NotKept();
        }
      }
    }
    throw new Error(`${MAX_TRIES} turns of conversation ${conversation} were taken at once`);
  }

  /** A turn by its number. @throws Problem 404 */
  async turn(caller: Caller, conversation: string, number: string): Promise<TurnItem> {
    const item = await this.get(caller, ConversationKeys.turn(conversation, number));
    if (item === undefined) throw notFound();
    return readTurn(item);
  }

  /** @throws Problem 404 */
  async summary(caller: Caller, conversation: string): Promise<ConversationSummary> {
    const item = await this.get(caller, ConversationKeys.conversation(conversation));
    if (item === undefined) throw notFound();
    return summaryOf(item);
  }

  /** Conversations, the newest first. */
  async list(caller: Caller, limit: number, after?: string): Promise<Page<ConversationSummary>> {
    const page = await this.query(caller, ConversationKeys.conversation(''), limit, after);
    return { ...page, found: page.found.filter((item) => !isExpired(item, this.timing)).map(summaryOf) };
  }

  /** Turns, the newest first. */
  async turns(caller: Caller, conversation: string, limit: number, after?: string): Promise<Page<TurnItem>> {
    const page = await this.query(caller, ConversationKeys.turn(conversation, ''), limit, after);
    return { ...page, found: page.found.filter((item) => !this.isOver(item)).map(readTurn) };
  }

  /** Items below a prefix, from the last one; what is read is what was written (ddb-gsi-eventual). */
  async query(caller: Caller, prefix: string, limit: number, after?: string): Promise<Page<Item>> {
    const key = keyOf(caller, prefix);
    const { Items = [], LastEvaluatedKey } = await this.table.client.send(
      new QueryCommand({
        TableName: this.table.name,
        KeyConditionExpression: `${TableKeys.partition} = :user AND begins_with(${ConversationKeys.sort}, :prefix)`,
        ExpressionAttributeValues: { ':user': key[TableKeys.partition], ':prefix': prefix },
        ScanIndexForward: false,
        ConsistentRead: true,
        Limit: limit,
        // The start is below the caller's own key too, whatever a cursor says.
        ExclusiveStartKey: after === undefined ? undefined : keyOf(caller, `${prefix}${after}`),
      }),
    );
    const last: unknown = LastEvaluatedKey?.[ConversationKeys.sort];
    return { found: Items, ...(typeof last === 'string' && { last: last.slice(prefix.length) }) };
  }

  /** Whether a turn is past its days, also by a bound that was lowered since: what is in S3 goes by that. */
  private isOver(turn: Item): boolean {
    const days = this.bounds.conversationDays * DAY_SECONDS * 1000;
    return isExpired(turn, this.timing) || Date.parse(String(turn['at'])) + days <= this.timing.now();
  }

  private async get(caller: Caller, sort: string): Promise<Item | undefined> {
    const { client, name: TableName } = this.table;
    const { Item } = await client.send(new GetCommand({ TableName, Key: keyOf(caller, sort), ConsistentRead: true }));
    return Item === undefined || isExpired(Item, this.timing) ? undefined : Item;
  }

  /** @param known whether it was there: then its absence means that it was deleted */
  private conversationWrite({ caller, question }: Ticket, turn: Pick<Turn, 'at'>, expiresAt: number, known: boolean) {
    return {
      Update: {
        TableName: this.table.name,
        Key: keyOf(caller, ConversationKeys.conversation(question.conversation)),
        UpdateExpression: `SET #title = if_not_exists(#title, :title), #createdAt = if_not_exists(#createdAt, :at), #updatedAt = :at, ${TableKeys.expiresAt} = :expires`,
        ...(known && { ConditionExpression: `attribute_exists(${TableKeys.partition})` }),
        ExpressionAttributeNames: { '#title': 'title', '#createdAt': 'createdAt', '#updatedAt': 'updatedAt' },
        ExpressionAttributeValues: { ':title': titleOf(question.text), ':at': turn.at, ':expires': expiresAt },
      },
    };
  }
}

/** Another's and no one's look the same. */
export function notFound(): Problem {
  return new Problem(404, 'not_found', 'Not found.');
}

function summaryOf(item: Item): ConversationSummary {
  const { title, createdAt, updatedAt, [ConversationKeys.sort]: sort } = item;
  const id = String(sort).slice(ConversationKeys.conversation('').length);
  return { id, title: String(title), createdAt: String(createdAt), updatedAt: String(updatedAt) };
}

function titleOf(question: string): string {
  const characters = [...question.replace(/\s+/g, ' ')];
  return characters.length <= TITLE_CHARACTERS
    ? characters.join('')
    : `${characters.slice(0, TITLE_CHARACTERS - 1).join('')}…`;
}
