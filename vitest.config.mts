import { configDefaults, defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { markedFiles } from './test/runner/markers.js';
import { unwritable } from './test/runner/temporary-folder.js';

// Vitest needs the folder, too, and leaves out tests without a word when it cannot write there.
const refusal = unwritable();
if (refusal !== undefined) {
  console.error(refusal);
  process.exit(1);
}

/** Files that say themselves where they belong: `// @project unit`. The globs below are of folders and names that any pattern has. */
const MARKED = markedFiles(import.meta.dirname);

/**
 * Files that synthesize and look at what came out. They share processes, in which the constructs are loaded once and a
 * stage's template is synthesized once (test/synthesize.ts): half the CPU time. Such a file leaves nothing behind: no mock,
 * no variable of the environment, no changed template. Any other file has a process of its own.
 */
const SYNTHESIS = [
  'test/lib/{ai,api,compute,database,edge,network,security,stage,storage,users}/*.test.ts',
  'test/patterns/*.test.ts',
  'test/patterns/*/{alarms,bad-input,idle-cost,snapshot,stages}.test.ts',
  'test/proof/**/!(handler-rows).test.ts',
  'test/snapshots/*.test.ts',
  'test/local/assembly/re*.test.ts',
  ...MARKED.synthesis,
];

/** Files that test one module, and wait for nothing: `npm run test:unit`. They share processes, too. */
const UNIT = [
  'test/layout/!(floors).test.ts',
  'test/lib/checks/**/*.test.ts',
  'test/lib/operations/{command-line,rehearse}.test.ts',
  'test/lib/runtime/postgres-errors.test.ts',
  'test/lib/runtime/!(cache|call-timeouts-*|iam-token|postgres).test.ts',
  'test/lib/{catalogue,facts,lifecycle,naming,site,template,validation}/*.test.ts',
  'test/local/fuzz/{judge,request}.test.ts',
  'test/local/{lake,matching,monitoring}/*.test.ts',
  'test/runner/*.test.ts',
  'test/scripts/**/!(judge|new-rule|resource-types).test.ts',
  ...MARKED.unit,
];

/**
 * Files that run stores, the engine and handlers in memory. They share processes, too, and leave nothing behind either: half the
 * time of such a file was to load what it tests.
 */
const IN_MEMORY = [
  'test/lib/operations/{redrive,try}/*.test.ts',
  'test/lib/operations/doctor/**/!(doctor-process).test.ts',
  'test/local/aws/**/!(any-request).test.ts',
  'test/local/{edge,engine,lambda,limits}/**/*.test.ts',
  'test/patterns/*/{load,replay}/*.test.ts',
  'test/patterns/*/local/traffic-*.test.ts',
  ...MARKED.memory,
];

/**
 * Long proofs, which `npm test` leaves to `npm run test:proofs`: commands and documents as a reader runs them, sites in a browser, days
 * of traffic, drawn requests, servers that fail and time limits that pass, policies evaluated, handlings taken out of handlers, and the
 * rule packs of others. .ci/run runs them.
 */
const PROOFS = [
  'test/layout/floors.test.ts',
  'test/docs/*.test.ts',
  'test/lib/runtime/call-timeouts-*.test.ts',
  'test/local/cli/!(demo-options).test.ts',
  'test/local/servers/*.test.ts',
  'test/patterns/*/local/!(traffic-*).test.ts',
  'test/package/*.test.ts',
  'test/scripts/mutation/judge.test.ts',
  'test/scripts/resource-types.test.ts',
  'test/patterns/*/*end-to-end.test.ts',
  'test/patterns/*/site/!(size).test.ts',
  'test/proof/new-pattern.test.ts',
  'test/proof/handler-rows.test.ts',
  ...MARKED.proofs,
];

/** Long proofs that synthesize, as the files of {@link SYNTHESIS} do, and share processes for the same reason. */
const SYNTHESIS_PROOFS = [
  'test/patterns/groundplan-app.test.ts',
  'test/proof/{alarm-commands,rule-packs}.test.ts',
  'test/proof/iam/*.test.ts',
];

/** The longest proofs begin first, and the others fill the time beside them; what shares processes comes last. */
const LONGEST = /local\/cli\/|proof\/new-pattern|\/local\/(fuzz|run|weakenings)|\/site\/(uploads|troubles|answers)/;

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId, project }: TestSpecification) =>
      SHARED.includes(project.name) ? 2 : LONGEST.test(moduleId) ? 0 : 1;
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

/** Projects whose files share processes. */
const SHARED = ['memory', 'proofs-synthesis', 'synthesis', 'unit'];

const ALL_PROOFS = [...PROOFS, ...SYNTHESIS_PROOFS];

/**
 * Ends a test that hangs, and decides nothing else: far above ten times the longest test on two quiet cores, so that a busy
 * machine fails nothing.
 */
const HANG_MS = 900_000;

export default defineConfig({
  test: {
    // The built-in CloudFormation validator costs 3 CPU seconds a process; test/proof/rule-packs.test.ts turns it on.
    env: { CDK_VALIDATION: 'false', POWERTOOLS_DEV: 'false' },
    // The longest run makes many short-lived objects. One of 100,000 orders keeps three gigabytes of tables and streams; a
    // limit for that is no default, because it lifts that of the functions' threads too.
    execArgv: [
      '--max-semi-space-size=64',
      ...(Number(process.env['GROUNDPLAN_ORDERS']) > 20_000 ? ['--max-old-space-size=6144'] : []),
    ],
    globalSetup: 'test/runner/global-setup.ts',
    setupFiles: ['test/runner/measure-file.ts', 'test/runner/share-assemblies.ts'],
    reporters: ['default', './test/runner/cost-reporter.ts'],
    maxWorkers: '100%',
    sequence: { sequencer: LongestFirst },
    testTimeout: HANG_MS,
    hookTimeout: HANG_MS,
    projects: [
      {
        extends: true,
        test: {
          name: 'processes',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...IN_MEMORY, ...ALL_PROOFS, ...SYNTHESIS, ...UNIT],
        },
      },
      { extends: true, test: { name: 'memory', include: IN_MEMORY, exclude: ALL_PROOFS, isolate: false } },
      { extends: true, test: { name: 'proofs', include: PROOFS } },
      { extends: true, test: { name: 'proofs-synthesis', include: SYNTHESIS_PROOFS, isolate: false } },
      { extends: true, test: { name: 'synthesis', include: SYNTHESIS, exclude: ALL_PROOFS, isolate: false } },
      { extends: true, test: { name: 'unit', include: UNIT, isolate: false } },
    ],
  },
});
