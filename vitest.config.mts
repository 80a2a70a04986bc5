import { configDefaults, defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Files that synthesize and look at what came out. They share processes, in which the constructs are loaded once and a
 * stage's template is synthesized once (test/synthesize.ts): half the CPU time. Such a file leaves nothing behind: no mock,
 * no variable of the environment, no changed template. Any other file has a process of its own.
 */
const SYNTHESIS = [
  'test/lib/{ai,api,checks,compute,database,edge,network,security,stage,storage}/*.test.ts',
  'test/patterns/*.test.ts',
  'test/patterns/*/{alarms,bad-input,idle-cost,snapshot,stages}.test.ts',
  'test/proof/**/!(handler-rows).test.ts',
  'test/snapshots/*.test.ts',
  'test/local/assembly/re*.test.ts',
  'test/patterns/data-pipeline/{clickstream-api,lake-warehouse}.test.ts',
  'test/patterns/{event-driven,web-app}/edge.test.ts',
  'test/patterns/{web-app,genai-rag}/existing.test.ts',
  'test/patterns/genai-rag/{document-library,order-of-deployment}.test.ts',
];

/**
 * Files that run stores, the engine and handlers in memory. They share processes, too, and leave nothing behind either: half the
 * time of such a file was to load what it tests.
 */
const IN_MEMORY = [
  'test/local/aws/**/!(any-request).test.ts',
  'test/local/{edge,engine,lambda,monitoring}/*.test.ts',
  'test/lib/runtime/!(cache|call-timeouts-*|iam-token|postgres).test.ts',
  'test/lib/{operations,site}/**/*.test.ts',
  'test/layout/*.test.ts',
  'test/patterns/data-pipeline/lake.test.ts',
  'test/patterns/data-pipeline/{handlers,load,replay,runtime}/*.test.ts',
  'test/patterns/data-pipeline/producer/send-records.test.ts',
  'test/patterns/event-driven/{fulfilment,handlers/*}.test.ts',
  'test/patterns/genai-rag/runtime/{caller,citations,documents-api,ingestion-storm,inspect-object,sync-knowledge-base}.test.ts',
];

/** Files that run for long, or wait for a clock: the others fill the time beside them. */
const LONG = /\/(docs|package\/package|local\/(cli|scenarios|weaken))\/|end-to-end|\/(web-app|genai-rag)\/site/;

/** The long files begin first; those that share processes come last, one after the other. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId, project }: TestSpecification) =>
      project.name !== 'processes' ? 2 : LONG.test(moduleId) ? 0 : 1;
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    // The built-in CloudFormation validator costs 3 CPU seconds a process; test/proof/validator.test.ts turns it on.
    env: { CDK_VALIDATION: 'false', POWERTOOLS_DEV: 'false' },
    // The longest run makes many short-lived objects. One of 100,000 orders keeps three gigabytes of tables and streams; a
    // limit for that is no default, because it lifts that of the functions' threads too.
    execArgv: [
      '--max-semi-space-size=64',
      ...(Number(process.env['GROUNDPLAN_ORDERS']) > 20_000 ? ['--max-old-space-size=6144'] : []),
    ],
    globalSetup: 'test/runner/fresh-build.ts',
    setupFiles: ['test/runner/measure-file.ts'],
    reporters: ['default', './test/runner/cost-reporter.ts'],
    maxWorkers: '100%',
    sequence: { sequencer: LongestFirst },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'processes',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...SYNTHESIS, ...IN_MEMORY],
        },
      },
      { extends: true, test: { name: 'synthesis', include: SYNTHESIS, isolate: false } },
      { extends: true, test: { name: 'memory', include: IN_MEMORY, isolate: false } },
    ],
  },
});
