import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The longest test begins first: the others fill the time beside it. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const longest = ({ moduleId }: TestSpecification) => moduleId.endsWith('end-to-end.test.ts');
    return [...sorted.filter(longest), ...sorted.filter((file) => !longest(file))];
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // The built-in CloudFormation validator costs 3 CPU seconds a process; test/proof/validator.test.ts turns it on.
    env: { CDK_VALIDATION: 'false', POWERTOOLS_DEV: 'false' },
    // The longest run makes many short-lived objects, and with 100,000 orders keeps three gigabytes of tables and streams.
    execArgv: ['--max-semi-space-size=64', '--max-old-space-size=6144'],
    sequence: { sequencer: LongestFirst },
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
