/**
 * A value as text, alike for values that CloudFormation takes as the same: a number and its text, a map in another order, and both forms
 * of `Fn::GetAtt`.
 */
export function canonical(value: unknown): string {
  return JSON.stringify(ordered(value)) ?? '';
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  // Pairs, which keep the order and any key; in a map, so that they are no list.
  const pairs = entries.map(([key, child]) => [
    key,
    key === 'Fn::GetAtt' && typeof child === 'string' ? attributeOf(child) : ordered(child),
  ]);
  return { pairs };
}

function attributeOf(text: string): readonly string[] {
  const [resource = '', ...attribute] = text.split('.');
  return [resource, attribute.join('.')];
}
