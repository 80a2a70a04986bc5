import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, it } from 'vitest';
import type { Json } from './aws-client';
import { Comparison, closeAccount } from './comparison';
import { chance, integer } from './draw';
import { meetKinesisDifferences, meetListDifferences } from './kinesis-differences';
import { drawHash, drawKey, KinesisSequence } from './kinesis-sequence';
import { type ShardTold, StreamSides } from './kinesis-side';
import { type MotoFixture, startMotoFixture } from './moto-fixture';

/** Shards of the streams of random sequences; six cannot divide the hashes evenly. */
const SHARDS = [1, 2, 3, 4, 6] as const;
const SEQUENCES = 2;
const STEPS = 30;
const SPLITS = 5;
const AFTER_SPLITS = 60;
const LISTED = 11;

/** A minute at every look, so that no shard of ours is short of what it takes in a second: moto knows no such limit. */
const time = { now: Date.parse('2026-01-01T00:00:00Z'), step: 60_000 };

let fixture: MotoFixture;
let listFixture: MotoFixture;
beforeAll(async () => {
  fixture = await startMotoFixture('us-west-1', () => {
    time.now += time.step;
    return time.now;
  });
  // Nothing but the streams that are listed.
  listFixture = await startMotoFixture('ca-central-1');
});
afterAll(async () => {
  await fixture.close();
  await listFixture.close();
});

/** Where a record belongs by the ranges that moto tells. */
function placeOf({ PartitionKey, ExplicitHashKey }: Json, shards: readonly ShardTold[]): string | undefined {
  const md5 = createHash('md5').update(String(PartitionKey)).digest('hex');
  const hash = ExplicitHashKey === undefined ? BigInt(`0x${md5}`) : BigInt(String(ExplicitHashKey));
  const within = ({ range: [first, last] }: ShardTold) => hash >= BigInt(first) && hash <= BigInt(last);
  return shards.find((shard) => shard.open && within(shard))?.id;
}

describe('Kinesis', () => {
  it.each(SHARDS)('keeps the same records in the same shards, of %i', async (shards) => {
    for (let index = 0; index < SEQUENCES; index += 1) {
      const name = `sequence-${shards}-${index}`;
      const sequence = await KinesisSequence.start(fixture, new Comparison(`kinesis ${name}`), name, shards);
      for (let step = 0; step < STEPS; step += 1) await sequence.step();
      await sequence.end();
    }
  });

  it.each(SHARDS)('splits %i the same way: parents keep what they have, children take what comes', async (shards) => {
    const comparison = new Comparison(`kinesis splits of ${shards}`);
    const { random } = comparison;
    const stream = await fixture.createStream(`splits-${shards}`, shards);
    const sides = new StreamSides(fixture, comparison, stream);
    const { name: StreamName } = stream.definition;
    const record = (): Json => ({
      PartitionKey: drawKey(random),
      Data: Buffer.from(String(integer(random, 0, 999))).toString('base64'),
      ...(chance(random, 0.5) && { ExplicitHashKey: String(drawHash(random)) }),
    });
    const records = (length: number) => Array.from({ length }, record);
    await sides.putAll({ StreamName, Records: records(40) });
    for (let split = 0; split < SPLITS; split += 1) await sides.split();
    await sides.readBack();

    // moto's parents take on (`split-shard-takes-on`), so what ours does is judged by the ranges that moto tells.
    const told = await sides.shards();
    const before = stream.records();
    const put = records(AFTER_SPLITS);
    for (const input of put) {
      const { output } = await fixture.ours('kinesis', 'PutRecord', { StreamName, ...input });
      comparison.same('PutRecord after splits', input, output['ShardId'], placeOf(input, told));
    }
    const closed = told.filter(({ open }) => !open).map(({ id }) => id);
    const kept = (list: typeof before) => list.filter(({ shardId }) => closed.includes(shardId));
    comparison.same('what parents keep', closed, kept(stream.records()), kept(before));
  });

  it('lists the same streams, page by page', async () => {
    const comparison = new Comparison('kinesis lists');
    const names = Array.from({ length: LISTED }, (_, at) => `stream-${String(at).padStart(2, '0')}`);
    for (const name of names) await listFixture.createStream(name, 1);
    const list = async (input: Json) => {
      const { ours, moto } = await listFixture.both('kinesis', 'ListStreams', input);
      // moto tells no token and summaries of all (`list-by-token`, `list-tells-of-all`).
      const seen = ({ StreamNames, HasMoreStreams }: Json) => ({ StreamNames, HasMoreStreams });
      comparison.same('ListStreams', input, seen(ours.output), seen(moto.output));
      return { ours, moto };
    };
    for (let Limit = 1; Limit <= LISTED + 1; Limit += 1) {
      let page = (await list({ Limit })).ours.output;
      while (page['HasMoreStreams'] === true) {
        const ExclusiveStartStreamName = (page['StreamNames'] as string[]).at(-1);
        page = (await list({ Limit, ExclusiveStartStreamName })).ours.output;
      }
    }
    const { ours, moto } = await list({ Limit: 100 });
    const summaries = ({ output }: { output: Json }) =>
      (output['StreamSummaries'] as Json[]).map(({ StreamName, StreamARN, StreamStatus }) => ({
        StreamName,
        StreamARN,
        StreamStatus,
      }));
    comparison.same('summaries', 'all', summaries(ours), summaries(moto));
    await meetListDifferences(listFixture, new Comparison('known differences of lists'));
  });

  it('known differences', async () => {
    await meetKinesisDifferences(fixture, new Comparison('known differences of Kinesis'), () => {
      time.step = 0;
    });
  });
});

closeAccount('kinesis', SHARDS.length * (SEQUENCES * STEPS + SPLITS + AFTER_SPLITS));
