import type { PlacedMutant } from './mutants/mutant';
import type { Covered, MutantTask, TestRun } from './worker/task';

/** Finds, for each mutant, the tests that reach it: those first that reach little else. */
export class TestSelection {
  /** For each file of tests, what it reaches while loading, and each test's own. */
  private readonly byFile: readonly { readonly covered: Covered; readonly load: ReadonlySet<number> }[];
  private readonly byId = new Map<number, { file: Covered; name: string; size: number }[]>();

  /**
   * @param mutants by their ids
   * @param most files of tests for each mutant, those first that are about its source
   */
  constructor(
    covered: readonly Covered[],
    private readonly mutants: readonly PlacedMutant[],
    private readonly most: (source: string) => number,
  ) {
    this.byFile = covered.map((each) => ({ covered: each, load: new Set(each.load) }));
    for (const file of covered) {
      const failing = new Set(file.failing);
      for (const { name, ids } of file.tests) {
        if (failing.has(name)) continue;
        for (const id of ids) {
          const tests = this.byId.get(id) ?? [];
          tests.push({ file, name, size: ids.length });
          this.byId.set(id, tests);
        }
      }
    }
  }

  /** The task of judging a mutant by files of tests; without runs where none of them reaches it. */
  task(id: number, files: ReadonlySet<string>): MutantTask {
    const { file: source, atLoad } = this.mutant(id);
    const loading = this.loadingFiles(id).filter(({ file }) => files.has(file));
    const runs = new Map<Covered, { names: Set<string>; all: boolean; weight: number }>();
    for (const { file, name, size } of this.byId.get(id) ?? []) {
      if (!files.has(file.file)) continue;
      // A test that imports the source itself is the first to reach what runs while it loads; the tests after it see it, too.
      const run = runs.get(file) ?? { names: new Set(), all: atLoad, weight: 0 };
      run.names.add(name);
      run.weight += 1 / size;
      runs.set(file, run);
    }
    for (const file of loading) {
      const run = runs.get(file) ?? { names: new Set(), all: true, weight: this.weight(file, source) };
      runs.set(file, { ...run, all: true });
    }
    const own = ({ file }: Covered) => (isOwnTest(file, source) ? 1 : 0);
    const sorted = [...runs].sort(([a, first], [b, second]) => own(b) - own(a) || second.weight - first.weight);
    const chosen = sorted.slice(0, this.most(source)).map(([file, run]) => testRun(file, run));
    return { id, source, atLoad: atLoad || loading.length > 0, runs: chosen };
  }

  private mutant(id: number): PlacedMutant {
    const found = this.mutants[id];
    if (found === undefined) throw new Error(`no mutant ${id}`);
    return found;
  }

  /**
   * Files of tests that reach it while they load. Where some of them also run code of the same source, the others only load
   * it on the way to something else.
   */
  private loadingFiles(id: number): readonly Covered[] {
    const { file: source } = this.mutant(id);
    const loading = this.byFile.filter(({ load }) => load.has(id)).map(({ covered }) => covered);
    const running = loading.filter((file) => this.weight(file, source) > 0);
    return running.length > 0 ? running : loading;
  }

  /** How much a file of tests is about a source. */
  private weight(file: Covered, source: string): number {
    return file.tests.reduce((sum, { ids }) => {
      const own = ids.filter((id) => this.mutants[id]?.file === source).length;
      return sum + (own === 0 ? 0 : own / ids.length);
    }, 0);
  }
}

/** Whether a file of tests is that of a source, by its path: `test/lib/a.test.ts`, or one for a part of it, `test/lib/a-b.test.ts`. */
export function isOwnTest(file: string, source: string): boolean {
  const path = `test/${source.replace(/(\.lazy)?\.ts$/, '')}`;
  return file.startsWith(`${path}.`) || file.startsWith(`${path}-`);
}

function testRun(covered: Covered, run: { names: ReadonlySet<string>; all: boolean }): TestRun {
  const { file, work, ms, longestMs, failing, tests } = covered;
  const cost = { work, ms, longestMs };
  if (!run.all) return { file, names: [...run.names], ...cost };
  if (failing.length === 0) return { file, ...cost };
  return { file, names: tests.map(({ name }) => name).filter((name) => !failing.includes(name)), ...cost };
}
