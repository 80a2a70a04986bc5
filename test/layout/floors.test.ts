import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = join(__dirname, '../..');
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
const COMMAND = scripts['lint:floors'] ?? '';

/** Imports that go upward, each with the rule that it breaks. */
const VIOLATIONS: readonly (readonly [rule: string, from: string, to: string])[] = [
  ['no-pattern-in-lib', 'lib/ai/a.ts', 'patterns/web-app/web-app.ts'],
  ['no-pattern-in-pattern', 'patterns/genai-rag/a.ts', 'patterns/web-app/web-app.ts'],
  ['no-local-in-product', 'patterns/web-app/b.ts', 'local/engine/engine.ts'],
  ['no-local-in-product', 'patterns/web-app/e.ts', 'patterns/web-app/local/demo.ts'],
  ['no-pattern-in-engine', 'local/c.ts', 'patterns/web-app/web-app.ts'],
  ['no-test-in-local', 'local/a.ts', 'test/fixture.ts'],
  ['bottom-is-the-bottom', 'lib/validation/a.ts', 'lib/compute/function.ts'],
  ['upward-from-compute', 'lib/compute/a.ts', 'lib/edge/edge.ts'],
  ['upward-from-storage', 'lib/storage/a.ts', 'lib/monitoring/alarms.ts'],
  ['upward-from-ai', 'lib/ai/b.ts', 'lib/checks/check.ts'],
  ['checks-judge-templates', 'lib/checks/a.ts', 'lib/edge/edge.ts'],
  ['facts-and-template-without-cdk', 'lib/facts/a.ts', 'aws-cdk-lib'],
  ['commands-without-cdk', 'lib/operations/a.ts', 'aws-cdk-lib'],
  ['commands-without-cdk', 'lib/checks/c.ts', 'lib/checks/app-rules.ts'],
  ['run-time-without-deploy-time', 'patterns/web-app/handlers/a.ts', 'aws-cdk-lib'],
  ['run-time-without-deploy-time', 'lib/ai/handlers/a.ts', 'aws-cdk-lib'],
  ['run-time-imports-run-time', 'patterns/web-app/handlers/b.ts', 'lib/compute/function.ts'],
  ['deploy-time-without-run-time', 'lib/compute/b.ts', 'lib/runtime/cache.ts'],
  ['deploy-time-without-run-time', 'lib/compute/c.ts', '@aws-sdk/client-s3'],
  ['browser-by-itself', 'patterns/web-app/site/a.ts', 'lib/runtime/cache.ts'],
  ['no-browser-elsewhere', 'patterns/web-app/c.ts', 'patterns/web-app/site/page.ts'],
  ['not-to-unresolvable', 'lib/compute/d.ts', 'lib/compute/nowhere.ts'],
];

/** Imports that are allowed. */
const ALLOWED: readonly (readonly [from: string, to: string])[] = [
  ['lib/edge/d.ts', 'lib/compute/function.ts'],
  ['lib/compute/e.ts', 'lib/runtime/contract.ts'],
  ['lib/checks/b.ts', 'lib/facts/prices.ts'],
  ['lib/checks/app-rules.ts', 'aws-cdk-lib'],
  ['patterns/web-app/d.ts', 'lib/edge/edge.ts'],
  ['patterns/web-app/handlers/c.ts', 'lib/runtime/cache.ts'],
  ['local/b.ts', 'patterns/patterns.ts'],
  ['patterns/web-app/local/b.ts', 'local/engine/engine.ts'],
];

let folder: string;

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function imports(from: string, to: string): void {
  const name = /^(@|aws-cdk-lib)/.test(to)
    ? to
    : `${'../'.repeat(from.split('/').length - 1)}${to.replace(/\.ts$/, '')}`;
  write(from, `import { value } from '${name}';\nexport const own = value;\n`);
}

/** Rules that the imports of the folder break, with the files that break them. */
function broken(): string[] {
  const { stdout, stderr } = spawnSync(`${COMMAND} --output-type json`, { cwd: folder, shell: true, encoding: 'utf8' });
  try {
    const { summary } = JSON.parse(stdout) as {
      summary: { violations: { from: string; rule: { name: string } }[] };
    };
    return summary.violations.map(({ from, rule }) => `${rule.name}: ${from}`);
  } catch {
    throw new Error(`depcruise did not answer: ${stderr}`);
  }
}

/** What one run of the command says of all the imports at once: it costs a second and more each time. */
let found: readonly string[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'groundplan-floors-'));
  for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json']) cpSync(join(ROOT, file), join(folder, file));
  for (const name of ['aws-cdk-lib', '@aws-sdk/client-s3']) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
    write(`node_modules/${name}/index.js`, 'exports.value = 1;');
  }
  write('bin/app.ts', 'export {};');
  const targets = [...VIOLATIONS.map(([, , to]) => to), ...ALLOWED.map(([, to]) => to)];
  for (const to of targets) if (to.endsWith('.ts') && !to.includes('nowhere')) write(to, 'export const value = 1;\n');
  for (const [from, to] of ALLOWED) imports(from, to);
  for (const [, from, to] of VIOLATIONS) imports(from, to);
  write('lib/api/a.ts', "import { b } from './b';\nexport const a = 1;\nexport const c = b;\n");
  write('lib/api/b.ts', "import { a } from './a';\nexport const b = a;\n");
  write('lib/api/x.ts', "import type { Y } from './y';\nexport type X = Y;\nexport const x = 1;\n");
  write('lib/api/y.ts', "import { x } from './x';\nexport type Y = typeof x;\n");
  found = broken();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the floors', () => {
  it('let imports run downward', () => {
    for (const [from] of ALLOWED) expect(found.filter((each) => each.endsWith(`: ${from}`))).toEqual([]);
  });

  it('stop each import that runs upward', () => {
    for (const [rule, from] of VIOLATIONS) expect(found).toContain(`${rule}: ${from}`);
  });

  it('stop a circle of values, and let types go around', () => {
    const circles = found.filter((each) => each.startsWith('no-circle'));
    expect(circles.length).toBeGreaterThan(0);
    for (const circle of circles) expect(circle).toMatch(/lib\/api\/[ab]\.ts$/);
  });

  it('object to nothing else', () => {
    const expected = [...VIOLATIONS.map(([, from]) => from), 'lib/api/a.ts', 'lib/api/b.ts'];
    expect(found.filter((each) => !expected.some((from) => each.endsWith(`: ${from}`)))).toEqual([]);
  });
});
