import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // The built-in CloudFormation validator costs 3 CPU seconds a process; test/proof/validator.test.ts turns it on.
    env: { CDK_VALIDATION: 'false', POWERTOOLS_DEV: 'false' },
    // Young objects are many here: with room for them, the longest run is a seventh faster.
    execArgv: ['--max-semi-space-size=64'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
