// Synth of the event-driven pattern, and of all patterns in one app, against the same architectures of plain constructs (bench/plain):
// the app process alone, validator off. Run it after a build with `npm run bench:synth`, or with names of patterns and `all` behind `--`.
// Exit code 1 when the CPU ratio is missed: the median of the rounds' ratios, since both apps of a round meet the machine in the same
// state. The plain app against itself gives 0.99 to 1.01 so, also beside other work. Wall time is told, not judged.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ALL = 'all';
const OURS = 'groundplan-app.cjs';
const PLAIN = 'plain/app.cjs';
const MAX_CPU_RATIO = 1.1;
const MAX_COUNT_DIFFERENCE = 0.02;
/** A type of which the apps have counts further apart than this is told. */
const TOLD_TYPE_DIFFERENCE = 0.2;
const ROUNDS = 25;

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'groundplan-bench-'));
/** What the CLI tells the app: what cdk.json says, and the CLI's own settings with this project's `versionReporting`. */
const CONTEXT = {
  ...JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')).context,
  'aws:cdk:enable-path-metadata': true,
  'aws:cdk:enable-asset-metadata': true,
  'aws:cdk:disable-version-reporting': true,
  alarmEmail: 'ops@example.com',
};

/** Runs an app as the CLI does: all patterns, or one. */
function synth(script, pattern, outdir = join(folder, 'measured')) {
  rmSync(outdir, { recursive: true, force: true });
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      '--require',
      join(root, 'bench/report-usage.cjs'),
      join(root, 'bench', script),
      ...(pattern === ALL ? [] : [pattern]),
    ],
    {
      cwd: root,
      env: {
        ...process.env,
        CDK_OUTDIR: outdir,
        CDK_CONTEXT_JSON: JSON.stringify(CONTEXT),
        CDK_VALIDATION: 'false',
      },
      encoding: 'utf8',
    },
  );
  const wall = Number(process.hrtime.bigint() - start) / 1e9;
  if (status !== 0) throw new Error(stderr);
  return { wall, ...JSON.parse(/usage (.*)/.exec(stderr)[1]) };
}

/** How many resources of each type an app has, and how long its templates are. */
function contentOf(script, pattern) {
  const outdir = join(folder, 'counted');
  synth(script, pattern, outdir);
  const counts = {};
  let bytes = 0;
  for (const name of readdirSync(outdir).filter((file) => file.endsWith('.template.json'))) {
    const template = readFileSync(join(outdir, name), 'utf8');
    bytes += template.length;
    for (const { Type } of Object.values(JSON.parse(template).Resources)) counts[Type] = (counts[Type] ?? 0) + 1;
  }
  return { counts, bytes };
}

const totalOf = (counts) => Object.values(counts).reduce((sum, count) => sum + count, 0);
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Shows whether the peer is a fair one. @throws Error where it has more or fewer resources */
function compareCounts(ours, plain) {
  const [resources, peers] = [ours, plain].map(totalOf);
  if (Math.abs(peers / resources - 1) > MAX_COUNT_DIFFERENCE) {
    throw new Error(
      `The apps cannot be compared: ${resources} resources against ${peers}. Bring bench/plain up to date.`,
    );
  }
  const rows = [...new Set([...Object.keys(ours), ...Object.keys(plain)])]
    .map((type) => ({ type, ours: ours[type] ?? 0, plain: plain[type] ?? 0 }))
    .filter((row) => Math.abs(row.ours - row.plain) > TOLD_TYPE_DIFFERENCE * row.ours);
  console.log(`Types of which the counts differ by more than ${TOLD_TYPE_DIFFERENCE * 100}%: ${rows.length || 'none'}`);
  if (rows.length > 0) console.table(rows);
}

/** Measures patterns against their peer, and tells whether the bound holds. */
function compare(pattern) {
  console.log(`\n${pattern}`);
  const [ours, plain] = [OURS, PLAIN].map((script) => contentOf(script, pattern));
  compareCounts(ours.counts, plain.counts);
  const runs = { ours: [], plain: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    runs.ours.push(synth(OURS, pattern));
    runs.plain.push(synth(PLAIN, pattern));
  }
  const of = (which, measure) => median(runs[which].map((run) => run[measure]));
  const row = (which, { counts, bytes }) => {
    const cpus = runs[which].map(({ cpu }) => cpu);
    return {
      resources: totalOf(counts),
      'template kB': Math.round(bytes / 1000),
      'CPU s': of(which, 'cpu').toFixed(2),
      'min-max': `${Math.min(...cpus).toFixed(2)}-${Math.max(...cpus).toFixed(2)}`,
      'wall s': of(which, 'wall').toFixed(2),
      MiB: Math.round(of(which, 'megabytes')),
    };
  };
  console.table({ Groundplan: row('ours', ours), 'plain constructs': row('plain', plain) });
  const ratio = median(runs.ours.map(({ cpu }, round) => cpu / runs.plain[round].cpu));
  console.log(`CPU ratio ${ratio.toFixed(3)} (at most ${MAX_CPU_RATIO})`);
  return ratio <= MAX_CPU_RATIO;
}

try {
  console.log(`node ${process.version}, median of ${ROUNDS} alternating rounds, stage dev, no filler resources`);
  const named = process.argv.slice(2);
  const held = (named.length > 0 ? named : ['event-driven', ALL]).map(compare);
  process.exitCode = held.every(Boolean) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
