import { createHash } from 'node:crypto';
import { type KeySpace, LocalStream, type Shard } from '../stream';
import { ShardCapacity } from './shard-capacity';

/** A record as a stream keeps it. */
export interface KinesisRecord {
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  /** Base64. */
  readonly data: string;
  /** Milliseconds since 1970. */
  readonly arrival: number;
}

/** A stream as the template defines it. */
export interface StreamDefinition {
  readonly name: string;
  readonly shards: number;
  /** Seconds that it keeps records. */
  readonly retention: number;
  /** Largest record, key included. */
  readonly maxRecordBytes: number;
  readonly encrypted: boolean;
}

/** How a shard was used. */
export interface ShardUse extends Readonly<Pick<ShardCapacity, 'taken' | 'refused' | 'reads' | 'readsRefused'>> {
  readonly id: string;
  /** Itself, and all that it split into. */
  readonly shards: number;
}

/** AWS: Kinesis API, PutRecord: MD5 maps partition keys to 128-bit integers. */
export const HASHES = 2n ** 128n;

const MD5: KeySpace = {
  size: HASHES,
  hashOf: (key) => BigInt(`0x${createHash('md5').update(key, 'utf8').digest('hex')}`),
};

/** Digits of a sequence number; all alike, so that text and number are in the same order. */
const SEQUENCE_DIGITS = 54;

/** A data stream in memory: shards of ranges of hashes, each with its records in order. */
export class LocalKinesisStream {
  readonly shards: LocalStream<KinesisRecord>;
  private readonly capacities = new Map<Shard<KinesisRecord>, ShardCapacity>();
  private count = 0;

  constructor(
    readonly definition: StreamDefinition,
    readonly arn: string,
    private readonly now: () => number,
  ) {
    this.shards = new LocalStream(definition.shards, MD5);
  }

  /** The shard that takes a record of a key, or of the hash that is given in the key's place. */
  shardOf(partitionKey: string, explicitHashKey?: string): Shard<KinesisRecord> {
    return this.shards.shardOf(explicitHashKey === undefined ? MD5.hashOf(partitionKey) : BigInt(explicitHashKey));
  }

  /** What a shard takes and gives in a second. */
  capacityOf(shard: Shard<KinesisRecord>): ShardCapacity {
    const known = this.capacities.get(shard);
    if (known !== undefined) return known;
    const capacity = new ShardCapacity(this.now);
    this.capacities.set(shard, capacity);
    return capacity;
  }

  /** How the shards were used that it began with, each with what it split into. */
  use(): readonly ShardUse[] {
    const all = (shard: Shard<KinesisRecord>): Shard<KinesisRecord>[] => [shard, ...shard.children.flatMap(all)];
    return this.shards.roots.map((root) => {
      const family = all(root);
      const use = { id: root.id, shards: family.length, taken: 0, refused: 0, reads: 0, readsRefused: 0 };
      for (const shard of family) {
        const { taken, refused, reads, readsRefused } = this.capacityOf(shard);
        use.taken += taken;
        use.refused += refused;
        use.reads += reads;
        use.readsRefused += readsRefused;
      }
      return use;
    });
  }

  /** Keeps a record. The whole stream counts, so that numbers ascend in every shard, also in those that come of a split. */
  put(shard: Shard<KinesisRecord>, partitionKey: string, data: string, arrival: number): KinesisRecord {
    this.count += 1;
    const sequenceNumber = `49${String(this.count).padStart(SEQUENCE_DIGITS, '0')}`;
    const record = { shardId: shard.id, sequenceNumber, partitionKey, data, arrival };
    this.shards.append(shard, record, arrival);
    return record;
  }

  /** Everything that it holds and that its only reader has not let go, shard by shard. */
  records(): KinesisRecord[] {
    return this.shards.records();
  }
}
