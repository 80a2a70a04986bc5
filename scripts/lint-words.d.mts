export interface Found {
  readonly file: string;
  readonly line: number;
  readonly phrase: string;
  readonly write: string;
  readonly why: string;
}

/** A phrase that a file may have, with the reason. */
export interface Allowed {
  readonly file: string;
  readonly phrase: string;
  readonly why: string;
}

/** The banned phrases of a file (path from the root, with `/`), without those that are allowed there. */
export function findWords(file: string, source: string, allowed?: readonly Allowed[]): Found[];

/** Reads the repository. @returns a line for each phrase, and for each exception that nothing needs any more */
export function lintWords(root: string): string[];
