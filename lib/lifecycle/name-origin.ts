import { hasDefault, nameProperties } from '../facts/unique-names';
import type { TemplateIndex } from '../template/template-index';
import { isIntrinsic, type TemplateResource } from '../template/template-resource';

/**
 * Where a resource's name comes from: `fixed` is the same in each stack of this template, `stack-name` in each of the stack's name,
 * `unique` is made anew by CloudFormation, by the service, or from the stack's own id; `unknown` depends on what the template does
 * not have.
 */
export type NameOrigin = 'fixed' | 'stack-name' | 'unique' | 'unknown';

/** A name that a template gives to a resource. */
export interface GivenName {
  readonly origin: NameOrigin;
  /** The name as the template writes it, to compare and to show. */
  readonly text: string;
}

/** The name that a template gives to a resource; undefined where CloudFormation or the service makes one. */
export function givenName(index: TemplateIndex, resource: TemplateResource): GivenName | undefined {
  const properties = nameProperties(resource.type);
  const values = properties.map((property) => valueAt(resource.properties, property));
  const isNamed = values.every((value, at) => value !== undefined || hasDefault(properties[at] ?? ''));
  if (properties.length === 0 || !isNamed || values.at(-1) === undefined) return undefined;
  return { origin: originOf(index, resource, values), text: JSON.stringify(values) };
}

function valueAt(properties: Readonly<Record<string, unknown>>, path: string): unknown {
  let value: unknown = properties;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return value;
}

/** Where a value of a resource comes from: what makes it unique outweighs what does not. */
export function originOf(index: TemplateIndex, from: TemplateResource, value: unknown): NameOrigin {
  const found = new Set(leaves(index, from, value, new Set()));
  if (found.has('unique')) return 'unique';
  if (found.has('unknown')) return 'unknown';
  return found.has('stack-name') ? 'stack-name' : 'fixed';
}

function* leaves(
  index: TemplateIndex,
  from: TemplateResource,
  value: unknown,
  seen: Set<TemplateResource>,
): Generator<NameOrigin> {
  if (typeof value !== 'object' || value === null) return;
  if (!isIntrinsic(value)) {
    for (const child of Object.values(value)) yield* leaves(index, from, child, seen);
    return;
  }
  const [[key, argument] = ['', undefined]] = Object.entries(value);
  if (key === 'Ref' || key === 'Fn::GetAtt' || key === 'Fn::Sub' || key === 'Fn::GetStackOutput') {
    yield* pseudo(key, argument);
    for (const { resource } of index.references(from, value)) {
      if (!seen.has(resource)) yield* ofReferent(index, resource, new Set([...seen, resource]));
    }
    if (key === 'Ref' && isUnknown(index, from, String(argument))) yield 'unknown';
    if (key === 'Fn::Sub' && Array.isArray(argument)) yield* leaves(index, from, argument[1], seen);
  } else if (key === 'Fn::ImportValue') {
    yield 'unknown';
  } else {
    yield* leaves(index, from, argument, seen);
  }
}

/** What another resource is known by: what this value gets from it is unique where that is. */
function* ofReferent(
  index: TemplateIndex,
  resource: TemplateResource,
  seen: Set<TemplateResource>,
): Generator<NameOrigin> {
  const properties = nameProperties(resource.type);
  const values = properties.map((property) => valueAt(resource.properties, property));
  if (values.at(-1) === undefined) yield 'unique';
  for (const value of values) yield* leaves(index, resource, value, seen);
}

function* pseudo(key: string, argument: unknown): Generator<NameOrigin> {
  const text = String(key === 'Fn::Sub' && Array.isArray(argument) ? argument[0] : argument);
  const names = key === 'Fn::Sub' ? [...text.matchAll(/\$\{([^}]+)\}/g)].map(([, name]) => name) : [text];
  if (names.includes('AWS::StackId')) yield 'unique';
  if (names.includes('AWS::StackName')) yield 'stack-name';
}

/** Whether a `Ref` names neither a resource nor a pseudo parameter: a parameter, whose value the deployment gives. */
function isUnknown(index: TemplateIndex, from: TemplateResource, name: string): boolean {
  return !name.startsWith('AWS::') && index.find(from.stack, name) === undefined;
}
