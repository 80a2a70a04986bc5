import type { TemplateDocument } from './resolved-template';

/** What `Fn::GetAtt` gives, by logical id and attribute. */
export type ReturnedValues = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** A template in which attributes stand as values: what its custom resources answered, or where what plays a resource listens. */
export function withReturnedValues(document: TemplateDocument, values: ReturnedValues): TemplateDocument {
  const put = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(put);
    if (typeof part !== 'object' || part === null) return part;
    const [logicalId, attribute] = ((part as { 'Fn::GetAtt'?: unknown })['Fn::GetAtt'] ?? []) as string[];
    const value = values[logicalId ?? '']?.[attribute ?? ''];
    if (value !== undefined) return value;
    return Object.fromEntries(Object.entries(part).map(([key, below]) => [key, put(below)]));
  };
  return put(document) as TemplateDocument;
}
