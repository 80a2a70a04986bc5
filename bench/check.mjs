// Time that the rules take for templates of 10 to 5,000 resources: those of the patterns, again and again. Run it after a build with
// `npm run bench:check`. Exit code 1 when a bound is missed.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { repeated } from './repeated-template.mjs';

const ROUNDS = 3;
const SIZES = [10, 100, 1000, 5000];
/** Seconds of rules, by number of resources, on two cores. */
const MAX_SECONDS = new Map([
  [100, 0.15],
  [1000, 1.5],
]);
/** Seconds of the command on 100 resources, with its start. */
const MAX_COMMAND = 1;
const STACKS = ['EventDriven', 'DataPipeline', 'WebApp', 'GenAiRag'];

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const { checkTemplates } = require('../dist/lib/checks/check-templates.js');
const output = mkdtempSync(join(tmpdir(), 'groundplan-bench-'));

function seconds(run) {
  const times = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    run();
    return (performance.now() - start) / 1000;
  });
  return Math.min(...times);
}

function check(template) {
  const none = { stackNames: new Map(), nested: new Map(), files: new Map(), regions: new Map() };
  return checkTemplates({ templates: { Bench: template }, ...none });
}

try {
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/aws-cdk/bin/cdk'),
      'synth',
      '--quiet',
      '--no-notices',
      '--build',
      'true',
      '--output',
      output,
    ],
    { cwd: root, encoding: 'utf8', env: { ...process.env, CDK_DISABLE_CLI_TELEMETRY: 'true' } },
  );
  if (status !== 0) throw new Error(`npx cdk synth ended with ${status}: ${stderr}`);
  const missed = [];
  const templates = STACKS.map((stack) => [
    stack,
    JSON.parse(readFileSync(join(output, `${stack}.template.json`), 'utf8')),
  ]);
  console.log(['resources'.padEnd(16), ...SIZES.map((size) => String(size).padStart(9))].join(''));
  for (const [stack, template] of templates) {
    const times = SIZES.map((size) => [size, seconds(() => check(repeated(template, size)))]);
    console.log([stack.padEnd(16), ...times.map(([, time]) => `${time.toFixed(3)} s`.padStart(9))].join(''));
    for (const [size, time] of times) {
      const most = MAX_SECONDS.get(size);
      if (most !== undefined && time > most)
        missed.push(`${stack}: ${size} resources take ${time.toFixed(3)} s; at most ${most}`);
    }
  }
  const file = join(output, 'bench.json');
  writeFileSync(file, JSON.stringify(repeated(templates[0][1], 100)));
  const command = seconds(() => spawnSync(process.execPath, [join(root, 'dist/bin/groundplan.js'), 'check', file]));
  console.log(`groundplan check of 100 resources, start included: ${command.toFixed(2)} s`);
  if (command > MAX_COMMAND) missed.push(`the command takes ${command.toFixed(2)} s; at most ${MAX_COMMAND}`);
  for (const line of missed) console.error(line);
  process.exitCode = missed.length === 0 ? 0 : 1;
} finally {
  rmSync(output, { recursive: true, force: true });
}
