import { DYNAMODB_LIMITS } from '../../../limits/dynamodb';
import { refused } from '../../../limits/limit';
import { type AttributeValue, typeOf } from '../attribute-value';
import { enforceKeyBytes, type KeySchema } from '../keys';
import { holds, type Test } from './condition';
import { type Condition, type Operand, parseCondition } from './condition-grammar';
import { checkOperands } from './operand-types';
import type { Placeholders } from './placeholders';

const { keyCondition, keyConditionType, partitionKeyBytes, sortKeyBytes } = DYNAMODB_LIMITS.rows;

/** What a query asks for. */
export interface KeyCondition {
  /** Value of the partition key. */
  readonly partition: AttributeValue;
  /** Whether an item is asked for. */
  readonly test: Test;
}

/** A part of a key condition: an attribute that is compared with values. */
interface Part {
  readonly condition: Condition;
  readonly name: string | undefined;
  readonly values: readonly AttributeValue[];
}

/**
 * Reads a key condition: the partition key equals a value, and the sort key, if it is named, is in a range of its own.
 *
 * @throws AwsError `ValidationException` for any other condition, and for values that could be no keys
 */
export function readKeyCondition(
  expression: string,
  placeholders: Placeholders,
  schema: KeySchema,
  attributeTypes: Readonly<Record<string, string>>,
): KeyCondition {
  const parsed = parseCondition('KeyConditionExpression', expression);
  placeholders.admit(parsed);
  const parts = conjuncts(parsed.tree).map((condition) => partOf(condition, placeholders));
  for (const { condition, name } of parts) {
    const ranges = condition.kind === 'between' || condition.kind === 'begins';
    const equals = condition.kind === 'compare' && condition.operator === '=';
    const compares = condition.kind === 'compare' && condition.operator !== '<>';
    if (!(name === schema.partition ? equals : compares || ranges)) {
      throw refused(keyCondition, 'Query key condition not supported');
    }
  }
  const named = parts.map(({ name }) => name);
  const missing = [schema.partition, ...(parts.length > 1 ? [schema.sort] : [])].find((key) => !named.includes(key));
  const [value] = parts.find(({ name }) => name === schema.partition)?.values ?? [];
  if (missing !== undefined || parts.length > 2 || value === undefined) {
    throw refused(keyCondition, `Query condition missed key schema element: ${missing ?? schema.partition}`);
  }
  for (const part of parts) checkValues(part, schema, attributeTypes);
  checkOperands('KeyConditionExpression', parsed.tree, placeholders);
  return { partition: value, test: (item) => holds(parsed.tree, item, placeholders) };
}

function conjuncts(condition: Condition): Condition[] {
  return condition.kind === 'and' ? [...conjuncts(condition.left), ...conjuncts(condition.right)] : [condition];
}

function partOf(condition: Condition, placeholders: Placeholders): Part {
  const [of, ...others] = operandsOf(condition);
  if (of?.kind !== 'path') return { condition, name: undefined, values: [] };
  const values = others.flatMap((other) => (other.kind === 'value' ? [placeholders.value(other.name)] : []));
  const [name, ...inner] = placeholders.path(of.path);
  const isKey = inner.length === 0 && values.length === others.length;
  return { condition, name: isKey ? String(name) : undefined, values };
}

function operandsOf(condition: Condition): readonly Operand[] {
  if (condition.kind === 'compare') return [condition.left, condition.right];
  if (condition.kind === 'between') return [condition.of, condition.low, condition.high];
  return condition.kind === 'begins' ? [condition.of, condition.part] : [];
}

/** Values that a key attribute could not have are refused, rather than found nowhere. */
function checkValues(
  { name = '', values }: Part,
  { partition }: KeySchema,
  types: Readonly<Record<string, string>>,
): void {
  for (const value of values) {
    if (typeOf(value) !== types[name]) {
      throw refused(
        keyConditionType,
        'One or more parameter values were invalid: Condition parameter type does not match schema type',
      );
    }
    enforceKeyBytes(name === partition ? partitionKeyBytes : sortKeyBytes, name, value);
  }
}
