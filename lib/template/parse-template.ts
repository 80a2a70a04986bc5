import { type CollectionTag, parseDocument, type ScalarTag } from 'yaml';
import type { TemplateDocument } from './template-resource';

/** A file that is no CloudFormation template. */
export class NotATemplate extends Error {}

/** Functions that YAML writes as a tag, such as `!GetAtt`; `Ref` and `Condition` have no prefix (AWS: intrinsic function reference). */
const FUNCTIONS = [
  ...[
    'And',
    'Base64',
    'Cidr',
    'Equals',
    'FindInMap',
    'GetAtt',
    'GetAZs',
    'GetStackOutput',
    'If',
    'ImportValue',
    'Join',
  ],
  ...['Length', 'Not', 'Or', 'Select', 'Split', 'Sub', 'ToJsonString', 'Transform'],
];

const LONG_FORM: readonly (readonly [tag: string, key: string])[] = [
  ['!Ref', 'Ref'],
  ['!Condition', 'Condition'],
  ...FUNCTIONS.map((name) => [`!${name}`, `Fn::${name}`] as const),
];

/** Each short form, of a value, a list and a map. */
const SHORT_FORMS: (ScalarTag | CollectionTag)[] = LONG_FORM.flatMap(([tag, key]) => [
  { tag, resolve: (text: string) => ({ [key]: key === 'Fn::GetAtt' ? attributeOf(text) : text }) },
  { tag, collection: 'seq', resolve: (list) => longForm(key, list) },
  { tag, collection: 'map', resolve: (map) => longForm(key, map) },
]);

function longForm(key: string, value: { toJSON(): unknown }): unknown {
  return { toJSON: () => ({ [key]: value.toJSON() }) };
}

function attributeOf(text: string): readonly string[] {
  const [resource = '', ...attribute] = text.split('.');
  return [resource, attribute.join('.')];
}

/**
 * Reads a template, of JSON or of YAML with short forms.
 *
 * @throws NotATemplate for text that is neither, or has no resources
 */
export function parseTemplate(text: string): TemplateDocument {
  const value = text.trimStart().startsWith('{') ? fromJson(text) : fromYaml(text);
  const resources = (value as { readonly Resources?: unknown } | null | undefined)?.Resources;
  if (typeof resources !== 'object' || resources === null || Array.isArray(resources)) {
    throw new NotATemplate('it has no Resources');
  }
  for (const [id, resource] of Object.entries(resources)) {
    const { Type } = (resource ?? {}) as { readonly Type?: unknown };
    if (typeof Type !== 'string') throw new NotATemplate(`the resource ${id} has no Type`);
  }
  return value as TemplateDocument;
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new NotATemplate(`it is no JSON: ${(error as Error).message}`);
  }
}

function fromYaml(text: string): unknown {
  // Dates and the like stay text, as CloudFormation has them.
  const document = parseDocument(text, { customTags: (tags) => [...tags, ...SHORT_FORMS], version: '1.2' });
  const [error] = document.errors;
  if (error !== undefined) throw new NotATemplate(`it is no YAML: ${error.message.split('\n')[0]}`);
  return document.toJS();
}
