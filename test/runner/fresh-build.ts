import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/**
 * Before any test: builds what has changed since the last build, and nothing otherwise. Tests run the handlers as built, and
 * would pass with a handler that is broken since.
 */
export default function buildWhatHasChanged(): void {
  const { NODE_ENV: _, ...env } = process.env;
  const build = join(__dirname, '../../scripts/build.mjs');
  const { status } = spawnSync(process.execPath, [build], { stdio: 'inherit', env });
  if (status !== 0) throw new Error('The build failed, so that no test was run: npm run build');
}
