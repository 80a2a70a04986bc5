import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const here = dirname(fileURLToPath(import.meta.url));

export default defineConfig({
  test: {
    root: join(here, '../../..'),
    env: { CDK_VALIDATION: 'false', POWERTOOLS_DEV: 'false' },
    execArgv: ['--max-semi-space-size=64'],
    include: ['scripts/mutation/worker/driver.ts'],
    runner: join(here, 'runner.ts'),
    isolate: false,
    maxWorkers: 1,
    testTimeout: 900_000,
    hookTimeout: 900_000,
    silent: true,
    dangerouslyIgnoreUnhandledErrors: true,
  },
});
