import { TokenBucket } from '../../clock/token-bucket';
import { DYNAMODB_LIMITS } from '../../limits/dynamodb';
import { AwsError } from '../service';
import type { Item } from './attribute-value';
import { scalarText } from './keys';
import type { LocalTable } from './table';
import { cancelled } from './transaction-cancelled';

const { partitionWrites, partitionReads, transactionThrottled } = DYNAMODB_LIMITS.rows;

/** A write as far as it takes throughput. */
export interface MeasuredWrite {
  readonly table: LocalTable;
  readonly key: Item;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
  /** Of the larger of the two. */
  readonly bytes: number;
}

/** A read as far as it takes throughput. */
export interface MeasuredRead {
  /** @default - the table itself */
  readonly index?: string;
  /** Value of the partition key, as text. */
  readonly partition: string;
  readonly bytes: number;
  readonly consistent: boolean;
}

const WRITE_UNIT_BYTES = 1024;
const READ_UNIT_BYTES = 4096;
/** A transaction prepares and commits each write (developerguide, transaction-apis.html, capacity management). */
const TRANSACTION_FACTOR = 2;
/** After so long without use a partition has all of its throughput back. */
const REFILL_MS = 1000;

const THROTTLED =
  'Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your table or index ' +
  'so please try again shortly. If exceptions persist, check if you have a hot key: ' +
  'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html.';

/** Throughput of the partition key values of a table or an index. */
class Partitions {
  private buckets = new Map<string, TokenBucket>();
  private older = this.buckets;
  private since = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly perSecond: number,
    private readonly now: () => number,
  ) {}

  of(value: string): TokenBucket {
    const now = this.now();
    if (now - this.since >= REFILL_MS) [this.older, this.buckets, this.since] = [this.buckets, new Map(), now];
    let found = this.buckets.get(value);
    if (found === undefined) {
      found = this.older.get(value) ?? new TokenBucket(this.perSecond, this.perSecond, this.now);
      this.buckets.set(value, found);
    }
    return found;
  }
}

/** Units that a write takes of a partition. */
interface Need {
  readonly from: TokenBucket;
  readonly units: number;
}

/**
 * What a partition can do in a second, for each partition key value by itself, in a table and in its indexes: one that takes
 * more than a partition gives is throttled, however much the table has left. Burst capacity does not help a partition beyond
 * that (repost.aws/knowledge-center/dynamodb-spiky-workloads-short-intervals). AWS may be less kind: several values share a
 * partition until it is split.
 */
export class PartitionThroughput {
  /** By table and index. */
  private readonly reads = new Map<string, Partitions>();
  private readonly writes = new Map<string, Partitions>();

  constructor(
    private readonly now: () => number,
    /** Hears of each request that is throttled. */
    private readonly onThrottle: (table: string, kind: 'Read' | 'Write') => void = () => undefined,
  ) {}

  /** Takes what a single write needs. @throws AwsError `ThrottlingException` */
  write(write: MeasuredWrite): void {
    const needs = this.needsOf(write, 1);
    if (needs.some(({ from, units }) => !from.has(units))) {
      throw this.throttled(partitionWrites.error, write.table.definition.name, 'Write');
    }
    for (const { from, units } of needs) from.spend(units);
  }

  /** Takes what a transaction needs, or nothing. @throws AwsError `TransactionCanceledException` */
  transact(writes: readonly MeasuredWrite[]): void {
    const needed = new Map<TokenBucket, number>();
    const short = writes.map((write) => {
      let fits = true;
      for (const { from, units } of this.needsOf(write, TRANSACTION_FACTOR)) {
        const sum = (needed.get(from) ?? 0) + units;
        needed.set(from, sum);
        fits &&= from.has(sum);
      }
      return !fits;
    });
    if (short.includes(true)) {
      const reasons = writes.map(({ table }, index) => {
        if (short[index] !== true) return { Code: 'None' };
        this.onThrottle(table.definition.name, 'Write');
        return { Code: 'ThrottlingError', Message: THROTTLED };
      });
      throw cancelled(transactionThrottled, reasons);
    }
    for (const [from, units] of needed) from.spend(units);
  }

  /** Takes what a read of so many bytes needs. @throws AwsError `ThrottlingException` */
  read(table: string, { index = '', partition, bytes, consistent }: MeasuredRead): void {
    const units = Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES)) * (consistent ? 1 : 0.5);
    const from = this.partitions(this.reads, partitionReads.max, table, index).of(partition);
    if (!from.take(units)) throw this.throttled(partitionReads.error, table, 'Read');
  }

  /** Units that a write takes of the table's partition, and of those of its indexes. */
  private needsOf({ table, key, before, after, bytes }: MeasuredWrite, factor: number): Need[] {
    const { name, key: schema, indexes } = table.definition;
    const needs: Need[] = [];
    const add = (index: string, item: Item | undefined, partition: string, size: number) => {
      const value = item?.[partition];
      if (value === undefined) return;
      const from = this.partitions(this.writes, partitionWrites.max, name, index).of(scalarText(value));
      needs.push({ from, units: Math.max(1, Math.ceil(size / WRITE_UNIT_BYTES)) * factor });
    };
    add('', key, schema.partition, bytes);
    if (before === after || indexes === undefined) return needs;
    for (const index of Object.keys(indexes)) {
      const partition = indexes[index]?.partition ?? '';
      const moves = scalarAt(before, partition) !== scalarAt(after, partition);
      // An item that moves is deleted from one partition of the index and put into another.
      if (moves || after === undefined) add(index, before, partition, bytes);
      if (after !== undefined) add(index, after, partition, bytes);
    }
    return needs;
  }

  private partitions(of: Map<string, Partitions>, perSecond: number, table: string, index: string): Partitions {
    const name = index === '' ? table : `${table}/${index}`;
    let found = of.get(name);
    if (found === undefined) {
      found = new Partitions(perSecond, this.now);
      of.set(name, found);
    }
    return found;
  }

  private throttled(code: string, table: string, kind: 'Read' | 'Write'): AwsError {
    this.onThrottle(table, kind);
    const throttlingReasons = [{ reason: `Table${kind}KeyRangeThroughputExceeded`, resource: table }];
    return new AwsError(code, THROTTLED, 400, { throttlingReasons });
  }
}

function scalarAt(item: Item | undefined, name: string): string | undefined {
  const value = item?.[name];
  return value === undefined ? undefined : scalarText(value);
}
