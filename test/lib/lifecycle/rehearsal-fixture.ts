import type { Finding } from '../../../lib/lifecycle/finding';
import { type RehearsalOptions, rehearse, type Templates } from '../../../lib/lifecycle/rehearsal';
import { TemplateIndex } from '../../../lib/template/template-index';
import type { ResourceDocument, TemplateDocument, TemplateResource } from '../../../lib/template/template-resource';

/** Resources of a template by logical id. */
export type Resources = Readonly<Record<string, ResourceDocument>>;

/** A resource of a type, with its properties and attributes. */
export function resource(
  Type: string,
  Properties: ResourceDocument['Properties'] = {},
  more: Partial<ResourceDocument> = {},
): ResourceDocument {
  return { Type, Properties, ...more };
}

export const RETAINED = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };

/** What makes a condition that depends on the region, which only deployment knows. */
export const HERE = { Conditions: { Here: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] } } };
export const either = (one: unknown, other: unknown) => ({ 'Fn::If': ['Here', one, other] });
export const NO_VALUE = { Ref: 'AWS::NoValue' };

/** One stack, Shop, as templates. */
export function shop(resources: Resources, more: Omit<TemplateDocument, 'Resources'> = {}): Templates {
  return { Shop: { Resources: resources, ...more } };
}

/** An index of one stack, Shop. */
export function indexOf(resources: Resources, more: Omit<TemplateDocument, 'Resources'> = {}): TemplateIndex {
  return new TemplateIndex(shop(resources, more));
}

/** Logical ids, of a stack that is not Shop with its name. */
export function ids(resources: Iterable<TemplateResource>): readonly string[] {
  return [...resources].map(({ stack, logicalId }) => (stack === 'Shop' ? logicalId : `${stack}/${logicalId}`));
}

/** Findings by check, with the logical ids that they are at. */
export function byCheck(findings: readonly Finding[]): Readonly<Record<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  for (const { check, resources } of findings) found.set(check, [...(found.get(check) ?? []), ...ids(resources)]);
  return Object.fromEntries(found);
}

/** What a rehearsal finds, by check, but for the notices. */
export function found(templates: Templates, options?: RehearsalOptions): Readonly<Record<string, readonly string[]>> {
  return byCheck(rehearse(templates, options).filter(({ weight }) => weight !== 'notice'));
}
