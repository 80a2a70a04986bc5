import { DYNAMODB_LIMITS } from '../../limits/dynamodb';
import { enforce, exceeds, refused } from '../../limits/limit';
import { flag, optionalInteger, optionalText, unsupported, validation } from '../input';
import type { LocalInput } from '../service';
import { type Item, itemSize, readItem } from './attribute-value';
import { type KeyCondition, readKeyCondition } from './expressions/key-condition';
import { Placeholders } from './expressions/placeholders';
import { compareInCollection, type PlacedItem } from './item-collections';
import { checkStartKey, type KeySchema, keyNames, pickAttributes, scalarText } from './keys';
import type { MeasuredRead } from './partition-throughput';
import type { LocalTable } from './table';

const { queryLimit, queryPageBytes, consistentIndexRead, unknownIndex, startKeyOutside } = DYNAMODB_LIMITS.rows;

/**
 * Reads a page of a partition of a table or an index.
 *
 * @throws AwsError for what DynamoDB refuses
 */
export function query(
  table: LocalTable,
  input: LocalInput,
): { readonly output: LocalInput; readonly read: MeasuredRead } {
  for (const name of ['FilterExpression', 'ProjectionExpression', 'Select', 'KeyConditions', 'QueryFilter']) {
    if (input[name] !== undefined) throw unsupported(`${name} of Query`);
  }
  const { definition } = table;
  const index = optionalText(input, 'IndexName');
  const { key, indexes = {} } = definition;
  const schema = index === undefined ? key : Object.hasOwn(indexes, index) ? indexes[index] : undefined;
  if (schema === undefined) throw refused(unknownIndex, `The table does not have the specified index: ${index}`);
  const consistent = flag(input, 'ConsistentRead');
  if (index !== undefined && consistent) {
    throw refused(consistentIndexRead, 'Consistent reads are not supported on global secondary indexes');
  }
  const limit = optionalInteger(input, 'Limit') ?? Number.POSITIVE_INFINITY;
  enforce(queryLimit, limit, 'Limit must be greater than or equal to 1');
  const condition = conditionOf(table, schema, input);
  const backwards = input['ScanIndexForward'] === false;
  const start = startOf(table, schema, condition, input);
  const found = table.collection(index, condition.partition);
  const { items, bytes, more } = page(backwards ? found.toReversed() : found, {
    limit,
    after: start === undefined ? () => true : ({ place, item }) => isAfter(schema, { place, item }, start, backwards),
    test: condition.test,
  });
  const last = more ? items.at(-1) : undefined;
  const keys = [...keyNames(key), ...keyNames(schema)];
  return {
    output: {
      Items: items,
      Count: items.length,
      ScannedCount: items.length,
      ...(last !== undefined && { LastEvaluatedKey: pickAttributes(last, keys) }),
    },
    read: { index, partition: scalarText(condition.partition), bytes, consistent },
  };
}

function conditionOf(table: LocalTable, schema: KeySchema, input: LocalInput): KeyCondition {
  const placeholders = new Placeholders(input);
  const expression = optionalText(input, 'KeyConditionExpression');
  if (expression === undefined) {
    throw validation('Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.');
  }
  const condition = readKeyCondition(expression, placeholders, schema, table.definition.attributeTypes);
  placeholders.finish();
  return condition;
}

/** Where the page before ended. Its item may be gone: what counts is its place. */
function startOf(
  table: LocalTable,
  schema: KeySchema,
  { test }: KeyCondition,
  input: LocalInput,
): PlacedItem | undefined {
  if (input['ExclusiveStartKey'] === undefined || input['ExclusiveStartKey'] === null) return undefined;
  const start = readItem(input['ExclusiveStartKey']);
  checkStartKey(table.definition, schema, start);
  // A key that a page ended with is one that the condition covers; of others AWS refuses those outside of the partition
  // and of the range (its message for the latter: "does not match the range key predicate").
  if (!test(start)) {
    throw refused(
      startKeyOutside,
      'The provided starting key is outside query boundaries based on provided conditions',
    );
  }
  return { place: table.identity(table.keyOf(start)), item: start };
}

function isAfter(schema: KeySchema, item: PlacedItem, start: PlacedItem, backwards: boolean): boolean {
  return compareInCollection(schema, item, start) * (backwards ? -1 : 1) > 0;
}

interface Cut {
  readonly limit: number;
  readonly after: (item: PlacedItem) => boolean;
  readonly test: (item: Item) => boolean;
}

/** Items of a page, and whether it ended before the collection did, or exactly at its limit. */
function page(found: readonly PlacedItem[], { limit, after, test }: Cut) {
  const items: Item[] = [];
  let bytes = 0;
  for (const each of found) {
    if (!after(each) || !test(each.item)) continue;
    const size = itemSize(each.item);
    if (exceeds(queryPageBytes, bytes + size)) return { items, bytes, more: true };
    items.push(each.item);
    bytes += size;
    // A full page has a key to go on from, even when nothing follows (AWS: Query, LastEvaluatedKey).
    if (items.length === limit) return { items, bytes, more: true };
  }
  return { items, bytes, more: false };
}
