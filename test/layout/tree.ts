import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Texts of files by their paths from the root of the repository, with `/` between folders. */
export type Tree = ReadonlyMap<string, string>;

/** Folders whose files are tested. */
export const SOURCE_FOLDERS = ['bin', 'lib', 'local', 'patterns', 'scripts'] as const;

/** Whatever else may import a fixture or name it. */
const OTHER_FOLDERS = ['bench', 'test'];
const OTHER_FILES = ['package.json', 'vitest.config.mts'];

/** Reads the repository as far as tests go. */
export function readTree(root: string): Tree {
  const folders = [...SOURCE_FOLDERS, ...OTHER_FOLDERS].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  const paths = [...folders, ...OTHER_FILES.map((file) => join(root, file))];
  return new Map(paths.map((path) => [path.slice(root.length + 1).replaceAll('\\', '/'), readFileSync(path, 'utf8')]));
}
