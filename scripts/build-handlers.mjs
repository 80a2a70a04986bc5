// Builds every handler of every pattern, and of the blocks, after the compiler, and the server of each pattern's container: a prebuilt folder costs
// a consumer's synth nothing. What one imports from a file `*.lazy.ts` becomes a file beside it, which is read on first use and
// costs its load nothing.
import { copyFileSync, existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import handlerBundle from '../dist/lib/compute/handler-bundle.js';

const { HANDLER_BUNDLE } = handlerBundle;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const patterns = readdirSync(join(root, 'patterns'));
const owners = ['patterns', 'lib'].flatMap((world) => readdirSync(join(root, world)).map((name) => ({ world, name })));
const handlers = owners.flatMap(({ world, name }) => {
  const folder = join(root, world, name, 'handlers');
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.ts')) : [];
  return files.map((file) => ({
    in: join(folder, file),
    out: join('handlers', name, basename(file, '.ts'), 'index'),
  }));
});
const containers = patterns.filter((pattern) => existsSync(join(root, 'patterns', pattern, 'container', 'server.ts')));
const servers = containers.map((pattern) => ({
  in: join(root, 'patterns', pattern, 'container', 'server.ts'),
  out: join('container', pattern, 'server'),
}));

/** Sources of lazy files, by the file that imports them. */
const lazy = new Map();
const besideTheHandler = {
  name: 'beside-the-handler',
  setup: ({ onResolve }) => {
    onResolve({ filter: /\.lazy\.js$/ }, ({ path, importer, resolveDir }) => {
      const source = resolve(resolveDir, path.replace(/\.js$/, '.ts'));
      lazy.set(importer, new Set(lazy.get(importer)).add(source));
      return { path: `./${basename(path)}`, external: true };
    });
  },
};
const { metafile } = await build({
  entryPoints: [...handlers, ...servers],
  outdir: dist,
  ...HANDLER_BUNDLE,
  plugins: [besideTheHandler],
  absWorkingDir: root,
  metafile: true,
  logLevel: 'warning',
});
const parts = Object.entries(metafile.outputs).flatMap(([output, { inputs }]) =>
  Object.keys(inputs).flatMap((input) =>
    [...(lazy.get(join(root, input)) ?? [])].map((source) => ({
      in: source,
      out: join(relative(dist, join(root, dirname(output))), basename(source, '.ts')),
    })),
  ),
);
if (parts.length > 0) await build({ entryPoints: parts, outdir: dist, ...HANDLER_BUNDLE, logLevel: 'warning' });
for (const pattern of containers) {
  const dockerfile = join(root, 'patterns', pattern, 'container', 'Dockerfile');
  if (existsSync(dockerfile)) copyFileSync(dockerfile, join(dist, 'container', pattern, 'Dockerfile'));
}
console.log(`built ${handlers.length} handlers`);
