import type { Item } from '../../../local/aws/dynamodb/attribute-value';
import type { KinesisRecord, LocalKinesisStream, ShardUse } from '../../../local/aws/kinesis/stream';
import type { LocalEngine } from '../../../local/engine/local-engine';
import { type Accounting, accountingProblems } from '../../../local/scenarios/accounting';
import { type ClickstreamEvent, parseClickstreamEvent } from '../clickstream-schema';
import { type AlertRule, PipelineEnvironment, REJECTED_PREFIX } from '../contract';
import { SUM_NAMES, sumsOf } from '../runtime/batch';
import type { SentEvents } from './traffic';

/** Live totals of a minute, over all shards: exact, and of more digits than a number has. */
export type MinuteTotals = ReadonlyMap<string, bigint>;

/** What a run came to. */
export interface PipelineReport {
  readonly sent: SentEvents;
  /** Events that were taken and never came to the stream. */
  readonly neverArrived: number;
  readonly live: {
    readonly counted: number;
    readonly twice: number;
    /** Events that are neither counted nor kept. */
    readonly lost: number;
    /** Totals of a minute and shard that are not the sums of their events. */
    readonly wrong: number;
    readonly poisonKept: number;
    readonly poisonLost: number;
    /** Good events in the failure store. */
    readonly goodKept: number;
  };
  readonly lake: {
    readonly rows: number;
    readonly twice: number;
    readonly lost: number;
    readonly poisonKept: number;
    readonly poisonLost: number;
    /** Good events under the error prefix. */
    readonly goodKept: number;
  };
  readonly alerts: { readonly expected: number; readonly told: number; readonly twice: number };
  readonly stream: {
    /** The shards that the stream began with, each with what it split into. */
    readonly shards: readonly ShardUse[];
    /** Age of the oldest record when someone who shares the stream got to it, in milliseconds. */
    readonly oldest: number;
  };
  readonly minutes: ReadonlyMap<string, MinuteTotals>;
  /** Records of an event beyond its first: its sender sent it again, as after an answer that was lost. */
  readonly repeated: number;
  /** In events, and records that are none. */
  readonly accounting: Accounting;
  /** Everything that must not be; empty after a good run. */
  readonly problems: readonly string[];
}

/** What of the lake the report needs. */
export interface LakeContents {
  /** Rows by the event's id. */
  readonly rows: ReadonlyMap<string, number>;
  /** What is under the error prefix, as it came, in base64. */
  readonly errors: readonly string[];
}

/** Goes through what the stores hold after a run. @param told messages to the alert topic */
export async function pipelineReport(
  engine: LocalEngine,
  sent: SentEvents,
  lake: LakeContents,
  told: readonly string[],
): Promise<PipelineReport> {
  const items = await totalItems(engine);
  const stream = engine.stores.kinesis.stream(engine.find('AWS::Kinesis::Stream', 'ClickstreamEvents').name);
  const records = stream.records();
  const arrived = new Map(records.map((record) => [record, eventIn(record.data)]));
  const byEvent = recordsByEvent(arrived);
  const minutes = minutesOf(items);
  const [live, stored] = [liveReport(items, arrived, failureStore(engine)), lakeReport(arrived, lake)];
  const report = {
    sent,
    neverArrived: [...sent.accepted].filter((id) => !byEvent.has(id)).length,
    repeated: [...byEvent.values()].reduce((sum, records) => sum + records - 1, 0),
    live,
    lake: stored,
    accounting: accountingOf(sent, arrived, live, stored, lake),
    alerts: alertReport(engine, minutes, told),
    stream: { shards: stream.use(), oldest: oldestRead(engine, stream) },
    minutes,
  };
  return { ...report, problems: problemsOf(report) };
}

/**
 * An event ends as it should where each of its records is counted once and is a row once; poison, where both readers keep it. The
 * totals tell how many records are not counted, or twice, and not of which events: each is taken to be another event.
 */
function accountingOf(
  { accepted, poison }: SentEvents,
  arrived: ReadonlyMap<KinesisRecord, ClickstreamEvent | undefined>,
  live: PipelineReport['live'],
  lake: PipelineReport['lake'],
  { rows }: LakeContents,
): Accounting {
  const records = recordsByEvent(arrived);
  const inTheLake = [...accepted].filter((id) => records.has(id) && rows.get(id) === records.get(id)).length;
  return {
    accepted: accepted.size + poison,
    completed: Math.max(0, inTheLake - live.lost - live.twice - live.goodKept),
    // The pipeline declines nothing that is an event.
    refused: 0,
    deadLettered: Math.min(poison, live.poisonKept, lake.poisonKept),
  };
}

function recordsByEvent(
  arrived: ReadonlyMap<KinesisRecord, ClickstreamEvent | undefined>,
): ReadonlyMap<string, number> {
  const records = new Map<string, number>();
  for (const event of arrived.values()) {
    if (event !== undefined) records.set(event.event_id, (records.get(event.event_id) ?? 0) + 1);
  }
  return records;
}

/** What is counted so far, minute by minute. */
export async function liveTotals(engine: LocalEngine): Promise<ReadonlyMap<string, MinuteTotals>> {
  return minutesOf(await totalItems(engine));
}

async function totalItems(engine: LocalEngine): Promise<readonly Item[]> {
  const table = engine.find('AWS::DynamoDB::Table', 'ClickstreamAggregates').name;
  return (await engine.world.items(table)).filter((item) => text(item, 'pk').startsWith('minute#'));
}

function liveReport(
  items: readonly Item[],
  arrived: ReadonlyMap<KinesisRecord, ClickstreamEvent | undefined>,
  kept: ReadonlySet<string>,
): PipelineReport['live'] {
  const expected = new Map<string, ClickstreamEvent[]>();
  let [poisonKept, poisonLost, goodKept] = [0, 0, 0];
  for (const [{ arrival, shardId, sequenceNumber }, event] of arrived) {
    if (event === undefined) {
      if (kept.has(sequenceNumber)) poisonKept += 1;
      else poisonLost += 1;
    } else if (kept.has(sequenceNumber)) {
      goodKept += 1;
    } else {
      const key = `minute#${new Date(arrival).toISOString().slice(0, 16)} ${shardId}`;
      const events = expected.get(key);
      if (events === undefined) expected.set(key, [event]);
      else events.push(event);
    }
  }
  const totals = new Map(items.map((item) => [`${text(item, 'pk')} ${text(item, 'sk')}`, item]));
  let [counted, twice, lost, wrong] = [0, 0, 0, 0];
  for (const key of new Set([...expected.keys(), ...totals.keys()])) {
    const [item, events] = [totals.get(key) ?? {}, expected.get(key) ?? []];
    const inItem = Number(number(item, 'events'));
    counted += inItem;
    const difference = inItem - events.length;
    if (difference > 0) twice += difference;
    else lost -= difference;
    const sums = sumsOf(events.map((event) => ({ sequenceNumber: '', event })));
    // An event twice and another never are as many as there should be.
    if (difference === 0 && SUM_NAMES.some((name) => number(item, name) !== sums[name])) wrong += 1;
  }
  return { counted, twice, lost, wrong, poisonKept, poisonLost, goodKept };
}

function lakeReport(
  arrived: ReadonlyMap<KinesisRecord, ClickstreamEvent | undefined>,
  { rows, errors }: LakeContents,
): PipelineReport['lake'] {
  const underErrors = new Map<string, number>();
  for (const data of errors) underErrors.set(data, (underErrors.get(data) ?? 0) + 1);
  const take = (data: string) => {
    const left = underErrors.get(data) ?? 0;
    underErrors.set(data, left - 1);
    return left > 0;
  };
  let [twice, lost, poisonKept, poisonLost, goodKept] = [0, 0, 0, 0, 0];
  // An event that was sent twice is two records, and two rows.
  const left = new Map(rows);
  for (const [{ data }, event] of arrived) {
    const id = event?.event_id;
    const there = id === undefined ? 0 : (left.get(id) ?? 0);
    if (id !== undefined && there > 0) {
      left.set(id, there - 1);
      continue;
    }
    const kept = take(data);
    if (id === undefined && kept) poisonKept += 1;
    else if (id === undefined) poisonLost += 1;
    else if (kept) goodKept += 1;
    else lost += 1;
  }
  for (const more of left.values()) twice += more;
  const all = [...rows.values()].reduce((sum, count) => sum + count, 0);
  return { rows: all, twice, lost, poisonKept, poisonLost, goodKept };
}

function oldestRead({ metrics }: LocalEngine, { definition: { name: StreamName } }: LocalKinesisStream): number {
  const minutes = metrics.minutes('AWS/Kinesis', 'GetRecords.IteratorAgeMilliseconds', { StreamName }) ?? [];
  return minutes.reduce((oldest, { values }) => values.reduce((a, b) => Math.max(a, b), oldest), 0);
}

/** Sequence numbers of the records in the failure store. */
function failureStore({ stores, template }: LocalEngine): Set<string> {
  const bucket = template.ofType('AWS::S3::Bucket').find(({ logicalId }) => logicalId.includes('Failures'))?.name;
  if (bucket === undefined) return new Set();
  return new Set(
    stores.s3.keys(bucket).flatMap((Key) => {
      const { Body } = stores.s3.call('GetObject', { Bucket: bucket, Key }) as { Body: Buffer };
      if (Key.startsWith(REJECTED_PREFIX)) {
        const lines = Body.toString().trimEnd().split('\n');
        return lines.map((line) => (JSON.parse(line) as { sequenceNumber: string }).sequenceNumber);
      }
      const { payload } = JSON.parse(Body.toString()) as { payload: string };
      const { Records } = JSON.parse(payload) as { Records: { kinesis: { sequenceNumber: string } }[] };
      return Records.map(({ kinesis }) => kinesis.sequenceNumber);
    }),
  );
}

function alertReport(
  engine: LocalEngine,
  minutes: ReadonlyMap<string, MinuteTotals>,
  told: readonly string[],
): PipelineReport['alerts'] {
  const aggregator = [...engine.functions.values()].find(
    ({ definition }) => PipelineEnvironment.alertRules in definition.environment,
  );
  const rules = JSON.parse(aggregator?.definition.environment[PipelineEnvironment.alertRules] ?? '[]') as AlertRule[];
  const breaches = [...minutes].flatMap(([minute, totals]) =>
    rules.filter(({ of, above }) => (totals.get(of) ?? 0n) > above).map(({ name }) => `${name} ${minute}`),
  );
  const named = told.map((each) => {
    const { alert, minute } = JSON.parse(each) as { alert: string; minute: string };
    return `${alert} ${minute}`;
  });
  return {
    expected: breaches.length,
    told: breaches.filter((breach) => named.includes(breach)).length,
    twice: named.length - new Set(named).size,
  };
}

function minutesOf(items: readonly Item[]): Map<string, MinuteTotals> {
  const minutes = new Map<string, Map<string, bigint>>();
  for (const item of items) {
    const minute = text(item, 'pk').slice('minute#'.length);
    const totals = minutes.get(minute) ?? new Map<string, bigint>();
    minutes.set(minute, totals);
    for (const name of SUM_NAMES) totals.set(name, (totals.get(name) ?? 0n) + number(item, name));
  }
  return new Map([...minutes].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** More than its fair part of the stream by half makes a shard hot, when it has to refuse records. */
const HOT = 1.5;
/** Readers that share a shard meet now and then, as when one of them catches up; more than this is want of throughput. */
const REFUSED_READS = 0.1;

function problemsOf(report: Omit<PipelineReport, 'problems'>): string[] {
  const { sent, neverArrived, live, lake, alerts, stream } = report;
  const problems: string[] = [];
  const note = (count: number, what: string) => {
    if (count > 0) problems.push(`${count} ${what}`);
  };
  note(sent.unsent, 'events that their senders gave up');
  note(neverArrived, 'events that were said to be sent and never came to the stream');
  note(live.lost, 'events not counted a quarter of an hour later');
  note(live.twice, 'events counted twice');
  note(live.wrong, 'live totals are not the sums of their events');
  note(live.poisonLost, 'records that are not valid events are neither processed nor kept in the failure store');
  note(live.goodKept, 'good events in the failure store');
  note(lake.lost, 'events missing in the lake');
  note(lake.twice, 'rows of the lake are there twice');
  note(lake.poisonLost, 'records that are not valid events are nowhere in the lake');
  note(lake.goodKept, 'good events under the error prefix instead of in the table');
  note(alerts.expected - alerts.told, 'breaches that were not published');
  note(alerts.twice, 'breaches told twice');
  const { shards } = stream;
  const offered = total(shards, ({ taken, refused }) => taken + refused);
  const hot = shards.filter(({ taken, refused }) => taken + refused > (HOT * offered) / shards.length);
  note(
    total(hot, ({ refused }) => refused),
    `refusals by ${hot.length} of ${shards.length} shards, while the others had room`,
  );
  const [reads, refused] = [total(shards, (each) => each.reads), total(shards, (each) => each.readsRefused)];
  if (refused > REFUSED_READS * (reads + refused)) {
    note(refused, `of ${reads + refused} reads refused: too many readers share a shard`);
  }
  return [...problems, ...accountingProblems(report.accounting, 'events')];
}

function total<T>(all: readonly T[], of: (each: T) => number): number {
  return all.reduce((sum, each) => sum + of(each), 0);
}

/** The event in a record; undefined when it is none. */
function eventIn(data: string): ClickstreamEvent | undefined {
  try {
    return parseClickstreamEvent(Buffer.from(data, 'base64'), Number.MAX_SAFE_INTEGER);
  } catch {
    return undefined;
  }
}

function text(item: Item, name: string): string {
  const value = item[name];
  return value !== undefined && 'S' in value ? value.S : '';
}

function number(item: Item, name: string): bigint {
  const value = item[name];
  return value !== undefined && 'N' in value ? BigInt(value.N) : 0n;
}
