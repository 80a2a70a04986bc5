import type { KinesisRecord, LocalKinesisStream } from '../../local/aws/kinesis/stream';
import type { Shard } from '../../local/aws/stream';
import type { Answer, Json } from './aws-client';
import type { Comparison } from './comparison';
import type { MotoFixture } from './moto-fixture';

/** A shard as both sides are asked for it. */
export interface ShardTold {
  readonly id: string;
  readonly parent?: string;
  /** First hash and last. */
  readonly range: readonly [string, string];
  readonly open: boolean;
}

/** Longest text and longest list of a request that a disagreement prints. */
const PRINTED = 80;
const LISTED = 15;

/** The sequence numbers that one side told, by shard. */
class Ledger {
  private readonly numbers = new Map<string, string[]>();

  /** Notes a number. @returns whether it is higher than the last of its shard; if not, both */
  note(shardId: string, number: string): string {
    const known = this.numbers.get(shardId) ?? [];
    const last = known.at(-1) ?? '0';
    this.numbers.set(shardId, [...known, number]);
    return BigInt(number) > BigInt(last) ? 'higher' : `${number} after ${last}`;
  }

  /** Which of a shard's records a number was told for. */
  placeOf(shardId: string, number: string): number {
    return (this.numbers.get(shardId) ?? []).indexOf(number);
  }
}

/** A stream of both sides, driven by the same calls. */
export class StreamSides {
  private readonly ledgers = { ours: new Ledger(), moto: new Ledger() };

  constructor(
    private readonly fixture: MotoFixture,
    private readonly comparison: Comparison,
    readonly stream: LocalKinesisStream,
  ) {}

  /** Puts one record; which shard took it is compared, and whether its number is higher than the last one's. */
  async put(input: Json): Promise<void> {
    const { ours, moto } = await this.fixture.both('kinesis', 'PutRecord', input);
    const seen = ({ error, output }: Answer, ledger: Ledger) => error ?? placed(output, ledger);
    this.comparison.same('PutRecord', short(input), seen(ours, this.ledgers.ours), seen(moto, this.ledgers.moto));
  }

  /** The same for many records. */
  async putAll(input: Json): Promise<void> {
    const { ours, moto } = await this.fixture.both('kinesis', 'PutRecords', input);
    const seen = ({ error, output }: Answer, ledger: Ledger) =>
      error ?? { ...output, Records: (output['Records'] as Json[]).map((record) => placed(record, ledger)) };
    this.comparison.same('PutRecords', short(input), seen(ours, this.ledgers.ours), seen(moto, this.ledgers.moto));
  }

  /** Any call that must be refused; what is compared is the error code. */
  async refused(action: string, input: Json): Promise<void> {
    const { ours, moto } = await this.fixture.both('kinesis', action, input);
    this.comparison.same(action, short(input), ours.error ?? 'done', moto.error ?? 'done');
    if (ours.error === undefined) throw new Error(`Neither side refuses ${action} ${JSON.stringify(short(input))}`);
  }

  /** Compares ids, parents and ranges of the shards. @returns them */
  async shards(): Promise<readonly ShardTold[]> {
    const theirs = await motoShards(this.fixture, this.stream);
    this.comparison.same('ListShards', this.stream.definition.name, ownShards(this.stream), theirs);
    return theirs;
  }

  /** Reads everything back, shard by shard. */
  async readBack(): Promise<void> {
    const own = this.stream.records();
    for (const { id } of await this.shards()) {
      const ours = own.filter(({ shardId }) => shardId === id).map((record) => read(record, id, this.ledgers.ours));
      const theirs = await this.motoRecords(id);
      this.comparison.same('length of a shard', id, ours.length, theirs.length);
      for (const [at, record] of ours.entries()) this.comparison.same('record', { id, at }, record, theirs[at]);
    }
  }

  /** Splits a shard of ours, and moto's of the same id at the same hash. */
  async split(): Promise<void> {
    const open = (await this.shards()).filter((shard) => shard.open).map(({ id }) => id);
    this.stream.shards.split();
    const split = family(this.stream).find(({ id, children }) => open.includes(id) && children.length > 0);
    const [, upper] = split?.children ?? [];
    if (split === undefined || upper === undefined) throw new Error('No shard of ours was split');
    await this.fixture.arrange('kinesis', 'SplitShard', {
      StreamName: this.stream.definition.name,
      ShardToSplit: split.id,
      NewStartingHashKey: String(upper.range[0]),
    });
  }

  /** Everything that a shard of moto's holds. */
  async motoRecords(id: string): Promise<unknown[]> {
    const StreamName = this.stream.definition.name;
    const position = { StreamName, ShardId: id, ShardIteratorType: 'TRIM_HORIZON' };
    let { ShardIterator } = await this.fixture.arrange('kinesis', 'GetShardIterator', position);
    const found: unknown[] = [];
    for (;;) {
      const page = await this.fixture.arrange('kinesis', 'GetRecords', { ShardIterator, Limit: 500 });
      const records = page['Records'] as { SequenceNumber: string; PartitionKey: string; Data: string }[];
      if (records.length === 0) return found;
      for (const { SequenceNumber: sequenceNumber, PartitionKey: partitionKey, Data: data } of records) {
        found.push(read({ sequenceNumber, partitionKey, data }, id, this.ledgers.moto));
      }
      ShardIterator = page['NextShardIterator'];
    }
  }
}

/** Every shard of ours, also those that were split. */
function family({ shards }: LocalKinesisStream): Shard<KinesisRecord>[] {
  const all = (shard: Shard<KinesisRecord>): Shard<KinesisRecord>[] => [shard, ...shard.children.flatMap(all)];
  return shards.roots.flatMap(all);
}

/** A request without its long texts and lists, for errors. */
export function short(input: Json): unknown {
  const cut = (_: string, value: unknown) => {
    if (typeof value === 'string' && value.length > PRINTED) return `${value.slice(0, PRINTED)}... (${value.length})`;
    if (Array.isArray(value) && value.length > LISTED) return [...value.slice(0, LISTED), `... (${value.length})`];
    return value;
  };
  return JSON.parse(JSON.stringify(input, cut)) as unknown;
}

/** The whole outcome of a record; numbers are each side's own. */
function placed(outcome: Json, ledger: Ledger): unknown {
  const { ShardId, SequenceNumber } = outcome;
  return { ...outcome, SequenceNumber: ledger.note(String(ShardId), String(SequenceNumber)) };
}

/** A record that was read; of its number, for which of the shard's records it was told. */
function read(
  { sequenceNumber, partitionKey, data }: Pick<KinesisRecord, 'sequenceNumber' | 'partitionKey' | 'data'>,
  shardId: string,
  ledger: Ledger,
): unknown {
  return { partitionKey, data, place: ledger.placeOf(shardId, sequenceNumber) };
}

function ownShards(stream: LocalKinesisStream): ShardTold[] {
  const all = family(stream);
  const parentOf = (id: string) => all.find(({ children }) => children.some((child) => child.id === id))?.id;
  const told = all.map(({ id, range: [from, to], children }) => {
    const parent = parentOf(id);
    const range = [String(from), String(to - 1n)] as const;
    return { id, ...(parent !== undefined && { parent }), range, open: children.length === 0 };
  });
  return told.sort((a, b) => a.id.localeCompare(b.id));
}

async function motoShards(fixture: MotoFixture, stream: LocalKinesisStream): Promise<ShardTold[]> {
  const { Shards } = await fixture.arrange('kinesis', 'ListShards', { StreamName: stream.definition.name });
  return (Shards as Record<string, Record<string, string>>[]).map((shard) => {
    const { ShardId, ParentShardId, HashKeyRange = {}, SequenceNumberRange = {} } = shard;
    const range = [String(HashKeyRange['StartingHashKey']), String(HashKeyRange['EndingHashKey'])] as const;
    const open = SequenceNumberRange['EndingSequenceNumber'] === undefined;
    const parent = ParentShardId === undefined ? {} : { parent: String(ParentShardId) };
    return { id: String(ShardId), ...parent, range, open };
  });
}
