import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../../lib/operations/command-line';
import { rehearseCommand } from '../../../lib/operations/rehearse';
import type { Terminal } from '../../../lib/operations/terminal';

let folder = '';
const here = process.cwd();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rehearse-'));
});
afterEach(() => {
  process.chdir(here);
  rmSync(folder, { recursive: true, force: true });
});

const bus = (Name: unknown) => ({ Resources: { Bus: { Type: 'AWS::Events::EventBus', Properties: { Name } } } });
const table = (TableName: string) => ({
  Resources: { Table: { Type: 'AWS::DynamoDB::Table', Properties: { TableName } } },
});

function file(name: string, template: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof template === 'string' ? template : JSON.stringify(template));
  return path;
}

/** Runs `groundplan rehearse`. */
async function run(...args: readonly string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const terminal: Terminal = {
    out: (text) => out.push(text),
    err: (text) => err.push(text),
    interactive: false,
    ask: async () => '',
    sleep: async () => undefined,
    now: () => 0,
    onInterrupt: () => () => undefined,
  };
  const code = await main(['rehearse', ...args], terminal);
  return { code, out: out.join('\n'), err: err.join('\n') };
}

describe('groundplan rehearse', () => {
  it('ends with 1 for a fault, and with 0 for what it cannot tell or notes', async () => {
    const fault = await run(file('fault.json', bus('shop')));
    expect([fault.code, fault.err]).toEqual([1, '']);
    expect(fault.out).toMatch(/^1 fault\.\n\nFAULT {2}second copy: second-copy-collides\n/);
    const unknown = await run(file('unknown.json', bus({ Ref: 'Name' })));
    expect([unknown.code, unknown.out.split('\n')[0]]).toEqual([0, 'No fault, 1 undecided.']);
    expect(await run(file('none.json', bus({ Ref: 'AWS::StackName' })))).toEqual({
      code: 0,
      out: 'No fault.',
      err: '',
    });
  });

  it('prints what a deletion leaves, and judges nothing then', async () => {
    const kept = file('kept.json', { Resources: { Key: { Type: 'AWS::KMS::Key', DeletionPolicy: 'Retain' } } });
    const { code, out } = await run(kept, '--teardown');
    expect([code, out.split('\n')[0]]).toEqual([0, 'Deletion leaves, until you delete it:']);
    expect(out).toContain('1 AWS::KMS::Key, a month: $1.00 a key');
  });

  it('reads cdk.out where no path is given', async () => {
    mkdirSync(join(folder, 'cdk.out'));
    process.chdir(folder);
    const missing = await run();
    expect([missing.code, missing.err]).toEqual([2, 'cdk.out has no template and no cloud assembly']);
    file('cdk.out/Shop.template.json', bus('shop'));
    expect((await run()).code).toBe(1);
  });

  it('prints all of it as JSON', async () => {
    const { code, out } = await run(
      '--json',
      file('shop.yaml', 'Resources: { Bus: { Type: AWS::Events::EventBus, Properties: { Name: x } } }'),
    );
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject([
      { check: 'second-copy-collides', weight: 'fault', resources: [{ stack: 'shop', logicalId: 'Bus' }] },
    ]);
  });

  it('rehearses the update from what is deployed, of one template whatever its files are called', async () => {
    const [old, now] = [file('old.json', table('a')), file('new.json', table('b'))];
    expect((await run(now, '--from', old)).out).toContain(
      'FAULT  update: data-replaced\n  new: Table (AWS::DynamoDB::Table)',
    );
    expect((await run(now, '--from', now)).out).not.toContain('update: ');
  });

  it('rehearses the update of folders by the names of their stacks', async () => {
    for (const [name, of] of [
      ['old', 'a'],
      ['new', 'b'],
    ] as const) {
      mkdirSync(join(folder, name));
      file(`${name}/Shop.json`, table(of));
      file(`${name}/Bus.json`, bus({ Ref: 'AWS::StackName' }));
    }
    expect((await run(join(folder, 'new'), '--from', join(folder, 'old'))).out).toContain(
      'update: data-replaced\n  Shop: Table',
    );
    mkdirSync(join(folder, 'other'));
    file('other/Else.json', table('a'));
    file('other/More.json', table('a'));
    expect((await run(join(folder, 'new'), '--from', join(folder, 'other'))).out).toContain(
      'CANNOT TELL  update: no-stack-in-common',
    );
  });

  it.each([
    [['missing.json'], /^missing\.json does not exist; run "cdk synth" first, or name a template$/],
    [['--from', 'missing', 'ok.json'], /^missing does not exist/],
    [['broken.json'], /^broken\.json is no CloudFormation template: it is no JSON: /],
    [['pod.yaml'], /^pod\.yaml is no CloudFormation template: it has no Resources$/],
    [['--unknown'], /^Unknown option '--unknown'/],
    [['--from'], /^Option '--from <value>' argument missing/],
  ])('ends %j with 2 and one line', async (args, message) => {
    file('ok.json', bus('x'));
    file('broken.json', '{\n"a": \n');
    file('pod.yaml', 'kind: Pod\n');
    process.chdir(folder);
    const { code, out, err } = await run(...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
    expect(err).not.toContain('\n');
  });

  it('says how it is used, in lines of a terminal', async () => {
    const { code, out } = await run('--help');
    expect([code, out]).toEqual([0, rehearseCommand.usage]);
    expect(Math.max(...out.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(120);
  });
});
