import { isIP } from 'node:net';
import { EVENT_BRIDGE_LIMITS } from '../limits/event-bridge';
import { EVENT_FILTER_LIMITS } from '../limits/event-filters';
import { exceeds, type Limit, refused } from '../limits/limit';
import { PIPES_LIMITS } from '../limits/pipes';
import { SNS_LIMITS } from '../limits/sns';
import { wildcardParts } from './comparisons';

const { rows: BUS } = EVENT_BRIDGE_LIMITS;
const { rows: PIPES } = PIPES_LIMITS;
const { rows: LAMBDA } = EVENT_FILTER_LIMITS;
const { rows: SNS } = SNS_LIMITS;

/** What a service takes of the language of event patterns. Its documentation says which operators; the others it refuses. */
export interface PatternDialect {
  readonly operators: readonly string[];
  /** Operators inside of `anything-but`. */
  readonly insideAnythingBut: readonly string[];
  /** Whether `prefix` and `suffix` take `{ "equals-ignore-case": … }`. */
  readonly affixesIgnoreCase: boolean;
  /** The refusal of an operator or operand. */
  readonly operator: Limit;
  /** The refusal of what is no pattern. */
  readonly shape: Limit;
  readonly numericOperand: Limit;
  /** Bound of what `$or` multiplies to. */
  readonly orCombinations?: Limit;
}

const EVERYWHERE = ['exists', 'prefix', 'suffix', 'equals-ignore-case', 'anything-but', 'numeric'];

/** Rules of an event bus (docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html). */
export const BUS_RULE: PatternDialect = {
  operators: [...EVERYWHERE, 'wildcard', 'cidr'],
  insideAnythingBut: ['prefix', 'suffix', 'equals-ignore-case', 'wildcard'],
  affixesIgnoreCase: true,
  operator: BUS.patternOperator,
  shape: BUS.patternShape,
  numericOperand: BUS.numericOperand,
  orCombinations: BUS.orCombinations,
};

/** Filters of a pipe: the same page, column "Pipe support"; it does not say whether they have `cidr`. */
export const PIPE_FILTER: PatternDialect = {
  operators: EVERYWHERE,
  insideAnythingBut: [],
  affixesIgnoreCase: true,
  operator: PIPES.filterOperator,
  shape: PIPES.filterOperator,
  numericOperand: { ...BUS.numericOperand, ...refusalOf(PIPES.filterOperator) },
};

/** Filters of an event source mapping (docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html). */
export const MAPPING_FILTER: PatternDialect = {
  operators: EVERYWHERE,
  insideAnythingBut: [],
  affixesIgnoreCase: false,
  operator: LAMBDA.filterOperator,
  shape: LAMBDA.filterOperator,
  numericOperand: { ...BUS.numericOperand, ...refusalOf(LAMBDA.filterOperator) },
};

/** Filter policies of subscriptions (docs.aws.amazon.com/sns/latest/dg/string-value-matching.html and its neighbours). */
export const FILTER_POLICY: PatternDialect = {
  operators: [...EVERYWHERE, 'cidr'],
  insideAnythingBut: ['prefix'],
  affixesIgnoreCase: false,
  operator: SNS.policyOperator,
  shape: SNS.policyOperator,
  numericOperand: SNS.policyNumber,
};

function refusalOf({ error, operation, source }: Limit) {
  return { error, operation, source };
}

/**
 * Checks a pattern as its service does when it is created.
 *
 * @param where whose pattern it is, for the message
 * @throws AwsError naming the field and the operator
 */
export function checkPattern(pattern: unknown, dialect: PatternDialect, where = 'The pattern'): void {
  const combinations = checkFields(pattern, dialect, where);
  const { orCombinations } = dialect;
  if (orCombinations !== undefined && exceeds(orCombinations, combinations)) {
    throw refused(orCombinations, `${where}: $or has ${combinations} combinations`);
  }
}

/** @returns how many combinations the alternatives of `$or` make */
function checkFields(pattern: unknown, dialect: PatternDialect, where: string): number {
  const shape = (why: string) => refused(dialect.shape, `${where} ${why}`);
  if (!isObject(pattern)) throw shape('must be an object or an array');
  if (Object.keys(pattern).length === 0) throw shape('is an empty object');
  let combinations = 1;
  for (const [field, expected] of Object.entries(pattern)) {
    const at = `${where}, ${field}`;
    if (field === '$or') {
      if (!Array.isArray(expected) || expected.length < 2) throw shape('has an $or of fewer than two patterns');
      combinations *= expected.reduce((sum: number, branch) => sum + checkFields(branch, dialect, at), 0);
    } else if (Array.isArray(expected)) {
      if (expected.length === 0) throw refused(dialect.shape, `${at} is an empty array`);
      for (const alternative of expected) checkAlternative(alternative, dialect, at);
    } else {
      combinations *= checkFields(expected, dialect, at);
    }
  }
  return combinations;
}

function checkAlternative(alternative: unknown, dialect: PatternDialect, at: string): void {
  if (Array.isArray(alternative)) throw refused(dialect.shape, `${at} has an array inside of an array`);
  if (!isObject(alternative)) return;
  const [[operator, operand] = ['', undefined], ...more] = Object.entries(alternative);
  if (more.length > 0)
    throw refused(dialect.operator, `${at} has more than one operator in ${JSON.stringify(alternative)}`);
  if (!dialect.operators.includes(operator))
    throw refused(dialect.operator, `${at} has an unknown operator ${operator}`);
  if (operator === 'numeric') checkNumeric(operand, dialect, at);
  else if (!isOperand(operator, operand, dialect)) {
    throw refused(dialect.operator, `${at}: ${JSON.stringify(operand)} is nothing that ${operator} takes`);
  }
}

function isOperand(operator: string, operand: unknown, dialect: PatternDialect): boolean {
  switch (operator) {
    case 'exists':
      return typeof operand === 'boolean';
    case 'prefix':
    case 'suffix':
      return isText(operand) || (dialect.affixesIgnoreCase && isText(onlyMember(operand, 'equals-ignore-case')));
    case 'wildcard':
      return isText(operand) && isWildcard(operand);
    case 'cidr':
      return isText(operand) && isBlock(operand);
    case 'anything-but':
      return isAnythingBut(operand, dialect);
    default:
      return isText(operand);
  }
}

function isAnythingBut(operand: unknown, dialect: PatternDialect): boolean {
  if (isObject(operand)) {
    const [[operator, inner] = ['', undefined], ...more] = Object.entries(operand);
    const alternatives = [inner].flat();
    return (
      more.length === 0 &&
      dialect.insideAnythingBut.includes(operator) &&
      alternatives.length > 0 &&
      alternatives.every((each) => isText(each) && (operator !== 'wildcard' || isWildcard(each)))
    );
  }
  const values = [operand].flat();
  // A list is of texts or of numbers, not of both.
  return values.length > 0 && ['string', 'number'].some((type) => values.every((each) => typeof each === type));
}

/** One comparison, or a lower and an upper bound. */
function checkNumeric(operand: unknown, { operator, numericOperand }: PatternDialect, at: string): void {
  const wrong = refused(operator, `${at}: ${JSON.stringify(operand)} is no numeric range`);
  if (!Array.isArray(operand)) throw wrong;
  const [first, low, second, high] = operand as unknown[];
  const bounds = operand.length === 2 ? [low] : [low, high];
  if (operand.length === 2 ? !['=', '<', '<=', '>', '>='].includes(String(first)) : operand.length !== 4) throw wrong;
  if (operand.length === 4 && !(isOneOf(first, '>', '>=') && isOneOf(second, '<', '<='))) throw wrong;
  for (const bound of bounds) {
    if (typeof bound !== 'number') throw wrong;
    if (exceeds(numericOperand, bound)) throw refused(numericOperand, `${at}: ${bound} is beyond numeric matching`);
  }
  if (operand.length === 4 && Number(low) >= Number(high)) throw wrong;
}

function isOneOf(value: unknown, ...values: readonly string[]): boolean {
  return typeof value === 'string' && values.includes(value);
}

function isWildcard(pattern: string): boolean {
  // Two `*` in a row, and a `\` before anything but `*` and `\`, are refused.
  return (
    !/(?:^|[^\\])\*\*/.test(pattern) &&
    !/(?:^|[^\\])(?:\\\\)*\\(?![*\\])/.test(pattern) &&
    wildcardParts(pattern).length > 0
  );
}

function isBlock(block: string): boolean {
  const [address = '', bits = '', ...more] = block.split('/');
  const most = isIP(address) === 6 ? 128 : 32;
  return more.length === 0 && isIP(address) !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= most;
}

function onlyMember(value: unknown, name: string): unknown {
  return isObject(value) && Object.keys(value).length === 1 ? value[name] : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
