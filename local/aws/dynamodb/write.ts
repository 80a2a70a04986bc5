import { DYNAMODB_LIMITS } from '../../limits/dynamodb';
import { refused } from '../../limits/limit';
import { oneOf, optionalText, record, records, text, unsupported } from '../input';
import { AwsError, type LocalInput } from '../service';
import { type Item, itemSize, readItem } from './attribute-value';
import { readCondition, type Test } from './expressions/condition';
import { Placeholders } from './expressions/placeholders';
import { readUpdate } from './expressions/update';
import type { LocalTable } from './table';

const { missingParameter, returnValuesOnFailure, transactionAction, updateOfKey } = DYNAMODB_LIMITS.rows;

/** One write, checked and ready: it tells whether its condition holds and what it would store. */
export interface Write {
  readonly table: LocalTable;
  readonly key: Item;
  readonly holds: boolean;
  /** What there is afterwards; `before` where the write changes nothing. */
  readonly after: Item | undefined;
  readonly before: Item | undefined;
  /** Of the larger of the two. */
  readonly bytes: number;
  readonly returnOnFailure: boolean;
  /** Why the update cannot be applied to the item. */
  readonly failure?: AwsError;
}

type TableOf = (input: LocalInput) => LocalTable;
/** What a write leaves, and its bytes; without them it leaves what there was, or nothing. */
type Next = (before: Item | undefined) => { readonly after: Item | undefined; readonly bytes?: number };

/** Why a conditional write is refused. */
export const CONDITION_FAILED = 'The conditional request failed';

/** Refuses a request without a parameter that it needs. */
function required(input: LocalInput, name: string): LocalInput {
  if (input[name] === undefined || input[name] === null) {
    const member = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
    throw refused(
      missingParameter,
      `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
    );
  }
  return input;
}

/** Reads the key of a request. */
export function readKey(input: LocalInput): Item {
  return readItem(record(required(input, 'Key'), 'Key'));
}

/** Reads the item of a request. */
export function readNewItem(input: LocalInput): Item {
  return readItem(record(required(input, 'Item'), 'Item'));
}

/** Reads writes against tables as they are now. @throws AwsError for what DynamoDB refuses */
export class WriteReader {
  constructor(private readonly tableOf: TableOf) {}

  put(input: LocalInput): Write {
    const table = this.tableOf(input);
    const item = readNewItem(input);
    const bytes = table.check(item);
    return prepare(table, table.keyOf(item), input, () => ({ after: item, bytes }));
  }

  delete(input: LocalInput): Write {
    return prepare(this.tableOf(input), readKey(input), input, () => ({ after: undefined }));
  }

  update(input: LocalInput): Write {
    const table = this.tableOf(input);
    const key = readKey(input);
    const placeholders = new Placeholders(input);
    const expression = optionalText(input, 'UpdateExpression');
    if (expression === undefined) throw unsupported('UpdateItem without UpdateExpression');
    const update = readUpdate(expression, placeholders);
    const { partition, sort } = table.definition.key;
    const part = update.attributes.find((name) => name === partition || name === sort);
    if (part !== undefined) {
      throw refused(updateOfKey, `Cannot update attribute ${part}. This attribute is part of the key`);
    }
    const next: Next = (before) => {
      const after = update.apply(before ?? key);
      return { after, bytes: table.check(after) };
    };
    return prepare(table, key, input, next, placeholders);
  }

  /** One of the actions of a transaction. */
  transactItem(item: LocalInput): Write {
    const [kind = '', ...more] = Object.keys(item);
    const input = ACTIONS.includes(kind) && more.length === 0 ? record(item, kind) : undefined;
    if (input === undefined) {
      throw refused(transactionAction, 'TransactItems can only contain one of Check, Put, Update or Delete');
    }
    if (kind === 'Put') return this.put(input);
    if (kind === 'Update') return this.update(required(input, 'UpdateExpression'));
    if (kind === 'Delete') return this.delete(input);
    required(input, 'ConditionExpression');
    return prepare(this.tableOf(input), readKey(input), input, (before) => ({ after: before }));
  }

  /** The actions of a transaction. */
  transactItems(input: LocalInput): LocalInput[] {
    return records(required(input, 'TransactItems'), 'TransactItems');
  }
}

const ACTIONS = ['Put', 'Update', 'Delete', 'ConditionCheck'];

function prepare(
  table: LocalTable,
  key: Item,
  input: LocalInput,
  next: Next,
  placeholders = new Placeholders(input),
): Write {
  const before = table.get(key);
  const expression = optionalText(input, 'ConditionExpression');
  const test: Test =
    expression === undefined ? () => true : readCondition('ConditionExpression', expression, placeholders);
  placeholders.finish();
  const holds = test(before ?? {});
  const returnOnFailure = returnsOnFailure(input);
  const there = before === undefined ? 0 : itemSize(before);
  const unchanged = { table, key, before, after: before, holds, returnOnFailure, bytes: there };
  if (!holds) return unchanged;
  try {
    const { after, bytes = 0 } = next(before);
    return { table, key, before, after, holds, returnOnFailure, bytes: Math.max(there, bytes) };
  } catch (failure) {
    if (!(failure instanceof AwsError) || failure.code !== 'ValidationException') throw failure;
    return { ...unchanged, failure };
  }
}

function returnsOnFailure(input: LocalInput): boolean {
  const name = 'ReturnValuesOnConditionCheckFailure';
  const wanted = optionalText(input, name) ?? 'NONE';
  if (wanted !== 'NONE' && wanted !== 'ALL_OLD') throw refused(returnValuesOnFailure, `${name} set to invalid value`);
  return wanted === 'ALL_OLD';
}

/** Stores what a write leaves. */
export function apply({ table, key, before, after }: Write): void {
  if (after === before) return;
  if (after === undefined) table.delete(key);
  else table.put(after);
}

/** What a write returns of the item. */
export type ReturnValues = 'NONE' | 'ALL_OLD' | 'ALL_NEW';

/** Read before anything is written. */
export function returnValues(input: LocalInput, allowed: readonly ReturnValues[]): ReturnValues {
  const all = ['NONE', 'ALL_OLD', 'ALL_NEW', 'UPDATED_OLD', 'UPDATED_NEW'] as const;
  const wanted = oneOf(input, 'ReturnValues', all, 'NONE');
  const found = allowed.find((value) => value === wanted);
  if (found !== undefined) return found;
  throw allowed.includes('ALL_NEW')
    ? unsupported(`ReturnValues ${wanted}`)
    : refused(DYNAMODB_LIMITS.rows.returnValues, 'Return values set to invalid value');
}

/** Name of the table of a request. */
export function tableName(input: LocalInput): string {
  return text(required(input, 'TableName'), 'TableName');
}
