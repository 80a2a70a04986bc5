import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PATTERNS } from '../../patterns/patterns';
import { reportFor } from './report';
import { readmeWithTeardown } from './teardown';

it.each(PATTERNS.map(({ name }) => name))('GOTCHAS.md of %s is what `npm run report` writes today', async (name) => {
  const file = join(__dirname, '../../patterns', name, 'GOTCHAS.md');
  expect(readFileSync(file, 'utf8')).toBe(await reportFor(name));
});

it.each(PATTERNS.map(({ name }) => name))('README.md of %s says what a deletion of prod leaves today', async (name) => {
  const readme = readFileSync(join(__dirname, '../../patterns', name, 'README.md'), 'utf8');
  expect(readme).toBe(await readmeWithTeardown(name, readme));
});
