import { SHARD_LIMITS } from '../aws/kinesis/shard-capacity';
import type { KinesisRecord, LocalKinesisStream } from '../aws/kinesis/stream';
import { endOf, type LocalStream, type Shard } from '../aws/stream';
import { type Clock, sleep } from '../clock/clock';
import { TokenBucket } from '../clock/token-bucket';
import { KINESIS_LIMITS } from '../limits/kinesis';
import { exceeds } from '../limits/limit';
import type { LocalMetrics } from '../monitoring/metrics';

/**
 * Gets what follows the records that a reader has of a shard, when there is any.
 *
 * @param had place of the next record that the reader does not have, counted from the shard's beginning
 * @returns the same for what it has then; `had` itself at the end of a shard that split
 */
export type Fetch<R> = (shard: Shard<R>, had: number) => Promise<number>;

/** What reads of a data stream need. */
export interface ReadContext {
  readonly clock: Clock;
  readonly metrics: LocalMetrics;
}

/**
 * Lambda and Firehose poll each shard once a second, and at once while they are behind
 * (docs.aws.amazon.com/lambda: with-kinesis; docs.aws.amazon.com/firehose: writing-with-kinesis-streams).
 */
const POLL_MS = 1000;
const { readRecords, readBytes } = KINESIS_LIMITS.rows;
/** How long a record takes to a reader with enhanced fan-out (docs.aws.amazon.com/streams: building-consumers). */
const PUSH_MS = 70;

/** Everything as soon as it is there. */
export function atOnce<R>(stream: LocalStream<R>): Fetch<R> {
  return async (shard, had) => {
    await stream.changed(shard, had);
    return endOf(shard);
  };
}

/**
 * Polls, in the throughput that a shard has for all who share it. One that is refused tries again as soon as there is room;
 * AWS names no time. Polls that would find nothing are not played, so they take nothing from others either.
 */
export function sharedReads({ clock, metrics }: ReadContext, stream: LocalKinesisStream): Fetch<KinesisRecord> {
  const begun = clock.now();
  const behind = new Set<Shard<KinesisRecord>>();
  const dimensions = { StreamName: stream.definition.name };
  const measure = (name: string, value: number) => metrics.put('AWS/Kinesis', name, dimensions, value);
  return async (shard, had) => {
    await stream.shards.changed(shard, had);
    if (endOf(shard) === had) return had;
    if (!behind.has(shard)) await sleep(clock, POLL_MS - ((clock.now() - begun) % POLL_MS));
    const capacity = stream.capacityOf(shard);
    for (let wait = capacity.read(); wait > 0; wait = capacity.read()) {
      measure('ReadProvisionedThroughputExceeded', 1);
      await sleep(clock, wait);
    }
    const { next, bytes } = answer(shard, had);
    capacity.give(bytes);
    if (next < endOf(shard)) behind.add(shard);
    else behind.delete(shard);
    measure('ReadProvisionedThroughputExceeded', 0);
    measure('GetRecords.Records', next - had);
    measure('GetRecords.Bytes', bytes);
    measure('GetRecords.IteratorAgeMilliseconds', clock.now() - (shard.records[next - 1 - shard.gone]?.at ?? 0));
    return next;
  };
}

/** Is handed records as they come, in a throughput of its own for each shard (docs.aws.amazon.com/streams: building-consumers). */
export function ownReads({ clock }: ReadContext, stream: LocalKinesisStream): Fetch<KinesisRecord> {
  const buckets = new Map<Shard<KinesisRecord>, TokenBucket>();
  return async (shard, had) => {
    await stream.shards.changed(shard, had);
    if (endOf(shard) === had) return had;
    const { bytesOut } = SHARD_LIMITS;
    const bucket = buckets.get(shard) ?? new TokenBucket(bytesOut, bytesOut, () => clock.now());
    buckets.set(shard, bucket);
    await sleep(clock, Math.max(PUSH_MS, bucket.wait()));
    const { next, bytes } = answer(shard, had);
    bucket.spend(bytes);
    return next;
  };
}

/** As much of what follows as fits one answer. */
function answer({ records, gone }: Shard<KinesisRecord>, had: number): { next: number; bytes: number } {
  const most = Math.min(records.length, had - gone + readRecords.max);
  let [index, bytes] = [had - gone, 0];
  for (; index < most; index += 1) {
    const size = Buffer.byteLength(records[index]?.record.data ?? '', 'base64');
    if (bytes > 0 && exceeds(readBytes, bytes + size)) break;
    bytes += size;
  }
  return { next: gone + index, bytes };
}
