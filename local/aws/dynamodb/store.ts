import type { Cancel } from '../../clock/clock';
import { DYNAMODB_LIMITS } from '../../limits/dynamodb';
import { enforce, refused } from '../../limits/limit';
import { flag, unsupported } from '../input';
import { AwsError, type LocalInput, type LocalService, type Location } from '../service';
import { type Item, itemSize } from './attribute-value';
import { EXPIRY_DELAY_MS } from './expiry';
import { scalarText } from './keys';
import { PartitionThroughput } from './partition-throughput';
import { query } from './query';
import { RequestTokens } from './request-tokens';
import { LocalTable, type TableDefinition } from './table';
import { type CancellationReason, cancelled } from './transaction-cancelled';
import {
  apply,
  CONDITION_FAILED,
  type ReturnValues,
  readKey,
  readNewItem,
  returnValues,
  tableName,
  type Write,
  WriteReader,
} from './write';

const { conditionFailed, transactionItems, transactionBytes, transactionDuplicate, transactionCancelled } =
  DYNAMODB_LIMITS.rows;

/** What of DynamoDB happens in the background, or only under load. */
export interface DynamoDbBehaviour {
  /** Runs something later, in the background. @default - expired items are never deleted */
  readonly after?: (ms: number, run: () => void) => Cancel;
  /** Milliseconds between an item's expiry and its deletion. @default - two days */
  readonly expiryDelayMs?: number;
  /** Milliseconds after which a write shows in an index. @default - at once */
  readonly indexLagMs?: () => number;
  /** Whether a partition key value has the throughput of a partition and no more. @default false */
  readonly partitionLimits?: boolean;
  /** Hears of each request that a partition throttles. */
  readonly onThrottle?: (table: string, kind: 'Read' | 'Write') => void;
}

/** DynamoDB in memory: conditional writes, transactions, queries, streams. What it does not know it refuses by name. */
export class LocalDynamoDb implements LocalService {
  private readonly tables = new Map<string, LocalTable>();
  private readonly tokens: RequestTokens;
  private readonly throughput?: PartitionThroughput;
  private readonly writes = new WriteReader((input) => this.table(tableName(input)));

  constructor(
    private readonly location: Location,
    private readonly now: () => number = Date.now,
    private readonly behaviour: DynamoDbBehaviour = {},
  ) {
    this.tokens = new RequestTokens(now);
    if (behaviour.partitionLimits === true) this.throughput = new PartitionThroughput(now, behaviour.onThrottle);
  }

  createTable(definition: TableDefinition, streamArn = ''): LocalTable {
    const { now } = this;
    const { after, expiryDelayMs: delayMs = EXPIRY_DELAY_MS, indexLagMs } = this.behaviour;
    const expiry = after === undefined ? undefined : { now, after, delayMs };
    const table = new LocalTable(definition, { streamArn, now, indexLagMs, expiry });
    this.tables.set(definition.name, table);
    return table;
  }

  /** A table by name or ARN. */
  table(reference: string): LocalTable {
    const table = this.tables.get(reference.split('/').pop() ?? '');
    if (table === undefined) {
      throw new AwsError('ResourceNotFoundException', `Requested resource not found in ${this.location.region}`);
    }
    return table;
  }

  /** Every table. */
  all(): LocalTable[] {
    return [...this.tables.values()];
  }

  call(action: string, input: LocalInput): LocalInput {
    switch (action) {
      case 'GetItem':
        return this.getItem(input);
      case 'PutItem':
        return this.single(input, ['NONE', 'ALL_OLD'], () => this.writes.put(input));
      case 'UpdateItem':
        return this.single(input, ['NONE', 'ALL_OLD', 'ALL_NEW'], () => this.writes.update(input));
      case 'DeleteItem':
        return this.single(input, ['NONE', 'ALL_OLD'], () => this.writes.delete(input));
      case 'TransactWriteItems':
        return this.transact(input);
      case 'Query':
        return this.query(input);
      default:
        throw unsupported(action);
    }
  }

  /** Where a single write goes. */
  placeOf(action: string, input: LocalInput): { readonly place: string; readonly table: string } {
    const table = this.table(tableName(input));
    return place(table, action === 'PutItem' ? table.keyOf(readNewItem(input)) : readKey(input));
  }

  /** Where a transaction's writes and checks go. */
  placesOf(input: LocalInput): { readonly place: string; readonly table: string }[] {
    return this.writes.transactItems(input).map((item) => {
      const { table, key } = this.writes.transactItem(item);
      return place(table, key);
    });
  }

  /**
   * Whether a transaction was done before, by its request token.
   *
   * @throws AwsError when the token was used for another request
   */
  wasDone(input: LocalInput): boolean {
    return this.tokens.has(input);
  }

  private getItem(input: LocalInput): LocalInput {
    for (const name of ['ProjectionExpression', 'AttributesToGet']) {
      if (input[name] !== undefined) throw unsupported(`${name} of GetItem`);
    }
    const table = this.table(tableName(input));
    const key = readKey(input);
    const item = table.get(key);
    this.throughput?.read(table.definition.name, {
      partition: partitionOf(table, key),
      bytes: item === undefined ? 0 : itemSize(item),
      consistent: flag(input, 'ConsistentRead'),
    });
    return item === undefined ? {} : { Item: item };
  }

  private query(input: LocalInput): LocalInput {
    const table = this.table(tableName(input));
    const { output, read } = query(table, input);
    this.throughput?.read(table.definition.name, read);
    return output;
  }

  private single(input: LocalInput, returns: readonly ReturnValues[], read: () => Write): LocalInput {
    const returned = returnValues(input, returns);
    const write = read();
    this.throughput?.write(write);
    if (!write.holds) {
      throw new AwsError(conditionFailed.error, CONDITION_FAILED, 400, {
        ...(write.returnOnFailure && write.before !== undefined && { Item: write.before }),
      });
    }
    if (write.failure !== undefined) throw write.failure;
    apply(write);
    if (returned === 'ALL_OLD' && write.before !== undefined) return { Attributes: write.before };
    return returned === 'ALL_NEW' ? { Attributes: write.after } : {};
  }

  private transact(input: LocalInput): LocalInput {
    if (this.wasDone(input)) return {};
    const items = this.writes.transactItems(input);
    enforce(transactionItems, items.length);
    const writes = items.map((item) => this.writes.transactItem(item));
    const places = writes.map(({ table, key }) => place(table, key).place);
    if (new Set(places).size < places.length) {
      throw refused(transactionDuplicate, 'Transaction request cannot include multiple operations on one item');
    }
    // AWS does not say which items count: here also those that are deleted or only checked.
    const bytes = writes.reduce((sum, write) => sum + write.bytes, 0);
    enforce(transactionBytes, bytes);
    this.throughput?.transact(writes);
    if (writes.some(({ holds, failure }) => !holds || failure !== undefined)) {
      throw cancelled(transactionCancelled, writes.map(reasonOf));
    }
    writes.forEach(apply);
    this.tokens.remember(input);
    return {};
  }
}

/** Why a write cancels its transaction. */
function reasonOf({ holds, before, returnOnFailure, failure }: Write): CancellationReason {
  if (!holds) {
    return { Code: 'ConditionalCheckFailed', Message: CONDITION_FAILED, ...(returnOnFailure && { Item: before }) };
  }
  return failure === undefined ? { Code: 'None' } : { Code: 'ValidationError', Message: failure.message };
}

function partitionOf({ definition }: LocalTable, key: Item): string {
  const value = key[definition.key.partition];
  return value === undefined ? '' : scalarText(value);
}

function place(table: LocalTable, key: Item): { readonly place: string; readonly table: string } {
  const { name } = table.definition;
  return { place: `${name}/${table.identity(key, { keyOnly: true })}`, table: name };
}
