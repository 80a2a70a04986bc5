// Builds every handler of every pattern with one esbuild call, after the compiler: a prebuilt folder costs a consumer's
// synth nothing.
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import handlerBundle from '../dist/lib/compute/handler-bundle.js';

const { HANDLER_BUNDLE } = handlerBundle;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const entryPoints = [];
for (const pattern of readdirSync(join(root, 'patterns'))) {
  const folder = join(root, 'patterns', pattern, 'handlers');
  if (!existsSync(folder)) continue;
  for (const file of readdirSync(folder)) {
    if (!file.endsWith('.ts')) continue;
    const name = file.slice(0, -'.ts'.length);
    entryPoints.push({ in: join(folder, file), out: join(pattern, name, 'index') });
  }
}
await build({
  entryPoints,
  outdir: join(root, 'dist', 'handlers'),
  ...HANDLER_BUNDLE,
  logLevel: 'warning',
});
console.log(`built ${entryPoints.length} handlers`);
