import { TokenBucket } from '../../clock/token-bucket';
import { KINESIS_LIMITS } from '../../limits/kinesis';

const { rows } = KINESIS_LIMITS;

/**
 * What a shard takes in a second, and what it gives to all who share it: the same for provisioned and on-demand streams
 * (docs.aws.amazon.com/streams: working-with-streams, service-sizes-and-limits; kinesis: API_GetRecords). An on-demand stream
 * grows with its traffic within minutes (how-do-i-size-a-stream); here it stays at the four shards that it begins with.
 */
export const SHARD_LIMITS = {
  recordsIn: rows.recordsIn.max,
  bytesIn: rows.bytesIn.max,
  readsOut: rows.readsOut.max,
  bytesOut: rows.bytesOut.max,
} as const;

/**
 * A shard's throughput: a second's worth at once, then as it refills. A large record, or an answer of 10 MiB, takes its share
 * of the seconds that follow (docs.aws.amazon.com/streams: large-records; kinesis: API_GetRecords).
 */
export class ShardCapacity {
  /** Records that it took. */
  taken = 0;
  /** Records that it refused for want of room. */
  refused = 0;
  /** Reads by those who share it. */
  reads = 0;
  /** Reads that it refused. */
  readsRefused = 0;

  private readonly recordsIn: TokenBucket;
  private readonly bytesIn: TokenBucket;
  private readonly readsOut: TokenBucket;
  private readonly bytesOut: TokenBucket;

  constructor(now: () => number) {
    const { recordsIn, bytesIn, readsOut, bytesOut } = SHARD_LIMITS;
    this.recordsIn = new TokenBucket(recordsIn, recordsIn, now);
    this.bytesIn = new TokenBucket(bytesIn, bytesIn, now);
    this.readsOut = new TokenBucket(readsOut, readsOut, now);
    this.bytesOut = new TokenBucket(bytesOut, bytesOut, now);
  }

  /** Makes room for a record. @param bytes of it, key included. @returns whether there was any */
  write(bytes: number): boolean {
    const room = this.recordsIn.has() && this.bytesIn.take(bytes);
    if (room) {
      this.recordsIn.spend(1);
      this.taken += 1;
    } else {
      this.refused += 1;
    }
    return room;
  }

  /** Lets a reader read. @returns 0, or the milliseconds after which it may come again */
  read(): number {
    const wait = Math.max(this.readsOut.wait(), this.bytesOut.wait());
    if (wait > 0) {
      this.readsRefused += 1;
    } else {
      this.readsOut.spend(1);
      this.reads += 1;
    }
    return wait;
  }

  /** Takes what a reader got. */
  give(bytes: number): void {
    this.bytesOut.spend(bytes);
  }
}
