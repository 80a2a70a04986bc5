import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KinesisServiceException } from '@aws-sdk/client-kinesis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../../../local/aws/service';
import type { ClickstreamEvent } from '../../../../patterns/data-pipeline/clickstream-schema';
import { fateOf } from '../../../../patterns/data-pipeline/producer/passing-error';
import { createStream, eventsIn, fixture, run, summary, useLoadFixture } from './load-fixture';

useLoadFixture();

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'groundplan-load-'));
  file = join(folder, 'unsent.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const kept = () =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ClickstreamEvent);
const THROTTLED = 'ProvisionedThroughputExceededException';

/** Refuses calls of PutRecords, counted from one. @returns how many there were */
function refusePuts(error: AwsError, which: (call: number) => boolean): () => number {
  let calls = 0;
  fixture.refuse = (action) => {
    if (action !== 'PutRecords') return;
    calls += 1;
    if (which(calls)) throw error;
  };
  return () => calls;
}

describe('what a stream refuses of groundplan load', () => {
  it('is sent again and counted when it is single records', async () => {
    const stream = createStream('DataPipeline-Clicks-1');
    let records = 0;
    fixture.throttled = () => {
      records += 1;
      return records % 4 === 0;
    };
    const { code, sent, retried, unsent, errors } = await summary(`--rate 100 --duration 3s --unsent ${file}`);
    expect([code, sent, unsent]).toEqual([0, 300, 0]);
    expect(new Set(eventsIn(stream).map(({ event_id }) => event_id)).size).toBe(300);
    // One in four of whatever is sent, of what is sent again too.
    expect(retried).toBe(Math.floor((300 + retried) / 4));
    expect(errors).toEqual({ [THROTTLED]: retried });
    expect(existsSync(file)).toBe(false);
  });

  it.each([
    new AwsError('InternalFailure', 'later', 500),
    new AwsError(THROTTLED, 'Rate exceeded'),
    new AwsError('KMSThrottlingException', 'Rate exceeded'),
    new AwsError('LimitExceededException', 'Rate exceeded'),
  ])('is sent again and counted when it is a whole request: $code', async (error) => {
    const stream = createStream('DataPipeline-Clicks-1');
    refusePuts(error, (call) => call <= 2);
    const { code, sent, retried, errors } = await summary('--rate 100 --duration 1s');
    expect([code, sent, retried]).toEqual([0, 100, 20]);
    expect(stream.records()).toHaveLength(100);
    expect(Object.values(errors)).toEqual([2]);
  });

  it('is kept in the file when it is given up', async () => {
    const stream = createStream('DataPipeline-Clicks-1');
    // From the second second on, and few enough that each has a request of its own to be given up in.
    const from = fixture.clock.now() + 1000;
    fixture.throttled = () => fixture.clock.now() >= from;
    const { code, out, err } = await run(`--rate 4 --duration 3s --unsent ${file} --yes`);
    expect(code).toBe(1);
    const events = eventsIn(stream);
    expect(out).toContain(`\n  unsent      8, in ${file}\n`);
    expect(out).toMatch(/\n {2}refused {5}64 ProvisionedThroughputExceededException\n/);
    expect(err).toMatch(/^4 of 12 sent, \d unsent, \d+ retried$/m);
    const all = [...events, ...kept()].map(({ event_id }) => event_id);
    expect([events.length, all.length, new Set(all).size]).toEqual([4, 12, 12]);
  });

  it('adds to what is in the file already', async () => {
    createStream('DataPipeline-Clicks-1');
    writeFileSync(file, '{"event_id":"before"}\n');
    fixture.throttled = () => true;
    expect((await summary(`--rate 5 --duration 1s --unsent ${file}`)).unsentFile).toBe(file);
    expect(kept()).toHaveLength(6);
    expect(kept()[0]).toEqual({ event_id: 'before' });
  });

  it('is told of when the file cannot be written', async () => {
    createStream('DataPipeline-Clicks-1');
    fixture.throttled = () => true;
    const nowhere = join(folder, 'none', 'unsent.jsonl');
    const { code, out, err } = await run(`--rate 5 --duration 1s --unsent ${nowhere} --yes`);
    expect([code, out]).toEqual([1, expect.stringMatching(/\n {2}unsent {6}5, 5 of them lost\n/)]);
    expect(err.split('\n').at(-1)).toMatch(/^5 events lost: Error: ENOENT: no such file or directory/);
  });

  it('ends it in one line when nothing can be sent at all', async () => {
    createStream('DataPipeline-Clicks-1');
    const denied = new AwsError('AccessDeniedException', 'not authorized to perform: kinesis:PutRecords');
    const calls = refusePuts(denied, () => true);
    const before = fixture.clock.now();
    const { code, out, err } = await run(`--rate 50 --duration 10m --unsent ${file} --yes`);
    expect([code, out]).toEqual([1, '']);
    expect(err.split('\n').slice(2)).toEqual(['AccessDeniedException: not authorized to perform: kinesis:PutRecords']);
    expect([calls(), fixture.clock.now() - before]).toEqual([1, 100]);
    expect(existsSync(file)).toBe(false);
  });

  it('ends it, with the summary and what was under way in the file, when it was in the middle', async () => {
    const stream = createStream('DataPipeline-Clicks-1');
    refusePuts(new AwsError('ExpiredTokenException', 'The security token has expired'), (call) => call > 10);
    fixture.latency = 350;
    const result = await run(`--rate 50 --duration 10m --unsent ${file} --yes`);
    expect(result.code).toBe(1);
    expect(stream.records()).toHaveLength(50);
    const [, unsent = ''] = /unsent {6}(\d+), in /.exec(result.out) ?? [];
    expect(kept()).toHaveLength(Number(unsent));
    expect(Number(unsent)).toBeGreaterThanOrEqual(5);
    expect(result.out).toMatch(/not made {4}[\d,]+: the run ended after a rejected request/);
    expect(result.err.split('\n').at(-1)).toBe('Stopped by ExpiredTokenException: The security token has expired');
  });

  it('is told in one line for a stream that is not there, or that nobody may list', async () => {
    const missing = await run('--stream Nowhere --yes');
    expect([missing.code, missing.err.split('\n').at(-1)]).toEqual([
      1,
      'ResourceNotFoundException: Stream Nowhere under account 111111111111 not found.',
    ]);
    fixture.refuse = () => {
      throw new AwsError('AccessDeniedException', 'not authorized to perform: kinesis:ListStreams');
    };
    const { code, err } = await run('--yes');
    expect([code, err]).toEqual([1, 'AccessDeniedException: not authorized to perform: kinesis:ListStreams']);
  });
});

describe('a stream that is slower than the rate', () => {
  it('is never under more than ten requests, and the summary tells what was not made', async () => {
    const stream = createStream('DataPipeline-Clicks-1', 40);
    fixture.latency = 2000;
    const { code, sent, asked, notMade, achievedRate, seconds, out } = await summary('--rate 5000 --duration 10s');
    expect([code, fixture.mostUnderWay, asked]).toEqual([0, 10, 50_000]);
    expect(stream.records()).toHaveLength(sent);
    // Ten full requests in two seconds, for ten seconds.
    expect(sent).toBe(25_000);
    expect(sent + notMade).toBe(asked);
    // The last answers come after the time is over.
    expect(achievedRate).toBe(Math.round(sent / seconds));
    expect(achievedRate).toBeLessThan(2500);
    expect(JSON.parse(out)).toMatchObject({ p50Milliseconds: 2000, p99Milliseconds: 2000 });
  });

  it('shows as the rate of its shards when these refuse what is too much', async () => {
    const stream = createStream('DataPipeline-Clicks-1', 1);
    const { sent, retried, achievedRate, unsent } = await summary(`--rate 2000 --duration 20s --unsent ${file}`);
    expect(stream.records()).toHaveLength(sent);
    expect(retried).toBeGreaterThan(1000);
    // What AWS says a shard takes, and the second's worth that it takes at once; less while the last are tried again.
    expect(achievedRate).toBeGreaterThan(500);
    expect(achievedRate).toBeLessThan(1060);
    expect(unsent > 0 ? kept().length : 0).toBe(unsent);
  });
});

describe('trouble that passes', () => {
  const service = (name: string, $fault: 'client' | 'server') =>
    new KinesisServiceException({ name, $fault, $metadata: {}, message: '' });

  it.each([
    ['ValidationException', 'DATA'],
    ['SerializationException', 'DATA'],
    ['InvalidArgumentException', 'DATA'],
    ['AccessDeniedException', 'STAYS'],
  ])('is told from what one record is at fault for: %s', (name, fate) => {
    expect(fateOf(service(name, 'client'))).toBe(fate);
  });

  it.each([
    [service('InternalFailureException', 'server'), true],
    [service('KMSThrottlingException', 'client'), true],
    [Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }), true],
    [Object.assign(new Error('no activity for 30000 ms'), { name: 'TimeoutError' }), true],
    [service('KMSAccessDeniedException', 'client'), false],
    [service('ExpiredTokenException', 'client'), false],
    [service('ResourceNotFoundException', 'client'), false],
    [Object.assign(new Error('Token is expired'), { name: 'CredentialsProviderError' }), false],
  ])('is told from what does not: %s %s', (error, passing) => {
    expect(fateOf(error) === 'PASSES').toBe(passing);
  });
});
