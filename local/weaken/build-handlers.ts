import { readFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { HANDLER_BUNDLE } from '../../lib/compute/handler-bundle';

const ROOT = resolve(__dirname, '../..');

/**
 * Builds handlers with one text of one source file replaced.
 *
 * @returns folders by service
 * @throws Error when the file has no such text, or has it more than once: the proof would prove nothing, or something else
 */
export async function buildHandlers(
  handlers: Readonly<Record<string, string>>,
  source: string,
  [from, to]: readonly [string, string],
): Promise<Record<string, string>> {
  const file = join(ROOT, source);
  const text = readFileSync(file, 'utf8');
  const times = text.split(from).length - 1;
  if (times === 0) throw new Error(`${source} has no such text: the proof is out of date`);
  if (times > 1)
    throw new Error(`${source} has the text ${times} times: name more of what is around the one that is meant`);
  const outdir = await mkdtemp(join(tmpdir(), 'groundplan-mutant-'));
  await build({
    entryPoints: Object.entries(handlers).map(([service, name]) => ({
      in: join(ROOT, 'patterns', `${name}.ts`),
      out: join(service, 'index'),
    })),
    outdir,
    ...HANDLER_BUNDLE,
    mainFields: [...HANDLER_BUNDLE.mainFields],
    plugins: [
      {
        name: 'take-out-the-handling',
        setup: ({ onLoad }) => {
          onLoad({ filter: /\.ts$/ }, ({ path }) =>
            path === file ? { contents: text.replace(from, () => to), loader: 'ts' } : undefined,
          );
        },
      },
    ],
  });
  return Object.fromEntries(Object.keys(handlers).map((service) => [service, join(outdir, service)]));
}
