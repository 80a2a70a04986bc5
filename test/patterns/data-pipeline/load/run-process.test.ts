import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LocalKinesis } from '../../../../local/aws/kinesis/service';
import { AwsError } from '../../../../local/aws/service';
import { useCommandProcess } from '../../../lib/operations/command-process-fixture';

const kinesis = new LocalKinesis({ account: '111111111111', region: 'eu-west-1' });
const stream = kinesis.createStream({
  name: 'DataPipeline-Clicks-1',
  shards: 1,
  retention: 86_400,
  maxRecordBytes: 1_048_576,
  encrypted: true,
});
const fixture = useCommandProcess({ kinesis }, ['load', 'data-pipeline']);
const { start, local } = fixture;

describe('groundplan load as a process', () => {
  it('talks to what AWS_ENDPOINT_URL names, and ends on Ctrl-C with the summary and 130', async () => {
    const before = stream.records().length;
    let puts = 0;
    fixture.onPut = () => {
      puts += 1;
      if (puts === 3) fixture.child?.kill('SIGINT');
    };
    const { code, out, err } = await start('--rate 40 --duration 1h --yes', local());
    expect(err).toContain('Stopping: waiting for requests in flight. Press Ctrl-C again to stop immediately.');
    const [, sent = ''] = /^(\d+) of 144,000 events sent/.exec(out) ?? [];
    expect([code, Number(sent)]).toEqual([130, stream.records().length - before]);
    expect(Number(sent)).toBeGreaterThanOrEqual(8);
    expect(readdirSync(fixture.folder)).toEqual([]);
  });

  it('puts what could not be sent into a file of the current folder', async () => {
    let puts = 0;
    fixture.onPut = () => {
      puts += 1;
      if (puts > 2) throw new AwsError('AccessDeniedException', 'no longer');
    };
    const { code, out, err } = await start('--rate 40 --duration 1h --yes --json', local());
    const { unsent, unsentFile } = JSON.parse(out) as { unsent: number; unsentFile: string };
    expect([code, err.trim().split('\n').at(-1)]).toEqual([1, 'Stopped by AccessDeniedException: no longer']);
    expect(readdirSync(fixture.folder)).toEqual([unsentFile]);
    expect(unsentFile).toMatch(/^groundplan-unsent-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.jsonl$/);
    expect(readFileSync(join(fixture.folder, unsentFile), 'utf8').trim().split('\n')).toHaveLength(unsent);
  });

  it("counts what the SDK's client tried again by itself", async () => {
    const before = stream.records().length;
    let puts = 0;
    fixture.onPut = () => {
      puts += 1;
      if (puts === 1) throw new AwsError('InternalFailure', 'later', 500);
    };
    const { code, out } = await start('--rate 40 --duration 1s --yes --json', local());
    const { sent, retried, errors } = JSON.parse(out) as { sent: number; retried: number; errors: object };
    // The first request has the four events of the first tick.
    expect([code, sent, retried, errors]).toEqual([0, 40, 4, {}]);
    expect(stream.records()).toHaveLength(before + 40);
  });

  it.each([
    ['a region', { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' }, /^No region is set: pass --region, or/],
    [
      'credentials',
      { AWS_REGION: 'eu-west-1', AWS_EC2_METADATA_DISABLED: 'true' },
      /^CredentialsProviderError: Could not load credentials from any providers$/,
    ],
  ])('tells in one line that %s is missing', async (_, environment, message) => {
    const { code, out, err } = await start('--stream Mine --yes', environment);
    expect([code, out, err.trim()]).toEqual([1, '', expect.stringMatching(message)]);
  });
});
