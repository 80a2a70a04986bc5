// Writes each pattern's report of gotchas, handling and proofs, what stays when it is removed, the catalogue, and the limits of the local
// engine.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { limitsDocument } from '../local/limits/document';
import { PATTERNS } from '../patterns/patterns';
import { reportFor } from '../test/proof/report';
import { readmeWithTeardown } from '../test/proof/teardown';
import { cataloguePage } from './catalogue-page';

async function write(): Promise<void> {
  for (const { name } of PATTERNS) {
    const folder = join(__dirname, '../patterns', name);
    writeFileSync(join(folder, 'GOTCHAS.md'), await reportFor(name));
    const readme = join(folder, 'README.md');
    writeFileSync(readme, await readmeWithTeardown(name, readFileSync(readme, 'utf8')));
  }
  writeFileSync(join(__dirname, '../local/LIMITS.md'), limitsDocument());
  writeFileSync(join(__dirname, '../docs/catalogue.md'), cataloguePage());
}

void write();
