import { validation } from '../../input';
import { type AttributeValue, equalValues, type Item, typeOf } from '../attribute-value';
import { compareNumbers } from '../decimal';
import { type Placeholders, valueAt } from './placeholders';
import { rememberingParser, type TokenReader, type WrittenPath } from './tokens';

type Operand =
  | { readonly kind: 'path'; readonly path: WrittenPath }
  | { readonly kind: 'value'; readonly name: string }
  | { readonly kind: 'size'; readonly path: WrittenPath };

type Condition =
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'compare'; readonly operator: string; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'between'; readonly of: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly kind: 'in'; readonly of: Operand; readonly list: readonly Operand[] }
  | { readonly kind: 'exists'; readonly path: WrittenPath; readonly expected: boolean }
  | { readonly kind: 'begins' | 'contains'; readonly of: Operand; readonly part: Operand }
  | { readonly kind: 'type'; readonly path: WrittenPath; readonly type: Operand };

/** Conditions that stood in parentheses. */
const grouped = new WeakSet<Condition>();

const COMPARATORS = ['=', '<>', '<', '<=', '>', '>='];

// Grammar: docs.aws.amazon.com/amazondynamodb, Expressions.OperatorsAndFunctions.html; NOT, AND, OR bind in that order.
const parse = rememberingParser((reader) => or(reader));

function or(reader: TokenReader): Condition {
  let left = and(reader);
  while (reader.accept('OR')) left = { kind: 'or', left, right: and(reader) };
  return left;
}

function and(reader: TokenReader): Condition {
  let left = not(reader);
  while (reader.accept('AND')) left = { kind: 'and', left, right: not(reader) };
  return left;
}

function not(reader: TokenReader): Condition {
  return reader.accept('NOT') ? { kind: 'not', of: not(reader) } : primary(reader);
}

function primary(reader: TokenReader): Condition {
  if (reader.accept('(')) {
    const inner = or(reader);
    reader.expect(')');
    if (grouped.has(inner)) throw reader.invalid('The expression has redundant parentheses;');
    grouped.add(inner);
    return inner;
  }
  if (reader.peek(1) === '(' && reader.peek() !== 'size') return call(reader);
  const left = operand(reader);
  if (reader.accept('BETWEEN')) {
    const low = operand(reader);
    reader.expect('AND');
    return { kind: 'between', of: left, low, high: operand(reader) };
  }
  if (reader.accept('IN')) {
    reader.expect('(');
    const list = [operand(reader)];
    while (reader.accept(',')) list.push(operand(reader));
    reader.expect(')');
    return { kind: 'in', of: left, list };
  }
  const operator = reader.take();
  if (!COMPARATORS.includes(operator)) throw reader.syntaxError();
  return { kind: 'compare', operator, left, right: operand(reader) };
}

function call(reader: TokenReader): Condition {
  const name = reader.take();
  reader.expect('(');
  let condition: Condition;
  if (name === 'attribute_exists' || name === 'attribute_not_exists') {
    condition = { kind: 'exists', path: reader.path(), expected: name === 'attribute_exists' };
  } else if (name === 'begins_with' || name === 'contains') {
    const of = operand(reader);
    reader.expect(',');
    condition = { kind: name === 'contains' ? 'contains' : 'begins', of, part: operand(reader) };
  } else if (name === 'attribute_type') {
    const path = reader.path();
    reader.expect(',');
    condition = { kind: 'type', path, type: operand(reader) };
  } else {
    throw reader.invalid(`Invalid function name; function: ${name}`);
  }
  reader.expect(')');
  return condition;
}

function operand(reader: TokenReader): Operand {
  if (reader.peek()?.startsWith(':') === true) return { kind: 'value', name: reader.value() };
  if (reader.peek() === 'size' && reader.peek(1) === '(') {
    reader.take();
    reader.expect('(');
    const path = reader.path();
    reader.expect(')');
    return { kind: 'size', path };
  }
  return { kind: 'path', path: reader.path() };
}

/** A condition of a request, ready to be asked of items. */
export type Test = (item: Item) => boolean;

/**
 * Reads a condition, filter or key condition.
 *
 * @throws AwsError `ValidationException` for a syntax error, a reserved word or an undefined placeholder
 */
export function readCondition(parameter: string, expression: string, placeholders: Placeholders): Test {
  const parsed = parse(parameter, expression);
  placeholders.admit(parsed);
  return (item) => holds(parsed.tree, item, placeholders);
}

/**
 * Reads a key condition: the partition key equals a value, and the sort key, if it is named, is in a range of its own.
 *
 * @throws AwsError `ValidationException` for any other condition
 */
export function readKeyCondition(
  expression: string,
  placeholders: Placeholders,
  schema: { readonly partition: string; readonly sort?: string },
): Test {
  const parsed = parse('KeyConditionExpression', expression);
  placeholders.admit(parsed);
  const parts = conjuncts(parsed.tree);
  const named = parts.map((part) => keyOf(part, placeholders));
  for (const [at, part] of parts.entries()) {
    const ranges = part.kind === 'between' || part.kind === 'begins';
    const equals = part.kind === 'compare' && part.operator === '=';
    const compares = part.kind === 'compare' && part.operator !== '<>';
    if (!(named[at] === schema.partition ? equals : compares || ranges)) {
      throw validation('Query key condition not supported');
    }
  }
  const missing = [schema.partition, ...(parts.length > 1 ? [schema.sort] : [])].find((key) => !named.includes(key));
  if (missing !== undefined || parts.length > 2) {
    throw validation(`Query condition missed key schema element: ${missing ?? schema.partition}`);
  }
  return (item) => holds(parsed.tree, item, placeholders);
}

function conjuncts(condition: Condition): Condition[] {
  return condition.kind === 'and' ? [...conjuncts(condition.left), ...conjuncts(condition.right)] : [condition];
}

/** The attribute that a part of a key condition is about; it is compared with values that could be keys. */
function keyOf(part: Condition, with_: Placeholders): string | undefined {
  const [of, ...others] =
    part.kind === 'compare'
      ? [part.left, part.right]
      : part.kind === 'between'
        ? [part.of, part.low, part.high]
        : part.kind === 'begins'
          ? [part.of, part.part]
          : [];
  if (of?.kind !== 'path' || others.some(({ kind }) => kind !== 'value')) return undefined;
  for (const other of others) {
    const value = other.kind === 'value' ? with_.value(other.name) : undefined;
    if (value !== undefined && 'S' in value && value.S === '') {
      throw validation(
        'One or more parameter values are not valid. A key attribute cannot contain an empty string value',
      );
    }
  }
  const [name, ...inner] = with_.path(of.path);
  return inner.length === 0 ? String(name) : undefined;
}

function holds(condition: Condition, item: Item, with_: Placeholders): boolean {
  const read = (of: Operand) => evaluate(of, item, with_);
  switch (condition.kind) {
    case 'and':
      return holds(condition.left, item, with_) && holds(condition.right, item, with_);
    case 'or':
      return holds(condition.left, item, with_) || holds(condition.right, item, with_);
    case 'not':
      return !holds(condition.of, item, with_);
    case 'exists':
      return (valueAt(item, with_.path(condition.path)) !== undefined) === condition.expected;
    case 'compare':
      return compares(condition.operator, read(condition.left), read(condition.right));
    case 'between':
      return (
        compares('>=', read(condition.of), read(condition.low)) &&
        compares('<=', read(condition.of), read(condition.high))
      );
    case 'in':
      return condition.list.some((candidate) => compares('=', read(condition.of), read(candidate)));
    case 'begins': {
      const [value, part] = [read(condition.of), read(condition.part)];
      return value !== undefined && part !== undefined && 'S' in value && 'S' in part && value.S.startsWith(part.S);
    }
    case 'contains':
      return contains(read(condition.of), read(condition.part));
    case 'type': {
      const [value, type] = [valueAt(item, with_.path(condition.path)), read(condition.type)];
      return value !== undefined && type !== undefined && 'S' in type && typeOf(value) === type.S;
    }
  }
}

function evaluate(operand: Operand, item: Item, with_: Placeholders): AttributeValue | undefined {
  if (operand.kind === 'value') return with_.value(operand.name);
  const value = valueAt(item, with_.path(operand.path));
  if (operand.kind === 'path' || value === undefined) return value;
  const size = sizeOf(value);
  return size === undefined ? undefined : { N: String(size) };
}

/** AWS: Condition and filter expressions, operators, and functions. Numbers, booleans and nulls have no size. */
function sizeOf(value: AttributeValue): number | undefined {
  if ('S' in value) return value.S.length;
  if ('B' in value) return Buffer.byteLength(value.B, 'base64');
  if ('M' in value) return Object.keys(value.M).length;
  const [members] = Object.values(value);
  return Array.isArray(members) ? members.length : undefined;
}

function contains(value: AttributeValue | undefined, part: AttributeValue | undefined): boolean {
  if (value === undefined || part === undefined) return false;
  if ('S' in value) return 'S' in part && value.S.includes(part.S);
  if ('L' in value) return value.L.some((member) => equalValues(member, part));
  if ('SS' in value) return 'S' in part && value.SS.includes(part.S);
  if ('BS' in value) return 'B' in part && value.BS.includes(part.B);
  return 'NS' in value && 'N' in part && value.NS.includes(part.N);
}

/** Values of different types, or missing ones, are unequal and in no order. */
function compares(operator: string, left: AttributeValue | undefined, right: AttributeValue | undefined): boolean {
  if (left === undefined || right === undefined) return operator === '<>' && left !== right;
  if (operator === '=' || operator === '<>') return equalValues(left, right) === (operator === '=');
  const order = compareScalars(left, right);
  if (order === undefined) return false;
  if (operator === '<') return order < 0;
  if (operator === '<=') return order <= 0;
  return operator === '>' ? order > 0 : order >= 0;
}

/** Orders two keys: numbers by value, strings and binaries by bytes. Undefined for what has no order. */
export function compareScalars(left: AttributeValue, right: AttributeValue): number | undefined {
  if ('N' in left && 'N' in right) return compareNumbers(left.N, right.N);
  if ('S' in left && 'S' in right) return Buffer.compare(Buffer.from(left.S), Buffer.from(right.S));
  if ('B' in left && 'B' in right) return Buffer.compare(Buffer.from(left.B, 'base64'), Buffer.from(right.B, 'base64'));
  return undefined;
}
