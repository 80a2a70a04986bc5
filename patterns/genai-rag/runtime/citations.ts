/** `[1]`, and what models make of several: `[1, 2]`. */
const MARKER = /^\[\s*\d{1,4}(?:\s*[,;]\s*\d{1,4})*\s*\]/;
/** What may still become one, were there more of the text. */
const BEGINNING = /^\[\s*(?:\d{1,4}\s*[,;]\s*)*(?:\d{1,4}\s*)?$/;
/** Characters of a marker: it may name all of 100 passages. What is longer is text, and is not held back either. */
const LONGEST = 500;

/**
 * Lets a streamed text through with the markers that name a passage, and without those that name none, wherever the stream is cut.
 * So an answer cites what was retrieved for it and nothing else, whatever a document or a question asked for.
 */
export class CitationFilter {
  /** Numbers of the passages that were cited. */
  readonly cited = new Set<number>();
  #held = '';

  /** @param passages how many there are: `[1]` to `[passages]` */
  constructor(private readonly passages: number) {}

  /** The next piece of the text; the part of it that can be shown now. */
  push(piece: string): string {
    const text = this.#held + piece;
    this.#held = '';
    let shown = '';
    let at = 0;
    for (let open = text.indexOf('[', at); open !== -1; open = text.indexOf('[', at)) {
      shown += text.slice(at, open);
      const rest = text.slice(open);
      const [marker] = MARKER.exec(rest) ?? [];
      if (marker !== undefined && marker.length <= LONGEST) {
        shown += this.#known(marker);
        at = open + marker.length;
      } else if (rest.length < LONGEST && BEGINNING.test(rest)) {
        this.#held = rest;
        return shown;
      } else {
        shown += '[';
        at = open + 1;
      }
    }
    shown += text.slice(at);
    // Half of a character waits for its other half.
    if (!/[\ud800-\udbff]$/.test(shown)) return shown;
    this.#held = shown.slice(-1);
    return shown.slice(0, -1);
  }

  /** What was held back, once nothing comes any more. */
  end(): string {
    const rest = this.#held;
    this.#held = '';
    return rest;
  }

  #known(marker: string): string {
    const numbers = (marker.match(/\d+/g) ?? []).map(Number).filter((number) => number >= 1 && number <= this.passages);
    for (const number of numbers) this.cited.add(number);
    return numbers.map((number) => `[${number}]`).join('');
  }
}

/** A text without any marker: those of earlier answers name passages that are not there any more. */
export function withoutMarkers(text: string): string {
  const filter = new CitationFilter(0);
  return filter.push(text) + filter.end();
}
