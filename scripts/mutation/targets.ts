import { PATTERNS } from '../../patterns/patterns';

/** A folder whose tests are judged, and the tests that judge it. */
export interface Target {
  /** The folders that one score is given for. */
  readonly folders: readonly string[];
  readonly name: string;
  /** Sources that are data or only name others. */
  readonly without?: RegExp;
  /** Files of tests that run its code in their own process. */
  readonly tests: RegExp;
  readonly withoutTests?: RegExp;
  /** So many files of tests may be tried on a mutant: those that are about its source. A whole pattern's run costs seconds. */
  readonly mostFiles: number;
}

/** Percent of the mutants of each folder that tests must notice. */
export const BOUND = 85;

export const TARGETS: readonly Target[] = [
  {
    name: 'lib/checks',
    folders: ['lib/checks'],
    // Lists of what is exported.
    without: /^lib\/checks\/(rules\/index\.ts|index\.ts|nag\.ts)/,
    tests: /^test\/lib\/checks\//,
    mostFiles: 12,
  },
  { name: 'lib/template', folders: ['lib/template'], tests: /^test\/lib\/(template|checks)\//, mostFiles: 12 },
  {
    name: 'lib/<block>/handlers',
    folders: ['lib/ai/handlers', 'lib/edge/handlers'],
    tests: /^test\/lib\/(ai|edge)\/handlers\//,
    mostFiles: 4,
  },
  { name: 'lib/runtime', folders: ['lib/runtime'], tests: /^test\/lib\/runtime\//, mostFiles: 4 },
  { name: 'lib/validation', folders: ['lib/validation'], tests: /^test\/lib\/validation\//, mostFiles: 4 },
  ...PATTERNS.map(({ name: pattern }) => ({
    name: `patterns/${pattern}`,
    folders: [`patterns/${pattern}/runtime`, `patterns/${pattern}/handlers`],
    without: /\/index\.ts$/,
    tests: new RegExp(`^test/patterns/${pattern}/(runtime|handlers)/`),
    mostFiles: 4,
  })),
];

/** The target that a source belongs to; undefined for a file that is not mutated. */
export function targetOf(file: string): Target | undefined {
  if (!file.endsWith('.ts')) return undefined;
  return TARGETS.find(
    ({ folders, without }) => folders.some((folder) => file.startsWith(`${folder}/`)) && without?.test(file) !== true,
  );
}

/** The folder of a source that has a score of its own. */
export function folderOf(file: string): string {
  const folder = targetOf(file)?.folders.find((each) => file.startsWith(`${each}/`));
  if (folder === undefined) throw new Error(`${file} is not mutated`);
  return folder;
}

export function isTestOf({ tests, withoutTests }: Target, file: string): boolean {
  return file.endsWith('.test.ts') && tests.test(file) && withoutTests?.test(file) !== true;
}
