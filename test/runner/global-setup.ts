import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { fingerprint } from '../../scripts/build-stamp.mjs';
import { useFolderOfRun } from './temporary-folder';

const ROOT = join(__dirname, '../..');
const ASSEMBLIES = join(ROOT, '.cache/assemblies');
/** What a synthesized pattern is made of; `test/synthesize.ts` makes it. */
const SYNTHESIZED_FROM = [
  'cdk.json',
  'dist',
  'lib',
  'node_modules/.package-lock.json',
  'patterns',
  'test/synthesize.ts',
];

/**
 * Before any test, and before each run of `npm run test:watch`: builds what has changed since the last build, and nothing otherwise.
 * Tests run the handlers as built, and would pass with a handler that is broken since. Assemblies of other sources are deleted.
 */
export default function prepare(project: TestProject): (() => void) | undefined {
  begin(project);
  project.onTestsRerun(() => begin(project));
  return useFolderOfRun();
}

function begin(project: TestProject): void {
  const { NODE_ENV: _, ...env } = process.env;
  const build = join(ROOT, 'scripts/build.mjs');
  const { status } = spawnSync(process.execPath, [build], { stdio: 'inherit', env });
  if (status !== 0) throw new Error('The build failed, so that no test was run: npm run build');
  project.provide('assemblies', assembliesOfSources());
}

/** The folder for assemblies of the sources as they are. */
function assembliesOfSources(): string {
  const name = fingerprint(ROOT, SYNTHESIZED_FROM).slice(0, 16);
  mkdirSync(join(ASSEMBLIES, name), { recursive: true });
  for (const other of readdirSync(ASSEMBLIES)) {
    if (other !== name) rmSync(join(ASSEMBLIES, other), { recursive: true, force: true });
  }
  return join(ASSEMBLIES, name);
}
