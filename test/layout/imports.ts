import { basename, dirname, join } from 'node:path/posix';
import type { Tree } from './tree';

/** What one statement takes from another file. */
interface Import {
  readonly from: string;
  /** Names as the other file exports them. @default - everything */
  readonly names?: readonly string[];
  readonly exports: boolean;
}

const STATEMENT =
  /^(import|export)\s+(?!type\b)([^;'"]*?)\s*from\s*['"](\.[^'"]+)['"]|(?<!typeof )\bimport\(\s*['"](\.[^'"]+)['"]/gm;

/** Values alone: a type is gone when the code runs. */
function namesIn(clause: string): readonly string[] | undefined {
  const braces = /^\{([^}]*)\}$/.exec(clause.trim());
  if (braces?.[1] === undefined) return undefined;
  const parts = braces[1].split(',').map((part) => part.trim());
  return parts.filter((part) => part !== '' && !part.startsWith('type ')).map((part) => part.split(' as ')[0] ?? part);
}

/** The modules of a tree, and what each takes from which. */
export class Imports {
  private readonly parsed = new Map<string, readonly Import[]>();
  private readonly known = new Map<string, ReadonlySet<string>>();

  constructor(private readonly tree: Tree) {}

  /** Files that a file takes values from. An `index.ts` that hands on what it takes stands for what the names come from. */
  of(file: string): ReadonlySet<string> {
    const known = this.known.get(file);
    if (known !== undefined) return known;
    const found = new Set(this.statements(file).flatMap(({ from, names }) => this.sources(from, names)));
    this.known.set(file, found);
    return found;
  }

  /** Files that a file loads, however far. */
  loadedBy(file: string): ReadonlySet<string> {
    const loaded = new Set<string>();
    const waiting = [file];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      for (const other of this.of(next)) {
        if (loaded.has(other)) continue;
        loaded.add(other);
        waiting.push(other);
      }
    }
    return loaded;
  }

  private sources(file: string, names: readonly string[] | undefined): readonly string[] {
    if (names?.length === 0) return [];
    if (basename(file) !== 'index.ts') return [file];
    const handedOn = this.statements(file).filter((statement) => statement.exports);
    if (names === undefined) return [file, ...handedOn.flatMap((each) => this.sources(each.from, each.names))];
    return names.flatMap((name) => {
      const from = handedOn.filter((each) => each.names?.includes(name) ?? this.says(each.from, name));
      return from.length === 0 ? [file] : from.flatMap((each) => this.sources(each.from, [name]));
    });
  }

  private says(file: string, name: string): boolean {
    return new RegExp(`^export .*\\b${name}\\b`, 'm').test(this.tree.get(file) ?? '');
  }

  private statements(file: string): readonly Import[] {
    const known = this.parsed.get(file);
    if (known !== undefined) return known;
    const statements = [...(this.tree.get(file) ?? '').matchAll(STATEMENT)].flatMap((match): Import[] => {
      const [, keyword, clause = '', path = match[4] ?? ''] = match;
      const from = this.resolve(file, path);
      return from === undefined ? [] : [{ from, names: namesIn(clause), exports: keyword === 'export' }];
    });
    this.parsed.set(file, statements);
    return statements;
  }

  private resolve(file: string, path: string): string | undefined {
    const target = join(dirname(file), path);
    const typescript = target.replace(/\.js$/, '.ts');
    return [target, typescript, `${target}.ts`, `${target}/index.ts`].find((each) => this.tree.has(each));
  }
}
