import { describe, expect, it } from 'vitest';
import {
  BUCKET,
  createStream,
  fixture,
  keepBatch,
  keepRejected,
  keepText,
  records,
  run,
  STREAM,
  sentTo,
  sorted,
  summary,
  useReplayFixture,
} from './replay-fixture';

useReplayFixture();

const FOLDER = 'aws/lambda/91eaeb7e-c976-4939-9430-8defdc2b0b8e/shardId-000000000000/2026/11/23/';

describe('groundplan replay data-pipeline', () => {
  it('sends kept batches into the stream, each record once with its own key and data, and tells how it went', async () => {
    const stream = createStream();
    for (let index = 0; index < 5; index += 1) keepBatch(records(60, index * 60), { name: `10.15.0${index}-x` });
    const last = keepBatch(records(1, 300), { shard: 'shardId-000000000001' });
    keepRejected(records(5, 900));
    const before = fixture.s3.keys(BUCKET);
    const { code, out, err } = await run('--yes');
    expect(code).toBe(0);
    expect(sentTo(stream)).toEqual(sorted(records(301)));
    expect(fixture.s3.keys(BUCKET)).toEqual(before);
    expect(err.split('\n')).toEqual([
      expect.stringMatching(
        new RegExp(
          `^Sends the records of 6 objects \\([\\d.]+ KiB\\) of 2026-11-23 under s3://${BUCKET}/aws/lambda/ to ${STREAM} in eu-west-1, 500/s at most\\.$`,
        ),
      ),
      'Every consumer of the stream receives them again, including those that processed them before. A second replay sends them again:',
      "the objects stay in the bucket; in the stack's own bucket they expire after 90 days.",
    ]);
    const lines = out.split('\n');
    expect(lines.slice(0, 5)).toEqual([
      '301 records of 6 objects sent in 0.6 s: 502/s',
      '  retried     0',
      '  unsent      0',
      '  PutRecords  7, answered within 0 ms (p50), 0 ms (p99)',
      '  shards hit  3',
    ]);
    expect(lines.slice(-3)).toEqual([
      '  objects     6',
      `    ${FOLDER}  5 objects, 300 records`,
      `    ${last}  1 record`,
    ]);
  });

  it('keeps the order of what it finds, for each key', async () => {
    const stream = createStream(STREAM, 1);
    for (let index = 0; index < 40; index += 1) keepBatch(records(7, index * 7), { name: `10.15.${index + 10}-x` });
    fixture.latency = 130;
    await run('--rate 5000 --yes');
    expect(stream.records().map(({ data }) => data)).toEqual(records(280).map(({ data }) => data));
  });

  it('sends records that were no events from where those are', async () => {
    const stream = createStream();
    keepBatch(records(3));
    const key = keepRejected(records(4, 10));
    const { code, objects, sent, prefix } = await summary('--prefix rejected/');
    expect([code, sent, prefix]).toEqual([0, 4, 'rejected/']);
    expect(objects).toEqual([{ key, records: 4, sent: 4 }]);
    expect(sentTo(stream)).toEqual(sorted(records(4, 10)));
  });

  it('writes one JSON document and nothing else to standard output', async () => {
    createStream(STREAM, 1);
    const key = keepBatch(records(20));
    const { out } = await run('--json --yes --rate 100 --since 2026-11-20');
    expect(JSON.parse(out)).toEqual({
      stream: STREAM,
      region: 'eu-west-1',
      bucket: BUCKET,
      prefix: 'aws/lambda/',
      since: '2026-11-20',
      dryRun: false,
      rate: 100,
      achievedRate: 200,
      seconds: 0.1,
      objects: [{ key, records: 20, sent: 20 }],
      unreadable: [],
      untouched: 0,
      last: key,
      sent: 20,
      retried: 0,
      unsent: 0,
      lost: 0,
      requests: 2,
      p50Milliseconds: 0,
      p99Milliseconds: 0,
      shards: { 'shardId-000000000000': 20 },
      errors: {},
      interrupted: false,
    });
  });

  it('fills requests from as many objects as it takes, and keeps to the rate', async () => {
    const stream = createStream();
    for (let index = 0; index < 120; index += 1) {
      keepBatch(records(1, index), { name: `10.15.02-${String(index).padStart(3, '0')}` });
    }
    const { sent, seconds, requests, err } = await summary('--rate 20');
    expect([sent, seconds, requests]).toEqual([120, 5.9, 60]);
    expect(err).toMatch(/\n102 records of 102 objects sent$/);
    expect(sentTo(stream)).toEqual(sorted(records(120)));
  });

  it('finds what is behind a thousand others, and sends batches as large as Lambda has them', async () => {
    const stream = createStream(STREAM, 40);
    for (let index = 0; index < 1005; index += 1) keepBatch([], { day: '2026-11-20', name: `10.15.02-${index}` });
    // Six megabytes in base64, as much as Lambda hands a function.
    const large = Array.from({ length: 6 }, (_, index) => ({
      partitionKey: `large-${index}`,
      data: Buffer.alloc(740_000, index).toString('base64'),
    }));
    for (const shard of ['shardId-000000000000', 'shardId-000000000009']) keepBatch(large, { shard });
    keepBatch(records(9), { name: '10.15.09-z' });
    const { code, sent } = await summary('--since 2026-11-21 --rate 10000');
    expect([code, sent]).toEqual([0, 21]);
    expect(sentTo(stream)).toEqual(sorted([...records(9), ...large, ...large]));
  });

  const large = Array.from({ length: 6 }, () => ({
    partitionKey: 'k',
    data: Buffer.alloc(740_000).toString('base64'),
  }));
  it.each([
    [200, '--rate 10', [{ partitionKey: 'k', data: '' }], 20],
    [9, '--rate 10', large, 4],
    [9, '--rate 10000', large, 5],
  ])('reads no more than it needs next, of %i objects at %s', async (count, rate, batch, most) => {
    createStream(STREAM, 40);
    for (let index = 0; index < count; index += 1) keepBatch(batch, { name: `10.15.02-${index}` });
    let [reads, atFirst] = [0, 0];
    fixture.refuse = (action) => {
      if (action === 'GetObject') reads += 1;
      if (action === 'PutRecords' && atFirst === 0) atFirst = reads;
    };
    await run(`${rate} --yes --unsent /dev/null`, { interruptsAfter: 50 });
    expect(atFirst).toBeLessThanOrEqual(most);
    expect(reads).toBeLessThan(count);
  });

  it('does not come upon what fails again while it goes on', async () => {
    const stream = createStream();
    const shard = (number: number) => `shardId-00000000000${number}`;
    for (let index = 0; index < 40; index += 1) keepBatch(records(1, index), { name: `10.15.${index + 10}-x` });
    // So many that the list goes on when the first records are sent.
    for (let index = 0; index < 1000; index += 1) {
      keepBatch([], { day: '2026-11-20', shard: shard(1), name: `10.15.02-${index}` });
    }
    fixture.clock.after(1000, () => undefined);
    await fixture.clock.settle();
    let [again, lists] = [0, 0];
    fixture.refuse = (action, { Records }) => {
      if (action === 'ListObjectsV2' && again > 0) lists += 1;
      if (action !== 'PutRecords') return;
      again += 1;
      const [{ PartitionKey = '', Data = '' } = {}] = Records as { PartitionKey: string; Data: string }[];
      keepBatch([{ partitionKey: PartitionKey, data: Data }], { shard: shard(2), name: `09.00.00-${again}` });
    };
    const { sent, objects, untouched } = await summary('--rate 10 --since 2026-11-21');
    expect([sent, objects.length, untouched]).toEqual([40, 40, 0]);
    expect(sentTo(stream)).toEqual(sorted(records(40)));
    expect([again, lists]).toEqual([40, 1]);
  });
});

describe('which objects groundplan replay takes', () => {
  const days = ['2026-11-21', '2026-11-22', '2026-11-23', '2026-11-24'];
  const keepDays = () => days.map((day, index) => keepBatch(records(2, index * 2), { day }));

  it.each([
    ['', [0, 1, 2, 3]],
    ['--since 2026-11-22', [1, 2, 3]],
    ['--until 2026-11-22', [0, 1]],
    ['--since 2026-11-22 --until 2026-11-23', [1, 2]],
    ['--since 2026-11-23 --until 2026-11-23', [2]],
    ['--since 2026-11-25', []],
    [`--prefix ${FOLDER}`, [2]],
    [`--prefix ${FOLDER}2026-11-23T10.15`, [2]],
  ])('are those of "%s"', async (args, expected) => {
    const stream = createStream();
    const keys = keepDays();
    const { code, objects } = await summary(args);
    expect([code, objects.map(({ key }) => key)]).toEqual([0, expected.map((index) => keys[index])]);
    expect(sentTo(stream)).toEqual(sorted(expected.flatMap((index) => records(2, index * 2))));
  });

  it('are those behind a key', async () => {
    const stream = createStream();
    const [, second, third, fourth] = keepDays();
    const { objects, after } = await summary(`--after ${second}`);
    expect([after, objects.map(({ key }) => key)]).toEqual([second, [third, fourth]]);
    expect(stream.records()).toHaveLength(4);
  });

  it('are all kinds with an empty prefix, but no folders of the console', async () => {
    const stream = createStream();
    keepBatch(records(2));
    keepRejected(records(2, 2));
    keepText('aws/', '');
    const { code, sent } = await summary('--prefix=');
    expect([code, sent]).toEqual([0, 4]);
    expect(sentTo(stream)).toEqual(sorted(records(4)));
  });

  it.each(['', '--dry-run', '--since 2026-11-24'])(
    'are none of an empty store, which is no error: "%s"',
    async (args) => {
      const stream = createStream();
      keepRejected(records(1));
      if (args.startsWith('--since')) keepBatch(records(1));
      const { code, err, asked } = await run(args);
      expect([code, asked, stream.records()]).toEqual([0, [], []]);
      expect(err).toMatch(/0 objects \(0 bytes\) under s3:\/\/datapipeline-clickstreamfailures.*\/aws\/lambda\/\./);
      expect((await summary('--since 2026-11-24')).objects).toEqual([]);
    },
  );
});

describe('before it sends, groundplan replay', () => {
  it('asks, and sends when told to', async () => {
    const stream = createStream();
    keepBatch(records(3));
    const { code, asked } = await run('', { answer: 'y' });
    expect([code, asked, stream.records().length]).toEqual([0, ['Replay? [y/N] '], 3]);
  });

  it('sends nothing after a no', async () => {
    const stream = createStream();
    keepBatch(records(3));
    const { code, err, out } = await run('', { answer: 'n' });
    expect([code, err.split('\n').at(-1), out, stream.records()]).toEqual([0, 'Nothing was sent.', '', []]);
  });

  it('refuses when nobody can be asked, unless told to', async () => {
    const stream = createStream();
    keepBatch(records(3));
    const { code, err } = await run('');
    expect([code, stream.records()]).toEqual([1, []]);
    expect(err.split('\n').at(-1)).toBe(
      'Confirmation is required, and the terminal is not interactive: pass --yes to replay, or --dry-run to preview.',
    );
  });
});
