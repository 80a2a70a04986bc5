import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { type NativeAttributeValue, unmarshall } from '@aws-sdk/util-dynamodb';
import { TableKeys } from '../../../lib/runtime/contract';
import { ConversationKeys } from '../contract';
import type { Caller } from './caller';
import { fullJitter, type Timing } from './timing';

/** The conversations table. */
export interface Table {
  readonly name: string;
  readonly client: Pick<DynamoDBDocumentClient, 'send'>;
}

/** An item as the table holds it. */
export type Item = Readonly<Record<string, NativeAttributeValue>>;
/** One of the writes of a transaction. */
export type Write = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** Writes that meet on an item: a user's questions at once meet on the day's count. */
const CONFLICTS = { attempts: 8, firstMs: 20, mostMs: 400 } as const;

/** A transaction that did not happen. */
export class Cancelled extends Error {
  constructor(
    /** Places of the writes whose condition did not hold. */
    readonly failed: ReadonlySet<number>,
    /** What was there instead, by the place of the write that asked for it. */
    readonly items: ReadonlyMap<number, Item>,
  ) {
    super(`The conditions ${[...failed].join()} of the transaction did not hold`);
  }
}

/** The key of what a user has; no other key is ever made, so nobody reaches what is another's. */
export function keyOf({ tenant, user }: Caller, sort: string): Record<string, string> {
  return { [TableKeys.partition]: ConversationKeys.user(tenant, user), [ConversationKeys.sort]: sort };
}

/**
 * Writes all or nothing. The SDK repeats what was throttled; transactions that met on an item it does not (AWS: DynamoDB,
 * TransactWriteItems, TransactionConflict), so that is done here.
 *
 * @throws Cancelled when a condition does not hold
 */
export async function transact({ client }: Table, timing: Timing, writes: readonly Write[]): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.send(new TransactWriteCommand({ TransactItems: [...writes] }));
      return;
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const reasons = [...(error.CancellationReasons ?? [])].map((reason, index) => ({ ...reason, index }));
      const failed = reasons.filter(({ Code }) => Code === 'ConditionalCheckFailed');
      if (failed.length > 0) {
        const items = failed.flatMap(({ index, Item }) => (Item === undefined ? [] : [[index, plain(Item)] as const]));
        throw new Cancelled(new Set(failed.map(({ index }) => index)), new Map(items));
      }
      const again = reasons.some(({ Code }) => Code === 'TransactionConflict' || Code === 'ThrottlingError');
      if (!again || attempt === CONFLICTS.attempts) throw error;
      const ms = fullJitter(timing, attempt, CONFLICTS.firstMs, CONFLICTS.mostMs);
      await new Promise<void>((resolve) => timing.after(ms, resolve));
    }
  }
}

type Attributes = Parameters<typeof unmarshall>[0];

/** The document client translates answers, not what an error carries. */
function plain(
  item: NonNullable<NonNullable<TransactionCanceledException['CancellationReasons']>[number]['Item']>,
): Item {
  return unmarshall(item as Attributes);
}

/** Whether an item is past its time: DynamoDB deletes it some days later at the latest (AWS: DynamoDB, TTL). */
export function isExpired(item: Item, timing: Timing): boolean {
  return Number(item[TableKeys.expiresAt]) * 1000 <= timing.now();
}

/** An expiry time as DynamoDB reads it. */
export function expiry(timing: Timing, seconds: number): number {
  return Math.ceil(timing.now() / 1000) + seconds;
}
