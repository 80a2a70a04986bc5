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

/** Characters of a line. A path or a name that is longer stays whole, to be copied. */
const WIDTH = 120;

/** A text in lines of 120 characters, each further line as far in as what the first says. */
export function wrapped(label: string, text: string): readonly string[] {
  const lines: string[] = [];
  let line = label;
  const indent = ' '.repeat(line.length);
  let isFirst = true;
  for (const word of text.split(' ')) {
    if (!isFirst && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = `${indent}${word}`;
    } else {
      line += isFirst ? word : ` ${word}`;
    }
    isFirst = false;
  }
  return [...lines, line];
}
