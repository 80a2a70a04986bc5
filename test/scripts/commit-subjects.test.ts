import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { faultOf, historySince } from '../../scripts/commit-subjects';

const ROOT = join(__dirname, '../..');
const AUTHOR = ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'commit.gpgsign=false'];

describe("a commit's subject", () => {
  it('has 72 characters at most', () => {
    expect(faultOf(`area: ${'x'.repeat(66)}`)).toBeUndefined();
    expect(faultOf(`area: ${'x'.repeat(67)}`)).toBe('has 73 characters, of 72 at most');
    // Characters, and not the halves that JavaScript counts.
    expect(faultOf(`area: ${'🌍'.repeat(66)}`)).toBeUndefined();
  });

  it.each(['rules: object to an open port', 'genai-rag/site: name each source', 'ci: check subjects'])(
    'may be "%s"',
    (subject) => expect(faultOf(subject)).toBeUndefined(),
  );

  it.each([
    '',
    'mend it',
    'area:',
    'area: ',
    'area:what',
    'Area: what',
    'two words: what',
    ': what',
    'fixup! area: what',
  ])('is not "%s"', (subject) => expect(faultOf(subject)).toBe('is not "area: what", with the area in lower case'));
});

describe('the history', () => {
  let folder: string;
  const git = (...args: string[]) =>
    execFileSync('git', [...AUTHOR, ...args], { cwd: join(folder, 'origin'), encoding: 'utf8' }).trim();
  const commit = (subject: string) => {
    git('commit', '--quiet', '--allow-empty', '-m', subject, '-m', 'The why.');
    return git('rev-parse', 'HEAD');
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'groundplan-history-'));
    execFileSync('git', ['init', '--quiet', '--initial-branch=main', join(folder, 'origin')]);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is read since the commit named, without merges', () => {
    const since = commit('old');
    git('switch', '--quiet', '-c', 'side');
    commit('side: one');
    git('switch', '--quiet', 'main');
    git('merge', '--quiet', '--no-ff', '-m', "Merge branch 'side'", 'side');
    commit('main: two');
    expect(historySince(join(folder, 'origin'), since)).toEqual({ subjects: ['main: two', 'side: one'] });
    expect(historySince(join(folder, 'origin'), git('rev-parse', 'HEAD'))).toEqual({ subjects: [] });
  });

  it('is as long as a shallow clone has it', () => {
    const since = commit('old');
    for (const subject of ['a: one', 'a: two', 'a: three']) commit(subject);
    execFileSync('git', ['clone', '--quiet', '--depth=2', pathToFileURL(join(folder, 'origin')).href, 'clone'], {
      cwd: folder,
    });
    expect(historySince(join(folder, 'clone'), since)).toEqual({
      subjects: ['a: three', 'a: two'],
      cut: `this clone does not go back to ${since}`,
    });
  });

  it('may be none', () => {
    expect(historySince(folder, 'HEAD')).toEqual({ subjects: [], cut: 'there is no history here' });
    expect(historySince(join(folder, 'origin'), 'HEAD')).toEqual({ subjects: [], cut: 'there is no history here' });
  });

  it('fails the command for a subject at fault, and names it', () => {
    const check = () =>
      spawnSync(
        process.execPath,
        [
          '--import',
          pathToFileURL(join(ROOT, 'node_modules/tsx/dist/loader.mjs')).href,
          join(ROOT, 'scripts/check-commits.ts'),
        ],
        { cwd: join(folder, 'origin'), encoding: 'utf8' },
      );
    commit('a: fine');
    expect(check()).toMatchObject({
      status: 0,
      stderr: '',
      stdout: expect.stringContaining('1 commit subjects checked'),
    });
    commit('Mend it');
    expect(check()).toMatchObject({
      status: 1,
      stderr: '"Mend it" is not "area: what", with the area in lower case\n',
    });
  });
});
