import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';

/** What a file imports of the project; types are nothing when it runs. */
const IMPORT = /(?:^|\n)\s*(?:import|export)(?!\s+type\b)[^'";]*?from\s+'(\.[^']+)'|\bimport\(\s*'(\.[^']+)'/g;
const ENDINGS = ['.ts', '/index.ts'];

/** Which files of the project a file loads, however far. */
export class Imports {
  private readonly known = new Map<string, readonly string[]>();

  constructor(private readonly root: string) {}

  /** What a file itself imports. */
  of(file: string): readonly string[] {
    const known = this.known.get(file);
    if (known !== undefined) return known;
    const text = /\.[cm]?[jt]s$/.test(file) ? readFileSync(join(this.root, file), 'utf8') : '';
    const paths = [...text.matchAll(IMPORT)].map(([, path, late]) => path ?? late ?? '');
    const found = paths.flatMap((path) => this.resolved(posix.join(posix.dirname(file), path)));
    this.known.set(file, found);
    return found;
  }

  /** A file, and all that it loads. @param follows whether to look into a file. @default - all of them */
  closure(file: string, follows: (imported: string) => boolean = () => true): ReadonlySet<string> {
    const found = new Set([file]);
    for (const each of found) for (const imported of this.of(each)) if (follows(imported)) found.add(imported);
    return found;
  }

  private resolved(path: string): readonly string[] {
    const all = [path, path.replace(/\.([cm]?)js$/, '.$1ts'), ...ENDINGS.map((ending) => path + ending)];
    const found = all.find((each) => existsSync(join(this.root, each)) && statSync(join(this.root, each)).isFile());
    return found === undefined ? [] : [found];
  }
}
