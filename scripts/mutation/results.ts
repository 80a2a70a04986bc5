import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Imports } from './imports';
import type { Verdict } from './judge';
import { filesBelow } from './sandbox';

/** What is known of a source's mutants. */
interface Known {
  /** The source's content. */
  readonly source: string;
  /** Files of tests that all of them were tried on, by their content. */
  readonly tests: Readonly<Record<string, string>>;
  readonly verdicts: Readonly<Record<string, Verdict>>;
}

/** What must be done about a mutant. */
export type Due =
  | { readonly verdict: Verdict }
  | {
      readonly tryOn: readonly string[];
      /** What was known before, which these tests may better. */
      readonly before?: Verdict;
      /** What to try next where those notice nothing: the test that did has changed. */
      readonly others?: readonly string[];
    };

/**
 * Verdicts of earlier runs. One holds while the source, the test that gave it and this tool are as they were; a mutant that
 * survived is tried on what is new among the tests, and on nothing else.
 */
export class Results {
  private readonly known: Record<string, Known>;
  private readonly hashes = new Map<string, string>();
  private readonly imports: Imports;

  /** @param tool the content of what generates and judges mutants */
  constructor(
    private readonly root: string,
    private readonly path: string,
    private readonly tool: string = contentOf(root, toolFiles(root)),
  ) {
    const stored = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as { tool: string }) : { tool: '' };
    this.imports = new Imports(root);
    this.known = stored.tool === tool ? (stored as unknown as { known: Record<string, Known> }).known : {};
  }

  /** What is known of a mutant, and what must be tried. @param tests all files of tests that judge its folder */
  due(source: string, name: string, tests: readonly string[]): Due {
    const known = this.known[source];
    const verdict = known?.verdicts[name];
    if (known === undefined || verdict === undefined || known.source !== this.hash(source)) return { tryOn: tests };
    const changed = tests.filter((test) => known.tests[test] !== this.testHash(test));
    if (verdict.by === undefined) {
      const isGone = verdict.reachedBy.some((test) => !tests.includes(test));
      return changed.length === 0 && !isGone ? { verdict } : { tryOn: changed, before: verdict };
    }
    const [noticedBy = ''] = verdict.by.split(': ');
    if (tests.includes(noticedBy) && !changed.includes(noticedBy)) return { verdict };
    return { tryOn: changed, others: tests.filter((test) => !changed.includes(test)) };
  }

  /** Keeps what is known of a source now. @param tests all files of tests that its mutants were tried on */
  keep(source: string, tests: readonly string[], verdicts: ReadonlyMap<string, Verdict>): void {
    const hashes = tests.map((test) => [test, this.testHash(test)]);
    const kept = Object.fromEntries(verdicts);
    this.known[source] = { source: this.hash(source), tests: Object.fromEntries(hashes), verdicts: kept };
  }

  /** Writes what is known for the next run. */
  write(): void {
    mkdirSync(dirname(this.path), { recursive: true });
    writeFileSync(this.path, JSON.stringify({ tool: this.tool, known: this.known }));
  }

  private hash(file: string): string {
    const known = this.hashes.get(file) ?? contentOf(this.root, [file]);
    this.hashes.set(file, known);
    return known;
  }

  /** The content of a file of tests and of what it imports of other tests. */
  private testsImportedBy(test: string): readonly string[] {
    return [...this.imports.closure(test, (imported) => imported.startsWith('test/'))].sort();
  }

  private testHash(test: string): string {
    const key = `test ${test}`;
    const known = this.hashes.get(key) ?? contentOf(this.root, this.testsImportedBy(test));
    this.hashes.set(key, known);
    return known;
  }
}

/** What decides which mutants there are, and what becomes of them. */
function toolFiles(root: string): readonly string[] {
  const folders = ['mutants', 'worker'].flatMap((folder) => filesBelow(root, `scripts/mutation/${folder}`));
  return [...folders, 'scripts/mutation/select-tests.ts'];
}

function contentOf(root: string, files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0');
  return hash.digest('hex');
}
