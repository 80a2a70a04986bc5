import { BlockList, isIP } from 'node:net';

/** What an operator compares with, and what of an event it is compared with: a leaf, or undefined where there is none. */
export type Comparison = (value: unknown, operand: unknown) => boolean;

/** Comparison operators by name (docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html). */
export const COMPARISONS: Readonly<Record<string, Comparison>> = {
  prefix: (value, operand) => affix(value, operand, (text, part) => text.startsWith(part)),
  suffix: (value, operand) => affix(value, operand, (text, part) => text.endsWith(part)),
  'equals-ignore-case': (value, operand) =>
    typeof value === 'string' && value.toLowerCase() === String(operand).toLowerCase(),
  wildcard: (value, operand) => typeof value === 'string' && matchesWildcard(value, String(operand)),
  cidr: (value, operand) => typeof value === 'string' && inBlock(value, String(operand)),
  numeric: (value, operand) => typeof value === 'number' && inRange(value, operand as readonly (string | number)[]),
  'anything-but': (value, operand) => value !== undefined && !isOneOf(value, operand),
};

/** The alternatives of `anything-but`: values, or what an operator inside of it takes. */
function isOneOf(value: unknown, operand: unknown): boolean {
  if (typeof operand !== 'object' || operand === null) return value === operand;
  if (Array.isArray(operand)) return operand.includes(value);
  const [[operator, inner] = ['', undefined]] = Object.entries(operand);
  const compare = COMPARISONS[operator];
  return [inner].flat().some((each) => compare?.(value, each) === true);
}

function affix(value: unknown, operand: unknown, compare: (text: string, part: string) => boolean): boolean {
  if (typeof value !== 'string') return false;
  if (typeof operand !== 'object' || operand === null) return compare(value, String(operand));
  const { 'equals-ignore-case': part } = operand as Readonly<Record<string, unknown>>;
  return compare(value.toLowerCase(), String(part).toLowerCase());
}

/** Conditions in a row: an operator, its bound, and so on; all of them hold. */
function inRange(value: number, conditions: readonly (string | number)[]): boolean {
  for (let index = 0; index < conditions.length; index += 2) {
    const [operator, bound] = [conditions[index], Number(conditions[index + 1])];
    const holds =
      (operator === '>' && value > bound) ||
      (operator === '>=' && value >= bound) ||
      (operator === '<' && value < bound) ||
      (operator === '<=' && value <= bound) ||
      (operator === '=' && value === bound);
    if (!holds) return false;
  }
  return true;
}

/** Whether an address is in a block such as `10.0.0.0/24`. */
function inBlock(value: string, block: string): boolean {
  const [address = '', bits] = block.split('/');
  const [kind, own] = [isIP(value), isIP(address)];
  if (kind === 0 || kind !== own) return false;
  const family = kind === 6 ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  list.addSubnet(address, Number(bits), family);
  return list.check(value, family);
}

/** The parts of a wildcard pattern between its `*`; `\*` and `\\` stand for themselves. */
export function wildcardParts(pattern: string): string[] {
  const parts = [''];
  for (const [token] of pattern.matchAll(/\\[*\\]|\*|[^*\\]|\\/gs)) {
    if (token === '*') parts.push('');
    else parts[parts.length - 1] += token.length === 2 ? token.slice(1) : token;
  }
  return parts;
}

function matchesWildcard(text: string, pattern: string): boolean {
  const [first = '', ...rest] = wildcardParts(pattern);
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
