import { DYNAMODB_LIMITS } from '../../../limits/dynamodb';
import { refused } from '../../../limits/limit';
import { ATTRIBUTE_TYPES, type AttributeType, compareScalars, typeOf } from '../attribute-value';
import type { Condition, Operand } from './condition-grammar';
import type { Placeholders } from './placeholders';

const { operandType, betweenOrder } = DYNAMODB_LIMITS.rows;

/** Types that have an order. */
const ORDERED: readonly AttributeType[] = ['S', 'N', 'B'];

/**
 * Refuses values of a request that an operator or function does not take: DynamoDB does so before it reads an item. What an
 * item holds is compared as it is, and a value of another type simply does not match.
 *
 * @throws AwsError `ValidationException`
 */
export function checkOperands(parameter: string, condition: Condition, placeholders: Placeholders): void {
  const given = (operand: Operand) => (operand.kind === 'value' ? placeholders.value(operand.name) : undefined);
  const takes = (name: string, operand: Operand, types: readonly AttributeType[]) => {
    const value = given(operand);
    if (value === undefined || types.includes(typeOf(value))) return;
    throw refused(
      operandType,
      `Invalid ${parameter}: Incorrect operand type for operator or function; operator or function: ${name}, operand type: ${typeOf(value)}`,
    );
  };
  switch (condition.kind) {
    case 'and':
    case 'or':
      checkOperands(parameter, condition.left, placeholders);
      checkOperands(parameter, condition.right, placeholders);
      return;
    case 'not':
      checkOperands(parameter, condition.of, placeholders);
      return;
    case 'compare':
      if (condition.operator === '=' || condition.operator === '<>') return;
      takes(condition.operator, condition.left, ORDERED);
      takes(condition.operator, condition.right, ORDERED);
      return;
    case 'between': {
      for (const operand of [condition.of, condition.low, condition.high]) takes('BETWEEN', operand, ORDERED);
      const [low, high] = [given(condition.low), given(condition.high)];
      if (low === undefined || high === undefined || (compareScalars(low, high) ?? 1) <= 0) return;
      throw refused(
        betweenOrder,
        `Invalid ${parameter}: The BETWEEN operator requires upper bound to be greater than or equal to lower bound, both of one type`,
      );
    }
    case 'begins':
      takes('begins_with', condition.of, ['S', 'B']);
      takes('begins_with', condition.part, ['S', 'B']);
      return;
    case 'type': {
      takes('attribute_type', condition.type, ['S']);
      const type = given(condition.type);
      if (type === undefined || !('S' in type) || ATTRIBUTE_TYPES.some((known) => known === type.S)) return;
      throw refused(operandType, `Invalid ${parameter}: Invalid attribute type name found; type: ${type.S}`);
    }
    default:
      return;
  }
}
