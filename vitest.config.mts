import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // The built-in CloudFormation validator costs 3 CPU seconds a process; test/proof/validator.test.ts turns it on.
    env: { CDK_VALIDATION: 'false', POWERTOOLS_DEV: 'false' },
    // The longest run makes many short-lived objects and keeps three gigabytes of tables and streams.
    execArgv: ['--max-semi-space-size=64', '--max-old-space-size=6144'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
