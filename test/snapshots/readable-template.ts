/** A value as JSON has it. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** An object as JSON has it: a template, a resource, a policy. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** What fits within it stands on one line. */
const COLUMNS = 120;

/** What holds the properties of a resource is on more lines than one, however short it is. */
const PROPERTIES = '"Properties": {';

/** The parts of a template in AWS's order ("Template anatomy"). */
const SECTIONS = 'Description Metadata Parameters Rules Mappings Conditions Transform Resources Outputs'.split(' ');

/** What a resource is comes first, then its properties; what only tools read comes last. */
const RESOURCE =
  'Type Condition DependsOn CreationPolicy UpdatePolicy DeletionPolicy UpdateReplacePolicy Properties Metadata'.split(
    ' ',
  );

/** A policy and its statements as AWS's documentation writes them. */
const POLICY = 'Version Id Statement'.split(' ');
const STATEMENT = 'Sid Effect Principal NotPrincipal Action NotAction Resource NotResource Condition'.split(' ');

/**
 * A template in the form that is committed. Two templates that CloudFormation takes for the same have one form, as far as this goes:
 *
 * - Keys have one order; resources that of their logical ids. CloudFormation heeds no order, so that a construct made
 *   earlier than before changes nothing; and a logical id begins with the construct's path, so that what belongs together stays together.
 * - Statements of a policy are sorted, and so are the lists in them, and `DependsOn`.
 * - `Fn::Join` without a separator is the `Fn::Sub` that it equals, where its parts are texts, `Ref` and `Fn::GetAtt`.
 * - A text that is JSON of an object (a workflow, a dashboard, a log format) is `Fn::ToJsonString` of that object, and a text of
 *   more than one line is `Fn::Join` of its lines.
 * - The hash of an asset is `<asset>`, and that in the logical id of a function's version `<version>`: a build changes them. All other
 *   logical ids are as deployed: to change one is to replace the resource.
 */
export function normalized(template: JsonObject): JsonObject {
  const sections = ordered(template, SECTIONS).map(([name, section]): [string, Json] => {
    if (name !== 'Resources' || !isObject(section)) return [name, canonical(section)];
    return [name, membersOf(ordered(section).map(([id, resource]) => [masked(id), canonicalResource(resource)]))];
  });
  return Object.fromEntries(sections);
}

/** Whether a value is an object, not a list. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value is a list. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** The name and the argument of an intrinsic function (`Ref`, `Fn::GetAtt`); nothing for any other value. */
export function intrinsic(value: Json | undefined): readonly [name: string, argument: Json] | undefined {
  if (!isObject(value)) return undefined;
  const [entry, ...others] = Object.entries(value);
  if (entry === undefined || others.length > 0) return undefined;
  return entry[0] === 'Ref' || entry[0].startsWith('Fn::') ? entry : undefined;
}

function canonicalResource(resource: Json): Json {
  if (!isObject(resource)) return canonical(resource);
  const members = ordered(resource, RESOURCE).map(([key, value]): [string, Json] => {
    return [key, key === 'DependsOn' ? sorted(canonical(value)) : canonical(value)];
  });
  return Object.fromEntries(members);
}

function canonical(value: Json): Json {
  if (typeof value === 'string') return textOf([masked(value)]);
  if (isList(value)) return value.map(canonical);
  if (!isObject(value)) return value;
  const call = intrinsic(value);
  if (call !== undefined) return canonicalIntrinsic(...call);
  if (isPolicy(value)) return canonicalPolicy(value);
  return canonicalMembers(value);
}

function canonicalMembers(value: JsonObject, first: readonly string[] = []): JsonObject {
  return membersOf(ordered(value, first).map(([key, member]) => [masked(key), canonical(member)]));
}

/** An object of these members; two of one name would hide one of them. */
function membersOf(members: [string, Json][]): JsonObject {
  const value = Object.fromEntries(members);
  if (Object.keys(value).length === members.length) return value;
  throw new Error(`Two of these have one name when their hashes are masked: ${members.map(([key]) => key).join(', ')}`);
}

/** The members of an object, some keys first, the others by their names. */
function ordered(value: JsonObject, first: readonly string[] = []): [string, Json][] {
  const rank = (key: string) => (first.includes(key) ? first.indexOf(key) : first.length);
  return Object.entries(value).sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/** A list in an order of its own; anything else as it is. */
function sorted(value: Json): Json {
  if (!isList(value)) return value;
  const keyed = value.map((member): [string, Json] => [JSON.stringify(member), member]);
  return keyed.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, member]) => member);
}

function masked(text: string): string {
  return text.replace(/[0-9a-f]{64}/g, '<asset>').replace(/(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}/g, '$1<version>');
}

// Policies

function isPolicy({ Statement }: JsonObject): boolean {
  return isList(Statement) && Statement.every((statement) => isObject(statement) && 'Effect' in statement);
}

function canonicalPolicy(policy: JsonObject): JsonObject {
  const members = ordered(policy, POLICY).map(([key, value]): [string, Json] => {
    if (key !== 'Statement' || !isList(value)) return [key, canonical(value)];
    const keyed = value.map(canonicalStatement).map((statement): [string, Json] => [sortKey(statement), statement]);
    return [key, keyed.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, statement]) => statement)];
  });
  return Object.fromEntries(members);
}

/** Where a statement stands: by its name, and then by what it is about, since that changes less often than what it allows. */
function sortKey(statement: Json): string {
  if (!isObject(statement)) return '';
  const { Sid = '', Resource = '', Principal = '' } = statement;
  return [Sid, Resource, Principal, statement].map((part) => JSON.stringify(part)).join();
}

function canonicalStatement(statement: Json): Json {
  if (!isObject(statement)) return canonical(statement);
  const members = Object.entries(canonicalMembers(statement, STATEMENT)).map(([key, value]): [string, Json] => {
    return [key, sortedWithin(value)];
  });
  return Object.fromEntries(members);
}

/** Sorts lists of actions, resources, principals and a condition's values, of which the order says nothing. */
function sortedWithin(value: Json): Json {
  if (isList(value)) return sorted(value);
  if (!isObject(value) || intrinsic(value) !== undefined) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]): [string, Json] => [key, sortedWithin(member)]));
}

// Intrinsic functions and texts

/** A piece of a text: what it says, or an intrinsic function whose value stands there. */
type Piece = string | JsonObject;

function canonicalIntrinsic(name: string, argument: Json): Json {
  const pieces = piecesOf(name, argument);
  return pieces === undefined ? { [name]: canonicalArgument(argument) } : textOf(pieces);
}

/** The texts of an argument are as they are: one that looks like JSON is a delimiter, or a part. */
function canonicalArgument(argument: Json): Json {
  if (typeof argument === 'string') return masked(argument);
  return isList(argument) ? argument.map(canonicalArgument) : canonical(argument);
}

/** The pieces of `Fn::Sub` of a text, or of `Fn::Join` without a separator; nothing for any other function. */
function piecesOf(name: string, argument: Json): Piece[] | undefined {
  if (name === 'Fn::Sub' && typeof argument === 'string') {
    return masked(argument)
      .split(/(\$\{[^}]*\})/)
      .map((text, index) => (index % 2 === 0 ? text : pieceOfSub(text)));
  }
  if (name !== 'Fn::Join' || !isList(argument)) return undefined;
  const [separator, parts] = argument;
  if (separator !== '' || !isList(parts)) return undefined;
  return parts.flatMap((part): Piece[] => {
    const [name, argument] = intrinsic(part) ?? [];
    if (name === undefined || argument === undefined) return [masked(String(part))];
    return piecesOf(name, argument) ?? [{ [name]: canonicalArgument(argument) }];
  });
}

/** `${Name}` and `${Name.Attribute}` of an `Fn::Sub`; `${!` stands for a `${` of the text itself. */
function pieceOfSub(text: string): Piece {
  if (text.startsWith('${!')) return text.replace('${!', '${');
  const [id = '', ...attribute] = text.slice(2, -1).split('.');
  return attribute.length > 0 ? { 'Fn::GetAtt': [id, attribute.join('.')] } : { Ref: id };
}

/** What a piece is in an `Fn::Sub`; nothing for a function that it does not take. */
function placeholder(piece: Piece): string | undefined {
  if (typeof piece === 'string') return piece.replaceAll('${', '${!');
  const [name, argument] = intrinsic(piece) ?? [];
  if (name === 'Ref' && typeof argument === 'string') return `\${${argument}}`;
  if (name !== 'Fn::GetAtt' || !isList(argument)) return undefined;
  return argument.every((step) => typeof step === 'string') ? `\${${argument.join('.')}}` : undefined;
}

/** A text in the form that says most: a document, lines, the text itself, `Fn::Sub`, `Fn::Join`. */
function textOf(pieces: readonly Piece[]): Json {
  const merged = withoutSeams(pieces);
  const [only, ...others] = merged;
  const structured = document(merged) ?? lines(merged);
  if (structured !== undefined) return structured;
  if (others.length === 0) return only ?? '';
  const placeholders = merged.map(placeholder);
  return placeholders.every((text) => text !== undefined)
    ? { 'Fn::Sub': placeholders.join('') }
    : { 'Fn::Join': ['', merged] };
}

/** Pieces without empty texts, and with neighbouring texts as one. */
function withoutSeams(pieces: readonly Piece[]): Piece[] {
  const merged: Piece[] = [];
  for (const piece of pieces) {
    const last = merged.at(-1);
    if (typeof piece === 'string' && typeof last === 'string') merged[merged.length - 1] = last + piece;
    else if (piece !== '') merged.push(piece);
  }
  return merged;
}

/** A text of several lines as `Fn::Join` of them. */
function lines(pieces: readonly Piece[]): Json | undefined {
  const rows: Piece[][] = [[]];
  for (const piece of pieces) {
    const [first = piece, ...others] = typeof piece === 'string' ? piece.split('\n') : [];
    rows.at(-1)?.push(first);
    rows.push(...others.map((row) => [row]));
  }
  return rows.length > 1 ? { 'Fn::Join': ['\n', rows.map(textOf)] } : undefined;
}

/** A character that no text has, around the number of a function that stands there. */
const MARK = '\uE000';

/** A text that is JSON of an object or of objects as `Fn::ToJsonString`; nothing where that would not give the same text again. */
function document(pieces: readonly Piece[]): Json | undefined {
  const text = pieces.map((piece, index) => (typeof piece === 'string' ? piece : `${MARK}${index}${MARK}`)).join('');
  if (!/^(\{|\[\{).*[}\]]$/s.test(text) || pieces.some((piece) => typeof piece === 'string' && piece.includes(MARK))) {
    return undefined;
  }
  try {
    const parsed: Json = JSON.parse(text);
    const members = JSON.stringify(parsed) === text ? withPieces(parsed, pieces) : undefined;
    return members === undefined ? undefined : { 'Fn::ToJsonString': members };
  } catch {
    return undefined;
  }
}

/** A parsed document with its functions in place; nothing where a key is one, or is called like one. */
function withPieces(value: Json, pieces: readonly Piece[]): Json | undefined {
  if (typeof value === 'string') {
    return textOf(value.split(MARK).map((part, index) => (index % 2 === 0 ? part : (pieces[Number(part)] ?? ''))));
  }
  if (isList(value)) {
    const members = value.map((member) => withPieces(member, pieces));
    return members.every((member) => member !== undefined) ? members : undefined;
  }
  if (!isObject(value)) return value;
  const entries: [string, Json][] = [];
  for (const [key, member] of Object.entries(value)) {
    const replaced = withPieces(member, pieces);
    if (replaced === undefined || key === 'Ref' || key.startsWith('Fn::') || key.includes(MARK)) return undefined;
    entries.push([key, replaced]);
  }
  return Object.fromEntries(entries);
}

// Layout

/**
 * JSON that a person reads: what fits within the columns is on one line, an intrinsic function always is. Each property of a resource
 * has a line of its own, so that a changed property is a changed line.
 */
export function printed(value: Json): string {
  return `${laidOut(value, '', 0)}\n`;
}

function laidOut(value: Json, indent: string, used: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const call = intrinsic(value);
  if (call !== undefined) return laidOutIntrinsic(...call, indent, used);
  const short = onOneLine(value);
  if (used + short.length < COLUMNS && !short.includes(PROPERTIES)) return short;
  const inner = `${indent}  `;
  if (isList(value)) {
    const members = value.map((member) => `${inner}${laidOut(member, inner, inner.length)}`);
    return `[\n${members.join(',\n')}\n${indent}]`;
  }
  const members = Object.entries(value).map(([key, member]) => {
    const name = `${inner}${JSON.stringify(key)}: `;
    const onLines = key === 'Properties' && isObject(member) && intrinsic(member) === undefined;
    return `${name}${laidOut(member, inner, onLines ? COLUMNS : name.length)}`;
  });
  return `{\n${members.join(',\n')}\n${indent}}`;
}

function laidOutIntrinsic(name: string, argument: Json, indent: string, used: number): string {
  const call = `{ ${JSON.stringify(name)}: `;
  if (name === 'Fn::ToJsonString') return `${call}${laidOut(argument, indent, used + call.length + 2)} }`;
  if (name === 'Fn::Join' && isList(argument) && argument[0] === '\n' && argument[1] !== undefined) {
    return `${call}["\\n", ${laidOut(argument[1], indent, COLUMNS)}] }`;
  }
  return onOneLine({ [name]: argument });
}

function onOneLine(value: Json): string {
  if (isList(value)) return `[${value.map(onOneLine).join(', ')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${onOneLine(member)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}
