import { defineConfig } from 'vitest/config';

/** `bash scripts/with-moto.sh npx vitest run --config test/oracle/vitest.config.mts`; ORACLE_SEED picks the sequences. */
export default defineConfig({
  test: {
    include: ['test/oracle/**/*.oracle.ts'],
    disableConsoleIntercept: true,
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 30_000,
  },
});
