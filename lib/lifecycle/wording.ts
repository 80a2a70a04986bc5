/** Names that a sentence lists; of more it says how many. */
const LISTED = 3;

/** The first names of a list, and how many more there are. */
export function listed(names: readonly string[]): string {
  const more = names.length - LISTED;
  // "and 1 more" is no shorter than its name.
  return more > 1 ? `${names.slice(0, LISTED).join(', ')} and ${more} more` : names.join(', ');
}

/** What to say of one, or of several. */
export function byCount(things: { readonly length: number }, one: string, several: string): string {
  return things.length === 1 ? one : several;
}
