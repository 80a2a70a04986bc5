import { basename, dirname } from 'node:path/posix';
import { Imports } from './imports';
import { SOURCE_FOLDERS, type Tree } from './tree';

/** Sources that no test has for its own subject, and the test that runs them. */
export interface Gap {
  /** Why the test of something else is enough. */
  readonly why: string;
  /** A test that runs them. */
  readonly test: string;
  /** Code that the test does not import, because it runs as built, in a process or a browser of its own. */
  readonly asBuilt?: boolean;
  readonly sources: readonly string[];
}

const RULES = 'lib/checks/rules/';
const nameOf = (source: string) => basename(source, '.ts').replace(/\.lazy$/, '');

/**
 * Contracts and the rows of the catalogue are data, an `index.ts` hands on what others have, and test/patterns/groundplan-app.test.ts goes
 * through the descriptors.
 */
const isData = (file: string) =>
  /(^|\/)(index|contract)\.ts$|\.d\.ts$|^lib\/catalogue\/rows\/|^patterns\/[^/]+\/pattern\.ts$/.test(file);

/** Whether nothing of a file is left when it runs. */
function hasTypesAlone(text: string): boolean {
  const lines = text.replace(/\/\*[\s\S]*?\*\//g, '').split('\n');
  return lines.every((line) =>
    /^(\s|$|\/\/|[}\])|]|import\b|(export )?(declare )?(interface|type)\b|export (\{|\*|type\b))/.test(line),
  );
}

/** Sources that can have a test. */
export function sourcesIn(tree: Tree): readonly string[] {
  return [...tree.keys()].filter(
    (file) =>
      SOURCE_FOLDERS.some((folder) => file.startsWith(`${folder}/`)) &&
      file.endsWith('.ts') &&
      !isData(file) &&
      !hasTypesAlone(tree.get(file) ?? ''),
  );
}

/** The source that a test is named after: of `cache` and `cache-link`, `cache-link.test.ts` is the second's. */
function namesake(test: string, siblings: readonly string[]): string | undefined {
  const name = basename(test, '.test.ts');
  const fitting = siblings.filter((source) => name === nameOf(source) || name.startsWith(`${nameOf(source)}-`));
  return fitting.sort((one, other) => nameOf(other).length - nameOf(one).length)[0];
}

/** Lines in which tests of the checks say what a rule makes of a template. */
function judgements(tree: Tree): readonly string[] {
  const checks = [...tree].filter(([file]) => file.startsWith('test/lib/checks/') && file.endsWith('.test.ts'));
  return checks.flatMap(([, text]) => text.split('\n').filter((line) => /\btable\(|\bexpect\(/.test(line)));
}

/**
 * Sources without a test of their own: none in the mirroring folder has their name, with or without a topic behind it, and none
 * there or below imports them. A rule has one where a test of the checks says what it makes of a template.
 */
export function sourcesWithoutATest(tree: Tree): readonly string[] {
  const imports = new Imports(tree);
  const sources = sourcesIn(tree);
  const tests = [...tree.keys()].filter((file) => file.startsWith('test/') && file.endsWith('.test.ts'));
  const judged = judgements(tree);
  const named = new Set(
    tests.map((test) =>
      namesake(
        test,
        sources.filter((source) => `test/${dirname(source)}` === dirname(test)),
      ),
    ),
  );
  return sources.filter((source) => {
    if (named.has(source)) return false;
    if (source.startsWith(RULES) && judged.some((line) => line.includes(`'${nameOf(source)}'`))) return false;
    const folder = `test/${dirname(source)}/`;
    return !tests.some((test) => test.startsWith(folder) && imports.of(test).has(source));
  });
}

/** What is wrong with a list of gaps: one line for each. */
export function faultsOf(gaps: readonly Gap[], tree: Tree): readonly string[] {
  const imports = new Imports(tree);
  const missing = new Set(sourcesWithoutATest(tree));
  const listed = gaps.flatMap(({ sources }) => sources);
  const faults = listed.flatMap((source, at) => {
    if (!tree.has(source)) return [`${source} does not exist: take it off the list`];
    if (!missing.has(source)) return [`${source} has a test of its own: take it off the list`];
    return listed.indexOf(source) === at ? [] : [`${source} is listed twice`];
  });
  for (const { test, sources, asBuilt } of gaps) {
    if (!tree.has(test)) faults.push(`${test} does not exist: say which test runs ${sources.join(', ')}`);
    if (!tree.has(test) || asBuilt === true) continue;
    const loaded = imports.loadedBy(test);
    const others = sources.filter((source) => missing.has(source) && !loaded.has(source));
    faults.push(...others.map((source) => `${source} is not imported by ${test}: say which test runs it`));
  }
  const unlisted = [...missing].filter((source) => !listed.includes(source));
  return [...faults, ...unlisted.map((source) => `${source} has no test of its own: write test/${testOf(source)}`)];
}

const testOf = (source: string) => `${dirname(source)}/${nameOf(source)}.test.ts`;
