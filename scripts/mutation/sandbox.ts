import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** What is no part of the project, or is built. */
const LEFT = new Set(['node_modules', '.git', '.cache', 'dist', 'cdk.out', 'coverage', 'test-output', '.bench']);

/** Files below a folder, by their paths from the root, with slashes. */
export function filesBelow(root: string, folder = ''): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (LEFT.has(entry.name)) return [];
      return entry.isDirectory() ? filesBelow(root, path) : [path];
    });
}

/** A copy of the project in which sources have their mutants in them; a change of the project's is copied anew. */
export class Sandbox {
  constructor(
    private readonly project: string,
    readonly root: string,
  ) {}

  /** Brings the copy up to date. @param instrumented the text of sources that have mutants in them */
  write(instrumented: ReadonlyMap<string, string>): void {
    mkdirSync(this.root, { recursive: true });
    const files = filesBelow(this.project);
    const known = new Set(files);
    for (const file of filesBelow(this.root)) if (!known.has(file)) rmSync(join(this.root, file));
    for (const file of files) {
      const text = instrumented.get(file);
      if (text === undefined) this.copy(file);
      else this.put(file, text);
    }
    const modules = join(this.root, 'node_modules');
    if (!existsSync(modules)) symlinkSync(join(this.project, 'node_modules'), modules);
  }

  /** Builds the handlers with the mutants in them, beside what else was built. @throws Error when the build fails */
  build(): void {
    const dist = join(this.root, 'dist');
    rmSync(dist, { recursive: true, force: true });
    cpSync(join(this.project, 'dist'), dist, { recursive: true });
    const script = join(this.root, 'scripts', 'build-handlers.mjs');
    const { status, stderr } = spawnSync(process.execPath, [script], { cwd: this.root, encoding: 'utf8' });
    if (status !== 0) throw new Error(`The handlers with mutants in them cannot be built: ${stderr.slice(0, 2000)}`);
  }

  private copy(file: string): void {
    const [from, to] = [join(this.project, file), join(this.root, file)];
    if (existsSync(to) && statSync(to).size === statSync(from).size && readFileSync(to).equals(readFileSync(from)))
      return;
    mkdirSync(dirname(to), { recursive: true });
    copyFileSync(from, to);
  }

  private put(file: string, text: string): void {
    const to = join(this.root, file);
    if (existsSync(to) && readFileSync(to, 'utf8') === text) return;
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, text);
  }
}
