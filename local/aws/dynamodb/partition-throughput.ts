import { TokenBucket } from '../../clock/token-bucket';
import { DYNAMODB_LIMITS } from '../../limits/dynamodb';
import { AwsError } from '../service';
import { type Item, itemSize } from './attribute-value';
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

/**
 * What a partition can do in a second, for each partition key value by itself, in a table and in its indexes: one that takes
 * more than a partition gives is throttled, however much the table has left. Burst capacity does not help a partition beyond
 * that (repost.aws/knowledge-center/dynamodb-spiky-workloads-short-intervals). AWS may be less kind: several values share a
 * partition until it is split.
 */
export class PartitionThroughput {
  private buckets = new Map<string, TokenBucket>();
  private olderBuckets = this.buckets;
  private since = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly now: () => number,
    /** Hears of each request that is throttled. */
    private readonly onThrottle: (table: string, kind: 'Read' | 'Write') => void = () => undefined,
  ) {}

  /** Takes what a single write needs. @throws AwsError `ThrottlingException` */
  write(write: MeasuredWrite): void {
    const needed = writeUnits(write, 1);
    if (!this.has(needed)) {
      this.onThrottle(write.table.definition.name, 'Write');
      throw throttled(partitionWrites.error, write.table.definition.name, 'Write');
    }
    this.spend(needed);
  }

  /** Takes what a transaction needs, or nothing. @throws AwsError `TransactionCanceledException` */
  transact(writes: readonly MeasuredWrite[]): void {
    const needed = new Map<string, number>();
    const short = writes.map((write) => {
      const units = writeUnits(write, TRANSACTION_FACTOR);
      for (const [partition, amount] of units) needed.set(partition, (needed.get(partition) ?? 0) + amount);
      return !this.has(new Map([...units.keys()].map((partition) => [partition, needed.get(partition) ?? 0])));
    });
    if (short.includes(true)) {
      const reasons = writes.map(({ table }, index) => {
        if (short[index] !== true) return { Code: 'None' };
        this.onThrottle(table.definition.name, 'Write');
        return { Code: 'ThrottlingError', Message: THROTTLED };
      });
      throw cancelled(transactionThrottled, reasons);
    }
    this.spend(needed);
  }

  /** Takes what a read of so many bytes needs. @throws AwsError `ThrottlingException` */
  read(table: string, partition: string, bytes: number, consistent: boolean): void {
    const units = Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES)) * (consistent ? 1 : 0.5);
    if (!this.bucket(`read ${table} ${partition}`, partitionReads.max).take(units)) {
      this.onThrottle(table, 'Read');
      throw throttled(partitionReads.error, table, 'Read');
    }
  }

  private has(units: ReadonlyMap<string, number>): boolean {
    for (const [partition, amount] of units) {
      if (!this.bucket(partition, partitionWrites.max).has(amount)) return false;
    }
    return true;
  }

  private spend(units: ReadonlyMap<string, number>): void {
    for (const [partition, amount] of units) this.bucket(partition, partitionWrites.max).spend(amount);
  }

  private bucket(partition: string, perSecond: number): TokenBucket {
    const now = this.now();
    if (now - this.since >= REFILL_MS) [this.olderBuckets, this.buckets, this.since] = [this.buckets, new Map(), now];
    let found = this.buckets.get(partition);
    if (found === undefined) {
      found = this.olderBuckets.get(partition) ?? new TokenBucket(perSecond, perSecond, this.now);
      this.buckets.set(partition, found);
    }
    return found;
  }
}

/** Units that a write takes, by the partition of the table or of an index that it takes them from. */
function writeUnits({ table, key, before, after }: MeasuredWrite, factor: number): Map<string, number> {
  const { name, key: schema, indexes = {} } = table.definition;
  const units = new Map<string, number>();
  const add = (index: string, item: Item | undefined, partition: string, bytes: number) => {
    const value = item?.[partition];
    if (value === undefined) return;
    const place = `${name} ${index} ${scalarText(value)}`;
    units.set(place, (units.get(place) ?? 0) + Math.max(1, Math.ceil(bytes / WRITE_UNIT_BYTES)) * factor);
  };
  const [old, young] = [before, after].map((item) => (item === undefined ? 0 : itemSize(item)));
  add('', key, schema.partition, Math.max(old ?? 0, young ?? 0));
  if (before === after) return units;
  for (const [index, { partition }] of Object.entries(indexes)) {
    const moves = scalarAt(before, partition) !== scalarAt(after, partition);
    if (moves || after === undefined) add(index, before, partition, old ?? 0);
    if (after !== undefined) add(index, after, partition, young ?? 0);
  }
  return units;
}

function scalarAt(item: Item | undefined, name: string): string | undefined {
  const value = item?.[name];
  return value === undefined ? undefined : scalarText(value);
}

function throttled(code: string, table: string, kind: 'Read' | 'Write'): AwsError {
  const throttlingReasons = [{ reason: `Table${kind}KeyRangeThroughputExceeded`, resource: table }];
  return new AwsError(code, THROTTLED, 400, { throttlingReasons });
}
