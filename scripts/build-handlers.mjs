// Builds every handler of every pattern after the compiler: a prebuilt folder costs a consumer's synth nothing. What a handler
// imports from a file `*.lazy.ts` becomes a file beside it, which is read on first use and costs its load nothing.
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import handlerBundle from '../dist/lib/compute/handler-bundle.js';

const { HANDLER_BUNDLE } = handlerBundle;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const outdir = join(root, 'dist', 'handlers');
const handlers = readdirSync(join(root, 'patterns')).flatMap((pattern) => {
  const folder = join(root, 'patterns', pattern, 'handlers');
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.ts')) : [];
  return files.map((file) => ({ in: join(folder, file), out: join(pattern, basename(file, '.ts')) }));
});

/** Sources of lazy files, by the file that imports them. */
const lazy = new Map();
const besideTheHandler = {
  name: 'beside-the-handler',
  setup: ({ onResolve }) => {
    onResolve({ filter: /\.lazy\.js$/ }, ({ path, importer, resolveDir }) => {
      lazy.set(importer, resolve(resolveDir, path.replace(/\.js$/, '.ts')));
      return { path: `./${basename(path)}`, external: true };
    });
  },
};
const { metafile } = await build({
  entryPoints: handlers.map((handler) => ({ in: handler.in, out: join(handler.out, 'index') })),
  outdir,
  ...HANDLER_BUNDLE,
  plugins: [besideTheHandler],
  absWorkingDir: root,
  metafile: true,
  logLevel: 'warning',
});
const parts = Object.entries(metafile.outputs).flatMap(([output, { inputs }]) =>
  Object.keys(inputs).flatMap((input) => {
    const source = lazy.get(join(root, input));
    return source === undefined ? [] : [{ in: source, out: join(root, dirname(output), basename(source, '.ts')) }];
  }),
);
if (parts.length > 0) await build({ entryPoints: parts, outdir, ...HANDLER_BUNDLE, logLevel: 'warning' });
console.log(`built ${handlers.length} handlers`);
