/** Stands in a text for what only deployment knows. */
export const UNKNOWN = '\u0000';

/** What a template says of a text: its literal parts, with {@link UNKNOWN} for each part that is left to CloudFormation. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[key, argument] = ['', undefined]] = Object.entries((value ?? {}) as object) as [string, unknown][];
  if (key === 'Fn::Join' && Array.isArray(argument) && Array.isArray(argument[1])) {
    return argument[1].map(textOf).join(textOf(argument[0]));
  }
  if (key === 'Fn::Sub')
    return textOf(Array.isArray(argument) ? argument[0] : argument).replace(/\$\{[^}]*\}/g, UNKNOWN);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return value === undefined ? '' : UNKNOWN;
}
