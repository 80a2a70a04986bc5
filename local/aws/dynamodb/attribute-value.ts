import { DYNAMODB_LIMITS } from '../../limits/dynamodb';
import { enforce, refused } from '../../limits/limit';
import { isRecord, validation } from '../input';
import { canonicalNumber, compareNumbers } from './decimal';

const { attributeName, nesting, setMembers, setDuplicates } = DYNAMODB_LIMITS.rows;

/** A value in DynamoDB's JSON. */
export type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly B: string }
  | { readonly BOOL: boolean }
  | { readonly NULL: boolean }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly string[] }
  | { readonly L: readonly AttributeValue[] }
  | { readonly M: Item };

/** An item, a key or a map. Never changed in place: stores, streams and answers share it. */
export type Item = { readonly [attribute: string]: AttributeValue };

/** Type descriptors of {@link AttributeValue}. */
export const ATTRIBUTE_TYPES = ['S', 'N', 'B', 'BOOL', 'NULL', 'SS', 'NS', 'BS', 'L', 'M'] as const;
/** Type descriptor of an {@link AttributeValue}. */
export type AttributeType = (typeof ATTRIBUTE_TYPES)[number];

/** Own attribute of an item; inherited names such as `constructor` are no attributes. */
export function attributeOf(item: Item, name: string): AttributeValue | undefined {
  return Object.hasOwn(item, name) ? item[name] : undefined;
}

/** Type descriptor of a value. */
export function typeOf(value: AttributeValue): AttributeType {
  for (const type of ATTRIBUTE_TYPES) if (type in value) return type;
  throw validation('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
}

function string(value: unknown): string {
  if (typeof value !== 'string') throw validation('Supplied AttributeValue has a member that is not a string');
  return value;
}

function set(type: 'SS' | 'NS' | 'BS', raw: unknown): string[] {
  const noun = { SS: 'string', NS: 'number', BS: 'binary' }[type];
  if (!Array.isArray(raw)) throw validation(`One or more parameter values were invalid: ${type} is not a list`);
  enforce(setMembers, raw.length, `One or more parameter values were invalid: An ${noun} set  may not be empty`);
  const members = raw.map((member: unknown) => (type === 'NS' ? canonicalNumber(string(member)) : string(member)));
  if (new Set(members).size !== members.length) {
    throw refused(
      setDuplicates,
      `One or more parameter values were invalid: Input collection [${members.join(', ')}] contains duplicates.`,
    );
  }
  return members;
}

/** Refuses a value that would be nested too deep. */
export function enforceNesting(depth: number): void {
  enforce(nesting, depth, 'Nesting Levels have exceeded supported limits');
}

/** Levels that a value has below itself. */
export function depthOf(value: AttributeValue): number {
  const members = 'L' in value ? value.L : 'M' in value ? Object.values(value.M) : [];
  return members.reduce((deepest, member) => Math.max(deepest, 1 + depthOf(member)), 0);
}

function read(raw: unknown, depth: number): AttributeValue {
  enforceNesting(depth);
  const entries = isRecord(raw) ? Object.entries(raw) : [];
  const [entry, second] = entries;
  if (entry === undefined) {
    throw validation('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
  }
  if (second !== undefined) {
    throw validation('Supplied AttributeValue has more than one datatypes set, must contain exactly one of them');
  }
  const [type, value] = entry;
  switch (type) {
    case 'S':
      return { S: string(value) };
    case 'B':
      return { B: string(value) };
    case 'N':
      return { N: canonicalNumber(string(value)) };
    case 'BOOL':
      return { BOOL: value === true };
    case 'NULL':
      if (value !== true) {
        throw validation(
          'One or more parameter values were invalid: Null attribute value types must have the value of true',
        );
      }
      return { NULL: true };
    case 'SS':
      return { SS: set('SS', value) };
    case 'NS':
      return { NS: set('NS', value) };
    case 'BS':
      return { BS: set('BS', value) };
    case 'L':
      if (!Array.isArray(value)) throw validation('Supplied AttributeValue has an L that is not a list');
      return { L: value.map((member: unknown) => read(member, depth + 1)) };
    case 'M':
      return { M: readMap(value, depth + 1) };
    default:
      throw validation('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
  }
}

function readMap(raw: unknown, depth: number): Item {
  if (!isRecord(raw)) throw validation('Supplied AttributeValue has an M that is not a map');
  return Object.fromEntries(
    Object.entries(raw).map(([name, value]) => {
      enforce(
        attributeName,
        name.length,
        'One or more parameter values were invalid: Attribute name is empty or too long',
      );
      return [name, read(value, depth)];
    }),
  );
}

/**
 * Reads a value as it arrived, numbers made canonical.
 *
 * @throws AwsError `ValidationException` for what is no attribute value
 */
export function readValue(raw: unknown): AttributeValue {
  return read(raw, 0);
}

/** Reads an item or a key as it arrived. */
export function readItem(raw: unknown): Item {
  return readMap(raw, 0);
}

function numberSize(number: string): number {
  const digits = number.replace(/^-?0*\.?0*|[-.]|0+$/g, '').length;
  return Math.ceil(digits / 2) + (number.startsWith('-') ? 2 : 1);
}

/** Bytes of a value by AWS's rules (developerguide, CapacityUnitCalculations.html). */
export function valueSize(value: AttributeValue): number {
  if ('S' in value) return Buffer.byteLength(value.S);
  if ('N' in value) return numberSize(value.N);
  if ('B' in value) return Buffer.byteLength(value.B, 'base64');
  if ('SS' in value) return value.SS.reduce((sum, member) => sum + Buffer.byteLength(member), 0);
  if ('NS' in value) return value.NS.reduce((sum, member) => sum + numberSize(member), 0);
  if ('BS' in value) return value.BS.reduce((sum, member) => sum + Buffer.byteLength(member, 'base64'), 0);
  if ('L' in value) return value.L.reduce((sum, member) => sum + 1 + valueSize(member), 3);
  if ('M' in value) return itemSize(value.M) + 3 + Object.keys(value.M).length;
  return 1;
}

/** Bytes of an item: names and values. */
export function itemSize(item: Item): number {
  let size = 0;
  for (const name of Object.keys(item)) {
    const value = item[name];
    if (value !== undefined) size += Buffer.byteLength(name) + valueSize(value);
  }
  return size;
}

const SURROGATE = /[\ud800-\udfff]/;

/** Orders two texts by their UTF-8 bytes; JavaScript orders them alike but for what takes two of its characters. */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  if (SURROGATE.test(a) || SURROGATE.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : 1;
}

/** Orders two scalars of the same type: strings by UTF-8 bytes, numbers by value, binary by bytes. Undefined for others. */
export function compareScalars(a: AttributeValue, b: AttributeValue): number | undefined {
  if ('N' in a && 'N' in b) return compareNumbers(a.N, b.N);
  if ('S' in a && 'S' in b) return compareTexts(a.S, b.S);
  if ('B' in a && 'B' in b) return Buffer.compare(Buffer.from(a.B, 'base64'), Buffer.from(b.B, 'base64'));
  return undefined;
}

function equalSets(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((member) => b.includes(member));
}

/** Deep equality; the order of a set's members does not count. */
export function equalValues(a: AttributeValue, b: AttributeValue): boolean {
  if (a === b) return true;
  if ('S' in a) return 'S' in b && a.S === b.S;
  if ('N' in a) return 'N' in b && a.N === b.N;
  if ('B' in a) return 'B' in b && a.B === b.B;
  if ('BOOL' in a) return 'BOOL' in b && a.BOOL === b.BOOL;
  if ('NULL' in a) return 'NULL' in b;
  if ('SS' in a) return 'SS' in b && equalSets(a.SS, b.SS);
  if ('NS' in a) return 'NS' in b && equalSets(a.NS, b.NS);
  if ('BS' in a) return 'BS' in b && equalSets(a.BS, b.BS);
  if ('L' in a) {
    if (!('L' in b) || a.L.length !== b.L.length) return false;
    const other = b.L;
    return a.L.every((member, index) => {
      const counterpart = other[index];
      return counterpart !== undefined && equalValues(member, counterpart);
    });
  }
  return 'M' in b && equalItems(a.M, b.M);
}

/** Deep equality of items. */
export function equalItems(a: Item, b: Item): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => {
      const left = attributeOf(a, name);
      const right = attributeOf(b, name);
      return left !== undefined && right !== undefined && equalValues(left, right);
    })
  );
}
