/**
 * A resource of a statement as cdk-nag names it in a finding: references in angle brackets, other functions as JSON, the
 * rest as text.
 *
 * @param resolved what `Stack.resolve` gives for the resource's ARN
 */
export function nagResource(resolved: unknown): string {
  if (typeof resolved !== 'object' || resolved === null) return String(resolved);
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join, 'Fn::Sub': template } = resolved as Record<string, unknown>;
  if (Ref !== undefined) return `<${String(Ref)}>`;
  if (Array.isArray(attribute)) return `<${attribute.join('.')}>`;
  if (typeof template === 'string') return template.replace(/\$\{([^}]+)\}/g, '<$1>');
  if (join === undefined) return JSON.stringify(resolved);
  const [separator, parts] = join as [string, unknown[]];
  return parts.map(nagResource).join(separator);
}
