import { randomUUID } from 'node:crypto';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { TableKeys } from '../../../lib/runtime/contract';
import { Problem } from '../../../lib/runtime/problem';
import { type AnswerBounds, ConversationKeys, type Me } from '../contract';
import type { Caller } from './caller';
import { dailyBudgets, dayCorrections, dayReservations } from './daily-budgets';
import type { Question } from './question';
import { Cancelled, expiry, type Item, keyOf, type Table, transact, type Write } from './table';
import type { Timing } from './timing';

const DAY_SECONDS = 86_400;
const MINUTE_MS = 60_000;
/** Days that the key of a question is remembered. */
const KEY_DAYS = 1;
/** Seconds beyond its deadline after which a question counts as given up: its function is gone by then. */
const GIVEN_UP_AFTER = 30;
/** Seconds after which a question that is being answered is worth asking for again. */
const IN_PROGRESS_RETRY = 3;

/** States of a question's item. */
const ANSWERING = 'answering';
const ANSWERED = 'answered';

/** A question that was let in. */
export interface Ticket {
  readonly caller: Caller;
  readonly question: Question;
  /** Tells this try from another of the same key. */
  readonly attempt: string;
  /** Tokens. */
  readonly reserved: number;
  /** Where they are counted, whenever the answer ends. */
  readonly day: string;
}

/** `answered`: this key's question was answered before, by that turn. */
export type Admission =
  | { readonly kind: 'admitted'; readonly ticket: Ticket }
  | { readonly kind: 'answered'; readonly turn: string };

/** A refusal that says when to come again. */
export class TooMany extends Problem {
  constructor(
    status: 409 | 429,
    code: string,
    detail: string,
    /** Seconds. */
    readonly retryAfter: number,
    field?: string,
  ) {
    super(status, code, detail, field);
  }
}

/** Lets questions in: within a user's day and minute, within the days of tenant and stack where those have budgets, and each key once (bedrock-token-budget, sqs-idempotent-consumer). */
export class AdmissionDesk {
  constructor(
    private readonly table: Table,
    private readonly timing: Timing,
    private readonly bounds: AnswerBounds,
  ) {}

  /**
   * One transaction: the day's tokens are reserved, of user, tenant and stack, the minute's questions counted and the key is taken, or
   * nothing is.
   *
   * @param reserved tokens that the answer may take at most
   * @throws Problem 409 while the key's question is answered, and for a key of another question; 429 for a day, of the user, the tenant or the stack, or a minute that is full
   */
  async admit(caller: Caller, question: Question, reserved: number): Promise<Admission> {
    const { timing, table, bounds } = this;
    const now = timing.now();
    const at = new Date(now).toISOString();
    const ticket: Ticket = { caller, question, reserved, attempt: randomUUID(), day: at.slice(0, 10) };
    const TableName = table.name;
    const days = dayReservations(table, bounds, ticket, expiry(timing, 2 * DAY_SECONDS));
    const writes: Write[] = [
      {
        Put: {
          TableName,
          Item: {
            ...keyOf(caller, ConversationKeys.question(question.key)),
            state: ANSWERING,
            hash: question.hash,
            attempt: ticket.attempt,
            until: now + (bounds.answerSeconds + GIVEN_UP_AFTER) * 1000,
            [TableKeys.expiresAt]: expiry(timing, KEY_DAYS * DAY_SECONDS),
          },
          // A function that died left its question behind; whoever asks the same again may have it. What is past its time is gone.
          ConditionExpression: `attribute_not_exists(${TableKeys.partition}) OR ${TableKeys.expiresAt} <= :seconds OR (#state = :answering AND #hash = :hash AND #until < :now)`,
          ExpressionAttributeNames: { '#state': 'state', '#hash': 'hash', '#until': 'until' },
          ExpressionAttributeValues: {
            ':answering': ANSWERING,
            ':hash': question.hash,
            ':now': now,
            ':seconds': Math.floor(now / 1000),
          },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
      ...days,
      {
        Update: {
          TableName,
          Key: keyOf(caller, ConversationKeys.minute(at.slice(0, 16))),
          UpdateExpression: `ADD #questions :one SET ${TableKeys.expiresAt} = :expires`,
          ConditionExpression: 'attribute_not_exists(#questions) OR #questions < :most',
          ExpressionAttributeNames: { '#questions': 'questions' },
          ExpressionAttributeValues: { ':one': 1, ':most': bounds.questionsPerMinute, ':expires': expiry(timing, 120) },
        },
      },
    ];
    try {
      await transact(table, timing, writes);
      return { kind: 'admitted', ticket };
    } catch (error) {
      if (!(error instanceof Cancelled)) throw error;
      if (error.failed.has(0)) return known(error.items.get(0), question);
      // The days follow the key.
      const full = dailyBudgets(bounds).find((_, index) => error.failed.has(1 + index));
      if (full !== undefined) throw new TooMany(429, full.code, full.detail, secondsOfDay(now));
      throw tooManyQuestions(now);
    }
  }

  /**
   * Gives back what was reserved but for what was used, and the key.
   *
   * @param used tokens that the model has read and written, whatever came of them
   * @returns false, and nothing is given back, when the turn was kept and counted after all
   */
  async giveBack(ticket: Ticket, used: number): Promise<boolean> {
    const { caller, question, attempt } = ticket;
    const counts = dayCorrections(this.table, this.bounds, ticket, used);
    const release = {
      Delete: {
        TableName: this.table.name,
        Key: keyOf(caller, ConversationKeys.question(question.key)),
        ConditionExpression: '#attempt = :attempt AND #state = :answering',
        ExpressionAttributeNames: { '#attempt': 'attempt', '#state': 'state' },
        ExpressionAttributeValues: { ':attempt': attempt, ':answering': ANSWERING },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
      },
    };
    try {
      await transact(this.table, this.timing, [release, ...counts]);
      return true;
    } catch (error) {
      if (!(error instanceof Cancelled)) throw error;
      // The turn was kept and counted after all: it was the table's answer that got lost.
      if (error.items.get(0)?.['attempt'] === attempt) return false;
      // The key is not ours any more; the tokens are.
      await transact(this.table, this.timing, counts);
      return true;
    }
  }

  /** What a user has used of today. */
  async usage(caller: Caller): Promise<Me['usage']> {
    const now = this.timing.now();
    const Key = keyOf(caller, ConversationKeys.day(new Date(now).toISOString().slice(0, 10)));
    const { client, name: TableName } = this.table;
    const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
    return {
      tokens: Number(Item?.['tokens'] ?? 0),
      limit: this.bounds.dailyTokens,
      resetsAt: new Date(nextDay(now)).toISOString(),
    };
  }
}

/** The write that says of a key which turn answered it; its condition is that no one else has taken the key. */
export function answeredBy({ name: TableName }: Table, { caller, question, attempt }: Ticket, turn: string): Write {
  return {
    Update: {
      TableName,
      Key: keyOf(caller, ConversationKeys.question(question.key)),
      UpdateExpression: 'SET #state = :answered, #turn = :turn',
      ConditionExpression: '#attempt = :attempt',
      ExpressionAttributeNames: { '#state': 'state', '#turn': 'turn', '#attempt': 'attempt' },
      ExpressionAttributeValues: { ':answered': ANSWERED, ':turn': turn, ':attempt': attempt },
    },
  };
}

function known(item: Item | undefined, question: Question): Admission {
  if (item?.['hash'] !== question.hash) {
    throw new Problem(
      409,
      'idempotency_key_reused',
      'This Idempotency-Key was already used for another question. Use a new key.',
      'Idempotency-Key',
    );
  }
  if (item['state'] === ANSWERED) return { kind: 'answered', turn: String(item['turn']) };
  throw new TooMany(
    409,
    'in_progress',
    'This question is still being answered. Ask again with the same Idempotency-Key.',
    IN_PROGRESS_RETRY,
  );
}

/** Seconds until the day is over. */
function secondsOfDay(now: number): number {
  return Math.ceil((nextDay(now) - now) / 1000);
}

function tooManyQuestions(now: number): TooMany {
  const seconds = Math.ceil((MINUTE_MS - (now % MINUTE_MS)) / 1000);
  return new TooMany(
    429,
    'too_many_questions',
    'You have asked too many questions within a minute. Wait for the next minute.',
    seconds,
  );
}

function nextDay(now: number): number {
  return (Math.floor(now / (DAY_SECONDS * 1000)) + 1) * DAY_SECONDS * 1000;
}
