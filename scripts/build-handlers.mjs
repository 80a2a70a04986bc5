// Builds every handler of every pattern with one esbuild call: CommonJS with the AWS SDK inside loads fastest on
// Node.js 24, and a prebuilt folder costs a consumer's synth nothing.
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

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
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  mainFields: ['module', 'main'],
  minify: true,
  legalComments: 'none',
  sourcemap: false,
  logLevel: 'warning',
});
console.log(`built ${entryPoints.length} handlers`);
