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

  private runsEngine(file: string): boolean {
    return [...this.closure(file)].some((imported) => ENGINE.test(imported));
  }

  private closure(file: string): ReadonlySet<string> {
    const closure = this.closures.get(file) ?? this.imports.closure(file);
    this.closures.set(file, closure);
    return closure;
  }
}
