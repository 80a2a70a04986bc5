import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { markedFiles } from './markers';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'groundplan-markers-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

it('finds each test by the project that it names', () => {
  write('test/patterns/a/one.test.ts', '// @project unit\n// @node24\n\nit();\n');
  write('test/patterns/b/two.test.ts', '// @node24\n// @project memory\n\nit();\n');
  write('test/three.test.ts', "import 'x';\nconst text = '// @project unit';\n");
  write('test/four.ts', '// @project unit\n');
  expect(markedFiles(root)).toEqual({
    memory: ['test/patterns/b/two.test.ts'],
    proofs: [],
    synthesis: [],
    unit: ['test/patterns/a/one.test.ts'],
  });
});

it.each(['units', 'processes', 'unit '])('refuses a project "%s"', (project) => {
  write('test/one.test.ts', `// @project ${project}\n`);
  expect(() => markedFiles(root)).toThrow(
    `test/one.test.ts: @project is one of memory, proofs, synthesis, unit, not ${project}`,
  );
});
