import type { Generated } from './generate';
import type { PlacedMutant } from './mutant';

/** A piece of the file with something in its place. */
interface Piece {
  readonly start: number;
  readonly end: number;
  readonly inside: Piece[];
  /** @param original the piece's own text, with what is inside it in its place */
  readonly render: (original: string) => string;
}

/**
 * What asks whether a mutant is active. It is declared so that modules that import each other may call it before they have
 * loaded, and asks the process, since a handler's bundle has a `globalThis` of its own.
 */
const SWITCH =
  'function mutant$(id) { return typeof groundplanMutant === "function" && groundplanMutant(id); } /* eslint-disable */ ';

/** A mutant with the number by which it is made active. */
export type Numbered = readonly [id: number, mutant: PlacedMutant];

/** A file with mutants in it, of which one at a time can be made active. */
export function instrument(source: string, mutants: readonly Numbered[], loops: Generated['loops']): string {
  const places = new Map<string, Numbered[]>();
  for (const numbered of mutants) {
    const key = `${numbered[1].start} ${numbered[1].end}`;
    places.set(key, [...(places.get(key) ?? []), numbered]);
  }
  const all: Piece[] = [...places].map(([key, alike]) => {
    const [start = 0, end = 0] = key.split(' ').map(Number);
    return { start, end, inside: [], render: (original) => alternatives(original, alike) };
  });
  for (const { start, end, isBlock } of loops) {
    const render = (body: string) => (isBlock ? `{ mutant$(-1); ${body.slice(1)}` : `{ mutant$(-1); ${body} }`);
    all.push({ start, end, inside: [], render });
  }
  // The outer one first; a loop's body around a statement of the same extent.
  all.sort((a, b) => a.start - b.start || b.end - a.end);
  return SWITCH + rendered(source, 0, source.length, nested(all));
}

function alternatives(original: string, mutants: readonly Numbered[]): string {
  const [first] = mutants;
  if (first?.[1].isStatement === true) return `{ if (!mutant$(${first[0]})) { ${original} } }`;
  const choices = mutants.map(([id, { replacement }]) => `mutant$(${id}) ? (${replacement}) : `);
  return `(${choices.join('')}(${original}))`;
}

function nested(sorted: readonly Piece[]): readonly Piece[] {
  const outer: Piece[] = [];
  const open: Piece[] = [];
  for (const piece of sorted) {
    while (open.length > 0 && (open.at(-1)?.end ?? 0) <= piece.start) open.pop();
    (open.at(-1)?.inside ?? outer).push(piece);
    open.push(piece);
  }
  return outer;
}

function rendered(source: string, start: number, end: number, pieces: readonly Piece[]): string {
  let text = '';
  let at = start;
  for (const piece of pieces) {
    text += source.slice(at, piece.start) + piece.render(rendered(source, piece.start, piece.end, piece.inside));
    at = piece.end;
  }
  return text + source.slice(at, end);
}
