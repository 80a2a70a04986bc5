import { AwsError, type LocalInput } from './service';

/** A parameter or action that AWS has and the local store has not. Loud, because ignoring it would prove nothing. */
export function unsupported(what: string): AwsError {
  return new AwsError('UnknownOperationException', `The local store does not support ${what}`);
}

/** A request that AWS's front door refuses before the service looks at it. */
export function validation(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

function mismatch(name: string, type: string): AwsError {
  return new AwsError('SerializationException', `${name} is not a ${type}`);
}

/** Tells an object from arrays, null and scalars. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads a string. */
export function optionalText(input: LocalInput, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw mismatch(name, 'string');
  return value;
}

/** Reads a string that must be there. */
export function text(input: LocalInput, name: string): string {
  const value = optionalText(input, name);
  if (value === undefined) throw mismatch(name, 'string');
  return value;
}

/** Reads a string that must be one of the values given. */
export function oneOf<T extends string>(input: LocalInput, name: string, values: readonly T[], fallback: T): T {
  const value = optionalText(input, name);
  if (value === undefined) return fallback;
  const found = values.find((candidate) => candidate === value);
  if (found === undefined) {
    throw validation(
      `1 validation error detected: Value '${value}' at '${name.charAt(0).toLowerCase()}${name.slice(1)}' failed to ` +
        `satisfy constraint: Member must satisfy enum value set: [${values.join(', ')}]`,
    );
  }
  return found;
}

/** Reads a boolean; absent is false. */
export function flag(input: LocalInput, name: string): boolean {
  const value = input[name];
  if (value === undefined || value === null) return false;
  if (typeof value !== 'boolean') throw mismatch(name, 'boolean');
  return value;
}

/** Reads a whole number. */
export function optionalInteger(input: LocalInput, name: string): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value)) throw mismatch(name, 'integer');
  return value;
}

/** Reads an object. */
export function optionalRecord(input: LocalInput, name: string): LocalInput | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (!isRecord(value)) throw mismatch(name, 'map');
  return value;
}

/** Reads an object that must be there. */
export function record(input: LocalInput, name: string): LocalInput {
  const value = optionalRecord(input, name);
  if (value === undefined) throw mismatch(name, 'map');
  return value;
}

/** Reads a list of objects that must be there. */
export function records(input: LocalInput, name: string): LocalInput[] {
  const value = input[name];
  if (!Array.isArray(value)) throw mismatch(name, 'list');
  return value.map((member: unknown) => {
    if (!isRecord(member)) throw mismatch(name, 'list of maps');
    return member;
  });
}
