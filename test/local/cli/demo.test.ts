import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DATA_PIPELINE_WEAKENINGS } from '../../../patterns/data-pipeline/local/weakenings';
import { assemblyOf, DEMO_PIPELINE } from '../../assemblies';
import { documented, leftIn, run } from './command-fixture';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'groundplan-cli-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A cloud assembly in the folder, as `cdk synth` leaves it, to be changed. */
async function assembly(): Promise<string> {
  const outdir = join(folder, 'cdk.out');
  cpSync(await assemblyOf('EventDriven'), outdir, { recursive: true });
  return outdir;
}

/** A mistake is told in one line that is no stack trace. */
async function expectOneLine(args: readonly string[], line: RegExp, code: number) {
  const ended = await run('demo', args).ended;
  expect(ended.err).toMatch(line);
  expect(ended.err.trimEnd().split('\n')).toHaveLength(1);
  expect(ended.code).toBe(code);
}

/** What the first run printed, for the test that compares it with the front page. */
let printed: string | undefined;

describe('npm run demo', () => {
  it('shows live what it does, ends with the table, and leaves nothing behind', async () => {
    const ended = await documented('npm run demo', ['--orders', '40'], { TMPDIR: folder }).ended;
    printed = ended.out;
    expect(ended.err).toBe('');
    expect(ended.out).toMatch(/Not run here: \d+ encryption, \d+ permissions/);
    expect(ended.out).toMatch(/40 orders accepted, \d+ repeats answered alike/);
    for (const service of ['Billing', 'Inventory', 'Notifications']) {
      expect(ended.out).toMatch(new RegExp(`${service} +40 +0 +\\d+ +\\d+ +5 +0 +0\n`));
    }
    expect(ended.out).toMatch(/queue to billing +\d+ +[\d.]+ m?s +[\d.]+ \w+/);
    expect(ended.out).toMatch(/alarms that would have fired: .*BillingDeadLetters/);
    expect(ended.out).toMatch(/[\d.]+ AWS calls of the functions for an order/);
    expect(ended.out).toMatch(/Nothing was lost, and nothing was done twice\.\n$/);
    expect(ended.code).toBe(0);
    expect(leftIn(folder)).toEqual([]);
  });

  it('lists what can be taken out of a pattern', async () => {
    const { out: list } = await run('demo', ['data-pipeline', '--list']).ended;
    for (const id of Object.keys(DATA_PIPELINE_WEAKENINGS)) expect(list).toContain(`${id}\n  without `);
  });

  it('shows the damage beside the healthy run, and exits 0 for it', async () => {
    const ended = await documented('npm run demo -- --without lambda-sqs-partial-batch', [
      ...['--orders', '40', '--assembly', await assemblyOf('EventDriven')],
    ]).ended;
    expect(ended.out).toMatch(/Billing: poison dead-lettered +5 +0 +</);
    expect(ended.out).toMatch(/5 messages that Billing could not handle are gone, not dead-lettered/);
    expect(ended.out).toMatch(/That is what the handling is for\.\n$/);
    expect(ended.code).toBe(0);
  });

  it('shows what a producer without retries loses', async () => {
    const command = 'npm run demo -- data-pipeline --without kinesis-putrecords-partial-failure';
    const ended = await documented(command, [
      ...['--events', '600', '--assembly', await assemblyOf('DataPipeline', DEMO_PIPELINE)],
    ]).ended;
    expect(ended.out).toMatch(/That is what the handling is for\.\n$/);
    expect(ended.code).toBe(0);
  });

  it('runs the data pipeline: counts live, fills the lake, and asks it', async () => {
    const lake = join(folder, 'kept');
    const ended = await documented(
      'npm run demo -- data-pipeline',
      [...['--events', '300', '--keep', lake, '--assembly', await assemblyOf('DataPipeline', DEMO_PIPELINE)]],
      {
        TMPDIR: folder,
      },
    ).ended;
    expect(ended.err).toBe('');
    expect(ended.out).toMatch(
      /300 events accepted: 90 by HTTP \(\d+ answers "come back later"\), 210 from the producer/,
    );
    const [, records] =
      /makes (3\d\d) records that count; and 6 records that are not valid events/.exec(ended.out) ?? [];
    expect(ended.out).toMatch(new RegExp(`counted live +${records} +0 +0 +6 +0\n`));
    expect(ended.out).toMatch(new RegExp(`rows in the lake +${records} +0 +0 +6 +0\n`));
    expect(ended.out).toMatch(/PurchaseFunnel\n +sessions +chose +bought\n/);
    expect(ended.out).toMatch(/Nothing was lost, and nothing was counted twice\.\n$/);
    expect(ended.code).toBe(0);
    const files = readdirSync(lake, { recursive: true }).map(String);
    expect(files.filter((file) => /^events\/dt=[\d-]+\/.+\.parquet$/.test(file))).not.toEqual([]);
    expect(leftIn(folder)).toEqual(['kept']);
  });

  it.each([
    [['--what'], /^Unknown option '--what'/],
    [['--assembly', '/nowhere'], /^\/nowhere is not a cloud assembly with a stack EventDriven/],
  ])('tells in one line what is wrong with %j', async (args, line) => {
    await expectOneLine(args, line, 2);
  });

  it("names what it does not know in somebody else's template", async () => {
    const outdir = await assembly();
    const file = join(outdir, 'EventDriven.template.json');
    const template = JSON.parse(readFileSync(file, 'utf8')) as { Resources: Record<string, unknown> };
    template.Resources['Feed'] = { Type: 'AWS::MSK::Cluster', Properties: {} };
    writeFileSync(file, JSON.stringify(template));
    await expectOneLine(
      ['--assembly', outdir],
      /^The local engine does not know how to run Feed \(AWS::MSK::Cluster\)/,
      1,
    );
  });

  it.each([
    ['throws at import', 'throw new Error("no table");', /Runtime\.ImportModuleError: Error: no table/],
    ['does not compile', 'const = 1;', /Runtime\.UserCodeSyntaxError: /],
  ])('tells of a handler that %s', async (_, code, line) => {
    const outdir = await assembly();
    for (const asset of readdirSync(outdir).filter((name) => name.startsWith('asset.'))) {
      const broken = join(folder, asset);
      cpSync(join(outdir, asset), broken, { recursive: true });
      if (readdirSync(broken).includes('index.js')) writeFileSync(join(outdir, asset, 'index.js'), code);
    }
    await expectOneLine(['--assembly', outdir], line, 1);
  });

  it('stops at once and cleanly on Ctrl-C', async () => {
    const running = run('demo', ['--orders', '5000', '--assembly', await assemblyOf('EventDriven')], {
      TMPDIR: folder,
    });
    await running.says(/Running with everything in place/);
    await new Promise((done) => setTimeout(done, 1500));
    running.process.kill('SIGINT');
    const ended = await running.ended;
    expect(ended.err.trim()).toBe('Stopped.');
    expect(ended.code).toBe(130);
    expect(leftIn(folder)).toEqual([]);
  });
});

/** A line without what no two runs share: numbers, times, the alarms that fired. */
const shapeOf = (line: string) =>
  line
    .replace(/fired: .*/, 'fired:')
    .replace(/\d[\d.,]*( (ms|s|min|h)\b)?/g, '#')
    .replace(/─+/g, '─')
    .replace(/\s+/g, ' ')
    .trim();

describe('the front page', () => {
  it('shows what the demo prints', async () => {
    const readme = readFileSync(join(__dirname, '../../../README.md'), 'utf8');
    const [, shown = ''] = /```text\n(Synthesizing[\s\S]*?)```/.exec(readme) ?? [];
    const out = printed ?? (await run('demo', ['--orders', '40']).ended).out;
    // Where it is on the way is told by the clock.
    const lines = (text: string) =>
      text
        .split('\n')
        .filter((line) => line.trim() !== '' && !/^\d+ accepted · /.test(line))
        .map(shapeOf)
        .sort();
    expect(lines(shown)).toEqual(lines(out));
  });
});
