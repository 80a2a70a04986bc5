import { DYNAMODB_LIMITS } from '../../limits/dynamodb';
import { exceeds, type Limit, refused } from '../../limits/limit';
import { type AttributeValue, attributeOf, type Item, typeOf } from './attribute-value';

const {
  partitionKeyBytes,
  sortKeyBytes,
  indexPartitionKeyBytes,
  indexSortKeyBytes,
  keySchema,
  indexKeyType,
  startKey,
} = DYNAMODB_LIMITS.rows;

/** Key attributes of a table or index. */
export interface KeySchema {
  readonly partition: string;
  readonly sort?: string;
}

/** What the definition of a table says of keys. */
export interface KeyDefinitions {
  readonly key: KeySchema;
  /** Type of each key attribute: S, N or B. */
  readonly attributeTypes: Readonly<Record<string, string>>;
  readonly indexes?: Readonly<Record<string, KeySchema>>;
}

const MISMATCH = 'The provided key element does not match the schema';
/** Bytes that a UTF-16 unit of a string takes at most in UTF-8. */
const MAX_BYTES = 3;

/** Attributes of a key, in order. */
export function keyNames({ partition, sort }: KeySchema): readonly string[] {
  return sort === undefined ? [partition] : [partition, sort];
}

/** The attributes of an item with these names. */
export function pickAttributes(item: Item, names: readonly string[]): Item {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = attributeOf(item, name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** A scalar as text: equal values of one type have equal texts. */
export function scalarText(value: AttributeValue): string {
  if ('S' in value) return value.S;
  return 'N' in value ? value.N : 'B' in value ? value.B : '';
}

/** Refuses a key value that is empty or too long. */
export function enforceKeyBytes(limit: Limit, name: string, value: AttributeValue): void {
  if ('N' in value) return;
  const text = scalarText(value);
  // Most keys are so short that there is nothing to count.
  if (text !== '' && text.length * MAX_BYTES <= (limit.max ?? 0)) return;
  const bytes = Buffer.byteLength(text, 'B' in value ? 'base64' : 'utf8');
  if (!exceeds(limit, bytes)) return;
  const problem =
    bytes === 0
      ? `are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: ${name}`
      : `were invalid: Size of key ${name} has exceeded the maximum size limit of ${limit.max} bytes`;
  throw refused(limit, `One or more parameter values ${problem}`);
}

/** How the key of an item is read. */
export interface KeyReading {
  /** Whether the item must have the attributes of its key and no other. @default false */
  readonly keyOnly?: boolean;
}

/**
 * The place of an item in its table, from its own key.
 *
 * @throws AwsError for a key attribute that is missing, of another type, empty or too long, or one too many
 */
export function placeOfItem(definition: KeyDefinitions, item: Item, { keyOnly = false }: KeyReading = {}): string {
  const { partition, sort } = definition.key;
  if (keyOnly && Object.keys(item).length !== (sort === undefined ? 1 : 2)) throw refused(keySchema, MISMATCH);
  const first = keyText(definition, partition, item, partitionKeyBytes);
  if (sort === undefined) return first;
  // No partition key can look like another one with the beginning of a sort key.
  const escaped = first.includes('\u0000') ? first.replaceAll('\u0000', '\u0000\u0001') : first;
  return `${escaped}\u0000\u0000${keyText(definition, sort, item, sortKeyBytes)}`;
}

function keyText({ attributeTypes }: KeyDefinitions, name: string, item: Item, bytes: Limit): string {
  const value = attributeOf(item, name);
  if (value === undefined) {
    throw refused(keySchema, `One or more parameter values were invalid: Missing the key ${name} in the item`);
  }
  const type = attributeTypes[name];
  if (typeOf(value) !== type) {
    throw refused(
      keySchema,
      `One or more parameter values were invalid: Type mismatch for key ${name} expected: ${type} actual: ${typeOf(value)}`,
    );
  }
  enforceKeyBytes(bytes, name, value);
  return scalarText(value);
}

/** Refuses an item whose attributes cannot be the keys of the indexes that they are. */
export function checkIndexKeys({ indexes, attributeTypes }: KeyDefinitions, item: Item): void {
  if (indexes === undefined) return;
  for (const { partition, sort } of Object.values(indexes)) {
    checkIndexKey(attributeTypes, partition, item, indexPartitionKeyBytes);
    if (sort !== undefined) checkIndexKey(attributeTypes, sort, item, indexSortKeyBytes);
  }
}

function checkIndexKey(types: KeyDefinitions['attributeTypes'], name: string, item: Item, bytes: Limit): void {
  const value = attributeOf(item, name);
  if (value === undefined) return;
  if (typeOf(value) !== types[name]) {
    throw refused(
      indexKeyType,
      `One or more parameter values were invalid: Type mismatch for Index Key ${name} expected: ${types[name]} actual: ${typeOf(value)}`,
    );
  }
  enforceKeyBytes(bytes, name, value);
}

/**
 * Refuses a start key that could not be the key of an item: it has the attributes of the table's key and of the index's.
 *
 * @throws AwsError `ValidationException`
 */
export function checkStartKey(definition: KeyDefinitions, schema: KeySchema, start: Item): void {
  const limits = new Map<string, Limit>();
  for (const { partition, sort } of [definition.key, schema]) {
    limits.set(partition, partitionKeyBytes);
    if (sort !== undefined) limits.set(sort, sortKeyBytes);
  }
  const invalid = () => refused(startKey, 'The provided starting key is invalid');
  if (Object.keys(start).length !== limits.size) throw invalid();
  for (const [name, bytes] of limits) {
    const value = attributeOf(start, name);
    if (value === undefined || typeOf(value) !== definition.attributeTypes[name]) throw invalid();
    const size = 'N' in value ? 1 : Buffer.byteLength(scalarText(value), 'B' in value ? 'base64' : 'utf8');
    if (exceeds(bytes, size)) throw invalid();
  }
}
