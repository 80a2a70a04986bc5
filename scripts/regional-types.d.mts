/** The types of AWS's in the committed templates of a project's folder. */
export function typesOf(root: string): string[];
/** What regions lack, by type; `regions` are those that the registries speak of. */
export function regionalTypes(
  types: readonly string[],
  registries: Readonly<Record<string, ReadonlySet<string>>>,
): { readonly regions: string[]; readonly lacking: Record<string, string[]> };
