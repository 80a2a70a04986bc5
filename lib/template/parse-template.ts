import {
  type CollectionTag,
  type Document,
  type LineCounter,
  Pair,
  parseDocument,
  Scalar,
  type ScalarTag,
  YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { TemplateDocument } from './template-resource';

/** A file that is no CloudFormation template. */
export class NotATemplate extends Error {}

/** A template without a resource: CloudFormation refuses it, and the CDK does not deploy it. */
export class NoResources extends NotATemplate {}

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

/** A node, so that what is in the list or the map is read in its turn. */
function longForm(key: string, value: YAMLMap | YAMLSeq): YAMLMap {
  const form = new YAMLMap();
  form.items.push(new Pair(new Scalar(key), value));
  return form;
}

function attributeOf(text: string): readonly string[] {
  const [resource = '', ...attribute] = text.split('.');
  return [resource, attribute.join('.')];
}

/** Tags of YAML that CloudFormation does not know: a date is a text (AWS: CloudFormation template formats). */
const NO_TAG = /:(binary|merge|omap|pairs|set|timestamp)$/;

/** Whether a template is of JSON. */
export function isJson(text: string): boolean {
  return text.trimStart().startsWith('{');
}

/** Maps and lists within each other. CloudFormation's own limit is far below; code that goes down a value must come to an end. */
const MAX_DEPTH = 200;

/**
 * Reads a template, of JSON or of YAML with short forms.
 *
 * @throws NotATemplate for text that is neither, has no resources, has a resource that is none, or goes down more than 200 levels
 */
export function parseTemplate(text: string): TemplateDocument {
  const value = isJson(text) ? fromJson(text.replace(/^\uFEFF/, '')) : fromYaml(text);
  if (isDeeper(value)) throw new NotATemplate(`it has more than ${MAX_DEPTH} maps and lists within each other`);
  const { Resources, Outputs = {} } = isMap(value) ? value : {};
  if (!isMap(value) || (Resources !== undefined && !isMap(Resources))) throw new NotATemplate('it has no Resources');
  if (Resources === undefined || Object.keys(Resources).length === 0) throw new NoResources('it has no Resources');
  for (const [id, resource] of Object.entries(Resources)) {
    // A loop or a macro in the place of resources: what it makes is not known here (AWS: CloudFormation, Fn::ForEach).
    if (id.startsWith('Fn::')) continue;
    const { Type, Properties = {} } = isMap(resource) ? resource : {};
    if (typeof Type !== 'string') throw new NotATemplate(`the resource ${id} has no Type`);
    if (Properties !== null && !isMap(Properties)) throw new NotATemplate(`the Properties of ${id} are not a map`);
  }
  for (const part of ['Parameters', 'Mappings', 'Conditions', 'Metadata'] as const) {
    const { [part]: content = {} } = value;
    if (!isMap(content)) throw new NotATemplate(`its ${part} are not a map`);
    if (part !== 'Parameters') continue;
    const [odd] = Object.entries(content).find(([id, each]) => !id.startsWith('Fn::') && !isMap(each)) ?? [];
    if (odd !== undefined) throw new NotATemplate(`the parameter ${odd} is not a map`);
  }
  if (!isMap(Outputs)) throw new NotATemplate('its Outputs are not a map');
  for (const [id, output] of Object.entries(Outputs)) {
    if (!id.startsWith('Fn::') && !isMap(output)) throw new NotATemplate(`the output ${id} is not a map`);
  }
  return value as TemplateDocument;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value goes down more than {@link MAX_DEPTH} levels: told level by level, without a stack of calls. */
function isDeeper(value: unknown): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 0; depth < MAX_DEPTH; depth += 1) {
    // An alias of YAML stands for one value, in however many places.
    const below = new Set<unknown>();
    for (const each of level) if (typeof each === 'object' && each !== null) addAll(below, Object.values(each));
    if (below.size === 0) return false;
    level = [...below];
  }
  return true;
}

function addAll(set: Set<unknown>, values: readonly unknown[]): void {
  for (const each of values) if (typeof each === 'object' && each !== null) set.add(each);
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new NotATemplate(`it is no JSON: ${jsonProblem(error, text)}`);
  }
}

/** What JSON.parse says, with the line and column at which the text is no JSON any more. */
function jsonProblem(error: unknown, text: string): string {
  let [valid, broken] = [0, text.length + 1];
  // The parser does not always say where: the longest beginning that could still become JSON does.
  while (broken - valid > 1) {
    const middle = Math.floor((valid + broken) / 2);
    if (mayGoOn(text.slice(0, middle))) valid = middle;
    else broken = middle;
  }
  const before = text.slice(0, valid).split('\n');
  const what = lineOf(error).replace(/, (\.\.\.)?".*| in JSON at position.*/, '');
  return `${what} at line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}

/** Whether a text is JSON, or its beginning. */
function mayGoOn(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const [, position] = /at position (\d+)/.exec(lineOf(error)) ?? [];
    return /end of JSON|Unterminated string/.test(lineOf(error)) || Number(position) === text.length;
  }
}

/** A template of YAML as the parser has it, with the place of each part. */
export function yamlDocument(text: string, lineCounter?: LineCounter): Document.Parsed {
  // CloudFormation reads YAML 1.1, where `yes` and `on` are true.
  return parseDocument(text, {
    customTags: (tags) => [...tags.filter((tag) => typeof tag === 'string' || !NO_TAG.test(tag.tag)), ...SHORT_FORMS],
    version: '1.1',
    ...(lineCounter === undefined ? {} : { lineCounter }),
  });
}

function fromYaml(text: string): unknown {
  const document = yamlDocument(text);
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) throw new NotATemplate(`it is no YAML: ${lineOf(problem)}`);
  try {
    return document.toJS();
  } catch (error) {
    // Aliases that would grow without bound.
    throw new NotATemplate(`it is no YAML: ${lineOf(error)}`);
  }
}

/** The message of an error, on one line. */
function lineOf(error: unknown): string {
  return String((error as Error).message.split('\n')[0]);
}
