import { optionalRecord, validation } from '../../input';
import type { LocalInput } from '../../service';
import { type AttributeValue, attributeOf, type Item, readValue } from '../attribute-value';
import type { Parsed, WrittenPath } from './tokens';

/** A document path with its placeholders replaced. */
export type Path = readonly (string | number)[];

/** Names and values of a request's placeholders, and which of them its expressions used. */
export class Placeholders {
  private readonly names: Readonly<Record<string, unknown>>;
  private readonly values = new Map<string, AttributeValue>();
  private readonly used = new Set<string>();

  constructor(input: LocalInput) {
    this.names = optionalRecord(input, 'ExpressionAttributeNames') ?? {};
    const values = optionalRecord(input, 'ExpressionAttributeValues') ?? {};
    for (const [name, value] of Object.entries(values)) this.values.set(name, readValue(value));
  }

  /** Notes what an expression uses; an undefined placeholder is refused as DynamoDB does, before any item is read. */
  admit({ parameter, names, values }: Parsed<unknown>): void {
    for (const name of names) {
      if (typeof this.names[name] !== 'string') {
        throw validation(
          `Invalid ${parameter}: An expression attribute name used in the document path is not defined; attribute name: ${name}`,
        );
      }
      this.used.add(name);
    }
    for (const name of values) {
      if (!this.values.has(name)) {
        throw validation(
          `Invalid ${parameter}: An expression attribute value used in expression is not defined; attribute value: ${name}`,
        );
      }
      this.used.add(name);
    }
  }

  /** Refuses placeholders that no expression used. */
  finish(): void {
    const unused = [...Object.keys(this.names), ...this.values.keys()].filter((name) => !this.used.has(name));
    if (unused.length > 0) {
      throw validation(`Value provided in ExpressionAttribute* unused in expressions: keys: {${unused.join(', ')}}`);
    }
  }

  value(name: string): AttributeValue {
    const value = this.values.get(name);
    if (value === undefined) throw validation(`No value for ${name}`);
    return value;
  }

  path(written: WrittenPath): Path {
    return written.map((step) => (typeof step === 'string' && step.startsWith('#') ? String(this.names[step]) : step));
  }
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
