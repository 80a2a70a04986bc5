import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../../../local/aws/service';
import {
  BUCKET,
  createStream,
  fixture,
  keepBatches,
  keepRejected,
  keepText,
  records,
  refuse,
  run,
  type Sent,
  STREAM,
  sentTo,
  sorted,
  summary,
  useReplayFixture,
} from './replay-fixture';

useReplayFixture();

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'groundplan-replay-'));
  file = join(folder, 'unsent.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const unsent = (): Sent[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Sent)
    .map(({ partitionKey, data }) => ({ partitionKey, data }));
const THROTTLED = 'ProvisionedThroughputExceededException';

describe('what a stream refuses of groundplan replay', () => {
  it('is sent again, each record once, when it is single records', async () => {
    const stream = createStream();
    keepBatches(3, 100);
    let count = 0;
    fixture.throttled = () => {
      count += 1;
      return count % 4 === 0;
    };
    const { code, sent, retried, unsent: left, errors } = await summary(`--unsent ${file}`);
    expect([code, sent, left]).toEqual([0, 300, 0]);
    expect(sentTo(stream)).toEqual(sorted(records(300)));
    expect(retried).toBe(Math.floor((300 + retried) / 4));
    expect(errors).toEqual({ [THROTTLED]: retried });
    expect(existsSync(file)).toBe(false);
  });

  it.each([
    new AwsError('InternalFailure', 'later', 500),
    new AwsError(THROTTLED, 'Rate exceeded'),
    new AwsError('KMSThrottlingException', 'Rate exceeded'),
  ])('is sent again when it is a whole request: $code', async (error) => {
    const stream = createStream();
    keepBatches(1, 100);
    refuse('PutRecords', error, (call) => call <= 2);
    const { code, sent, retried } = await summary('');
    expect([code, sent, retried]).toEqual([0, 100, 100]);
    expect(sentTo(stream)).toEqual(sorted(records(100)));
  });

  it('ends it in one line, with nothing begun, when the stream takes nothing at all', async () => {
    createStream();
    keepBatches(2, 10);
    const calls = refuse('PutRecords', new AwsError('AccessDeniedException', 'not authorized: kinesis:PutRecords'));
    const { code, out, err } = await run(`--unsent ${file} --yes`);
    expect([code, out, calls()]).toEqual([1, '', 1]);
    expect(err.split('\n').slice(3)).toEqual(['AccessDeniedException: not authorized: kinesis:PutRecords']);
    fixture.throttled = () => true;
    fixture.refuse = () => undefined;
    const slow = await run(`--unsent ${file} --yes`);
    expect([slow.code, slow.err.split('\n').at(-1)]).toEqual([
      1,
      `The stream rejected 20 records on every retry (${THROTTLED}); wait, or lower --rate`,
    ]);
    fixture.throttled = () => false;
    refuse('PutRecords', new AwsError('InternalFailure', 'later', 500));
    const away = await run(`--unsent ${file} --yes`);
    expect([away.code, away.err.split('\n').at(-1)]).toEqual([
      1,
      'The stream rejected 20 records on every retry (InternalFailure: later); wait, or lower --rate',
    ]);
    expect(existsSync(file)).toBe(false);
  });

  it('ends it, with the rest of the object at hand in the file and how to go on, when it was in the middle', async () => {
    const stream = createStream();
    const keys = keepBatches(4, 100);
    refuse('PutRecords', new AwsError('ExpiredTokenException', 'The security token has expired'), (call) => call > 3);
    const { code, out, err } = await run(`--rate 500 --unsent ${file} --yes`);
    // Three requests of fifty; the fourth has the rest of the second object.
    expect([code, stream.records().length]).toEqual([1, 150]);
    expect(err.split('\n').at(-1)).toBe('Ended early: ExpiredTokenException: The security token has expired');
    const lines = out.split('\n');
    expect(lines[0]).toMatch(/^150 records of 2 objects sent in /);
    expect(lines).toContain(`  unsent      50, in ${file}`);
    expect(lines.slice(-2)).toEqual([
      `2 objects not sent; to continue, add --after ${keys[1]}`,
      `To send what is in ${file}, copy it to s3://${BUCKET}/unsent/ and replay with --prefix unsent/`,
    ]);
    expect(sorted([...sentTo(stream), ...unsent()])).toEqual(sorted(records(200)));

    fixture.refuse = () => undefined;
    keepText('unsent/a.jsonl', readFileSync(file, 'utf8'));
    expect((await summary(`--after ${keys[1]}`)).sent).toBe(200);
    const rest = await summary('--prefix unsent/');
    expect([rest.code, rest.sent]).toEqual([0, 50]);
    expect(sentTo(stream)).toEqual(sorted(records(400)));
  });

  it('ends it when records are not taken however often they are sent', async () => {
    const stream = createStream();
    const keys = keepBatches(3, 30);
    let count = 0;
    fixture.throttled = () => {
      count += 1;
      return count > 65;
    };
    const result = await summary(`--rate 500 --unsent ${file}`);
    const { code, sent, objects, last, untouched, failure, unsentFile, errors } = result;
    expect([code, sent, last, untouched, unsentFile]).toEqual([1, 65, keys[2], 0, file]);
    expect(failure).toBe(`The stream rejected 25 records on every retry (${THROTTLED}); wait, or lower --rate`);
    expect(objects.map(({ sent: of }) => of)).toEqual([30, 30, 5]);
    expect(errors).toEqual({ [THROTTLED]: 8 * 25 });
    expect(sorted([...sentTo(stream), ...unsent()])).toEqual(sorted(records(90)));
    expect(result.unsent).toBe(25);
  });

  it('is only in the store when the file cannot be written', async () => {
    createStream();
    keepBatches(1, 100);
    refuse('PutRecords', new AwsError('ExpiredTokenException', 'expired'), (call) => call > 1);
    const nowhere = join(folder, 'none', 'unsent.jsonl');
    const { code, out, err } = await run(`--unsent ${nowhere} --yes`);
    expect([code, out]).toEqual([1, expect.stringMatching(/\n {2}unsent {6}50, 50 of them lost\n/)]);
    expect(err.split('\n').at(-1)).toMatch(/^50 records not in .*, only in the store: Error: ENOENT/);
  });
});

describe('Ctrl-C in groundplan replay', () => {
  it('ends it after what is under way, and what is replayed, in the file, and untouched is all there was', async () => {
    const stream = createStream();
    const keys = keepBatches(10, 30);
    keepRejected(records(1));
    fixture.latency = 70;
    const result = await summary(`--rate 100 --unsent ${file}`, { interruptsAfter: 1040 });
    const { code, err, sent, objects, last, untouched, interrupted, listening } = result;
    expect([code, interrupted, listening]).toEqual([130, true, 0]);
    expect(err).toContain('Stopping: waiting for requests in flight. Press Ctrl-C again to stop immediately.');
    expect([stream.records().length, sent]).toEqual([110, 110]);
    expect(objects).toEqual([
      ...keys.slice(0, 3).map((key) => ({ key, records: 30, sent: 30 })),
      { key: keys[3], records: 30, sent: 20 },
    ]);
    expect([last, untouched, result.unsent]).toEqual([keys[3], 6, 10]);
    expect(sorted([...sentTo(stream), ...unsent()])).toEqual(sorted(records(120)));
    await run(`--yes --after ${last}`);
    expect(sorted([...sentTo(stream), ...unsent()])).toEqual(sorted(records(300)));
  });

  it('leaves no file when it falls between two objects', async () => {
    const stream = createStream(STREAM, 1);
    const keys = keepBatches(50, 1);
    const { code, out } = await run(`--rate 10 --unsent ${file} --yes`, { interruptsAfter: 450 });
    expect([code, stream.records().length, existsSync(file)]).toEqual([130, 5, false]);
    expect(out.split('\n').at(-1)).toBe(`45 objects not sent; to continue, add --after ${keys[4]}`);
  });
});
