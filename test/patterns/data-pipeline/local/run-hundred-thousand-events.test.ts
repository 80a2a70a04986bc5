// @node24 alone

import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SynthesizedStack } from '../../../../local/assembly/cloud-assembly';
import { VirtualClock } from '../../../../local/clock/virtual-clock';
import type { LocalEngine } from '../../../../local/engine/local-engine';
import { BAD_DAY, LONG_STREAM_DAY } from '../../../../local/scenarios/days';
import { MutableTemplate } from '../../../../local/weaken/mutable-template';
import { DATA_PIPELINE_DEMO } from '../../../../patterns/data-pipeline/local/demo';
import { type DataPipelineRun, runDataPipeline } from '../../../../patterns/data-pipeline/local/run';
import { DEMO_PIPELINE, stackOf } from '../../../assemblies';
import { lookOn, type Onlooker } from '../../../local/scenarios/idempotent-consumer-fixture';

const EVENTS = Number(process.env['GROUNDPLAN_EVENTS'] ?? 100_000);
const SEED = Number(process.env['GROUNDPLAN_SEED'] ?? 20_260_101);
const THIS_FILE = 'test/patterns/data-pipeline/local/run-hundred-thousand-events.test.ts';
/** A run of fewer events may be spared some of what goes wrong. */
const ENOUGH_EVENTS = 50_000;
const AGAIN = `GROUNDPLAN_SEED=${SEED} GROUNDPLAN_EVENTS=${EVENTS} npx vitest run ${THIS_FILE}`;
const REPLAY = `replay: npm run demo -- data-pipeline --virtual --events ${EVENTS} --seed ${SEED}, or ${AGAIN}`;
/** A record waits for others of its shard, and for tries of its own; five minutes is what the pattern alarms at. */
const LONGEST_WAIT_MS = 5 * 60_000;

/** As the demo synthesizes it, so that the demo replays it (test/local/cli/patterns.test.ts). */
let stack: SynthesizedStack;
beforeAll(async () => {
  stack = await stackOf('DataPipeline', DEMO_PIPELINE);
});

/** The longest that a record waited for a function to be done with it, tries and all. */
function longestWait(engine: LocalEngine): number {
  const FunctionName = engine.find('AWS::Lambda::Function', 'ClickstreamAggregator').name;
  const minutes = engine.metrics.minutes('AWS/Lambda', 'IteratorAge', { FunctionName }) ?? [];
  return Math.max(...minutes.flatMap(({ values }) => values));
}

/** Ways in which the day was bad, each of which must have happened for the run to prove anything. */
function badLuck(engine: LocalEngine): Readonly<Record<string, number>> {
  const { metrics, stores } = engine;
  const stream = stores.kinesis.stream(engine.find('AWS::Kinesis::Stream', 'ClickstreamEvents').name);
  return {
    'batches that came again': metrics.total('DuplicateRecordsSkipped'),
    'functions that died': metrics.total('Errors'),
    'functions that found no concurrency': metrics.total('Throttles'),
    'records refused': metrics.total('WriteProvisionedThroughputExceeded'),
    'writes to the table refused': metrics.total('WriteThrottleEvents'),
    'shards that split': stream.use().reduce((sum, { shards }) => sum + (shards - 1) / 2, 0),
  };
}

describe(`${EVENTS} events, with everything going wrong that can, from seed ${SEED}`, () => {
  it(`are counted once each and lie in the lake, and what is no event is kept (${REPLAY})`, async () => {
    const begun = Date.now();
    const seen: { engine?: LocalEngine; onlooker?: Onlooker } = {};
    const { problems, figures } = await DATA_PIPELINE_DEMO.run(stack, {
      amount: EVENTS,
      seed: SEED,
      clock: new VirtualClock(),
      handlers: 'process',
      faults: LONG_STREAM_DAY,
      onStart: (engine) => {
        seen.engine = engine;
        seen.onlooker = lookOn(engine, SEED);
      },
      onProgress: () => undefined,
    });
    const { engine } = seen;
    if (engine === undefined) throw new Error('The run never started');
    const of = new Map(figures);
    const luck = badLuck(engine);
    console.log(`seed ${SEED}: ${EVENTS} events in ${((Date.now() - begun) / 1000).toFixed(0)} s;`, luck);

    expect(problems, REPLAY).toEqual([]);
    expect(of.get('events accepted'), REPLAY).toBe(EVENTS);
    const records = EVENTS + (of.get('came again') ?? 0);
    expect(records).toBeGreaterThan(EVENTS);
    expect(of.get('counted live'), REPLAY).toBe(records);
    expect(of.get('lake: rows'), REPLAY).toBe(records);
    expect(of.get('records that are not valid events')).toBeGreaterThan(0);
    for (const place of ['counted live', 'lake']) {
      expect(of.get(`${place}: no events, kept`), REPLAY).toBe(of.get('records that are not valid events'));
    }
    expect(longestWait(engine), REPLAY).toBeLessThan(LONGEST_WAIT_MS);
    seen.onlooker?.expectOrder(REPLAY);
    for (const [what, times] of Object.entries(luck)) {
      expect(times, `${what}: ${REPLAY}`).toBeGreaterThan(EVENTS < ENOUGH_EVENTS ? -1 : 0);
    }
  });
});

describe('four shards, more than they take, and a day that is worse', () => {
  const four = new MutableTemplate({ Resources: {} });
  const run = (seed: number, events: number, onStart?: DataPipelineRun['onStart']) =>
    runDataPipeline(
      { ...stack, template: four.document },
      {
        events,
        burst: Math.min(150, events / 4),
        poison: 40,
        repeats: 0.05,
        peak: { events: 3 * events, perSecond: 12_000 },
        seed,
        clock: new VirtualClock(),
        handlers: 'process',
        faults: { ...LONG_STREAM_DAY, ...BAD_DAY, shardSplits: 0.0001, latencyMs: [50, 800] },
        onStart,
      },
    );
  beforeAll(() => {
    Object.assign(four.document, new MutableTemplate(stack.template).document);
    four.set('AWS::Kinesis::Stream', 'ShardCount', 4);
  });

  it(`lose nothing either (replay: ${AGAIN})`, async () => {
    const events = 5000;
    const seen: { engine?: LocalEngine; onlooker?: Onlooker } = {};
    const { report } = await run(SEED, events, (engine) => {
      seen.engine = engine;
      seen.onlooker = lookOn(engine, SEED);
    });
    expect(report.problems, AGAIN).toEqual([]);
    expect(report.sent.accepted.size, AGAIN).toBe(4 * events);
    expect(report.live, AGAIN).toMatchObject({ counted: 4 * events + report.repeated, poisonKept: 40 });
    expect(report.lake, AGAIN).toMatchObject({ rows: 4 * events + report.repeated, poisonKept: 40 });
    expect(report.stream.shards).toHaveLength(4);
    expect(Math.max(...report.stream.shards.map(({ refused }) => refused)), AGAIN).toBeGreaterThan(0);
    seen.onlooker?.expectOrder(AGAIN);
  });

  it('come out the same from the same seed, to the last id and millisecond, and otherwise from another', async () => {
    const digest = async (seed: number) => {
      let seen: LocalEngine | undefined;
      const { report, hops } = await run(seed, 100, (engine) => {
        seen = engine;
      });
      const tables = seen?.stores.dynamodb.all().map((table) => table.all());
      const text = JSON.stringify([tables, hops, report.minutes.size, report.stream, [...report.sent.accepted]]);
      return createHash('sha256').update(text).digest('hex');
    };
    const first = await digest(5);
    expect(await digest(5)).toBe(first);
    expect(await digest(6)).not.toBe(first);
  });
});
