import { isList, isObject, type Json, type JsonObject } from './readable-template';

type Path = readonly (string | number)[];

/** The paths of all texts, numbers and truth values in a template. */
export function leavesOf(value: Json, path: Path = []): Path[] {
  if (isList(value)) return value.flatMap((member, index) => leavesOf(member, [...path, index]));
  if (!isObject(value)) return [path];
  return Object.entries(value).flatMap(([key, member]) => leavesOf(member, [...path, key]));
}

/** The template with one leaf changed: dropped, or with one character more, the other truth, another number. */
export function withChangedLeaf(template: JsonObject, path: Path, drop: boolean, at: number): JsonObject {
  const copy: JsonObject = structuredClone(template);
  let holder: unknown = copy;
  for (const step of path.slice(0, -1)) holder = Reflect.get(Object(holder), step);
  const last = path.at(-1) ?? '';
  if (drop && Array.isArray(holder)) holder.splice(Number(last), 1);
  else if (drop) Reflect.deleteProperty(Object(holder), last);
  else Reflect.set(Object(holder), last, changed(Reflect.get(Object(holder), last), at));
  return copy;
}

function changed(value: unknown, at: number): unknown {
  if (typeof value === 'number') return value + 1;
  if (typeof value !== 'string') return value !== true;
  const place = at % (value.length + 1);
  return `${value.slice(0, place)}x${value.slice(place)}`;
}
