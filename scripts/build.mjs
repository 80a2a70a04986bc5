// `npm run build`: compiles, bundles the handlers and builds the sites. It does nothing when what it would read and what it
// wrote last are unchanged; `npm run build -- --force` builds all the same.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildStamp } from './build-stamp.mjs';
import { writeResourceTypes } from './resource-types.mjs';
import { writeRulesIndex } from './rules-index.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
writeResourceTypes(root);
writeRulesIndex(root);
const stamp = buildStamp(root);
if (process.argv.includes('--force') || !stamp.isFresh()) {
  stamp.remove();
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status } = spawnSync(process.execPath, [compiler, '-p', join(root, 'tsconfig.build.json')], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
  await import('./build-handlers.mjs');
  await import('./build-site.mjs');
  stamp.write();
}
