import { DYNAMODB_LIMITS } from '../../../limits/dynamodb';
import { rememberingParser, type TokenReader, type WrittenPath } from './tokens';

/** What a condition compares. */
export type Operand =
  | { readonly kind: 'path'; readonly path: WrittenPath }
  | { readonly kind: 'value'; readonly name: string }
  | { readonly kind: 'size'; readonly path: WrittenPath };

/** A parsed condition. */
export type Condition =
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

const { inOperands } = DYNAMODB_LIMITS.rows;

// Grammar: docs.aws.amazon.com/amazondynamodb, Expressions.OperatorsAndFunctions.html; NOT, AND, OR bind in that order.
/** Parses a condition, filter or key condition. */
export const parseCondition = rememberingParser((reader) => or(reader));

function or(reader: TokenReader): Condition {
  let left = and(reader);
  while (reader.acceptOperator('OR')) left = { kind: 'or', left, right: and(reader) };
  return left;
}

function and(reader: TokenReader): Condition {
  let left = not(reader);
  while (reader.acceptOperator('AND')) left = { kind: 'and', left, right: not(reader) };
  return left;
}

function not(reader: TokenReader): Condition {
  return reader.acceptOperator('NOT') ? { kind: 'not', of: not(reader) } : primary(reader);
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
  if (reader.acceptOperator('BETWEEN')) {
    const low = operand(reader);
    reader.expect('AND');
    return { kind: 'between', of: left, low, high: operand(reader) };
  }
  if (reader.acceptOperator('IN')) {
    reader.expect('(');
    const list = [operand(reader)];
    while (reader.accept(',')) list.push(operand(reader));
    reader.expect(')');
    reader.enforce(inOperands, list.length, 'Invalid number of operands for operator or function; operator: IN');
    return { kind: 'in', of: left, list };
  }
  const operator = reader.takeOperator();
  if (!COMPARATORS.includes(operator)) throw reader.syntaxError();
  return { kind: 'compare', operator, left, right: operand(reader) };
}

function call(reader: TokenReader): Condition {
  const name = reader.takeOperator();
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
    reader.takeOperator();
    reader.expect('(');
    const path = reader.path();
    reader.expect(')');
    return { kind: 'size', path };
  }
  return { kind: 'path', path: reader.path() };
}
