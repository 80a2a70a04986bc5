/** An EventBridge event pattern, or a filter of an event source mapping or pipe, which speak the same language. */
export type EventPattern = Readonly<Record<string, unknown>>;

type Comparison = (value: unknown, argument: unknown) => boolean;

/** Comparison operators, by name (docs.aws.amazon.com/eventbridge: comparison operators). */
const COMPARISONS: Readonly<Record<string, Comparison>> = {
  prefix: (value, prefix) => typeof value === 'string' && value.startsWith(String(prefix)),
  suffix: (value, suffix) => typeof value === 'string' && value.endsWith(String(suffix)),
  'equals-ignore-case': (value, text) =>
    typeof value === 'string' && value.toLowerCase() === String(text).toLowerCase(),
  'anything-but': (value, list) => value !== undefined && !(Array.isArray(list) ? list : [list]).includes(value),
  numeric: (value, conditions) => typeof value === 'number' && inRange(value, conditions as (string | number)[]),
};

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

function matchesOne(alternative: unknown, value: unknown): boolean {
  if (typeof alternative !== 'object' || alternative === null) return alternative === value;
  const [[operator, argument] = ['', undefined], ...more] = Object.entries(alternative);
  if (more.length > 0) throw new Error(`The pattern ${JSON.stringify(alternative)} has more than one operator`);
  if (operator === 'exists') return (value !== undefined) === argument;
  const compare = COMPARISONS[operator];
  if (compare === undefined) throw new Error(`The pattern operator ${operator} is not known here`);
  return compare(value, argument);
}

/** What a field has to match with: objects are no leaves (AWS: exists matching), an empty array has no member. */
function leavesOf(value: unknown): unknown[] {
  const isLeaf = (member: unknown) => typeof member !== 'object' || member === null;
  const leaves = (Array.isArray(value) ? value : [value]).filter(isLeaf);
  return leaves.length > 0 ? leaves : [undefined];
}

/**
 * Tells whether an event matches a pattern: every field of the pattern must match one of its alternatives, and an array
 * in the event matches with any of its members.
 *
 * @throws Error for an operator that is not known here
 */
export function matchesEventPattern(pattern: EventPattern, event: unknown): boolean {
  const fields = (typeof event === 'object' && event !== null ? event : {}) as Record<string, unknown>;
  return Object.entries(pattern).every(([field, expected]) => {
    if (field === '$or') return (expected as EventPattern[]).some((branch) => matchesEventPattern(branch, event));
    const value = fields[field];
    if (!Array.isArray(expected)) return matchesEventPattern(expected as EventPattern, value);
    const leaves = leavesOf(value);
    return expected.some((alternative) => leaves.some((member) => matchesOne(alternative, member)));
  });
}
