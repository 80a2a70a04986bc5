import { DYNAMODB_LIMITS } from '../../../limits/dynamodb';
import { enforce, refused } from '../../../limits/limit';
import { optionalRecord, text, validation } from '../../input';
import type { LocalInput } from '../../service';
import { type AttributeValue, attributeOf, type Item, readValue, valueSize } from '../attribute-value';
import type { Parsed, WrittenPath } from './tokens';

const limits = DYNAMODB_LIMITS.rows;

const [NAMES, VALUES] = ['ExpressionAttributeNames', 'ExpressionAttributeValues'] as const;

/** A document path with its placeholders replaced. */
export type Path = readonly (string | number)[];

/** Names and values of a request's placeholders, and which of them its expressions used. */
export class Placeholders {
  private readonly names = new Map<string, string>();
  private readonly values = new Map<string, AttributeValue>();
  private readonly used = new Set<string>();

  /** @throws AwsError `ValidationException` for placeholders that are none, are too long, or stand for too much */
  constructor(input: LocalInput) {
    let bytes = 0;
    const names = optionalRecord(input, NAMES);
    for (const name of placeholdersOf(NAMES, '#', names)) {
      const written = text(names ?? {}, name);
      enforce(limits.attributeName, written.length, `${NAMES} contains invalid value for key ${name}`);
      this.names.set(name, written);
      bytes += name.length + Buffer.byteLength(written);
    }
    const values = optionalRecord(input, VALUES);
    for (const name of placeholdersOf(VALUES, ':', values)) {
      const value = readValue(values?.[name]);
      this.values.set(name, value);
      bytes += name.length + valueSize(value);
    }
    enforce(limits.substitutionBytes, bytes, 'The substitution variables of the expressions are too large');
  }

  /** Notes what an expression uses; an undefined placeholder is refused as DynamoDB does, before any item is read. */
  admit({ parameter, names, values }: Parsed<unknown>): void {
    for (const name of names) {
      if (!this.names.has(name)) {
        throw refused(
          limits.undefinedPlaceholder,
          `Invalid ${parameter}: An expression attribute name used in the document path is not defined; attribute name: ${name}`,
        );
      }
      this.used.add(name);
    }
    for (const name of values) {
      if (!this.values.has(name)) {
        throw refused(
          limits.undefinedPlaceholder,
          `Invalid ${parameter}: An expression attribute value used in expression is not defined; attribute value: ${name}`,
        );
      }
      this.used.add(name);
    }
  }

  /** Refuses placeholders that no expression used. */
  finish(): void {
    const unused = [...this.names.keys(), ...this.values.keys()].filter((name) => !this.used.has(name));
    if (unused.length > 0) {
      throw refused(
        limits.unusedPlaceholder,
        `Value provided in ExpressionAttribute* unused in expressions: keys: {${unused.join(', ')}}`,
      );
    }
  }

  value(name: string): AttributeValue {
    const value = this.values.get(name);
    if (value === undefined) throw validation(`No value for ${name}`);
    return value;
  }

  path(written: WrittenPath): Path {
    return written.map((step) => (typeof step === 'string' ? (this.names.get(step) ?? step) : step));
  }
}

/** Placeholders of one kind, each of which must look like one. */
function placeholdersOf(parameter: string, prefix: '#' | ':', given: LocalInput | undefined): string[] {
  if (given === undefined) return [];
  const found = Object.keys(given);
  enforce(limits.placeholders, found.length, `${parameter} must not be empty`);
  for (const name of found) {
    if (!name.startsWith(prefix) || !/^.\w+$/.test(name)) {
      throw refused(limits.placeholderSyntax, `${parameter} contains invalid key: Syntax error; key: "${name}"`);
    }
    enforce(limits.placeholderBytes, name.length, `${parameter} contains invalid key: it is too long; key: "${name}"`);
  }
  return found;
}

/** The value at a path, when there is one. */
export function valueAt(item: Item, path: Path): AttributeValue | undefined {
  let value: AttributeValue | undefined = { M: item };
  for (const step of path) value = value === undefined ? undefined : member(value, step);
  return value;
}

function member(value: AttributeValue, step: string | number): AttributeValue | undefined {
  if (typeof step === 'number') return 'L' in value ? value.L[step] : undefined;
  return 'M' in value ? attributeOf(value.M, step) : undefined;
}
