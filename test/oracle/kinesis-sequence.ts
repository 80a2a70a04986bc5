import { HASHES } from '../../local/aws/kinesis/stream';
import type { Random } from '../../local/engine/random';
import type { Json } from './aws-client';
import type { Comparison } from './comparison';
import { chance, integer, pick, pickAny, several } from './draw';
import { StreamSides } from './kinesis-side';
import type { MotoFixture } from './moto-fixture';

/** A record, key included, at the most; records of a request at the most. */
const RECORD_BYTES = 1024 * 1024;
const RECORDS = 500;

/** A random hash: 16 bytes. */
export function drawHash(random: Random): bigint {
  return BigInt(`0x${Array.from({ length: 32 }, () => integer(random, 0, 15).toString(16)).join('')}`);
}

/** A random partition key, from one character to 256. */
export function drawKey(random: Random): string {
  return pick(random, [
    `user-${integer(random, 1, 400)}`,
    String(drawHash(random)),
    'x',
    ' ',
    '"\\\n\u0000',
    'größe 尺寸 🛒',
    'x'.repeat(256),
    'ü'.repeat(256),
    '🛒'.repeat(256),
  ]);
}

/** Random life of a stream. */
export class KinesisSequence {
  private sent = 0;

  private constructor(
    private readonly comparison: Comparison,
    private readonly sides: StreamSides,
  ) {}

  static async start(
    fixture: MotoFixture,
    comparison: Comparison,
    name: string,
    shards: number,
  ): Promise<KinesisSequence> {
    const stream = await fixture.createStream(name, shards);
    return new KinesisSequence(comparison, new StreamSides(fixture, comparison, stream));
  }

  /** One random operation. */
  async step(): Promise<void> {
    const { random } = this.comparison;
    const roll = random();
    if (roll < 0.4) return this.sides.put({ ...this.stream(), ...this.record() });
    if (roll < 0.85) return this.sides.putAll({ ...this.stream(), Records: this.records() });
    return this.mistake();
  }

  /** What is at the end must be the same. */
  async end(): Promise<void> {
    await this.sides.readBack();
  }

  private stream(): Json {
    const { arn, definition } = this.sides.stream;
    const [StreamARN, StreamName] = [arn, definition.name];
    return pick<Json>(this.comparison.random, [{ StreamName }, { StreamARN }, { StreamName, StreamARN }]);
  }

  private records(): Json[] {
    const { random } = this.comparison;
    if (chance(random, 0.04)) return several(random, RECORDS, RECORDS, () => this.small());
    return several(random, 1, chance(random, 0.3) ? 1 : 12, () => this.record());
  }

  /** With a hash in place of its key now and then: not the last of a shard, which moto takes nowhere (`last-hash-of-a-shard`). */
  private record(): Json {
    const { random } = this.comparison;
    const PartitionKey = drawKey(random);
    const data = chance(random, 0.015) ? Buffer.alloc(RECORD_BYTES - Buffer.byteLength(PartitionKey), 7) : this.data();
    return {
      PartitionKey,
      Data: data.toString('base64'),
      ...(chance(random, 0.3) && { ExplicitHashKey: String(this.hash()) }),
    };
  }

  private small(): Json {
    return { PartitionKey: drawKey(this.comparison.random), Data: this.data().toString('base64') };
  }

  private data(): Buffer {
    const { random } = this.comparison;
    this.sent += 1;
    return pick(random, [
      Buffer.alloc(0),
      Buffer.from(`{"at":${this.sent},"text":"☕ <&>"}`),
      Buffer.from(several(random, 1, 70, () => integer(random, 0, 255))),
    ]);
  }

  private hash(): bigint {
    const { random } = this.comparison;
    const [from, to] = pickAny(random, this.sides.stream.shards.roots)?.range ?? [0n, HASHES];
    return pick(random, [0n, 1n, from, from + 1n, to - 2n, HASHES - 2n, drawHash(random)]);
  }

  private async mistake(): Promise<void> {
    const { random } = this.comparison;
    const { arn, definition } = this.sides.stream;
    const [record, beyond] = [this.small(), pick(random, [String(HASHES), '9'.repeat(39)])];
    const [tooFar, tooLarge] = [
      { ...record, ExplicitHashKey: beyond },
      { ...record, Data: Buffer.alloc(RECORD_BYTES).toString('base64') },
    ];
    const elsewhere = pick<Json>(random, [
      { StreamName: `no-${definition.name}` },
      { StreamARN: `${arn}-no` },
      { StreamARN: arn.replace(/\d{12}/, '999999999999') },
      { StreamARN: arn.replace('us-', 'eu-') },
      { StreamARN: `${arn}/consumer/reader:1` },
    ]);
    const [action, input] = pick<[string, Json]>(random, [
      ['PutRecord', { ...elsewhere, ...record }],
      ['PutRecords', { ...elsewhere, Records: [record] }],
      ['PutRecord', { ...this.stream(), ...tooFar }],
      // Alone, because moto takes what comes before it (`half-a-request`).
      ['PutRecords', { ...this.stream(), Records: [tooFar] }],
      ['PutRecords', { ...this.stream(), Records: [record, tooLarge] }],
      ['PutRecords', { ...this.stream(), Records: Array.from({ length: RECORDS + 1 }, () => record) }],
    ]);
    return this.sides.refused(action, input);
  }
}
