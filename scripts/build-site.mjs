// Builds the site of every pattern that has one. It is an asset of the construct: a consumer's synth builds nothing.
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const sites = readdirSync(join(root, 'patterns')).filter((pattern) =>
  existsSync(join(root, 'patterns', pattern, 'site', 'index.html')),
);
for (const pattern of sites) {
  await build({
    root: join(root, 'patterns', pattern, 'site'),
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    build: {
      outDir: join(root, 'dist', 'site', pattern),
      emptyOutDir: true,
      target: 'es2022',
      // The content security policy allows files of the site and nothing inline: no `data:`, no script in the page.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      // Names of the run time that a contract takes over are left out: reading one does nothing else.
      rolldownOptions: { treeshake: { propertyReadSideEffects: false } },
    },
  });
}
console.log(`built ${sites.length} site${sites.length === 1 ? '' : 's'}`);
