import { exceeds } from '../limits/limit';
import { COMPARISONS } from './comparisons';
import { BUS_RULE, checkPattern, type PatternDialect } from './pattern-dialect';

/** An event pattern, or a filter of an event source mapping, a pipe or a subscription, which speak the same language. */
export type EventPattern = Readonly<Record<string, unknown>>;

type Fields = Readonly<Record<string, unknown>>;

/** Patterns that were found to be valid, by the dialect that they are valid in. */
const CHECKED = new WeakMap<EventPattern, PatternDialect>();

/**
 * Reads a pattern as its service does when it is created.
 *
 * @param where whose pattern it is, for the message
 * @throws AwsError naming the field and the operator, for a pattern that the service refuses
 */
export function eventPattern(pattern: unknown, dialect: PatternDialect, where?: string): EventPattern {
  checkPattern(pattern, dialect, where);
  CHECKED.set(pattern as EventPattern, dialect);
  return pattern as EventPattern;
}

/**
 * Tells whether an event matches a pattern: every field of the pattern must match one of its alternatives, and an array in
 * the event matches with any of its members. Of an array of objects, one of the objects must match all fields
 * (github.com/aws/event-ruler: array consistency).
 *
 * @throws AwsError for a pattern that was not read before and that no rule of an event bus may have
 */
export function matchesEventPattern(pattern: EventPattern, event: unknown): boolean {
  if (!CHECKED.has(pattern)) eventPattern(pattern, BUS_RULE);
  const fields = isObject(event) ? event : {};
  return matches(pattern, { fields, all: [fields], dialect: CHECKED.get(pattern) ?? BUS_RULE });
}

/** Where in an event a part of a pattern is matched. */
interface Place {
  readonly fields: Fields;
  /** Every object that stands in the event where `fields` does: what does not exist exists in none of them. */
  readonly all: readonly Fields[];
  readonly dialect: PatternDialect;
}

function matches(pattern: EventPattern, place: Place): boolean {
  return Object.entries(pattern).every(([field, expected]) => {
    if (field === '$or') return (expected as readonly EventPattern[]).some((branch) => matches(branch, place));
    return Array.isArray(expected)
      ? matchesLeaf(expected, field, place)
      : matchesObject(expected as EventPattern, field, place);
  });
}

function matchesObject(pattern: EventPattern, field: string, { fields, all, dialect }: Place): boolean {
  const value = member(fields, field);
  // Nearly always: an object where an object is expected.
  if (all.length === 1 && isObject(value)) return matches(pattern, { fields: value, all: [value], dialect });
  const candidates = objectsOf(value);
  const everywhere = all.length === 1 ? candidates : all.flatMap((each) => objectsOf(member(each, field)));
  if (candidates.length === 0) return matches(pattern, { fields: {}, all: everywhere, dialect });
  return candidates.some((candidate) => matches(pattern, { fields: candidate, all: everywhere, dialect }));
}

function matchesLeaf(alternatives: readonly unknown[], field: string, { fields, all, dialect }: Place): boolean {
  const leaves = leavesOf(member(fields, field));
  return alternatives.some((alternative) => {
    if (typeof alternative !== 'object' || alternative === null) return leaves.includes(alternative);
    const [[operator, operand] = ['', undefined]] = Object.entries(alternative);
    if (operator === 'exists') {
      return operand === true ? leaves.length > 0 : all.every((each) => leavesOf(member(each, field)).length === 0);
    }
    const compare = COMPARISONS[operator];
    return leaves.some((leaf) => {
      if (operator === 'numeric' && exceeds(dialect.numericOperand, Number(leaf))) return false;
      return compare?.(leaf, operand) === true;
    });
  });
}

function member(fields: Fields, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

/** What a field has to match with: objects are no leaves (AWS: exists matching), an empty array has no member. */
function leavesOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap(leavesOf);
  return isObject(value) ? [] : [value];
}

function objectsOf(value: unknown): readonly Fields[] {
  if (Array.isArray(value)) return value.flatMap(objectsOf);
  return isObject(value) ? [value] : [];
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
