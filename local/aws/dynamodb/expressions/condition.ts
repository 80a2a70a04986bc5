import { type AttributeValue, compareScalars, equalValues, type Item, typeOf } from '../attribute-value';
import { type Condition, type Operand, parseCondition } from './condition-grammar';
import { checkOperands } from './operand-types';
import { type Placeholders, valueAt } from './placeholders';

/** A condition of a request, ready to be asked of items. */
export type Test = (item: Item) => boolean;

/**
 * Reads a condition, filter or key condition.
 *
 * @throws AwsError `ValidationException` for a syntax error, a reserved word or an undefined placeholder
 */
export function readCondition(parameter: string, expression: string, placeholders: Placeholders): Test {
  const parsed = parseCondition(parameter, expression);
  placeholders.admit(parsed);
  checkOperands(parameter, parsed.tree, placeholders);
  return (item) => holds(parsed.tree, item, placeholders);
}

/** Whether a condition holds for an item. */
export function holds(condition: Condition, item: Item, with_: Placeholders): boolean {
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
      return value !== undefined && part !== undefined && beginsWith(value, part);
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

function beginsWith(value: AttributeValue, part: AttributeValue): boolean {
  if ('S' in value) return 'S' in part && value.S.startsWith(part.S);
  if (!('B' in value && 'B' in part)) return false;
  const prefix = Buffer.from(part.B, 'base64');
  return Buffer.from(value.B, 'base64').subarray(0, prefix.length).equals(prefix);
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
