import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import cdkJson from '../../cdk.json';
import { readCheckOptions } from '../../lib/operations/check/options';
import { readOptions as readDoctorOptions } from '../../lib/operations/doctor/options';
import { readOptions } from '../../lib/operations/redrive/options';
import { readTryOptions } from '../../lib/operations/try/options';
import { stages } from '../../lib/stage/stage';
import packageJson from '../../package.json';
import { readLoadOptions } from '../../patterns/data-pipeline/load/options';
import { readReplayOptions } from '../../patterns/data-pipeline/replay/options';
import { GroundplanApp } from '../../patterns/groundplan-app';
import { PATTERNS } from '../../patterns/patterns';
import { selectionOf } from '../../patterns/selection';
import { blocks, DOCUMENTS, ROOT, read } from './markdown';

const outdir = mkdtempSync(join(tmpdir(), 'groundplan-docs-'));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

const scripts: Readonly<Record<string, string>> = packageJson.scripts;
const ci = readFileSync(join(ROOT, '.ci/run'), 'utf8');
const CLI_TESTS = join(ROOT, 'test/local/cli');
/** Commands that tests run as a document gives them. */
const tested = readdirSync(CLI_TESTS).flatMap((file) =>
  [...readFileSync(join(CLI_TESTS, file), 'utf8').matchAll(/\bdocumented\(\s*'([^']+)'|command = '(npm [^']+)'/g)].map(
    ([, inCall, named]) => inCall ?? named,
  ),
);
const commands = [
  ...new Set(DOCUMENTS.flatMap((document) => blocks(document, 'bash').flatMap((text) => text.trim().split('\n')))),
];

/** Runs the CDK's CLI. @returns what it printed */
function cdk(...args: readonly string[]): string {
  const command = [
    join(ROOT, 'node_modules/aws-cdk/bin/cdk'),
    ...args,
    '--no-notices',
    '--app',
    'node dist/bin/app.js',
    // The tests began with a build; another one would write the handlers while others of them read.
    '--build',
    'true',
  ];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...command, '--output', outdir], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, CDK_DISABLE_CLI_TELEMETRY: 'true', CDK_VALIDATION: undefined },
  });
  expect(status, stderr).toBe(0);
  return stdout;
}

const stacks = new Map<string, readonly string[]>();

/**
 * Synthesizes as a command does, once for each: with its context, and the patterns of its stacks alone; .ci/run does so by the CDK's CLI.
 *
 * @param stack as a shell leaves it
 * @returns the stacks that there are
 */
async function stacksOf(verb: string, stack: string, options: readonly string[]): Promise<readonly string[]> {
  // A deployment and a synth of the same begin alike.
  const key = [stack, ...options].join(' ');
  const known = stacks.get(key);
  if (known !== undefined) return known;
  const pairs = options.filter((option) => option !== '-c').map((option) => option.split('='));
  const context = { ...cdkJson.context, ...Object.fromEntries(pairs) };
  const selection = selectionOf([verb, ...(stack === '' ? [] : [stack])]);
  const app = await GroundplanApp.create({ context, selection, outdir: join(outdir, String(stacks.size)) });
  const found = (await app.addChecks()).synth().stacks.map(({ id }) => id);
  stacks.set(key, found);
  return found;
}

describe('the commands of the documents', () => {
  it('are these', () => {
    expect(commands.length).toBeGreaterThanOrEqual(8);
  });

  it.each(commands)('%s', async (command) => {
    const [first, ...rest] = command.split(' ');
    if (first === 'npm') {
      // Each part is run by .ci/run from a clean clone, or by a test of the command.
      for (const part of command.split(' && ')) if (!tested.includes(part)) expect(ci).toContain(`step ${part}`);
      return;
    }
    expect(first).toBe('npx');
    const [tool, verb = '', ...args] = rest;
    if (tool === 'groundplan') {
      if (verb === 'try') {
        expect(PATTERNS.map(({ stack }) => stack)).toContain(readTryOptions(args).stack);
        return;
      }
      if (verb === 'load' || verb === 'replay') {
        expect(args.shift()).toBe('data-pipeline');
        const readOptionsOfPattern = verb === 'load' ? readLoadOptions : readReplayOptions;
        expect(readOptionsOfPattern(args).stack).toBe('DataPipeline');
        return;
      }
      if (verb === 'check') {
        expect(readCheckOptions(args).paths).toEqual(['cdk.out']);
        return;
      }
      if (verb === 'rehearse') {
        expect(args).toEqual(['cdk.out']);
        return;
      }
      if (verb === 'doctor') {
        // What it answers is in test/docs/doctor.test.ts.
        const { names, context } = readDoctorOptions(args);
        expect([names, context]).toEqual([['event-driven'], { stage: 'prod' }]);
        return;
      }
      expect(verb).toBe('redrive');
      expect(readOptions(args).target).toBe('EventDriven');
      return;
    }
    expect(tool).toBe('cdk');
    // It asks AWS; what it takes of the app is tested by test/patterns/groundplan-app.test.ts.
    if (verb === 'bootstrap') {
      expect(args).toEqual([]);
      return;
    }
    if (verb === 'list') {
      expect(
        cdk('list', ...args)
          .trim()
          .split('\n'),
      ).toEqual(
        PATTERNS.flatMap((pattern) =>
          pattern.stacks({ stage: stages.dev, env: {}, options: {}, stackName: (id) => id }),
        ),
      );
      return;
    }
    expect(['synth', 'deploy', 'destroy']).toContain(verb);
    const [stack = '', ...context] = args.filter((arg) => arg !== '--quiet');
    expect(context.every((arg, index) => (index % 2 === 0 ? arg === '-c' : /^\w+=\S+$/.test(arg)))).toBe(true);
    // Quoted for the shell: all stacks whose names begin so; some of them there are in some regions alone.
    const family = /^'(\w+)\*'$/.exec(stack)?.[1];
    const found = await stacksOf(verb, family === undefined ? stack : `${family}*`, context);
    if (family === undefined) expect(found).toContain(stack);
    else expect(found.filter((name) => name.startsWith(family))).toContain(family);
  });

  it('name scripts that exist', () => {
    for (const document of DOCUMENTS) {
      for (const [, name = ''] of read(document).matchAll(/`npm run ([\w:-]+)`/g))
        expect(Object.keys(scripts)).toContain(name);
    }
  });

  it('link to files that exist', () => {
    for (const document of DOCUMENTS) {
      for (const [, target = ''] of read(document).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)) {
        expect(existsSync(join(ROOT, dirname(document), target)), `${document}: ${target}`).toBe(true);
      }
    }
  });
});
