import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

interface Stamp {
  isFresh(): boolean;
  remove(): void;
  write(): void;
}

let folder: string;
let stampOf: (root: string) => Stamp;
beforeEach(async () => {
  const file = join(__dirname, '../../scripts/build-stamp.mjs');
  ({ buildStamp: stampOf } = (await import(file)) as { buildStamp: (root: string) => Stamp });
  folder = mkdtempSync(join(tmpdir(), 'groundplan-stamp-'));
  for (const file of ['lib/a.ts', 'lib/b.ts', 'scripts/build.mjs', 'tsconfig.json', 'package-lock.json', 'dist/a.js']) {
    write(file, 'as it was');
  }
  stampOf(folder).write();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(file: string, text: string): void {
  mkdirSync(join(folder, file, '..'), { recursive: true });
  writeFileSync(join(folder, file), text);
}

it('takes what is unchanged as built', () => {
  expect(stampOf(folder).isFresh()).toBe(true);
  write('README.md', 'is not built');
  expect(stampOf(folder).isFresh()).toBe(true);
});

it.each<[string, () => void]>([
  ['a source', () => write('lib/a.ts', 'changed')],
  ['a new source', () => write('patterns/web-app/site/style.css', 'new')],
  ['a source that is gone', () => rmSync(join(folder, 'lib/b.ts'))],
  [
    'a source that was moved',
    () => {
      rmSync(join(folder, 'lib/b.ts'));
      write('lib/c.ts', 'as it was');
    },
  ],
  ['a script', () => write('scripts/build.mjs', 'changed')],
  ['a setting of the compiler', () => write('tsconfig.json', 'changed')],
  ['the lock file', () => write('package-lock.json', 'changed')],
  ['what is installed', () => write('node_modules/.package-lock.json', 'changed')],
  ['what was built', () => write('dist/a.js', 'changed')],
  ['a built file that is gone', () => rmSync(join(folder, 'dist/a.js'))],
  ['a build that did not end', () => stampOf(folder).remove()],
])('builds again after %s', (_, change) => {
  change();
  expect(stampOf(folder).isFresh()).toBe(false);
});

it('builds what changed during a build once more', () => {
  const stamp = stampOf(folder);
  write('lib/a.ts', 'changed');
  stamp.write();
  expect(stampOf(folder).isFresh()).toBe(false);
});
