import { flag, oneOf, optionalInteger, optionalText, record, records, text, unsupported, validation } from '../input';
import { AwsError, type LocalInput, type LocalService, type Location } from '../service';
import { attributeOf, type Item, itemSize, readItem } from './attribute-value';
import { readCondition, readKeyCondition, type Test } from './expressions/condition';
import { Placeholders } from './expressions/placeholders';
import { readUpdate } from './expressions/update';
import { type KeySchema, LocalTable, type TableDefinition } from './table';

/** One write, checked and ready: it tells whether its condition holds and what it would store. */
interface Write {
  readonly table: LocalTable;
  readonly key: Item;
  readonly holds: boolean;
  /** Undefined deletes; the symbol leaves the item as it is. */
  readonly after: Item | undefined | typeof UNCHANGED;
  readonly before?: Item;
  readonly returnOnFailure: boolean;
  /** Why the update cannot be applied to the item. */
  readonly failure?: AwsError;
}

const UNCHANGED = Symbol('unchanged');
/** AWS: a request token is remembered for ten minutes. */
const TOKEN_MS = 600_000;
const CONDITION_FAILED = 'The conditional request failed';

/** DynamoDB in memory: conditional writes, transactions, queries, streams. What it does not know it refuses by name. */
export class LocalDynamoDb implements LocalService {
  private readonly tables = new Map<string, LocalTable>();
  /** Requests by token, and those of the ten minutes before: to forget all at once costs less than one by one. */
  private tokens = new Map<string, { at: number; request: string }>();
  private olderTokens = this.tokens;
  private tokensSince = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly location: Location,
    private readonly now: () => number = Date.now,
  ) {}

  createTable(definition: TableDefinition, streamArn = ''): LocalTable {
    const table = new LocalTable(definition, streamArn, this.now);
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
        return this.single(input, ['NONE', 'ALL_OLD'], () => this.readPut(input));
      case 'UpdateItem':
        return this.single(input, ['NONE', 'ALL_OLD', 'ALL_NEW'], () => this.readUpdate(input));
      case 'DeleteItem':
        return this.single(input, ['NONE', 'ALL_OLD'], () => this.readDelete(input));
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
    const table = this.table(text(input, 'TableName'));
    const item = readItem(record(input, action === 'PutItem' ? 'Item' : 'Key'));
    return place(table, action === 'PutItem' ? keyOf(table, item) : item);
  }

  /** Where a transaction's writes and checks go. */
  placesOf(input: LocalInput): { readonly place: string; readonly table: string }[] {
    return records(input, 'TransactItems').map((item) => {
      const { table, key } = this.readTransactItem(item);
      return place(table, key);
    });
  }

  /**
   * Whether a transaction was done before, by its request token.
   *
   * @throws AwsError when the token was used for another request
   */
  wasDone(input: LocalInput): boolean {
    const token = optionalText(input, 'ClientRequestToken');
    const known = token === undefined ? undefined : (this.tokens.get(token) ?? this.olderTokens.get(token));
    if (known === undefined || this.now() - known.at >= TOKEN_MS) return false;
    if (known.request === requestText(input)) return true;
    throw new AwsError('IdempotentParameterMismatchException', 'The token was used for another request');
  }

  private getItem(input: LocalInput): LocalInput {
    if (input['ProjectionExpression'] !== undefined) throw unsupported('ProjectionExpression');
    const item = this.table(text(input, 'TableName')).get(readItem(record(input, 'Key')));
    return item === undefined ? {} : { Item: item };
  }

  private readPut(input: LocalInput): Write {
    const table = this.table(text(input, 'TableName'));
    const item = readItem(record(input, 'Item'));
    table.check(item);
    return this.prepare(table, keyOf(table, item), input, () => item);
  }

  private readDelete(input: LocalInput): Write {
    const table = this.table(text(input, 'TableName'));
    return this.prepare(table, readItem(record(input, 'Key')), input, () => undefined);
  }

  private readCheck(input: LocalInput): Write {
    const table = this.table(text(input, 'TableName'));
    return this.prepare(table, readItem(record(input, 'Key')), input, () => UNCHANGED);
  }

  private readUpdate(input: LocalInput): Write {
    const table = this.table(text(input, 'TableName'));
    const key = readItem(record(input, 'Key'));
    const placeholders = new Placeholders(input);
    const expression = optionalText(input, 'UpdateExpression');
    if (expression === undefined) throw unsupported('UpdateItem without UpdateExpression');
    const update = readUpdate(expression, placeholders);
    const { partition, sort } = table.definition.key;
    const part = update.attributes.find((name) => name === partition || name === sort);
    if (part !== undefined) throw validation(`Cannot update attribute ${part}. This attribute is part of the key`);
    return this.prepare(
      table,
      key,
      input,
      (before) => {
        const after = update.apply(before ?? key);
        table.check(after);
        return after;
      },
      placeholders,
    );
  }

  private prepare(
    table: LocalTable,
    key: Item,
    input: LocalInput,
    next: (before: Item | undefined) => Write['after'],
    placeholders = new Placeholders(input),
  ): Write {
    const before = table.get(key);
    const expression = optionalText(input, 'ConditionExpression');
    const test: Test =
      expression === undefined ? () => true : readCondition('ConditionExpression', expression, placeholders);
    placeholders.finish();
    const holds = test(before ?? {});
    const returnOnFailure = input['ReturnValuesOnConditionCheckFailure'] === 'ALL_OLD';
    const write = { table, key, before, holds, returnOnFailure };
    if (!holds) return { ...write, after: UNCHANGED };
    try {
      return { ...write, after: next(before) };
    } catch (failure) {
      if (!(failure instanceof AwsError) || failure.code !== 'ValidationException') throw failure;
      return { ...write, after: UNCHANGED, failure };
    }
  }

  private single(input: LocalInput, returns: readonly ReturnValues[], read: () => Write): LocalInput {
    const returned = returnValues(input, returns);
    const write = read();
    if (!write.holds) {
      throw new AwsError('ConditionalCheckFailedException', CONDITION_FAILED, 400, {
        ...(write.returnOnFailure && write.before !== undefined && { Item: write.before }),
      });
    }
    if (write.failure !== undefined) throw write.failure;
    apply(write);
    if (returned === 'ALL_OLD' && write.before !== undefined) return { Attributes: write.before };
    return returned === 'ALL_NEW' && typeof write.after === 'object' ? { Attributes: write.after } : {};
  }

  private transact(input: LocalInput): LocalInput {
    if (this.wasDone(input)) return {};
    const token = optionalText(input, 'ClientRequestToken');
    const items = records(input, 'TransactItems');
    if (items.length === 0 || items.length > 100) throw validation('A transaction holds 1 to 100 items');
    const writes = items.map((item) => this.readTransactItem(item));
    const places = writes.map(({ table, key }) => place(table, key).place);
    if (new Set(places).size < places.length) {
      throw validation('Transaction request cannot include multiple operations on one item');
    }
    if (writes.reduce((sum, { after }) => sum + (typeof after === 'object' ? itemSize(after) : 0), 0) > 4_194_304) {
      throw validation('Transaction request size has exceeded 4 MB');
    }
    if (writes.some(({ holds, failure }) => !holds || failure !== undefined)) {
      const CancellationReasons = writes.map(({ holds, before, returnOnFailure, failure }) =>
        holds
          ? failure === undefined
            ? { Code: 'None' }
            : { Code: 'ValidationError', Message: failure.message }
          : {
              Code: 'ConditionalCheckFailed',
              Message: CONDITION_FAILED,
              ...(returnOnFailure && { Item: before }),
            },
      );
      const codes = CancellationReasons.map(({ Code }) => Code).join(', ');
      throw new AwsError(
        'TransactionCanceledException',
        `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
        400,
        { CancellationReasons },
      );
    }
    writes.forEach(apply);
    if (token !== undefined) this.remember(token, requestText(input));
    return {};
  }

  private remember(token: string, request: string): void {
    const at = this.now();
    if (at - this.tokensSince >= TOKEN_MS) {
      [this.olderTokens, this.tokens, this.tokensSince] = [this.tokens, new Map(), at];
    }
    this.tokens.set(token, { at, request });
  }

  private readTransactItem(item: LocalInput): Write {
    const [kind = '', ...more] = Object.keys(item);
    if (more.length > 0) throw validation('TransactItems can only contain one of Check, Put, Update or Delete');
    const input = record(item, kind);
    switch (kind) {
      case 'Put':
        return this.readPut(input);
      case 'Update':
        return this.readUpdate(input);
      case 'Delete':
        return this.readDelete(input);
      case 'ConditionCheck':
        return this.readCheck(input);
      default:
        throw validation('TransactItems can only contain one of Check, Put, Update or Delete');
    }
  }

  private query(input: LocalInput): LocalInput {
    for (const name of ['FilterExpression', 'ProjectionExpression', 'Select']) {
      if (input[name] !== undefined) throw unsupported(`${name} of Query`);
    }
    const table = this.table(text(input, 'TableName'));
    const indexName = optionalText(input, 'IndexName');
    const schema = indexName === undefined ? table.definition.key : table.definition.indexes?.[indexName];
    if (schema === undefined) throw validation(`The table does not have the specified index: ${indexName}`);
    if (indexName !== undefined && flag(input, 'ConsistentRead')) {
      throw validation('Consistent reads are not supported on global secondary indexes');
    }
    const placeholders = new Placeholders(input);
    const expression = optionalText(input, 'KeyConditionExpression');
    if (expression === undefined) {
      throw validation(
        'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
      );
    }
    const test = readKeyCondition(expression, placeholders, schema);
    placeholders.finish();
    const ordered = table.all().filter((item) => attributeOf(item, schema.partition) !== undefined && test(item));
    const [first] = ordered;
    const partition = first === undefined ? undefined : attributeOf(first, schema.partition);
    let found = partition === undefined ? [] : table.partition(schema, partition).filter(test);
    if (input['ScanIndexForward'] === false) found.reverse();
    const start = input['ExclusiveStartKey'] === undefined ? undefined : readItem(input['ExclusiveStartKey']);
    if (start !== undefined) {
      // The item may be gone: what counts is its place.
      const sign = input['ScanIndexForward'] === false ? -1 : 1;
      found = found.filter((item) => table.order(schema, item, start) * sign > 0);
    }
    const limit = optionalInteger(input, 'Limit') ?? Number.POSITIVE_INFINITY;
    if (limit < 1) throw validation('Limit must be greater than or equal to 1');
    const Items = found.slice(0, limit);
    // A full page has a key to go on from, even when nothing follows (AWS: Query, LastEvaluatedKey).
    const last = Items.length === limit ? Items.at(-1) : undefined;
    return {
      Items,
      Count: Items.length,
      ScannedCount: Items.length,
      ...(last !== undefined && { LastEvaluatedKey: startKeyOf(table, schema, last) }),
    };
  }
}

type ReturnValues = 'NONE' | 'ALL_OLD' | 'ALL_NEW';

/** Read before anything is written. */
function returnValues(input: LocalInput, allowed: readonly ReturnValues[]): ReturnValues {
  const all = ['NONE', 'ALL_OLD', 'ALL_NEW', 'UPDATED_OLD', 'UPDATED_NEW'] as const;
  const wanted = oneOf(input, 'ReturnValues', all, 'NONE');
  const found = allowed.find((value) => value === wanted);
  if (found !== undefined) return found;
  throw allowed.includes('ALL_NEW')
    ? unsupported(`ReturnValues ${wanted}`)
    : validation('Return values set to invalid value');
}

function apply({ table, key, after }: Write): void {
  if (after === UNCHANGED) return;
  if (after === undefined) table.delete(key);
  else table.put(after);
}

function pickAttributes(item: Item, names: readonly (string | undefined)[]): Item {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = name === undefined ? undefined : attributeOf(item, name);
      return name === undefined || value === undefined ? [] : [[name, value]];
    }),
  );
}

function place(table: LocalTable, key: Item): { readonly place: string; readonly table: string } {
  const { name } = table.definition;
  return { place: `${name}/${table.identity(key, true)}`, table: name };
}

/** What a request token stands for. */
function requestText(input: LocalInput): string {
  return JSON.stringify(records(input, 'TransactItems'));
}

function keyOf({ definition: { key } }: LocalTable, item: Item): Item {
  return pickAttributes(item, [key.partition, key.sort]);
}

function startKeyOf(table: LocalTable, index: KeySchema, item: Item): Item {
  return { ...keyOf(table, item), ...pickAttributes(item, [index.partition, index.sort]) };
}
