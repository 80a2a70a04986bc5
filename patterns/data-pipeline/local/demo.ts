import { createRequire } from 'node:module';
import { join } from 'node:path';
import { alarmName, type DemoResult, type DemoRun, type PatternDemo } from '../../../local/cli/pattern-demo';
import { duration, table } from '../../../local/cli/table';
import type { LocalEngine } from '../../../local/engine/local-engine';
import { accountingLine } from '../../../local/scenarios/accounting';
import { LONG_STREAM_DAY } from '../../../local/scenarios/days';
import type { createProducer } from '../producer';
import { type DataPipelineResult, type DataPipelineRun, runDataPipeline } from './run';
import type { SentEvents } from './traffic';
import { DATA_PIPELINE_WEAKENINGS, PRODUCER } from './weakenings';

/** The data pipeline as the demo runs it. */
export const DATA_PIPELINE_DEMO: PatternDemo = {
  unit: 'events',
  day: 'a rush of purchases, events sent twice, records that are not valid events, throttled shards, handlers that crash',
  good: 'Nothing was lost, and nothing was counted twice.',
  usual: 2000,
  longDay: LONG_STREAM_DAY,
  weakenings: DATA_PIPELINE_WEAKENINGS,
  run: async (stack, options) => resultOf(await runDataPipeline(stack, runOf(options)), options.keep),
};

function runOf({ amount, onProgress, day, keep, code, ...options }: DemoRun): DataPipelineRun {
  return {
    ...options,
    code,
    events: amount,
    // More than the app's rule on purchases in a minute.
    burst: Math.min(Math.floor(amount / 4), 150),
    poison: Math.max(6, amount / 1000),
    repeats: 0.01,
    producer: producerIn(code),
    lakeFolder: keep,
    ...day,
    faults: options.faults,
    onProgress: (engine, sent: SentEvents) =>
      onProgress(() => {
        const counted = aggregated(engine);
        const rows = engine.deliveries.reduce((sum, { delivered }) => sum + delivered, 0);
        return `${sent.accepted.size} accepted · ${counted} counted live · ${rows} rows in the lake`;
      }),
  };
}

/** What the pattern's own aggregator counted; a run may have more consumers. */
function aggregated({ metrics, deployment }: LocalEngine): number {
  const dimensions = { service: 'aggregates', stack: deployment.stackName };
  const minutes = metrics.minutes('Groundplan', 'EventsAggregated', dimensions) ?? [];
  return sum(minutes, ({ values }) => sum(values, (value) => value));
}

/** The producer that was built anew, if one was. */
function producerIn(code: DemoRun['code']): typeof createProducer | undefined {
  const folder = code?.[PRODUCER];
  if (folder === undefined) return undefined;
  const built = createRequire(__filename)(join(folder, 'index.js')) as { createProducer: typeof createProducer };
  return built.createProducer;
}

function resultOf(result: DataPipelineResult, keep: string | undefined): DemoResult {
  return { problems: result.report.problems, show: () => show(result, keep), figures: figuresOf(result) };
}

const TOTALS = ['events', 'page_view', 'click', 'add_to_cart', 'purchase', 'amount_cents'] as const;
const ANSWER_ROWS = 3;

/** The tables that a run ends with. */
function show(result: DataPipelineResult, keep: string | undefined): string {
  const { report, answers, files, alarms, hops, callsPerThousand, took } = result;
  const { sent, live, lake, alerts, minutes, stream } = report;
  const reads = sum(stream.shards, (each) => each.reads);
  const parts = [
    `${sent.accepted.size} events accepted: ${sent.byHttp} by HTTP (${sent.putOff} answers "come back later"), ` +
      `${sent.accepted.size - sent.byHttp} from the producer (${sent.retried} records refused and sent again); ${sent.unsent} given up\n` +
      `  ${report.repeated} of them came again, which makes ${sent.accepted.size + report.repeated} records that count; ` +
      `and ${sent.poison} records that are not valid events; ${sent.mistakes} requests rejected as client errors`,
    `  ${accountingLine(report.accounting)}`,
    table(
      ['what became of them', 'events', 'twice', 'lost', 'no events: kept', 'no events: lost'],
      [
        ['counted live', live.counted, live.twice, live.lost, live.poisonKept, live.poisonLost],
        ['rows in the lake', lake.rows, lake.twice, lake.lost, lake.poisonKept, lake.poisonLost],
      ],
    ),
    table(
      ['shard of the stream', 'records', 'refused over its limit', 'split into'],
      stream.shards.map(({ id, taken, refused, shards }) => [id, taken, refused, shards === 1 ? '-' : shards - 1]),
    ),
    `  ${reads} reads by those who share the shards, and ${sum(stream.shards, (each) => each.readsRefused)} refused; ` +
      `they were at most ${duration(stream.oldest)} behind`,
    table(
      ['live totals by minute', ...TOTALS],
      [...minutes].map(([minute, totals]) => [
        minute.replace('T', ' '),
        ...TOTALS.map((name) => String(totals.get(name) ?? 0)),
      ]),
    ),
    `  breaches of alert rules: ${alerts.expected}; published to the topic: ${alerts.told}; published twice: ${alerts.twice}`,
    `  Parquet in the lake: ${files.count} ${files.count === 1 ? 'file' : 'files'}, ${files.bytes} bytes` +
      `${keep === undefined ? '' : `, in ${keep}`}. The saved queries answer:`,
    ...[...answers].map(([name, rows]) => {
      const columns = Object.keys(rows[0] ?? {});
      const cell = (value: unknown) => (typeof value === 'number' ? Math.round(value * 100) / 100 : String(value));
      const shown = rows.slice(0, ANSWER_ROWS).map((row) => columns.map((column) => cell(row[column])));
      const left = rows.length - shown.length;
      return `  ${name}\n${table(columns, shown)}${left > 0 ? `\n  and ${left} more` : ''}`;
    }),
    table(
      ['time on the way', 'measured', 'p50', 'p99'],
      hops.map(({ name, count, p50, p99 }) => [name, count, duration(p50), duration(p99)]),
    ),
    `  ${callsPerThousand.toFixed(1)} AWS calls of the functions for a thousand events; the stack saw ${duration(took)} go by`,
    `  alarms that would have fired: ${alarms.length === 0 ? 'none' : alarms.map(alarmName).join(', ')}`,
  ];
  return parts.join('\n\n');
}

function figuresOf({ report, alarms }: DataPipelineResult): DemoResult['figures'] {
  const { sent, live, lake, alerts, stream } = report;
  const records = stream.shards.map(({ taken }) => taken);
  const busiest = Math.max(...records);
  return [
    ['events accepted', sent.accepted.size],
    ['came again', report.repeated],
    ['records that are not valid events', sent.poison],
    ['requests rejected as client errors', sent.mistakes],
    ['events that their senders gave up', sent.unsent],
    ['accepted, not in the stream', report.neverArrived],
    ['busiest shard: records', busiest],
    ['all other shards: records', sum(records, (taken) => taken) - busiest],
    ['shards over their limit: refusals', sum(stream.shards, (each) => each.refused)],
    ['shared reads', sum(stream.shards, (each) => each.reads)],
    ['shared reads refused', sum(stream.shards, (each) => each.readsRefused)],
    ['shared consumers: seconds behind at most', Math.round(stream.oldest / 1000)],
    ['counted live', live.counted],
    ['counted live: twice', live.twice],
    ['counted live: lost, or waiting', live.lost],
    ['counted live: no events, kept', live.poisonKept],
    ['counted live: good ones in the failure store', live.goodKept],
    ['lake: rows', lake.rows],
    ['lake: lost', lake.lost],
    ['lake: no events, kept', lake.poisonKept],
    ['lake: good ones under errors/', lake.goodKept],
    ['breaches told', alerts.told],
    ['alarms that would have fired', alarms.length],
  ];
}

function sum<T>(all: readonly T[], of: (each: T) => number): number {
  return all.reduce((total, each) => total + of(each), 0);
}
