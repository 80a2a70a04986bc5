import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { blocks, DOCUMENTS, ROOT } from './markdown';

// Inside the package, so that a snippet finds it by its name as a reader's app does.
mkdirSync(join(ROOT, '.cache'), { recursive: true });
const folder = mkdtempSync(join(ROOT, '.cache', 'snippets-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const snippets = DOCUMENTS.flatMap((document) => blocks(document, 'ts').map((text) => ({ document, text })));
const named = snippets.map(({ document, text }, index) => {
  const name = /^\/\/ (\S+\.ts)\n/.exec(text)?.[1] ?? `snippet-${index}.ts`;
  writeFileSync(join(folder, name), text);
  return { document, text, name };
});

function run(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, CDK_OUTDIR: join(folder, 'out'), ...env },
  });
  return { status, stdout, stderr };
}

describe('the snippets of the documents', () => {
  it('are there', () => {
    expect(snippets.length).toBeGreaterThanOrEqual(5);
  });

  it('compile', () => {
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    const options = '--noEmit --strict --module nodenext --target es2022 --types node --ignoreConfig'.split(' ');
    const { stdout, status } = run([tsc, ...options, ...named.map(({ name }) => name)]);
    expect(stdout).toBe('');
    expect(status).toBe(0);
  });

  const apps = named.filter(({ text }) => text.includes('new App()'));
  it.each(apps)(
    '$document $name synthesizes',
    ({ text, name }) => {
      const [handler] = named.filter((each) => each.name === 'loyalty.ts');
      writeFileSync(join(folder, 'audit.ts'), handler?.text ?? '');
      const file = name.replace('.ts', '.run.ts');
      writeFileSync(join(folder, file), text.includes('runRules') ? text : `${text}\napp.synth();\n`);
      const { status, stdout, stderr } = run(['--import', 'tsx', file]);
      expect(status, stderr).toBe(0);
      if (text.includes('runRules')) expect(stdout).toContain('sqs-dlq-required');
    },
    120_000,
  );
});
