import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const ROOT = join(__dirname, '../..');
const PROJECT = [
  ...['bench', 'bin', 'dist', 'lib', 'local', 'patterns', 'scripts', 'test'],
  ...['cdk.json', 'package.json', 'tsconfig.json', 'tsconfig.build.json', 'vitest.config.mts'],
];
const LIST = 'patterns/patterns.ts';

const OWN = { extends: './tsconfig.json', include: ['patterns/toy', 'test/proof/toy'] };
const REPORT = `
  import { readFileSync, writeFileSync } from 'node:fs';
  import { reportFor } from './test/proof/report';
  import { readmeWithTeardown } from './test/proof/teardown';
  const README = 'patterns/toy/README.md';
  void reportFor('toy')
    .then((report) => writeFileSync('patterns/toy/GOTCHAS.md', report))
    .then(() => readmeWithTeardown('toy', readFileSync(README, 'utf8')))
    .then((readme) => writeFileSync(README, readme));
`;

let copy: string;
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'groundplan-new-pattern-'));
  for (const part of PROJECT) {
    cpSync(join(ROOT, part), join(copy, part), { recursive: true, preserveTimestamps: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  // The pattern's own folders, and its name in the list: a contributor changes nothing else.
  cpSync(join(ROOT, 'test/fixtures/toy'), copy, { recursive: true });
  const list = readFileSync(join(copy, LIST), 'utf8');
  const longer = list.replace(/(PATTERNS: readonly Pattern\[\] = \[.*)\];/, '$1, toy];');
  expect(longer).not.toBe(list);
  writeFileSync(join(copy, LIST), `import { toy } from './toy/pattern';\n${longer}`);
  expectSuccess('scripts/build.mjs');
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** Runs a script of the copy, as from a shell of its own. */
function run(...args: readonly string[]) {
  const ours = Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST') && name !== 'NODE_ENV');
  return spawnSync(process.execPath, args, {
    cwd: copy,
    encoding: 'utf8',
    env: { ...Object.fromEntries(ours), CDK_DISABLE_CLI_TELEMETRY: 'true', NODE_NO_WARNINGS: '1', NO_COLOR: '1' },
  });
}

/** @returns what it printed */
function expectSuccess(...args: readonly string[]): string {
  const { status, stdout, stderr } = run(...args);
  expect(status, `${args.join(' ')}\n${stdout}${stderr}`).toBe(0);
  return stdout;
}

const cdk = (...args: readonly string[]) =>
  expectSuccess('node_modules/aws-cdk/bin/cdk', ...args, '--no-notices', '--build', 'true');
const vitest = (...args: readonly string[]) =>
  expectSuccess('node_modules/vitest/vitest.mjs', 'run', ...args, '--reporter=verbose');
const demo = (...args: readonly string[]) => expectSuccess('--import', 'tsx', 'local/cli/demo.ts', ...args);

it('compiles', () => {
  writeFileSync(join(copy, 'tsconfig.toy.json'), JSON.stringify(OWN));
  expectSuccess('node_modules/typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.toy.json');
});

it('is listed, and synthesized with its own keys', () => {
  expect(cdk('list').trim().split('\n')).toContain('Toy');
  cdk('synth', 'Toy', '--quiet', '-c', 'menders=7');
  const template = readFileSync(join(copy, 'cdk.out/Toy.template.json'), 'utf8');
  expect(template).toContain('"MaximumConcurrency": 7');
});

it('is proven, by its rules and its handlers, and reported', () => {
  // As `npm run report`, but for the others.
  writeFileSync(join(copy, 'report-of-toy.ts'), REPORT);
  expectSuccess('--import', 'tsx', 'report-of-toy.ts');
  const report = readFileSync(join(copy, 'patterns/toy/GOTCHAS.md'), 'utf8');
  const evidence = [...report.matchAll(/^\| `([\w-]+)` .* \| ([^|]+) \|$/gm)].map(([, id, text]) => [id, text]);
  expect(evidence).toEqual(
    expect.arrayContaining([
      [
        'lambda-sqs-partial-batch',
        'proven: rule `lambda-sqs-partial-batch` objects when the handling is taken out of the template; ' +
          'proven: a run of the handlers fails when the handling is taken out of their source',
      ],
      ['sqs-dlq-required', 'proven: rule `sqs-dlq-required` objects when the handling is taken out of the template'],
      ['iam-roles-not-users', 'caught by rule `iam-roles-not-users` if it appears'],
      ['sqs-idempotent-consumer', 'not checked'],
    ]),
  );
  const out = vitest(
    'test/proof/rows.test.ts',
    'test/proof/handler-rows.test.ts',
    'test/proof/report.test.ts',
    '-t',
    'toy',
  );
  for (const name of [
    'toy > the rules > object to nothing, and can tell everything, in prod',
    'toy > the rules > object by sqs-dlq-required when it is mutated',
    'toy > lambda-sqs-partial-batch  > does not hold when its handling is taken out of the handler',
    'GOTCHAS.md of toy is what `npm run report` writes today',
  ]) {
    expect(out).toContain(name);
  }
});

it('is demoed, healthy and without a handling', () => {
  expect(demo('--help')).toMatch(/^ {2}--toys <n> +toys to send, .* \(toy; default 20\)$/m);
  expect(demo('toy', '--toys', '9')).toMatch(/kept for a person +1\n[\s\S]*Every toy is mended, or kept\.\n$/);
  const without = demo('toy', '--without', 'lambda-sqs-partial-batch');
  expect(without).toMatch(/the toy in pieces is gone: 0 are kept[\s\S]*That is what the handling is for\.\n$/);
});

it('has no drawn requests without an API, and says so', () => {
  const { status, stderr } = run('--import', 'tsx', 'local/cli/fuzz.ts', 'toy');
  expect([status, stderr]).toEqual([2, 'toy has no API that takes requests\n']);
});

it('breaks no test that goes through the patterns', () => {
  const files = [
    'test/patterns/groundplan-app.test.ts',
    'test/local/cli/demo-options.test.ts',
    'test/local/cli/patterns.test.ts',
  ];
  const tests = [
    'come from the address that is passed',
    'replaces no template',
    'told in the help',
    'a pattern that there is not',
  ];
  const out = vitest(...files, '-t', tests.join('|'));
  for (const test of tests) expect(out).toMatch(new RegExp(`✓.*${test}`));
});
