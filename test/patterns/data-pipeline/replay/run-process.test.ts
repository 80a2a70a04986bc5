import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { LocalKinesis } from '../../../../local/aws/kinesis/service';
import { LocalS3 } from '../../../../local/aws/s3';
import { AwsError } from '../../../../local/aws/service';
import { useCommandProcess } from '../../../lib/operations/command-process-fixture';

const BUCKET = 'datapipeline-clickstreamfailuresbucket1-a';
const kinesis = new LocalKinesis({ account: '111111111111', region: 'eu-west-1' });
const stream = kinesis.createStream({
  name: 'DataPipeline-Clicks-1',
  shards: 1,
  retention: 86_400,
  maxRecordBytes: 1_048_576,
  encrypted: true,
});
const s3 = new LocalS3();
const fixture = useCommandProcess({ kinesis, s3 }, ['replay', 'data-pipeline']);
const { start, local } = fixture;

beforeAll(() => {
  s3.createBucket(BUCKET);
  for (let object = 10; object < 30; object += 1) {
    const lines = Array.from({ length: 20 }, (_, index) => ({
      partitionKey: `s-${index}`,
      data: Buffer.from(`${object}-${index}`).toString('base64'),
      code: 'NOT_JSON',
    }));
    s3.call('PutObject', {
      Bucket: BUCKET,
      Key: `rejected/shardId-0/2026/11/23/${object}-20.jsonl`,
      Body: Buffer.from(lines.map((line) => JSON.stringify(line)).join('\n')),
    });
  }
});

describe('groundplan replay as a process', () => {
  it('looks, and sends, to what AWS_ENDPOINT_URL names', async () => {
    const looked = await start('--dry-run --prefix rejected/', local());
    expect([looked.code, looked.out]).toEqual([0, expect.stringMatching(/^400 records in 20 objects, /)]);
    expect(stream.records()).toEqual([]);
    const { code, out } = await start('--yes --prefix rejected/ --rate 5000 --json', local());
    expect([code, (JSON.parse(out) as { sent: number }).sent]).toEqual([0, 400]);
    expect(new Set(stream.records().map(({ data }) => data)).size).toBe(400);
    expect(readdirSync(fixture.folder)).toEqual([]);
  });

  it('ends on Ctrl-C with the rest of the object at hand in a file, how to go on, and 130', async () => {
    const before = stream.records().length;
    let puts = 0;
    fixture.onPut = () => {
      puts += 1;
      if (puts === 2) fixture.child?.kill('SIGINT');
    };
    const { code, out, err } = await start('--yes --prefix rejected/ --rate 30', local());
    expect(err).toContain('Stopping: waiting for requests in flight. Press Ctrl-C again to stop immediately.');
    const sent = stream.records().length - before;
    const [, last = ''] = /to continue, add --after (\S+)$/m.exec(out) ?? [];
    const [file = ''] = readdirSync(fixture.folder);
    const unsent = file === '' ? 0 : readFileSync(join(fixture.folder, file), 'utf8').trim().split('\n').length;
    expect([code, (sent + unsent) % 20]).toEqual([130, 0]);
    expect(last).toBe(`rejected/shardId-0/2026/11/23/${9 + (sent + unsent) / 20}-20.jsonl`);
  });

  it('counts what failed for a moment, and goes on', async () => {
    const before = stream.records().length;
    let puts = 0;
    fixture.onPut = () => {
      puts += 1;
      if (puts === 1) throw new AwsError('InternalFailure', 'later', 500);
    };
    const { code, out } = await start('--yes --prefix rejected/ --rate 10000 --json', local());
    const { sent, retried } = JSON.parse(out) as { sent: number; retried: number };
    expect([code, sent, retried > 0]).toEqual([0, 400, true]);
    expect(stream.records()).toHaveLength(before + 400);
  });

  it.each([
    ['a region', { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' }, /^No region is set: pass --region, or/],
    [
      'credentials',
      { AWS_REGION: 'eu-west-1', AWS_EC2_METADATA_DISABLED: 'true' },
      /^CredentialsProviderError: Could not load credentials from any providers$/,
    ],
  ])('tells in one line that %s is missing', async (_, environment, message) => {
    const { code, out, err } = await start('--stream Mine --bucket mine --yes', environment);
    expect([code, out, err.trim()]).toEqual([1, '', expect.stringMatching(message)]);
  });
});
