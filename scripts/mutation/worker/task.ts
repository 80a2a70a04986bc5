/** What a worker does, as files: the plan that it reads, and the lines that it writes. */

/** A mutant, and the tests that reach it. */
export interface MutantTask {
  readonly id: number;
  /** The source's path in the sandbox. */
  readonly source: string;
  /** Whether modules are to be loaded again. */
  readonly atLoad: boolean;
  readonly runs: readonly TestRun[];
}

/** Tests of a file. */
export interface TestRun {
  readonly file: string;
  /** Their names. @default - all of the file */
  readonly names?: readonly string[];
  /** Questions that a run without mutant asks. */
  readonly work: number;
  /** Milliseconds that a run without mutant takes. */
  readonly ms: number;
  /** And its longest test, or what comes before its tests. */
  readonly longestMs: number;
}

/** What a worker is to do. Each task is claimed by a file in a folder, so that several can share a plan. */
export interface Plan {
  readonly root: string;
  readonly claims: string;
  /** Mutants have ids below. */
  readonly most: number;
  /** Tests to learn from what they reach. */
  readonly cover: readonly string[];
  readonly mutants: readonly MutantTask[];
}

/** What a file of tests reaches. */
export interface Covered {
  readonly kind: 'covered';
  readonly file: string;
  /** Reached while modules loaded and tests were collected, and by hooks around several tests. */
  readonly load: readonly number[];
  readonly tests: readonly { readonly name: string; readonly ids: readonly number[] }[];
  /** Tests that fail without any mutant: they tell nothing. */
  readonly failing: readonly string[];
  readonly work: number;
  readonly ms: number;
  readonly longestMs: number;
}

/** `unclear`: a test failed with the mutant, and then without it, too. */
export type Outcome = 'killed' | 'survived' | 'endless' | 'crashed' | 'unclear';

/** What became of a mutant. */
export interface Judged {
  readonly kind: 'judged';
  readonly id: number;
  readonly outcome: Outcome;
  /** The test that noticed it. */
  readonly by?: string;
  readonly ms: number;
}

/** A claimed task, so that one that ends its worker is known. */
export interface Claimed {
  readonly kind: 'claimed';
  readonly task: string | number;
}

/** The last line, when there is nothing more to do. A process may end before, for another to go on. */
export interface End {
  readonly kind: 'end';
}

export type Line = Covered | Judged | Claimed | End;

/** Where a worker's temporary files are, by the file that it writes: no one else uses it. */
export function temporaryFolder(output: string): string {
  return `${output}.tmp`;
}
