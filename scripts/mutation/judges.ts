import { Imports } from './imports';
import { isOwnTest } from './select-tests';
import { isTestOf, targetOf } from './targets';

/** What runs handlers as built, with all that stands around them. */
const ENGINE = /^local\/(engine|lambda)\//;

/**
 * Finds the files of tests that judge a source. One that a test calls directly is judged by the tests that load it; any other by
 * those, too, that run its pattern as a whole, each of which takes seconds.
 */
export class Judges {
  private readonly imports: Imports;
  private readonly closures = new Map<string, ReadonlySet<string>>();

  /** @param files of the project */
  constructor(
    root: string,
    private readonly files: readonly string[],
  ) {
    this.imports = new Imports(root);
  }

  of(source: string): readonly string[] {
    const target = targetOf(source);
    const all = this.files.filter((file) => target !== undefined && isTestOf(target, file));
    const direct = all.filter((file) => !this.runsEngine(file));
    const loading = direct.filter((file) => this.closure(file).has(source));
    const hasOwn = loading.some((file) => isOwnTest(file, source) || this.imports.of(file).includes(source));
    return hasOwn ? loading : all;
  }

  /** The few that are most about a source: named after it, then those that import it, then those that load least else. */
  nearest(source: string, most: number): readonly string[] {
    const rank = (file: string) => [
      isOwnTest(file, source) ? 0 : 1,
      this.imports.of(file).includes(source) ? 0 : 1,
      this.closure(file).has(source) ? 0 : 1,
      this.closure(file).size,
    ];
    const ranked = this.of(source).map((file) => ({ file, rank: rank(file) }));
    return ranked
      .sort((a, b) => compared(a.rank, b.rank))
      .slice(0, most)
      .map(({ file }) => file);
  }

  private runsEngine(file: string): boolean {
    return [...this.closure(file)].some((imported) => ENGINE.test(imported));
  }

  private closure(file: string): ReadonlySet<string> {
    const closure = this.closures.get(file) ?? this.imports.closure(file);
    this.closures.set(file, closure);
    return closure;
  }
}

function compared(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at === -1 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
