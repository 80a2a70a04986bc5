import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Verdict } from '../../../scripts/mutation/judge';
import { Results } from '../../../scripts/mutation/results';

const TESTS = ['test/one.test.ts', 'test/two.test.ts'];
const KILLED: Verdict = { outcome: 'killed', by: 'test/one.test.ts: works: well', reachedBy: ['test/one.test.ts'] };
const SURVIVED: Verdict = { outcome: 'survived', reachedBy: ['test/two.test.ts'] };

let root = '';

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

const results = (tool = '1') => new Results(root, join(root, '.cache/results.json'), tool);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'groundplan-mutation-'));
  write('lib/a.ts', 'export const a = 1;');
  write('test/fixtures/table.ts', 'export const table = [];');
  write('test/one.test.ts', "import { table } from './fixtures/table';\nimport { a } from '../lib/a';");
  write('test/two.test.ts', "import { it } from 'vitest';");
  const first = results();
  const verdicts = new Map([
    ['killed', KILLED],
    ['survived', SURVIVED],
  ]);
  first.keep('lib/a.ts', TESTS, verdicts);
  first.write();
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('what is known from earlier runs', () => {
  it('holds while nothing has changed', () => {
    expect(results().due('lib/a.ts', 'killed', TESTS)).toEqual({ verdict: KILLED });
    expect(results().due('lib/a.ts', 'survived', TESTS)).toEqual({ verdict: SURVIVED });
  });

  it('is nothing for a mutant that is new', () => {
    expect(results().due('lib/a.ts', 'new', TESTS)).toEqual({ tryOn: TESTS });
    expect(results().due('lib/b.ts', 'killed', TESTS)).toEqual({ tryOn: TESTS });
  });

  it('is nothing once the source has changed, or the tool', () => {
    expect(results('2').due('lib/a.ts', 'killed', TESTS)).toEqual({ tryOn: TESTS });
    write('lib/a.ts', 'export const a = 2;');
    expect(results().due('lib/a.ts', 'killed', TESTS)).toEqual({ tryOn: TESTS });
  });

  it('is put to a test that has changed, by a fixture of its own, before the others', () => {
    write('test/fixtures/table.ts', 'export const table = [1];');
    expect(results().due('lib/a.ts', 'killed', TESTS)).toEqual({ tryOn: [TESTS[0]], others: [TESTS[1]] });
    expect(results().due('lib/a.ts', 'survived', TESTS)).toEqual({ tryOn: [TESTS[0]], before: SURVIVED });
  });

  it('is put to a test that is new where none noticed it, and holds where one did', () => {
    write('test/three.test.ts', '');
    const more = [...TESTS, 'test/three.test.ts'];
    expect(results().due('lib/a.ts', 'killed', more)).toEqual({ verdict: KILLED });
    expect(results().due('lib/a.ts', 'survived', more)).toEqual({ tryOn: ['test/three.test.ts'], before: SURVIVED });
  });

  it('is put to all others when the test that noticed it is gone', () => {
    expect(results().due('lib/a.ts', 'killed', ['test/two.test.ts'])).toEqual({
      ...{ tryOn: [], others: ['test/two.test.ts'] },
    });
  });
});
