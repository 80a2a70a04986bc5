import { describe, expect, it } from 'vitest';
import type { Command } from '../../../lib/operations/command';
import { main } from '../../../lib/operations/command-line';
import type { Terminal } from '../../../lib/operations/terminal';

/** Runs a command line that can load two patterns, and replay one of them. */
async function run(args: string) {
  const [out, err, loaded, replayed]: [string[], string[], string[][], string[][]] = [[], [], [], []];
  const terminal: Terminal = {
    out: (text) => out.push(text),
    err: (text) => err.push(text),
    interactive: false,
    ask: async () => '',
    sleep: async () => undefined,
    now: () => 0,
    onInterrupt: () => () => undefined,
  };
  const command = (verb: string, name: string, done: string[][]) => async (): Promise<Command> => ({
    usage: `how to ${verb} ${name}`,
    run: async (given) => {
      done.push([name, ...given]);
      return 7;
    },
  });
  const parts = {
    loads: { shop: command('load', 'shop', loaded), lake: command('load', 'lake', loaded) },
    replays: { lake: command('replay', 'lake', replayed) },
  };
  const code = await main(
    args.split(' ').filter((each) => each !== ''),
    terminal,
    parts,
  );
  return { code, out: out.join('\n'), err: err.join('\n'), loaded, replayed };
}

describe('groundplan', () => {
  it.each(['--help', 'help', 'purge --help', 'load --help', 'load web-app --help', 'replay shop --help'])(
    '%s lists all commands',
    async (args) => {
      const { code, out, err, loaded, replayed } = await run(args);
      expect([code, err, loaded, replayed]).toEqual([0, '', [], []]);
      expect(out).toMatch(
        /^Usage: groundplan check \[cdk\.out \| template \| folder\] \[options\]\n +groundplan rehearse \[cdk\.out\] \[options\]\n +groundplan doctor \[pattern-or-cdk\.out\] \[options\]\n +groundplan try <stack> \[options\]\n +groundplan redrive <queue-or-stack> \[options\]\n +groundplan load <pattern> \[options\]\n +groundplan replay <pattern> \[options\]\n/,
      );
      expect(out).toMatch(/^ {2}try {13}makes a user of a deployed dev stack/m);
      expect(out).toMatch(/^ {2}check {11}judges CloudFormation templates/m);
      expect(out).toMatch(/^ {2}rehearse {8}finds in synthesized templates/m);
      expect(out).toMatch(/^ {2}doctor {10}checks before the first deployment/m);
      expect(out).toMatch(/^ {2}load {12}sends .*: shop, lake$/m);
      expect(out).toMatch(/^ {2}replay {10}sends .*: lake$/m);
    },
  );

  it.each([
    ['check --help', /^Usage: groundplan check \[cdk\.out/],
    ['try Shop --help', /^Usage: groundplan try <stack> \[options\]/],
    ['redrive --help', /^Usage: groundplan redrive <queue-or-stack>/],
    ['redrive Shop --help', /--dry-run/],
    ['rehearse --help', /^Usage: groundplan rehearse \[cdk\.out \| folder \| template\.\.\.\]/],
    ['doctor --help', /^Usage: groundplan doctor \[cdk\.out\] \[stack\.\.\.\] \[options\]/],
    ['load shop --help', /^how to load shop$/],
    ['load lake --rate 1 --help', /^how to load lake$/],
    ['replay lake --help', /^how to replay lake$/],
  ])('%s tells of that alone', async (args, text) => {
    const { code, out, loaded } = await run(args);
    expect([code, out, loaded]).toEqual([0, expect.stringMatching(text), []]);
    expect(out).not.toContain('load <pattern>');
  });

  it('hands a pattern what comes after its name, and ends as it ends', async () => {
    const nothing = { code: 7, out: '', err: '', loaded: [], replayed: [] };
    expect(await run('load lake --rate 1')).toEqual({ ...nothing, loaded: [['lake', '--rate', '1']] });
    expect(await run('replay lake --yes')).toEqual({ ...nothing, replayed: [['lake', '--yes']] });
  });

  it.each([
    ['load', 'Pass the pattern to send to; available: shop, lake'],
    ['load web-app', 'load does not support web-app; available: shop, lake'],
    ['load toString', 'load does not support toString; available: shop, lake'],
    ['replay', 'Pass the pattern to replay; available: lake'],
    ['replay shop', 'replay does not support shop; available: lake'],
  ])('%s is told in one line what there is', async (args, message) => {
    expect(await run(args)).toEqual({ code: 2, out: '', err: message, loaded: [], replayed: [] });
  });

  it.each([
    ['', /^Usage: groundplan check/],
    ['purge', /^Unknown command purge\.\n\nUsage: groundplan check/],
    ['toString', /^Unknown command toString\.\n\nUsage: groundplan check/],
  ])('without a command that it knows ("%s") explains itself', async (args, message) => {
    const { code, err } = await run(args);
    expect([code, err]).toEqual([2, expect.stringMatching(message)]);
  });

  it('says that nothing can be loaded when nothing can', async () => {
    const err: string[] = [];
    const terminal = { err: (text: string) => err.push(text) } as unknown as Terminal;
    expect(await main(['load'], terminal)).toBe(2);
    expect(err).toEqual(['Pass the pattern to send to; available: none']);
  });
});
