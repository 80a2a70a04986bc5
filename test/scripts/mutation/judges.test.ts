import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Imports } from '../../../scripts/mutation/imports';
import { Judges } from '../../../scripts/mutation/judges';

const RUNTIME = 'patterns/genai-rag/runtime';
const TESTS = `test/${RUNTIME}`;
const FILES: Readonly<Record<string, string>> = {
  'local/engine/engine.ts': "import { x } from '../lambda/sandbox.cjs';",
  'local/lambda/sandbox.cts': '',
  [`${RUNTIME}/alone.ts`]: '',
  [`${RUNTIME}/prompt.ts`]: "import type { Other } from './other';\nimport {\n  alone,\n} from './alone';",
  [`${RUNTIME}/other.ts`]: "export { prompt } from './prompt';",
  [`${RUNTIME}/index.ts`]: "export * from './other';",
  [`${TESTS}/prompt-bounds.test.ts`]: `import { prompt } from '../../../../${RUNTIME}';`,
  [`${TESTS}/ask.test.ts`]: `import { prompt } from '../../../../${RUNTIME}/prompt';\nimport { e } from '../../../../local/engine/engine';`,
  [`${TESTS}/other.test.ts`]: `const { o } = await import('../../../../${RUNTIME}/other');\nimport { f } from './a-fixture';`,
  [`${TESTS}/a-fixture.ts`]: '',
};

let root = '';

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'groundplan-judges-'));
  for (const [file, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('what a file imports', () => {
  it('is what is there when it runs', () => {
    expect(new Imports(root).of(`${RUNTIME}/prompt.ts`)).toEqual([`${RUNTIME}/alone.ts`]);
    expect(new Imports(root).of(`${TESTS}/other.test.ts`).length).toBe(2);
  });

  it('is followed as far as wanted', () => {
    const imports = new Imports(root);
    expect([...imports.closure(`${TESTS}/ask.test.ts`)]).toContain('local/lambda/sandbox.cts');
    expect([...imports.closure(`${TESTS}/other.test.ts`, (file) => file.startsWith('test/'))]).toEqual([
      `${TESTS}/other.test.ts`,
      `${TESTS}/a-fixture.ts`,
    ]);
  });
});

describe('the tests that judge a source', () => {
  const judges = () => new Judges(root, Object.keys(FILES));

  it('are those that load it, without the engine, where one of them is its own', () => {
    expect(judges().of(`${RUNTIME}/prompt.ts`)).toEqual([`${TESTS}/prompt-bounds.test.ts`, `${TESTS}/other.test.ts`]);
  });

  it('are those that run the engine, too, where none is', () => {
    expect(judges().of(`${RUNTIME}/alone.ts`)).toHaveLength(3);
  });

  it('are those first that are most about it', () => {
    expect(judges().nearest(`${RUNTIME}/prompt.ts`, 1)).toEqual([`${TESTS}/prompt-bounds.test.ts`]);
    expect(judges().nearest(`${RUNTIME}/other.ts`, 2)[0]).toBe(`${TESTS}/other.test.ts`);
  });
});
