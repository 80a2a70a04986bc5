import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

/** As the app runs it: the build comes before the tests. */
const BUILT = join(__dirname, '../../dist/bin/cli-arguments.js');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'groundplan-cli-arguments-'));
  writeFileSync(
    join(folder, 'app.js'),
    `console.log(JSON.stringify(require(${JSON.stringify(BUILT)}).cliArguments() ?? null))`,
  );
  // The CLI starts an app in a shell.
  const command = `${process.execPath} ${join(folder, 'app.js')}`;
  for (const name of ['cdk', 'other']) {
    writeFileSync(
      join(folder, name),
      `process.stdout.write(require('child_process').execSync(${JSON.stringify(command)}))`,
    );
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...args: string[]) => JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as unknown;

it('are those of the CDK CLI that started the app', () => {
  const args = ['synth', 'Event Driven', '-c', 'stage=prod', 'Web*'];
  expect(run(join(folder, 'cdk'), ...args)).toEqual(args);
});

it('are unknown where another program started it, or a person', () => {
  expect(run(join(folder, 'other'), 'synth', 'EventDriven')).toBeNull();
  expect(run(join(folder, 'app.js'))).toBeNull();
});
