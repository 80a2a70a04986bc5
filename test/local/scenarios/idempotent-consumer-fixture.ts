import { expect } from 'vitest';
import type { KinesisRecord } from '../../../local/aws/kinesis/stream';
import type { Entry } from '../../../local/aws/stream';
import { Failure } from '../../../local/engine/failure';
import type { LocalEngine } from '../../../local/engine/local-engine';
import { seededRandom } from '../../../local/engine/random';
import { ownReads } from '../../../local/engine/shard-reads';
import { StreamReader } from '../../../local/engine/stream-reader';

/** Who reads along. */
export interface Onlooker {
  /** Fails unless each record was handled once, and those of each key in the order in which they came. */
  expectOrder(replay: string): void;
}

/**
 * Reads the pipeline's stream as a consumer with four batches at once for each shard does, dies now and then, and takes batches
 * in part. What it does with a record is what an idempotent consumer does: a record that comes again is no more news.
 */
export function lookOn(engine: LocalEngine, seed: number): Onlooker {
  const stream = engine.stores.kinesis.stream(engine.find('AWS::Kinesis::Stream', 'ClickstreamEvents').name);
  const random = seededRandom(seed, 'onlooker');
  const byKey = new Map<string, string[]>();
  let [handled, again] = [0, 0];
  const source = { batchSize: 50, filters: [], retryAttempts: -1, bisects: true, parallelization: 4 };
  const handle = async (entries: readonly Entry<KinesisRecord>[]) => {
    if (random() < 0.01) throw new Failure('died before');
    const done = random() < 0.01 ? Math.floor(random() * entries.length) : entries.length;
    for (const { record } of entries.slice(0, done)) {
      const { partitionKey, sequenceNumber } = record;
      const known = byKey.get(partitionKey) ?? [];
      byKey.set(partitionKey, known);
      if (known.includes(sequenceNumber)) {
        again += 1;
        continue;
      }
      known.push(sequenceNumber);
      handled += 1;
    }
    if (random() < 0.01) throw new Failure('died behind');
    return done;
  };
  const keyOf = ({ partitionKey }: KinesisRecord) => partitionKey;
  const reads = ownReads(engine, stream);
  new StreamReader(
    stream.shards,
    source,
    { handle, giveUp: async () => undefined, keyOf },
    engine.clock,
    reads,
  ).start();
  return {
    expectOrder(replay) {
      expect(handled, replay).toBe(stream.records().length);
      expect(again, replay).toBeGreaterThan(0);
      for (const seen of byKey.values()) expect(seen, replay).toEqual([...seen].sort());
    },
  };
}
