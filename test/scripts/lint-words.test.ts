import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import type { Allowed, Found } from '../../scripts/lint-words.mjs' with { 'resolution-mode': 'import' };

type Find = (file: string, source: string, allowed?: readonly Allowed[]) => Found[];

async function find(file: string, source: string, allowed?: readonly Allowed[]): Promise<readonly string[]> {
  const { findWords }: { findWords: Find } = await import('../../scripts/lint-words.mjs');
  return findWords(file, source, allowed).map(({ line, phrase }) => `${line}: ${phrase}`);
}

it('finds a phrase in a document, with its line and what to write', async () => {
  const { findWords }: { findWords: Find } = await import('../../scripts/lint-words.mjs');
  const [found, ...more] = findWords('README.md', '# Alarms\n\nOperators are told of failures.\n');
  expect(found).toMatchObject({ file: 'README.md', line: 3, phrase: 'told of' });
  expect(found?.write).toContain('notified of');
  expect(more).toEqual([]);
});

it('finds a phrase in comments, string literals and templates of code', async () => {
  const source = [
    '/** Asks somebody. */',
    "const text = 'Nobody answers.';",
    'const other = `Mended.`; // a fault that is mended',
  ].join('\n');
  expect(await find('lib/a.ts', source)).toEqual(['1: somebody', '2: nobody', '3: mended', '3: mended']);
});

it('finds a phrase that goes on in the next line', async () => {
  expect(await find('lib/a.ts', '/**\n * The documents that are taken\n * in by a job.\n */\n')).toEqual([
    '2: taken in',
  ]);
  expect(await find('docs/a.md', 'what is taken\nin by a job')).toEqual(['1: taken in']);
});

it('finds nothing in names of code and parts of words', async () => {
  expect(await find('lib/a.ts', 'const mended = somebody.nobody(1);\nmended();')).toEqual([]);
  expect(await find('docs/a.md', 'We recommend an amendment: it takes interest in no one. `take-in`.')).toEqual([]);
});

it('finds nothing in a clean text', async () => {
  expect(await find('README.md', 'No one receives alarm notifications. Pass alarmEmail.')).toEqual([]);
});

it('leaves out what a file is allowed, and nothing else', async () => {
  const allowed = [{ file: 'docs/a.md', phrase: 'nobody', why: 'a quotation' }];
  const source = 'Nobody knows somebody.';
  expect(await find('docs/a.md', source, allowed)).toEqual(['1: somebody']);
  expect(await find('docs/b.md', source, allowed)).toEqual(['1: nobody', '1: somebody']);
});

it('reads a repository: a line for each phrase, and for each exception that nothing needs', async () => {
  const { lintWords } = await import('../../scripts/lint-words.mjs');
  const root = mkdtempSync(join(tmpdir(), 'groundplan-words-'));
  const tree = {
    'README.md': 'Clean.',
    'CONTRIBUTING.md': 'What is mended.',
    'CHANGELOG.md': '',
    'docs/glossary.md': 'not: nobody',
    'bin/a.ts': '',
    'lib/deep/a.ts': '// Clean.\n// Nobody.\n',
    'local/a.html': '<p>somebody</p>',
    'patterns/a.json': '"somebody"',
  };
  try {
    for (const [file, text] of Object.entries(tree)) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    }
    const lines = lintWords(root);
    expect(lines.map((line) => line.split(': write')[0])).toEqual([
      'CONTRIBUTING.md:1: "mended"',
      'lib/deep/a.ts:2: "nobody"',
      'local/a.html:1: "somebody"',
      ...lines.filter((line) => line.endsWith('remove it')),
    ]);
    expect(lines.at(-1)).toMatch(/^scripts\/lint-words-list\.mjs: "nobody" is not in lib\/.*: remove it$/);
  } finally {
    rmSync(root, { recursive: true });
  }
});
