import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { type NativeAttributeValue, unmarshall } from '@aws-sdk/util-dynamodb';
import { cancellationOf } from '../../../lib/runtime/cancelled-transaction';
import { TableKeys } from '../../../lib/runtime/contract';
import { ConversationKeys } from '../contract';
import type { Caller } from './caller';
import { uncontended } from './contention';
import type { Timing } from './timing';

/** The conversations table. */
export interface Table {
  readonly name: string;
  readonly client: Pick<DynamoDBDocumentClient, 'send'>;
}

/** An item as the table holds it. */
export type Item = Readonly<Record<string, NativeAttributeValue>>;
/** One of the writes of a transaction. */
export type Write = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

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

/** The key of what a user has; no other key is ever made, so no one reaches what is another's. */
export function keyOf({ tenant, user }: Caller, sort: string): Record<string, string> {
  return { [TableKeys.partition]: ConversationKeys.user(tenant, user), [ConversationKeys.sort]: sort };
}

/**
 * Writes all or nothing, however many others write the same items at once.
 *
 * @throws Cancelled when a condition does not hold
 */
export async function transact({ client }: Table, timing: Timing, writes: readonly Write[]): Promise<void> {
  try {
    await uncontended(() => client.send(new TransactWriteCommand({ TransactItems: [...writes] })), timing);
  } catch (error) {
    if (cancellationOf(error) !== 'condition' || !(error instanceof TransactionCanceledException)) throw error;
    const failed = [...(error.CancellationReasons ?? [])]
      .map((reason, index) => ({ ...reason, index }))
      .filter(({ Code }) => Code === 'ConditionalCheckFailed');
    const items = failed.flatMap(({ index, Item }) => (Item === undefined ? [] : [[index, plain(Item)] as const]));
    throw new Cancelled(new Set(failed.map(({ index }) => index)), new Map(items));
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
