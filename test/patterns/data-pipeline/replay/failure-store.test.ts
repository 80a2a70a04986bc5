import { describe, expect, it } from 'vitest';
import { AwsError } from '../../../../local/aws/service';
import {
  BUCKET,
  createStream,
  fixture,
  inventory,
  keepBatches,
  keepText,
  records,
  refuse,
  run,
  sentTo,
  sorted,
  summary,
  useReplayFixture,
} from './replay-fixture';

useReplayFixture();

describe('an object that groundplan replay cannot read', () => {
  it('is told by key and reason, and the others go on', async () => {
    const stream = createStream();
    keepBatches(3, 10);
    const broken = keepText('aws/lambda/x/shardId-0/2026/11/23/broken', '{"payload":"{"}');
    const odd = keepText('aws/lambda/x/shardId-0/2026/11/23/readme.txt', 'What is all this?');
    const { code, out } = await run('--yes');
    expect([code, sentTo(stream)]).toEqual([1, sorted(records(30))]);
    expect(out.split('\n').slice(-3)).toEqual([
      '  unreadable  2',
      `    ${broken}: its payload is not a JSON document in a string`,
      `    ${odd}: it is not a failed batch, and line 1 is not JSON`,
    ]);
    const found = await inventory('');
    expect([found.code, found.records]).toEqual([1, 30]);
    expect(found.unreadable.map(({ key }) => key)).toEqual([broken, odd]);
  });

  it('sends nothing of it, not even what could be read', async () => {
    const stream = createStream();
    const text = [...records(5).map((each) => JSON.stringify(each)), '{"partitionKey":"k"}'].join('\n');
    const key = keepText('rejected/shardId-0/2026/11/23/1-6.jsonl', text);
    const { code, unreadable } = await summary('--prefix rejected/');
    expect([code, unreadable, stream.records()]).toEqual([1, [{ key, reason: 'line 6 has no data in base64' }], []]);
  });

  it('may have gone or been archived since it was listed', async () => {
    const stream = createStream();
    const [, second, third] = keepBatches(4, 1);
    const gone: Record<string, AwsError> = {
      [`${second}`]: new AwsError('NoSuchKey', 'The specified key does not exist.', 404),
      [`${third}`]: new AwsError('InvalidObjectState', 'The operation is not valid', 403),
    };
    fixture.refuse = (action, { Key }) => {
      const error = gone[String(Key)];
      if (action === 'GetObject' && error !== undefined) throw error;
    };
    const { code, unreadable } = await summary('');
    expect([code, stream.records().length]).toEqual([1, 2]);
    expect(unreadable.map(({ reason }) => reason)).toEqual([
      'it was deleted after it was listed',
      'it is archived; restore it first',
    ]);
  });

  it('is not even asked for when it is far too large, or has no day to compare', async () => {
    createStream();
    keepBatches(1, 1);
    const large = keepText('aws/lambda/x/shardId-0/2026/11/23/large', 'x'.repeat(32 * 1024 * 1024 + 1));
    const dayless = keepText('aws/lambda/x/notes', '{}');
    const read: unknown[] = [];
    fixture.refuse = (action, { Key }) => {
      if (action === 'GetObject') read.push(Key);
    };
    const { code, unreadable, sent } = await summary('--since 2026-11-01');
    expect([code, sent, read.length]).toEqual([1, 1, 1]);
    expect(unreadable).toEqual([
      { key: dayless, reason: 'its key has no day to compare with --since or --until' },
      { key: large, reason: 'it is larger than 32 MiB, the maximum of a failed batch' },
    ]);
  });
});

describe('what S3 refuses of groundplan replay', () => {
  const denied = new AwsError('AccessDenied', 'Access Denied', 403);

  it.each([
    [
      'ListObjectsV2',
      `AccessDenied: Access Denied (listing s3://${BUCKET}/aws/lambda/ needs s3:ListBucket on ${BUCKET})`,
    ],
    [
      'ListBuckets',
      'AccessDenied: Access Denied (finding the failure store needs s3:ListAllMyBuckets; or pass --bucket)',
    ],
  ])('is told in one line, with what it needs: %s', async (action, message) => {
    createStream();
    keepBatches(1, 1);
    refuse(action, denied);
    expect(await run('--yes')).toMatchObject({ code: 1, out: '', err: message });
  });

  it('is told in one line when no object may be read', async () => {
    createStream();
    const [first] = keepBatches(3, 1);
    refuse('GetObject', denied);
    const message = `AccessDenied: Access Denied (reading ${first} needs s3:GetObject on ${BUCKET} and kms:Decrypt on its key)`;
    for (const args of ['--yes', '--dry-run']) {
      const { code, out, err } = await run(args);
      expect([code, out, err.split('\n').at(-1)]).toEqual([1, '', message]);
    }
  });

  it('ends it after what was read, with how to go on, when it is in the middle', async () => {
    const stream = createStream();
    const keys = keepBatches(6, 10);
    const broken = keepText('aws/lambda/0/broken', '{');
    fixture.refuse = (action, { Key }) => {
      if (action === 'GetObject' && Key === keys[3]) throw new AwsError('ExpiredToken', 'The token has expired', 400);
    };
    const { code, sent, last, untouched, failure, unsentFile, unreadable } = await summary('');
    expect(unreadable.map(({ key }) => key)).toEqual([broken]);
    expect([code, sent, last, untouched, unsentFile]).toEqual([1, 30, keys[2], 3, undefined]);
    expect(failure).toContain('ExpiredToken: The token has expired (reading ');
    expect(sentTo(stream)).toEqual(sorted(records(30)));
    fixture.refuse = () => undefined;
    await run(`--yes --after ${last}`);
    expect(sentTo(stream)).toEqual(sorted(records(60)));
  });

  it('is told in one line for a bucket that is not there', async () => {
    createStream();
    const { code, err } = await run('--bucket nowhere --yes');
    expect([code, err]).toEqual([
      1,
      "There is no bucket nowhere. Pass the stack's output FailuresBucket with --bucket.",
    ]);
  });
});

describe('where groundplan replay finds what it needs', () => {
  it('takes bucket and stream by name, without listing any', async () => {
    const actions = new Set<string>();
    fixture.refuse = (action) => {
      actions.add(action);
    };
    fixture.s3.createBucket('mine');
    const stream = createStream('Mine');
    keepText('aws/lambda/a/b/2026/11/23/c', `${JSON.stringify({ partitionKey: 'k', data: 'aGk=' })}\n`, 'mine');
    expect((await run('--bucket mine --stream Mine --yes')).code).toBe(0);
    expect(stream.records()).toHaveLength(1);
    expect([...actions].sort()).toEqual(['GetObject', 'ListObjectsV2', 'PutRecords']);
  });

  it("finds those of another stack, in the stack's region alone", async () => {
    fixture.s3.createBucket('shop-clickstreamfailuresbucket1-a', 'eu-west-1');
    fixture.s3.createBucket('shop-clickstreamfailuresbucket1-b', 'us-east-1');
    createStream('Shop-Stream-1');
    const { bucket, stream } = await summary('--stack Shop');
    expect([bucket, stream]).toEqual(['shop-clickstreamfailuresbucket1-a', 'Shop-Stream-1']);
  });

  it('names in one line the several buckets that it found, or what there is instead', async () => {
    createStream();
    createStream('Shop-Stream-1');
    fixture.s3.createBucket('datapipeline-refundsfailuresbucket1-a');
    fixture.s3.createBucket('shop-lake');
    const fix = "Pass it with --bucket: it is the stack's output FailuresBucket.";
    expect(await run('--yes')).toMatchObject({
      code: 1,
      out: '',
      err: `The stack DataPipeline has 2 failure stores in eu-west-1: ${BUCKET} or datapipeline-refundsfailuresbucket1-a. ${fix}`,
    });
    expect(await run('--yes --stack Shop')).toMatchObject({
      code: 1,
      err: `No bucket in eu-west-1 has a name that starts with shop- and contains failures; the prefix matches shop-lake. ${fix}`,
    });
  });

  it('tells of a stack without a stream as load does', async () => {
    const { code, err } = await run('--yes');
    expect([code, err]).toEqual([1, expect.stringMatching(/^No stream in eu-west-1 has a name that starts with/)]);
  });
});
