import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = join(__dirname, '../..');
const OPTIONS = {
  service: 'sqs',
  type: 'AWS::SQS::Queue',
  property: 'RedriveAllowPolicy.redrivePermission',
  title: 'A dead-letter queue says whose messages it takes',
  why: 'Any queue of the account may use it otherwise, and letters of strangers hide yours.',
  fix: "Set RedriveAllowPolicy to the queue's own source.",
  address: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html',
};

let copy: string;
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'groundplan-new-rule-'));
  for (const part of ['lib', 'scripts', 'package.json', 'tsconfig.json']) {
    cpSync(join(ROOT, part), join(copy, part), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

function newRule(id: string, changes: Partial<Record<string, string>> = {}) {
  const options = Object.entries({ ...OPTIONS, ...changes }).flatMap(([name, value = '']) => [`--${name}`, value]);
  return spawnSync(process.execPath, ['scripts/new-rule.mjs', id, ...options], { cwd: copy, encoding: 'utf8' });
}

/** What the copy's rules make of a rule's own templates. */
const JUDGED = `
  import { CATALOGUE } from './lib/catalogue/catalogue';
  import { brokenTemplates, fixedTemplate } from './lib/checks/example';
  import { mechanismsOf } from './lib/checks/mechanisms';
  import { RULES } from './lib/checks/rules';
  import { runRulesOnTemplates } from './lib/checks/run-rules';
  const id = 'sqs-redrive-allow' as never;
  const rule = RULES.find((each) => each.id === id)!;
  const kinds = (template: never) => runRulesOnTemplates({ A: template }).filter((each) => each.id === id).map(({ verdict }) => verdict.kind);
  const templates = [fixedTemplate(rule.example), ...brokenTemplates(rule.example)];
  const claim = CATALOGUE.find((row) => row.id === id)!.claim;
  console.log(JSON.stringify({ claim, mechanisms: mechanismsOf(id), kinds: templates.map((each) => kinds(each as never)) }));
`;

describe('npm run new:rule', () => {
  it('makes a rule that is in the pack and the catalogue, and judges by its card', () => {
    const { status, stderr, stdout } = newRule('sqs-redrive-allow');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('wrote test/lib/checks/rules/sqs/sqs-redrive-allow.test.ts');
    writeFileSync(join(copy, 'probe.ts'), JUDGED);
    const out = execFileSync(process.execPath, ['--import', 'tsx', 'probe.ts'], { cwd: copy, encoding: 'utf8' });
    expect(JSON.parse(out)).toEqual({
      claim: 'A dead-letter queue says whose messages it takes.',
      mechanisms: ['rule'],
      kinds: [['compliant'], ['violation']],
    });
    const test = readFileSync(join(copy, 'test/lib/checks/rules/sqs/sqs-redrive-allow.test.ts'), 'utf8');
    expect(test).toContain("from '../../../../../lib/checks/rules/sqs/sqs-redrive-allow'");
  });

  it.each([
    ['sqs-dlq-required', {}, 'lib/checks/rules/sqs/sqs-dlq-required.ts exists'],
    ['Sqs', {}, 'An id is words with hyphens, such as sqs-dlq-required, not Sqs'],
    ['sqs-a', { service: 'mainframe' }, 'There is no lib/catalogue/rows/mainframe.ts'],
    ['sqs-a', { type: 'Queue' }, '--type is a type of CloudFormation, such as AWS::SQS::Queue, not Queue'],
    ['sqs-a', { property: 'a b' }, '--property is a path, such as RedrivePolicy.maxReceiveCount, not a b'],
    ['sqs-a', { severity: 'fatal' }, '--severity is error, warning or advice, not fatal'],
    ['sqs-a', { address: 'example.com' }, '--address is a page of AWS, not example.com'],
  ])('writes nothing for %s with %j', (id, changes, line) => {
    const before = readFileSync(join(copy, 'lib/catalogue/rows/sqs.ts'), 'utf8');
    const { status, stderr } = newRule(id, changes);
    expect([status, stderr]).toEqual([2, `${line}\n`]);
    expect(readFileSync(join(copy, 'lib/catalogue/rows/sqs.ts'), 'utf8')).toBe(before);
  });
});
