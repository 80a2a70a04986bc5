/** The values at a path of properties; a list on the way stands for each of its items. */
export function valuesAt(properties: unknown, path: string): readonly unknown[] {
  let values: readonly unknown[] = [properties];
  for (const name of path.split('.')) {
    values = values
      .flatMap((value) => (Array.isArray(value) ? value : [value]))
      .flatMap((value) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, name)
          ? [(value as Readonly<Record<string, unknown>>)[name]]
          : [],
      );
  }
  return values;
}
