/** A record and when it was written, in milliseconds since 1970. */
export interface Entry<R> {
  readonly record: R;
  readonly at: number;
}

/** A part of a stream: records of a range of keys, in order. */
export interface Shard<R> {
  readonly id: string;
  /** Hash range, from and up to, out of the stream's {@link KeySpace}. */
  readonly range: readonly [bigint, bigint];
  readonly records: Entry<R>[];
  /** How many came before {@link records}, and were let go. */
  gone: number;
  /** What took its place when it split. */
  readonly children: Shard<R>[];
}

/** How keys are spread over shards. */
export interface KeySpace {
  /** Hashes are from 0 up to this. */
  readonly size: bigint;
  readonly hashOf: (key: string) => bigint;
}

/** DynamoDB does not say how it hashes. */
const FNV: KeySpace = { size: 2n ** 32n, hashOf: (key) => BigInt(hashOf(key)) };

/** An ordered log in shards, as DynamoDB Streams and Kinesis keep it. A key's records stay in order when shards split. */
export class LocalStream<R> {
  readonly roots: readonly Shard<R>[];
  private readonly open: Shard<R>[];
  private count: number;
  /** Readers that keep their place in it. */
  readers = 0;
  private waiting: Waiting<R>[] = [];
  private waking = false;

  constructor(
    shards = 1,
    private readonly keySpace: KeySpace = FNV,
  ) {
    this.count = shards;
    // Of one width, but for the last, which has what is left over: as Kinesis lists the ranges of 6 shards.
    const from = (index: number) =>
      index === shards ? keySpace.size : (keySpace.size / BigInt(shards)) * BigInt(index);
    this.open = Array.from({ length: shards }, (_, index) => emptyShard<R>(index, [from(index), from(index + 1)]));
    this.roots = [...this.open];
  }

  put(key: string, record: R, at: number): void {
    this.append(this.shardOf(this.keySpace.hashOf(key)), record, at);
  }

  /** The open shard of a hash. */
  shardOf(hash: bigint): Shard<R> {
    const shard = this.open.find(({ range: [from, to] }) => hash >= from && hash < to);
    if (shard === undefined) throw new Error(`${hash} is not in the key space`);
    return shard;
  }

  append(shard: Shard<R>, record: R, at: number): void {
    shard.records.push({ record, at });
    this.wake();
  }

  /** Lets go of a shard's records before a place, counted from its beginning. */
  trim(shard: Shard<R>, place: number): void {
    shard.records.splice(0, place - shard.gone);
    shard.gone = place;
  }

  /** What its shards hold, shard by shard. */
  records(): R[] {
    const of = ({ records, children }: Shard<R>): R[] => [
      ...records.map(({ record }) => record),
      ...children.flatMap(of),
    ];
    return this.roots.flatMap(of);
  }

  /** The shard that still holds a record. */
  holding(record: R): Shard<R> | undefined {
    const within = (shard: Shard<R>): Shard<R> | undefined =>
      shard.records.some((entry) => entry.record === record) ? shard : firstOf(shard.children, within);
    return firstOf(this.roots, within);
  }

  /** A shard by its id. */
  shard(id: string): Shard<R> | undefined {
    const within = (shard: Shard<R>): Shard<R> | undefined =>
      shard.id === id ? shard : firstOf(shard.children, within);
    return firstOf(this.roots, within);
  }

  /** Splits the shard with most records in two, as a stream does that grows. */
  split(): void {
    const [shard] = [...this.open].sort((a, b) => b.records.length - a.records.length);
    if (shard === undefined) return;
    const [from, to] = shard.range;
    const middle = (from + to) / 2n;
    const children = [emptyShard<R>(this.count, [from, middle]), emptyShard<R>(this.count + 1, [middle, to])];
    this.count += 2;
    shard.children.push(...children);
    this.open.splice(this.open.indexOf(shard), 1, ...children);
    this.wake();
  }

  /** Resolves when there is more of a shard than was had, or never will be. */
  changed(shard: Shard<R>, had: number): Promise<void> {
    if (hasMore(shard, had)) return Promise.resolve();
    return new Promise((done) => {
      this.waiting.push({ shard, had, done });
    });
  }

  /** Looks once for all that is written at once, and in the order in which readers came: a stream may have many shards. */
  private wake(): void {
    if (this.waking || this.waiting.length === 0) return;
    this.waking = true;
    queueMicrotask(() => {
      this.waking = false;
      const ready = this.waiting.filter(({ shard, had }) => hasMore(shard, had));
      if (ready.length === 0) return;
      this.waiting = this.waiting.filter(({ shard, had }) => !hasMore(shard, had));
      for (const { done } of ready) done();
    });
  }
}

interface Waiting<R> {
  readonly shard: Shard<R>;
  readonly had: number;
  readonly done: () => void;
}

function firstOf<T, F>(values: readonly T[], find: (value: T) => F | undefined): F | undefined {
  for (const value of values) {
    const found = find(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

function hasMore(shard: Shard<unknown>, had: number): boolean {
  return endOf(shard) !== had || shard.children.length > 0;
}

/** How many records a shard had from its beginning. */
export function endOf({ gone, records }: Shard<unknown>): number {
  return gone + records.length;
}

function emptyShard<R>(number: number, range: readonly [bigint, bigint]): Shard<R> {
  return { id: `shardId-${String(number).padStart(12, '0')}`, range, records: [], gone: 0, children: [] };
}

/** FNV-1a, 32 bits. */
export function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
