import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { type BuildResult, context } from 'esbuild';
import { HANDLER_BUNDLE } from '../../lib/compute/handler-bundle';
import type { LocalEngine } from '../engine/local-engine';
import { UsageError } from './usage-error';

/** Where the project's sources lie. */
export const ROOT = resolve(__dirname, '../..');

/** Handlers that are built anew whenever their source changes. */
export interface HandlerWatch {
  stop(): Promise<void>;
}

/**
 * Watches a folder of handlers: a function of the stack whose code is one of them runs the new code from its next
 * invocation on. Code that does not compile is told, and the last that did runs on.
 *
 * @param prebuilt folder of the handlers as they are deployed, where that is other than what one file compiles to
 * @throws UsageError when the handlers do not compile to begin with
 */
export async function watchHandlers(
  sources: string,
  engine: Pick<LocalEngine, 'functions'>,
  say: (text: string) => void,
  prebuilt?: string,
): Promise<HandlerWatch> {
  const outdir = mkdtempSync(join(tmpdir(), 'groundplan-handlers-'));
  const names = readdirSync(sources).map((file) => basename(file, '.ts'));
  const codeOf = (name: string) => readFileSync(join(outdir, name, 'index.js'), 'utf8');
  const runs = new Map<string, string>();
  const current = new Map<string, string>();

  const built = async ({ errors }: BuildResult) => {
    const [error] = errors;
    if (error !== undefined) {
      const where = error.location === null ? '' : `${error.location.file}:${error.location.line}: `;
      if (current.size === 0) throw new UsageError(`A handler does not compile: ${where}${error.text}`);
      say(`${where}${error.text}; the last code that compiled runs on`);
      return;
    }
    for (const name of names) {
      const code = codeOf(name);
      const before = current.get(name);
      current.set(name, code);
      if (before === undefined || before === code) continue;
      for (const [logicalId, running] of runs) {
        if (running !== name) continue;
        await engine.functions.get(logicalId)?.replaceCode(join(outdir, name));
        say(`reloaded ${name}`);
      }
    }
  };

  let failed: (error: unknown) => void = () => undefined;
  let succeeded: () => void = () => undefined;
  const first = new Promise<void>((resolve_, reject) => {
    succeeded = resolve_;
    failed = reject;
  });
  const watcher = await context({
    entryPoints: names.map((name) => ({ in: join(sources, `${name}.ts`), out: join(name, 'index') })),
    outdir,
    absWorkingDir: ROOT,
    ...HANDLER_BUNDLE,
    mainFields: [...HANDLER_BUNDLE.mainFields],
    logLevel: 'silent',
    plugins: [
      {
        name: 'reload',
        setup: ({ onEnd }) => {
          onEnd((result) => {
            void built(result).then(succeeded, failed);
          });
        },
      },
    ],
  });
  const stop = async () => {
    await watcher.dispose();
    rmSync(outdir, { recursive: true, force: true });
  };
  try {
    await watcher.watch();
    await first;
  } catch (error) {
    await stop();
    throw error;
  }
  // A function runs a handler when its code is what the handler compiles to, in one file or in several.
  const deployed = (name: string) => {
    const file = join(prebuilt ?? '', name, 'index.js');
    return prebuilt !== undefined && existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  };
  for (const [logicalId, { definition }] of engine.functions) {
    const code = readFileSync(join(definition.folder, 'index.js'), 'utf8');
    const name = names.find((each) => current.get(each) === code || deployed(each) === code);
    if (name !== undefined) runs.set(logicalId, name);
  }
  return { stop };
}
