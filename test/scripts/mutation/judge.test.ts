import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answers, Judge, mutantsOf } from '../../../scripts/mutation/judge';

const SOURCE = 'lib/checks/bounds.ts';
const FILES = {
  [SOURCE]: `export const LIMIT = 3;
export function isAbove(n: number): boolean { return n > LIMIT; }
export function unused(n: number): boolean { return n !== 0; }
export function unread(n: number): boolean { return n === 1; }
export function count(n: number): number { let i = 0; while (i < n) i++; return i; }
export function end(n: number): void { if (n < 0) process.kill(process.pid, 'SIGKILL'); }
export function double(n: number): number { return n * 2; }
`,
  'test/kept.ts': `import { double } from '../lib/checks/bounds';
let kept: number | undefined;
export const four = () => (kept ??= double(2));
`,
  'test/bounds.test.ts': `import { expect, it } from 'vitest';
import { count, end, isAbove, unread } from '../lib/checks/bounds';
it('is above', () => expect([2, 3, 4].map(isAbove)).toEqual([false, false, true]));
it('counts', () => { unread(1); expect(count(3)).toBe(3); end(1); });
it('fails by itself', () => expect(unread(1)).toBe(false));
`,
  'test/kept.test.ts': `import { expect, it } from 'vitest';
import { four } from './kept';
it('is four', () => expect(four()).toBe(4));
`,
};

let root = '';
let answers: Answers;
const said: string[] = [];

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'groundplan-judge-'));
  for (const [file, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  const project = join(__dirname, '../../..');
  cpSync(join(project, 'scripts/mutation/worker'), join(root, 'scripts/mutation/worker'), { recursive: true });
  symlinkSync(join(project, 'node_modules'), join(root, 'node_modules'));
  const tests = new Set(['test/bounds.test.ts', 'test/kept.test.ts']);
  const questions = mutantsOf(root, [SOURCE]).map((mutant) => ({ mutant, tests }));
  answers = await new Judge(root, 1, (line) => said.push(line)).judge(questions);
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('mutants in a process of vitest', () => {
  it.each([
    ['number | 3 -> 4', 'killed', 'a constant that is read when its module loads'],
    ['number | 3 -> 2', 'killed', 'and the other side of it'],
    ['boundary | n > LIMIT -> n >= LIMIT', 'killed', 'a bound'],
    ['negation | n !== 0 -> n === 0', 'not covered', 'what no test reaches'],
    ['negation | n === 1 -> n !== 1', 'survived', 'what a test reaches, and does not look at'],
    ['update | i++ -> i--', 'endless', 'a loop that has no end'],
    ['statement left out | i++; -> ;', 'endless', 'a loop that does nothing'],
    ['boundary | i < n -> i <= n', 'killed', 'what comes after those'],
    ['condition true | n < 0 -> true', 'crashed', 'what ends the process'],
    ['arithmetic | n * 2 -> n / 2', 'killed', 'what a fixture keeps for the tests that follow'],
  ])('%s is %s: %s', (name, outcome) => {
    expect(answers.verdicts.get(`${SOURCE} | ${name}`)?.outcome).toBe(outcome);
  });

  it('are noticed by tests that have a name', () => {
    const by = answers.verdicts.get(`${SOURCE} | boundary | n > LIMIT -> n >= LIMIT`)?.by;
    expect(by).toBe('test/bounds.test.ts: is above');
  });

  it('are not judged by a test that fails without them', () => {
    expect(said).toContain('left out, since it fails without a mutant: test/bounds.test.ts: fails by itself');
  });
});
