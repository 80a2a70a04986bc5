import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { createProducer } from '../../patterns/data-pipeline/producer';
import type { SentEvents } from '../scenarios/data-pipeline';
import { type DataPipelineResult, type DataPipelineRun, runDataPipeline } from '../scenarios/data-pipeline-run';
import { DATA_PIPELINE_WEAKENINGS, PRODUCER } from '../weaken/data-pipeline';
import { alarmName, type DemoResult, type DemoRun, type PatternDemo } from './pattern-demo';
import { duration, table } from './table';

/** The data pipeline as the demo runs it. */
export const DATA_PIPELINE_DEMO: PatternDemo = {
  unit: 'events',
  day: 'a rush of purchases, records that are no events, throttled shards, handlers that die',
  good: 'Nothing was lost, and nothing was counted twice.',
  usual: 2000,
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
    producer: producerIn(code),
    lakeFolder: keep,
    ...day,
    faults: options.faults,
    onProgress: (engine, sent: SentEvents) =>
      onProgress(() => {
        const counted = engine.metrics.total('EventsAggregated');
        const rows = engine.deliveries.reduce((sum, { delivered }) => sum + delivered, 0);
        return `${sent.accepted.size} accepted · ${counted} counted live · ${rows} rows in the lake`;
      }),
  };
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
  const { sent, live, lake, alerts, minutes } = report;
  const parts = [
    `${sent.accepted.size} events accepted: ${sent.byHttp} by HTTP (${sent.putOff} answers "come back later"), ` +
      `${sent.accepted.size - sent.byHttp} from the producer (${sent.retried} records sent again), ${sent.unsent} unsent`,
    table(
      ['', 'events', 'twice', 'lost', 'no events, kept', 'no events, lost'],
      [
        ['counted live', live.counted, live.twice, live.lost, live.poisonKept, live.poisonLost],
        ['rows in the lake', lake.rows, lake.twice, lake.lost, lake.poisonKept, lake.poisonLost],
      ],
    ),
    table(
      ['live totals, minute', ...TOTALS],
      [...minutes].map(([minute, totals]) => [minute.replace('T', ' '), ...TOTALS.map((name) => totals[name] ?? 0)]),
    ),
    `  breaches of alert rules: ${alerts.expected}; told: ${alerts.told}; told twice: ${alerts.twice}`,
    `  Parquet in the lake: files ${files.count}, bytes ${files.bytes}${keep === undefined ? '' : `, in ${keep}`}. The saved queries answer:`,
    ...[...answers].map(([name, rows]) => {
      const columns = Object.keys(rows[0] ?? {});
      const cell = (value: unknown) => (typeof value === 'number' ? Math.round(value * 100) / 100 : String(value));
      const shown = rows.slice(0, ANSWER_ROWS).map((row) => columns.map((column) => cell(row[column])));
      const left = rows.length - shown.length;
      return `  ${name}\n${table(columns, shown)}${left > 0 ? `\n  and ${left} more` : ''}`;
    }),
    table(
      ['hop', 'times', 'p50', 'p99'],
      hops.map(({ name, count, p50, p99 }) => [name, count, duration(p50), duration(p99)]),
    ),
    `  ${callsPerThousand.toFixed(1)} AWS calls of the functions for a thousand events; the stack saw ${duration(took)} go by`,
    `  alarms that would have fired: ${alarms.length === 0 ? 'none' : alarms.map(alarmName).join(', ')}`,
  ];
  return parts.join('\n\n');
}

function figuresOf({ report, alarms }: DataPipelineResult): DemoResult['figures'] {
  const { sent, live, lake, alerts } = report;
  return [
    ['events accepted', sent.accepted.size],
    ['accepted, not in the stream', report.neverArrived],
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
