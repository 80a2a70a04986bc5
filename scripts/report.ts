// Writes each pattern's report of gotchas, handling and proofs, and the list of the local engine's limits.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { limitsDocument } from '../local/limits/document';
import { PATTERNS } from '../patterns/patterns';
import { reportFor } from '../test/proof/report';

async function write(): Promise<void> {
  for (const { name } of PATTERNS) {
    writeFileSync(join(__dirname, '../patterns', name, 'GOTCHAS.md'), await reportFor(name));
  }
  writeFileSync(join(__dirname, '../local/LIMITS.md'), limitsDocument());
}

void write();
