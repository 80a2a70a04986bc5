import { HASHES } from '../../local/aws/kinesis/stream';
import type { Answer, Json } from './aws-client';
import type { Comparison } from './comparison';
import { StreamSides, short } from './kinesis-side';
import type { DifferenceId } from './known-differences';
import type { MotoFixture } from './moto-fixture';

const RECORD = { PartitionKey: 'k', Data: 'eA==' };
const MIB = 1024 * 1024;
const LAST = HASHES - 1n;

const taken = ({ error }: Answer) => error ?? 'taken';
const shardOf = ({ error, output }: Answer) => error ?? output['ShardId'];
const encryptionOf = ({ output }: Answer) => output['EncryptionType'] ?? null;

/**
 * Meets every known difference about records, each by steps of its own.
 *
 * @param hold stops the time of our streams, so that they measure a second
 */
export async function meetKinesisDifferences(
  fixture: MotoFixture,
  comparison: Comparison,
  hold: () => void,
): Promise<void> {
  const stream = await fixture.createStream('differences', 2);
  const [StreamName, other] = [stream.definition.name, await fixture.createStream('differences-2', 1)];
  /** Calls with each of the inputs, and compares what is seen of the answers; one alone is no list. */
  const meet = async (
    id: DifferenceId,
    action: 'PutRecord' | 'PutRecords',
    inputs: readonly Json[],
    seen: (answer: Answer) => unknown = taken,
  ) => {
    const [ours, moto]: [unknown[], unknown[]] = [[], []];
    for (const input of inputs) {
      const pair = await fixture.both('kinesis', action, {
        StreamName,
        ...(action === 'PutRecord' && RECORD),
        ...input,
      });
      ours.push(seen(pair.ours));
      moto.push(seen(pair.moto));
    }
    const told = (list: unknown[]) => (list.length === 1 ? list[0] : list);
    comparison.differs(id, inputs.map(short), told(ours), told(moto));
  };
  const large = (bytes: number) => Buffer.alloc(bytes - 1).toString('base64');
  const hashes = (...keys: unknown[]) => keys.map((key) => ({ ExplicitHashKey: String(key) }));

  await meet('last-hash-of-a-shard', 'PutRecord', hashes(LAST, HASHES / 2n - 1n), shardOf);
  await meet('hash-that-is-none', 'PutRecord', hashes('abc', -1, '01', ''));
  await meet('length-of-the-key', 'PutRecord', [{ PartitionKey: '' }, { PartitionKey: 'x'.repeat(257) }]);
  await meet('data-not-base64', 'PutRecord', [{ Data: '****' }, { Data: 'abc' }]);
  await meet('record-too-large', 'PutRecord', [{ Data: large(MIB + 1) }]);
  const six = Array.from({ length: 6 }, () => ({ ...RECORD, Data: large(MIB) }));
  await meet('request-of-6-mib', 'PutRecords', [{ Records: six }]);
  await meet('no-records', 'PutRecords', [{ Records: [] }]);
  const numbers = ({ output }: Answer) =>
    new Set((output['Records'] as Json[]).map(({ SequenceNumber }) => SequenceNumber)).size;
  const halves = hashes(0, HASHES / 2n).map((hash) => ({ ...RECORD, ...hash }));
  const fresh = await fixture.createStream('differences-3', 2);
  await meet('numbers-of-each-shard', 'PutRecords', [{ StreamName: fresh.definition.name, Records: halves }], numbers);
  const names = [{ StreamName: 'a stream' }, { StreamName: stream.arn }, { StreamName: undefined, StreamARN: 'x' }];
  await meet('name-out-of-pattern', 'PutRecord', names);
  await meet('no-stream-named', 'PutRecord', [{ StreamName: undefined }]);
  await meet('two-streams-named', 'PutRecord', [{ StreamARN: other.arn }]);

  const incomplete: [string, Json][] = [
    ['PutRecord', { PartitionKey: 'k' }],
    ['PutRecord', { Data: '' }],
    ['PutRecords', {}],
  ];
  const answers = await Promise.all(
    incomplete.map(([action, input]) => fixture.both('kinesis', action, { StreamName, ...input })),
  );
  const sides = [answers.map(({ ours }) => taken(ours)), answers.map(({ moto }) => taken(moto))];
  comparison.differs('members-missing', incomplete, ...(sides as [string[], string[]]));

  const half = await fixture.createStream('differences-4', 1);
  const Records = [RECORD, { ...RECORD, ExplicitHashKey: String(HASHES) }];
  const refused = await fixture.both('kinesis', 'PutRecords', { StreamName: half.definition.name, Records });
  const held = await new StreamSides(fixture, comparison, half).motoRecords('shardId-000000000000');
  comparison.differs(
    'half-a-request',
    Records,
    [refused.ours.error, half.records().length],
    [refused.moto.error, held.length],
  );

  const secret = (await fixture.createStream('differences-5', 1, true)).definition.name;
  const one = await fixture.both('kinesis', 'PutRecord', { StreamName: secret, ...RECORD });
  const many = await fixture.both('kinesis', 'PutRecords', { StreamName: secret, Records: [RECORD] });
  const told = (side: 'ours' | 'moto') => [encryptionOf(one[side]), encryptionOf(many[side])];
  comparison.differs('encryption-untold', secret, told('ours'), told('moto'));

  const parent = await fixture.createStream('differences-6', 1);
  await new StreamSides(fixture, comparison, parent).split();
  const upper = { StreamName: parent.definition.name, ExplicitHashKey: String(HASHES / 2n) };
  await meet('split-shard-takes-on', 'PutRecord', [upper], shardOf);

  hold();
  const busy = (await fixture.createStream('differences-7', 1)).definition.name;
  const rush = [500, 500, 1].map((length) => ({ StreamName: busy, Records: Array.from({ length }, () => RECORD) }));
  await meet('shard-without-limit', 'PutRecords', rush, ({ output }) => output['FailedRecordCount']);
}

/** Meets every known difference about the list of streams, of which there are 11. */
export async function meetListDifferences(fixture: MotoFixture, comparison: Comparison): Promise<void> {
  const list = async (input: Json, seen: (answer: Answer) => unknown) => {
    const { ours, moto } = await fixture.both('kinesis', 'ListStreams', input);
    return { ours: seen(ours), moto: seen(moto) };
  };
  const namesOf = ({ output }: Answer) => output['StreamNames'] as string[];
  const meet = async (id: DifferenceId, input: Json, seen: (answer: Answer) => unknown) => {
    const { ours, moto } = await list(input, seen);
    comparison.differs(id, input, ours, moto);
  };

  await meet('list-of-ten', {}, (answer) => [namesOf(answer).length, answer.output['HasMoreStreams']]);
  const limits = await Promise.all([0, 10_001].map((Limit) => list({ Limit }, ({ error }) => error ?? 'done')));
  comparison.differs(
    'list-limit',
    [0, 10_001],
    limits.map(({ ours }) => ours),
    limits.map(({ moto }) => moto),
  );
  const stranger = { ExclusiveStartStreamName: 'stranger', Limit: 100 };
  await meet('list-after-a-stranger', stranger, (answer) => answer.error ?? namesOf(answer).length);
  await meet('list-tells-of-all', { Limit: 1 }, (answer) => [
    namesOf(answer).length,
    (answer.output['StreamSummaries'] as Json[]).length,
  ]);
  const first = await fixture.both('kinesis', 'ListStreams', { Limit: 1 });
  const follow = async (side: 'ours' | 'moto') => {
    const { NextToken } = first[side].output;
    const next = await fixture[side]('kinesis', 'ListStreams', {
      Limit: 2,
      ...(NextToken !== undefined && { NextToken }),
    });
    return [NextToken !== undefined, namesOf(next)];
  };
  comparison.differs('list-by-token', { Limit: 2 }, await follow('ours'), await follow('moto'));
}
