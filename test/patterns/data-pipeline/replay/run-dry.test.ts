import { describe, expect, it } from 'vitest';
import {
  BUCKET,
  createStream,
  fixture,
  inventory,
  keepBatch,
  keepRejected,
  records,
  run,
  useReplayFixture,
} from './replay-fixture';

useReplayFixture();

const FOLDER = 'aws/lambda/91eaeb7e-c976-4939-9430-8defdc2b0b8e/shardId-000000000000/2026/11/23/';

describe('groundplan replay --dry-run', () => {
  it('tells what is there and why, and changes nothing', async () => {
    const stream = createStream();
    const batches = [
      keepBatch(records(70)),
      keepBatch(records(30, 70), { name: '10.15.09-y', condition: 'MaximumRecordAgeExceeded' }),
    ];
    keepRejected(records(3, 100), '2026-11-21');
    const before = fixture.s3.keys(BUCKET);
    const actions = new Set<string>();
    fixture.refuse = (action) => {
      actions.add(action);
    };
    const { code, out, err } = await run('--dry-run --prefix=');
    expect([code, stream.records(), fixture.s3.keys(BUCKET)]).toEqual([0, [], before]);
    expect([...actions].sort()).toEqual(['GetObject', 'ListBuckets', 'ListObjectsV2', 'ListStreams']);
    expect(err).toMatch(
      /^3 objects \([\d.]+ KiB\) of 2026-11-21 to 2026-11-23 under s3:.*\. Dry run: nothing is sent; the target is DataPipeline-ClickstreamStream-1\.$/,
    );
    expect(out.split('\n')).toEqual([
      expect.stringMatching(
        /^103 records in 3 objects, [\d.]+ KiB of data and keys, which came from 2026-11-21T11:00:00.000Z to 2026-11-23T10:15:00.069Z$/,
      ),
      '  70  RetryAttemptsExhausted in DataPipeline-Aggregator-1',
      '    s-0é  event 0 \uFFFD\uFFFD',
      '    s-1é  event 1 \uFFFD\uFFFD',
      '  30  MaximumRecordAgeExceeded in DataPipeline-Aggregator-1',
      '    s-7é  event 70 \uFFFD\uFFFD',
      '    s-8é  event 71 \uFFFD\uFFFD',
      '  2  NOT_JSON',
      '    s-1é  event 100 \uFFFD\uFFFD',
      '    s-3é  event 102 \uFFFD\uFFFD',
      '  1  MISSING event_id',
      '    s-2é  event 101 \uFFFD\uFFFD',
      '  objects     3',
      `    ${FOLDER}  2 objects, 100 records`,
      expect.stringMatching(/^ {4}rejected\/shardId-000000000002\/2026\/11\/21\/\d+-3\.jsonl {2}3 records$/),
    ]);
    const found = await inventory('');
    expect(found.objects).toEqual([
      { key: batches[0], records: 70 },
      { key: batches[1], records: 30 },
    ]);
    expect(found).toMatchObject({ dryRun: true, records: 100, oldest: '2026-11-23T10:15:00.000Z' });
    expect(found.bytes).toBe(
      records(100).reduce(
        (sum, { partitionKey, data }) => sum + Buffer.byteLength(partitionKey) + Buffer.byteLength(data, 'base64'),
        0,
      ),
    );
  });

  it('shows data on one line, cut, without what would steer a terminal', async () => {
    createStream();
    const data = Buffer.from(`a\n\u001b[2Jb\t${'x'.repeat(900)}`).toString('base64');
    keepBatch([{ partitionKey: 'k', data }]);
    const { reasons } = await inventory('');
    expect(reasons[0]?.samples[0]?.data).toBe(`a [2Jb ${'x'.repeat(113)}`);
  });
});
