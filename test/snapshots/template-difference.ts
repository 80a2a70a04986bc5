import { isDeepStrictEqual } from 'node:util';
import { intrinsic, isList, isObject, type Json, type JsonObject } from './readable-template';

/** What the two templates are called, the one to start from first: `dev`, `prod`. */
export type Sides = readonly [before: string, after: string];

/** Keys and indexes that lead to a value. */
type Path = readonly (string | number)[];

/** A value on either side; one that a side does not have is undefined. */
interface Change {
  readonly path: Path;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/**
 * What turns one normalized template into another: for each section what was removed, the paths and both values of what changed,
 * and what was added. {@link applied} gives the other template again, so nothing can change without a trace in it.
 */
export function differenceOf(before: JsonObject, after: JsonObject, sides: Sides): JsonObject {
  const sections = keysOf(before, after).map((name): [string, Json] | undefined => {
    const [was, is] = [before[name], after[name]];
    if (isDeepStrictEqual(was, is)) return undefined;
    return [name, isObject(was) && isObject(is) ? sectionDifference(was, is, sides) : shown(was, is, sides)];
  });
  return {
    before: sides[0],
    after: sides[1],
    ...Object.fromEntries(sections.filter((section) => section !== undefined)),
  };
}

function sectionDifference(before: JsonObject, after: JsonObject, sides: Sides): JsonObject {
  const added = Object.entries(after).filter(([id]) => !Object.hasOwn(before, id));
  const removed = Object.entries(before).filter(([id]) => !Object.hasOwn(after, id));
  const changed = Object.entries(after).flatMap(([id, is]): [string, JsonObject][] => {
    const changes = Object.hasOwn(before, id) ? changesBetween([], before[id], is) : [];
    const lines: Record<string, JsonObject> = {};
    for (const { path, before, after } of changes) {
      lines[text(path)] = { ...lines[text(path)], ...shown(before, after, sides) };
    }
    return changes.length > 0 ? [[id, lines]] : [];
  });
  return {
    ...(removed.length > 0 && { removed: Object.fromEntries(removed.map(([id, was]) => [id, typeOf(was)])) }),
    ...(changed.length > 0 && { changed: Object.fromEntries(changed) }),
    ...(added.length > 0 && { added: Object.fromEntries(added) }),
  };
}

/** A resource that is gone is told by its type alone: the template before has the rest. */
function typeOf(value: Json): Json {
  return (isObject(value) ? value['Type'] : undefined) ?? value;
}

function shown(before: Json | undefined, after: Json | undefined, sides: Sides): JsonObject {
  return { ...(before !== undefined && { [sides[0]]: before }), ...(after !== undefined && { [sides[1]]: after }) };
}

function keysOf(before: JsonObject, after: JsonObject): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])];
}

/** Equal for values that are equal, whatever the order of their keys. */
function identity(value: Json | undefined): string {
  return JSON.stringify(value, (_, member: Json) => {
    return isObject(member) ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1))) : member;
  });
}

function changesBetween(path: Path, before: Json | undefined, after: Json | undefined): readonly Change[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (isList(before) && isList(after)) return changesOfList(path, before, after);
  if (isMembers(before) && isMembers(after)) {
    return keysOf(before, after).flatMap((key) => changesBetween([...path, key], before[key], after[key]));
  }
  return [{ path, before, after }];
}

/** Whether a value is looked into: an intrinsic function is one value, but for a document, which has members. */
function isMembers(value: Json | undefined): value is JsonObject {
  const [name] = intrinsic(value) ?? [];
  return isObject(value) && (name === undefined || name === 'Fn::ToJsonString');
}

/** Members that came and went, or, in a list as long as before, what changed in each: whichever is shorter to tell. */
function changesOfList(path: Path, before: readonly Json[], after: readonly Json[]): readonly Change[] {
  const kept = inCommon(before.map(identity), after.map(identity));
  const [keptBefore, keptAfter] = [new Set(kept.map(([index]) => index)), new Set(kept.map(([, index]) => index))];
  const edits = [
    ...before.flatMap((was, index) =>
      keptBefore.has(index) ? [] : [{ path: [...path, index], before: was, after: undefined }],
    ),
    ...after.flatMap((is, index) =>
      keptAfter.has(index) ? [] : [{ path: [...path, index], before: undefined, after: is }],
    ),
  ];
  if (before.length !== after.length) return edits;
  const each = before.flatMap((was, index) => changesBetween([...path, index], was, after[index]));
  return JSON.stringify(each).length <= JSON.stringify(edits).length ? each : edits;
}

/** The longest sequence that two lists have in common, as pairs of indexes. */
export function inCommon(before: readonly string[], after: readonly string[]): [number, number][] {
  const longest: number[][] = Array.from({ length: before.length + 1 }, () => Array<number>(after.length + 1).fill(0));
  const at = (i: number, j: number) => longest[i]?.[j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      const row = longest[i];
      if (row) row[j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < before.length && j < after.length; ) {
    if (before[i] === after[j]) pairs.push([i++, j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return pairs;
}

// Paths, as JavaScript writes them: Properties.Tags[0].Value, Metadata['a.b']

function text(path: Path): string {
  return path.map((step, index) => written(step, index === 0)).join('');
}

function written(step: string | number, first: boolean): string {
  if (typeof step === 'number') return `[${step}]`;
  if (/^[\w:$-]+$/.test(step)) return first ? step : `.${step}`;
  return `['${step.replace(/['\\]/g, '\\$&')}']`;
}

function pathOf(written: string): Path {
  const steps = written.matchAll(/\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]|([\w:$-]+)/g);
  return [...steps].map(([, index, quoted, plain]) => {
    return index !== undefined ? Number(index) : (plain ?? (quoted ?? '').replace(/\\(.)/g, '$1'));
  });
}

// The way back

/** The other template: what a difference says, done to the one that it starts from. */
export function applied(before: JsonObject, difference: JsonObject): JsonObject {
  const { before: from, after: to, ...sections } = difference;
  const sides: Sides = [String(from), String(to)];
  const after = structuredClone(before) as Record<string, Json>;
  for (const [name, section] of Object.entries(sections)) {
    if (!isObject(section)) throw new Error(`${name} says neither what came, nor what went, nor what changed`);
    const was = before[name];
    if (!('added' in section || 'removed' in section || 'changed' in section)) assign(after, name, section[sides[1]]);
    else assign(after, name, appliedToSection(isObject(was) ? was : {}, section, sides));
  }
  return after;
}

function appliedToSection(before: JsonObject, section: JsonObject, sides: Sides): JsonObject {
  const members = (name: string): JsonObject => {
    const value = section[name];
    return isObject(value) ? value : {};
  };
  const gone = members('removed');
  const stayed = Object.entries(before).filter(([id]) => !(id in gone));
  const changed = stayed.map(([id, was]): [string, Json] => {
    const lines = members('changed')[id];
    return [id, isObject(lines) ? appliedToMember(was, lines, sides) : was];
  });
  return { ...Object.fromEntries(changed), ...members('added') };
}

function appliedToMember(before: Json, lines: JsonObject, sides: Sides): Json {
  const changes = Object.entries(lines).map(([path, values]): Change => {
    const both = isObject(values) ? values : {};
    return { path: pathOf(path), before: both[sides[0]], after: both[sides[1]] };
  });
  const after = changedMember(before, changes);
  return after === undefined ? before : after;
}

/** A value with changes made whose paths begin in it. */
function changed(before: Json, changes: readonly Change[]): Json {
  return isList(before) ? changedList(before, changes) : changedObject(isObject(before) ? before : {}, changes);
}

function changedObject(before: JsonObject, changes: readonly Change[]): JsonObject {
  const after: Record<string, Json> = { ...before };
  for (const [key, within] of byFirstStep(changes)) assign(after, key, changedMember(before[key], within));
  return after;
}

/** Takes out what the one side has, by its indexes, and puts in what the other has, by its own. */
function changedList(before: readonly Json[], changes: readonly Change[]): Json {
  const edits = changes.filter(({ path }) => path.length === 1);
  const within = byFirstStep(changes.filter(({ path }) => path.length > 1));
  const gone = new Set(edits.flatMap(({ path, before }) => (before === undefined ? [] : [path[0]])));
  const after = before.flatMap((was, index) => {
    return gone.has(index) ? [] : [changedMember(was, within.get(String(index)) ?? []) ?? null];
  });
  const come = edits.flatMap(({ path, after }): [number, Json][] =>
    after === undefined ? [] : [[Number(path[0]), after]],
  );
  for (const [index, is] of come.sort(([a], [b]) => a - b)) after.splice(index, 0, is);
  return after;
}

function changedMember(before: Json | undefined, changes: readonly Change[]): Json | undefined {
  const [first] = changes;
  if (first === undefined) return before;
  return first.path.length === 0 ? first.after : changed(before ?? {}, changes);
}

/** Changes by the first step of their paths, from which they are then without. */
function byFirstStep(changes: readonly Change[]): Map<string, Change[]> {
  const steps = new Map<string, Change[]>();
  for (const { path, ...values } of changes) {
    const key = String(path[0]);
    steps.set(key, [...(steps.get(key) ?? []), { path: path.slice(1), ...values }]);
  }
  return steps;
}

function assign(target: Record<string, Json>, key: string, value: Json | undefined): void {
  if (value === undefined) delete target[key];
  else target[key] = value;
}
