import { isIntrinsic } from '../template/template-resource';

/**
 * The values at a path of properties. A list on the way stands for each of its items, `Fn::If` for both its branches, and any other
 * intrinsic for itself: what is below it only deployment knows.
 */
export function valuesAt(properties: unknown, path: string): readonly unknown[] {
  let values: readonly unknown[] = [properties];
  for (const name of path.split('.')) values = values.flatMap(alternatives).flatMap((value) => below(value, name));
  return values;
}

/** What a value may be: each item of a list, and each branch of an `Fn::If`. */
export function alternatives(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap(alternatives);
  const branches = isIntrinsic(value) ? value['Fn::If'] : undefined;
  return Array.isArray(branches) ? branches.slice(1).flatMap(alternatives) : [value];
}

function below(value: unknown, name: string): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if (isIntrinsic(value)) return value['Ref'] === 'AWS::NoValue' ? [] : [value];
  return Object.hasOwn(value, name) ? [(value as Readonly<Record<string, unknown>>)[name]] : [];
}
