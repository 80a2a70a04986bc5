import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { SynthesizedStack } from '../../../local/assembly/cloud-assembly';
import type { RecordedCall } from '../../../local/aws/wire';
import { type Clock, sleep } from '../../../local/clock/clock';
import type { Faults } from '../../../local/engine/faults';
import type { Hop } from '../../../local/engine/hops';
import { LocalEngine } from '../../../local/engine/local-engine';
import { type AnswerRow, openLake } from '../../../local/lake/query-engine';
import { type LakeContents, type PipelineReport, pipelineReport } from './report';
import { type ClickstreamTraffic, type SentEvents, sendEvents } from './traffic';

/** What to send, and what goes wrong meanwhile. */
export interface DataPipelineRun extends Omit<ClickstreamTraffic, 'onProgress'> {
  readonly faults: Faults;
  readonly clock?: Clock;
  readonly handlers?: 'process' | 'threads';
  readonly code?: Readonly<Record<string, string>>;
  /** Where the lake's files go, to be looked at afterwards. @default - a temporary folder that is deleted */
  readonly lakeFolder?: string;
  readonly onStart?: (engine: LocalEngine) => void;
  readonly onProgress?: (engine: LocalEngine, sent: SentEvents) => void;
}

/** How a run went. */
export interface DataPipelineResult {
  readonly report: PipelineReport;
  /** What the saved queries answer, by name. */
  readonly answers: ReadonlyMap<string, readonly AnswerRow[]>;
  /** Files of the lake, and their bytes. */
  readonly files: { readonly count: number; readonly bytes: number };
  readonly alarms: readonly string[];
  readonly hops: readonly Hop[];
  /** Calls of the functions, for each thousand events. */
  readonly callsPerThousand: number;
  /** Milliseconds that the run took as the stack sees it. */
  readonly took: number;
}

/** Firehose gathers for five minutes; what is not done three times as long after the last event is not on its way. */
const AFTERWARDS_MS = 15 * 60_000;

/** Runs the pattern under a day's traffic, and looks at what is there a quarter of an hour later. */
export async function runDataPipeline(stack: SynthesizedStack, run: DataPipelineRun): Promise<DataPipelineResult> {
  const told: string[] = [];
  let calls = 0;
  const onCall = ({ service, action, input }: RecordedCall) => {
    calls += 1;
    if (service === 'sns' && action === 'Publish') told.push(String(input['Message']));
  };
  const { seed, faults, clock, handlers, code } = run;
  const engine = await LocalEngine.start(stack, { seed, faults, clock, handlers, code, onCall });
  const folder = run.lakeFolder ?? mkdtempSync(join(tmpdir(), 'groundplan-lake-'));
  try {
    if (handlers === 'threads') await engine.loadHandlers();
    const begun = engine.clock.now();
    run.onStart?.(engine);
    const onProgress = (sent: SentEvents) => run.onProgress?.(engine, sent);
    const sent = await sendEvents(engine, { ...run, onProgress });
    await engine.during(sleep(engine.clock, AFTERWARDS_MS));
    onProgress(sent);
    const files = writeLake(engine, folder);
    const { contents, answers } = await askLake(engine, folder);
    return {
      report: await pipelineReport(engine, sent, contents, told),
      answers,
      files,
      alarms: engine.firedAlarms(),
      hops: engine.hops.summary(),
      callsPerThousand: (1000 * calls) / Math.max(1, sent.accepted.size),
      took: engine.clock.now() - begun,
    };
  } finally {
    await engine.stop();
    if (run.lakeFolder === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes the lake's bucket into a folder, key by key. */
function writeLake(engine: LocalEngine, folder: string): DataPipelineResult['files'] {
  const { s3 } = engine.stores;
  const bucket = engine.find('AWS::S3::Bucket', 'ClickstreamLake').name;
  let [count, bytes] = [0, 0];
  for (const Key of s3.keys(bucket)) {
    const { Body } = s3.call('GetObject', { Bucket: bucket, Key }) as { Body: Buffer };
    const file = join(folder, Key);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, Body);
    if (!Key.endsWith('.parquet')) continue;
    count += 1;
    bytes += Body.length;
  }
  return { count, bytes };
}

/** Asks the files: every event's id, and the saved queries of the template. */
async function askLake(engine: LocalEngine, folder: string) {
  const { s3 } = engine.stores;
  const bucket = engine.find('AWS::S3::Bucket', 'ClickstreamLake').name;
  const errors = s3
    .keys(bucket)
    .filter((key) => key.startsWith('errors/'))
    .flatMap((Key) => {
      const { Body } = s3.call('GetObject', { Bucket: bucket, Key }) as { Body: Buffer };
      const lines = Body.toString().trimEnd().split('\n');
      return lines.map((line) => (JSON.parse(line) as { rawData: string }).rawData);
    });
  const rows = new Map<string, number>();
  const answers = new Map<string, readonly AnswerRow[]>();
  const contents: LakeContents = { rows, errors };
  if (!s3.keys(bucket).some((key) => key.endsWith('.parquet'))) return { contents, answers };
  const lake = await openLake(join(folder, 'events'));
  try {
    for (const { event_id, copies } of await lake.query(
      'SELECT event_id, count(*) AS copies FROM events GROUP BY event_id',
    )) {
      rows.set(String(event_id), Number(copies));
    }
    const today = new Date(engine.clock.now()).toISOString().slice(0, 10);
    for (const { properties } of engine.template.ofType('AWS::Athena::NamedQuery')) {
      answers.set(String(properties['Name']), await lake.query(String(properties['QueryString']), today));
    }
  } finally {
    lake.close();
  }
  return { contents, answers };
}
