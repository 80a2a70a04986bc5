// CPU seconds of the CDK's commands on this project, beside the CLI's own start. Run it after a build with `npm run bench:commands`.
// Exit code 1 when a bound is missed.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROUNDS = 3;
/** CPU seconds beside the CLI's own start. */
const MAX_LIST = 2;
/** Of a synth of every pattern in prod, which every rule pack and CDK's validator judge: what each command cost before. */
const MAX_SHARE_OF_JUDGED = 1 / 3;

const root = fileURLToPath(new URL('..', import.meta.url));
const output = mkdtempSync(join(tmpdir(), 'groundplan-bench-'));
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** CPU seconds of a command with all its processes. */
function cpuOf(args) {
  const once = () => {
    const command = `cd ${root} && TIMEFORMAT='%U %S' && time npx cdk ${args} >/dev/null 2>&1`;
    const { stderr, status } = spawnSync('bash', ['-c', command], {
      encoding: 'utf8',
      env: { ...process.env, CDK_DISABLE_CLI_TELEMETRY: 'true', CDK_DISABLE_VERSION_CHECK: '1' },
    });
    if (status !== 0) throw new Error(`npx cdk ${args} ended with ${status}`);
    return stderr
      .trim()
      .split(' ')
      .map(Number)
      .reduce((sum, seconds) => sum + seconds, 0);
  };
  return median(Array.from({ length: ROUNDS }, once));
}

try {
  const options = `--no-notices --build true --output ${output}`;
  const start = cpuOf('--version');
  const list = cpuOf(`list ${options}`) - start;
  const one = cpuOf(`synth EventDriven --quiet ${options}`) - start;
  const all = cpuOf(`synth --quiet ${options}`) - start;
  const judged = cpuOf(`synth --quiet ${options} -c stage=prod -c alarmEmail=ops@example.com`) - start;
  const rows = {
    'the CLI itself': start,
    'cdk list': list,
    'cdk synth EventDriven': one,
    'cdk synth': all,
    '  of prod': judged,
  };
  for (const [name, seconds] of Object.entries(rows))
    console.log(`${name.padEnd(24)}${seconds.toFixed(2).padStart(7)} CPU s`);
  const missed = [
    list > MAX_LIST && `cdk list takes ${list.toFixed(2)} CPU s beside the CLI; at most ${MAX_LIST}`,
    one > judged * MAX_SHARE_OF_JUDGED &&
      `cdk synth EventDriven takes more than a third of a synth of everything in prod`,
  ].filter((line) => line !== false);
  for (const line of missed) console.error(line);
  process.exitCode = missed.length === 0 ? 0 : 1;
} finally {
  rmSync(output, { recursive: true, force: true });
}
