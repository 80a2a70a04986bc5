import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { unwritable } from './temporary-folder';

it('finds nothing wrong with a folder that can be written to, and leaves nothing there', () => {
  const folder = mkdtempSync(join(tmpdir(), 'groundplan-writable-'));
  expect([unwritable(folder), readdirSync(folder)]).toEqual([undefined, []]);
  rmSync(folder, { recursive: true });
});

it('says in one line that a folder cannot be written to', () => {
  expect(unwritable('/nowhere')).toBe(
    'Nothing can be written to the temporary folder /nowhere (ENOENT): set TMPDIR to one of yours',
  );
});
