import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../../../lib/operations/command-line';
import { type LocalAws, startLocalAws } from '../../../../local/aws/server';
import { sleep } from '../../../../local/clock/clock';
import type { LocalEngine } from '../../../../local/engine/local-engine';
import type { ClickstreamEvent } from '../../../../patterns/data-pipeline/clickstream-schema';
import { replay } from '../../../../patterns/data-pipeline/replay';
import { readReplayOptions, USAGE } from '../../../../patterns/data-pipeline/replay/options';
import { withDataPipeline } from '../engine-fixture';
import { clientsOf } from './replay-fixture';

const EVENTS = 240;
let aws: LocalAws;
let engine: LocalEngine;

beforeAll(async () => {
  // Whichever engine is at work.
  aws = await startLocalAws({
    kinesis: { call: (action, input) => engine.stores.kinesis.call(action, input) },
    s3: { call: (action, input) => engine.stores.s3.call(action, input) },
  });
});
afterAll(() => aws.close());

function put(partitionKey: string, data: string): void {
  const StreamName = engine.find('AWS::Kinesis::Stream', 'ClickstreamEvents').name;
  engine.stores.kinesis.call('PutRecord', {
    StreamName,
    PartitionKey: partitionKey,
    Data: Buffer.from(data).toString('base64'),
  });
}

function event(index: number): ClickstreamEvent {
  return {
    event_id: `e-${index}`,
    event_type: index % 10 === 0 ? 'purchase' : 'page_view',
    occurred_at: new Date(engine.clock.now()).toISOString(),
    session_id: `s-${index % 7}`,
    page: '/',
    ...(index % 10 === 0 && { amount_cents: 100 }),
  };
}

/** What is counted, over all minutes and shards. */
function totals() {
  const name = engine.find('AWS::DynamoDB::Table', 'ClickstreamAggregates').name;
  const items = engine.stores.dynamodb.table(name).all();
  const sum = (member: string) =>
    items.reduce((total, { pk, [member]: value }) => {
      const counts = pk !== undefined && 'S' in pk && pk.S.startsWith('minute#');
      return total + (counts && value !== undefined && 'N' in value ? Number(value.N) : 0);
    }, 0);
  return { events: sum('events'), amount_cents: sum('amount_cents'), purchase: sum('purchase') };
}

const kept = (prefix: string) =>
  engine.stores.s3
    .keys(engine.find('AWS::S3::Bucket', 'ClickstreamFailures').name)
    .filter((key) => key.startsWith(prefix));

/** Runs the command against the engine's stores, on its clock. */
async function run(args: string) {
  const [out, err]: [string[], string[]] = [[], []];
  const { clock } = engine;
  const code = await engine.during(
    main(
      ['replay', 'data-pipeline', ...args.split(' ')],
      {
        out: (text) => out.push(text),
        err: (text) => err.push(text),
        interactive: false,
        ask: async () => '',
        sleep: (duration) => sleep(clock, duration),
        now: () => clock.now(),
        onInterrupt: () => () => undefined,
      },
      {
        replays: {
          'data-pipeline': async () => ({
            usage: USAGE,
            run: (given, terminal) => replay(readReplayOptions(given), terminal, clientsOf(aws.endpoint, clock)),
          }),
        },
      },
    ),
  );
  return { code, out: out.join('\n'), err: err.join('\n') };
}

describe('a pipeline whose aggregator was down until its batches were given up', () => {
  it('has counted each event exactly once after a replay, and keeps what it had kept', async () => {
    let down = true;
    const faults = { outage: ({ service }: { service: string }) => down && service === 'aggregates' };
    await withDataPipeline({ faults }, async (started) => {
      engine = started;
      const broken = Array.from({ length: 6 }, (_, index) => `{"broken ${index}`);
      for (let index = 0; index < EVENTS; index += 1) {
        put(`s-${index % 7}`, JSON.stringify(event(index)));
        if (index % 40 === 0) put('odd', broken[index / 40] ?? '');
      }
      await engine.settle();
      expect(totals().events).toBe(0);
      // Halved down to single records.
      expect(kept('aws/lambda/')).toHaveLength(EVENTS + broken.length);

      const looked = await run('--dry-run');
      expect(looked.code).toBe(0);
      expect(looked.out).toMatch(/^246 records in 246 objects, /);
      expect(looked.out).toContain('\n  246  RetryAttemptsExhausted in ');
      await engine.settle();
      expect(totals().events).toBe(0);

      down = false;
      const before = kept('');
      const { code, out } = await run('--yes --rate 100');
      await engine.settle();
      expect([code, out]).toEqual([0, expect.stringMatching(/^246 records of 246 objects sent in 2\.\d s: /)]);
      expect(totals()).toEqual({ events: EVENTS, amount_cents: (EVENTS / 10) * 100, purchase: EVENTS / 10 });
      // The store has what it had, and what came again and is still no event.
      expect(kept('aws/lambda/')).toEqual(before);
      expect(kept('rejected/').length).toBeGreaterThan(0);

      const again = await run('--yes --rate 100 --prefix rejected/');
      await engine.settle();
      expect([again.code, again.out]).toEqual([0, expect.stringMatching(/^6 records of /)]);
      expect(totals().events).toBe(EVENTS);
      const looks = await run('--dry-run --prefix rejected/');
      expect(looks.out).toMatch(/^12 records in /);
      expect(looks.out).toContain('\n  12  NOT_JSON\n    odd  {"broken ');
    });
  });

  it('counts twice what is replayed twice, as the command says', async () => {
    let down = true;
    const faults = { outage: ({ service }: { service: string }) => down && service === 'aggregates' };
    await withDataPipeline({ faults }, async (started) => {
      engine = started;
      for (let index = 0; index < 20; index += 1) put('s', JSON.stringify(event(index)));
      await engine.settle();
      down = false;
      for (const counted of [20, 40]) {
        const { err } = await run('--yes');
        await engine.settle();
        expect(err).toContain('A second replay sends them again');
        expect(totals().events).toBe(counted);
      }
    });
  });
});
