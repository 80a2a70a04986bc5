// Synth of the event-driven pattern against an app of plain L2 constructs with as many resources: the app process alone,
// validator off. Run it after a build with `npm run bench:synth`. Exit code 1 when a bound is missed.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAX_WALL_SECONDS = 1;
const MAX_CPU_RATIO = 1.1;
const MAX_COUNT_DIFFERENCE = 0.02;
const ROUNDS = 11;

const root = fileURLToPath(new URL('..', import.meta.url));
const outdir = mkdtempSync(join(tmpdir(), 'groundplan-bench-'));
const { context } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));

/** Runs an app as the CLI does. */
function synth(script, extra = {}) {
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, ['--require', join(root, 'bench/report-usage.cjs'), script], {
    cwd: root,
    env: {
      ...process.env,
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify(
        script.includes('event-driven') ? { ...context, alarmEmail: 'ops@example.com' } : context,
      ),
      CDK_VALIDATION: 'false',
      ...extra,
    },
    encoding: 'utf8',
  });
  const wall = Number(process.hrtime.bigint() - start) / 1e9;
  if (status !== 0) throw new Error(stderr);
  return { wall, ...JSON.parse(/usage (.*)/.exec(stderr)[1]) };
}

/** Resources of a stack by type. */
function counts(stack) {
  const { Resources } = JSON.parse(readFileSync(join(outdir, `${stack}.template.json`), 'utf8'));
  const byType = {};
  for (const { Type } of Object.values(Resources)) byType[Type] = (byType[Type] ?? 0) + 1;
  return { total: Object.keys(Resources).length, alarms: byType['AWS::CloudWatch::Alarm'] ?? 0 };
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

try {
  const ours = 'bench/event-driven-app.cjs';
  const plain = 'bench/plain-l2-app.cjs';
  synth(ours);
  const pattern = counts('EventDriven');
  // The peer makes up its difference with alarms, the commonest resource of the pattern.
  synth(plain, { BENCH_ALARMS: '0' });
  const bare = counts('Plain');
  const env = { BENCH_ALARMS: String(bare.alarms + Math.max(0, pattern.total - bare.total)) };
  synth(plain, env);
  const peer = counts('Plain');
  if (Math.abs(peer.total / pattern.total - 1) > MAX_COUNT_DIFFERENCE) {
    throw new Error(`The apps cannot be compared: ${pattern.total} resources against ${peer.total}`);
  }
  const runs = { ours: [], plain: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    runs.ours.push(synth(ours));
    runs.plain.push(synth(plain, env));
  }
  const of = (name, measure) => median(runs[name].map((run) => run[measure]));
  const ratio = of('ours', 'cpu') / of('plain', 'cpu');
  console.log(`node ${process.version}, median of ${ROUNDS} alternating runs, stage dev`);
  console.table({
    'event-driven pattern': row('ours', pattern.total),
    'plain L2 app': row('plain', peer.total),
  });
  console.log(`CPU ratio ${ratio.toFixed(2)} (at most ${MAX_CPU_RATIO})`);
  console.log(`wall ${of('ours', 'wall').toFixed(2)} s (under ${MAX_WALL_SECONDS} s on 2 cores)`);
  process.exitCode = ratio <= MAX_CPU_RATIO && of('ours', 'wall') < MAX_WALL_SECONDS ? 0 : 1;

  function row(name, resources) {
    const walls = runs[name].map(({ wall }) => wall);
    return {
      resources,
      'wall s': of(name, 'wall').toFixed(2),
      'min-max': `${Math.min(...walls).toFixed(2)}-${Math.max(...walls).toFixed(2)}`,
      'CPU s': of(name, 'cpu').toFixed(2),
      MiB: Math.round(of(name, 'megabytes')),
    };
  }
} finally {
  rmSync(outdir, { recursive: true, force: true });
}
