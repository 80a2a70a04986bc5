import { basename, dirname } from 'node:path/posix';
import { Imports } from './imports';
import { SOURCE_FOLDERS, type Tree } from './tree';

/** Folders of `test/` that mirror no folder of sources, and what is there. */
const ACROSS_SOURCES: Readonly<Record<string, string>> = {
  docs: 'what the documents tell their readers to run',
  fixtures: 'fixtures that tests of several folders share',
  layout: 'where tests are',
  mutation: 'what the mutation run found: survivors, and which tests notice what',
  oracle: 'the comparison with moto',
  package: 'the package as it is installed',
  proof: 'proofs that go through every pattern',
  runner: 'what runs the tests: the build before them, shared assemblies, the report of their cost',
  snapshots: 'readable templates',
};

/** Names that say by themselves what a file is for: a test, its fixture, a part of a long test, what vitest writes. */
const NAMED = /\.test\.ts$|-fixture\.(ts|js)$|-cases\.ts$|\.snap$/;

/** An application and a pattern as those who write them have them: copied whole. */
const COPIED = ['test/package/fresh-app/', 'test/fixtures/toy/'];

/** Where a file of `test/` is: `lib/compute` for `test/lib/compute/x.test.ts`. */
const placeOf = (file: string) => dirname(file).split('/').slice(1).join('/');
const isAcross = (file: string) => (placeOf(file).split('/')[0] ?? '') in ACROSS_SOURCES;

/** Folders that have sources, and the folders that they are in. */
function sourceFolders(tree: Tree): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const file of tree.keys()) {
    if (!SOURCE_FOLDERS.some((folder) => file.startsWith(`${folder}/`))) continue;
    for (let folder = dirname(file); folder !== '.'; folder = dirname(folder)) folders.add(folder);
  }
  return folders;
}

/** Tests whose folder mirrors none of the sources. */
export function misplacedTests(tree: Tree): readonly string[] {
  const folders = sourceFolders(tree);
  const tests = [...tree.keys()].filter((file) => file.startsWith('test/') && file.endsWith('.test.ts'));
  return tests.filter((file) => !isAcross(file) && !folders.has(placeOf(file)));
}

/** Files of mirroring folders whose names do not say what they are. What all tests share is in `test/` itself. */
export function misnamedFixtures(tree: Tree): readonly string[] {
  const files = [...tree.keys()].filter((file) => file.startsWith('test/'));
  return files.filter((file) => !isAcross(file) && placeOf(file) !== '' && !NAMED.test(file));
}

/** Files of `test/` that are no test, and that nothing imports or names. */
export function unusedFiles(tree: Tree): readonly string[] {
  const imports = new Imports(tree);
  const files = [...tree.keys()];
  const users = files.filter((file) => !SOURCE_FOLDERS.slice(0, -1).some((folder) => file.startsWith(`${folder}/`)));
  const used = new Set(users.flatMap((file) => [...imports.of(file)]));
  const isNamed = (file: string) =>
    users.some((user) => user !== file && tree.get(user)?.includes(basename(file)) === true);
  return files.filter(
    (file) =>
      file.startsWith('test/') &&
      !/\.(test|oracle)\.ts$|\.snap$/.test(file) &&
      !file.startsWith('test/snapshots/') &&
      !COPIED.some((folder) => file.startsWith(folder)) &&
      !used.has(file) &&
      !isNamed(file),
  );
}
