/** One small fault that a test should notice. */
export interface Mutant {
  /** From the project's folder, with slashes. */
  readonly file: string;
  readonly line: number;
  /** Which kind of change it is. */
  readonly operator: string;
  readonly original: string;
  readonly replacement: string;
  /** How many alike stand before it in the file. */
  readonly nth: number;
  /** Whether it takes effect while the module loads, and never again. */
  readonly atLoad: boolean;
}

/** A mutant in its place. */
export interface PlacedMutant extends Mutant {
  readonly start: number;
  readonly end: number;
  /** Whether it stands for a whole statement. */
  readonly isStatement: boolean;
}

/** What a mutant is called, in any version of its file in which the line that it is in has not changed. */
export function nameOf({ file, operator, original, replacement, nth }: Mutant): string {
  return `${file} | ${operator} | ${changeOf(original, replacement)}${nth === 0 ? '' : ` | ${nth + 1}`}`;
}

/** Longer code is shown by what differs in it. */
const MOST = 90;
/** So much of what does not differ is shown on each side. */
const AROUND = 24;

/** `what was -> what is`, on one line. */
export function changeOf(original: string, replacement: string): string {
  const [before, after] = [oneLine(original), oneLine(replacement)];
  if (before.length <= MOST && after.length <= MOST) return `${before} -> ${after}`;
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  const part = (text: string) => {
    const [from, to] = [Math.max(0, start - AROUND), Math.min(text.length, text.length - end + AROUND)];
    return `${from > 0 ? '…' : ''}${cut(text.slice(from, to))}${to < text.length ? '…' : ''}`;
  };
  return `${part(before)} -> ${part(after)}`;
}

function cut(text: string): string {
  return text.length <= 2 * MOST ? text : `${text.slice(0, MOST)} … ${text.slice(-MOST)}`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
