import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACME, BUCKET, Crash, crashAt, DATA_SOURCE, DocumentsFixture, NEXT_DATA_SOURCE } from './documents-fixture';

let stand: DocumentsFixture;
beforeEach(async () => {
  stand = new DocumentsFixture();
  await stand.start();
});
afterEach(async () => {
  expect(stand.overlaps).toEqual([]);
  await stand.stop();
});

const { tenant } = ACME;
const key = (name: string) => `documents/${tenant}/${name}.txt`;
const SECOND = 1000;
const MINUTE = 60_000;

/** Documents that came and wait to be taken in. */
async function came(...names: readonly string[]): Promise<void> {
  for (const name of names) stand.put(key(name), `Content of ${name}.`);
  stand.formerKeys.push(...names.map(key));
  await stand.deliver();
}

async function statuses(): Promise<Record<string, string>> {
  const rows = await stand.rows(tenant);
  return Object.fromEntries(
    rows.map(({ name, status, reason }) => [name.replace('.txt', ''), reason ?? status]).sort(),
  );
}

describe('a run', () => {
  it('starts one job for a burst that is over, follows it, and settles what it did', async () => {
    expect(await stand.sync()).toMatchObject({ outcome: 'idle' });
    await came('a', 'b');
    stand.now += 14 * SECOND;
    expect(await stand.sync()).toMatchObject({ outcome: 'waiting', oldestMs: 14 * SECOND });
    stand.now += SECOND;
    const started = await stand.callsOf(async () => expect(await stand.sync()).toMatchObject({ outcome: 'started' }));
    expect(started).toEqual(['Query', 'PutItem', 'StartIngestionJob', 'UpdateItem']);
    stand.now += 10 * SECOND;
    const followed = await stand.callsOf(async () => expect(await stand.sync()).toMatchObject({ outcome: 'running' }));
    expect(followed).toEqual(['Query', 'GetIngestionJob']);
    expect(await statuses()).toEqual({ a: 'pending', b: 'pending' });
    stand.now += 30 * SECOND;
    const settled = await stand.callsOf(async () => {
      expect(await stand.sync()).toEqual({
        outcome: 'settled',
        indexed: 2,
        failed: 0,
        jobsFailed: 0,
        oldestMs: 55 * SECOND,
      });
    });
    expect(settled).toEqual([
      'Query',
      'GetIngestionJob',
      'GetKnowledgeBaseDocuments',
      'TransactWriteItems',
      'TransactWriteItems',
    ]);
    expect(await statuses()).toEqual({ a: 'indexed', b: 'indexed' });
    expect(await stand.state()).toEqual({ changes: [] });
    expect(await stand.sync()).toMatchObject({ outcome: 'idle' });
  });

  it('waits for a burst, but not for ever', async () => {
    await came('first');
    const outcomes: string[] = [];
    for (let second = 10; second <= 120; second += 10) {
      stand.now += 10 * SECOND;
      await came(`at-${second}`);
      outcomes.push((await stand.sync()).outcome);
    }
    expect(outcomes).toEqual([...Array.from({ length: 11 }, () => 'waiting'), 'started']);
    // What came within the last seconds is of the next job, though this one has met it.
    stand.now += MINUTE;
    expect(await stand.sync()).toMatchObject({ outcome: 'settled', indexed: 11 });
    expect((await stand.state()).changes.map(({ objectKey }) => objectKey).sort()).toEqual([
      key('at-110'),
      key('at-120'),
    ]);
    await stand.settle();
    expect(new Set(Object.values(await statuses()))).toEqual(new Set(['indexed']));
  });

  it('keeps what changed while the job ran for the next one', async () => {
    await came('a', 'b', 'c');
    stand.now += MINUTE;
    await stand.sync();
    await came('d');
    stand.put(key('a'), 'Changed.');
    stand.delete(key('b'));
    await stand.deliver();
    stand.now += MINUTE;
    expect(await stand.sync()).toMatchObject({ outcome: 'settled', indexed: 1 });
    expect(await statuses()).toEqual({ a: 'pending', b: 'deleting', c: 'indexed', d: 'pending' });
    await stand.settle();
    expect(await statuses()).toEqual({ a: 'indexed', c: 'indexed', d: 'indexed' });
    expect(await stand.indexed()).not.toContain(key('b'));
  });

  it('loses no change that comes between its question and its answer', async () => {
    await came('a');
    stand.now += MINUTE;
    await stand.sync();
    stand.now += MINUTE;
    await stand.sync(async (call, when) => {
      if (call !== 'GetKnowledgeBaseDocuments' || when === 'before') return;
      stand.put(key('a'), 'Changed.');
      await stand.deliver();
    });
    expect(await statuses()).toEqual({ a: 'pending' });
    await stand.settle();
    expect(await statuses()).toEqual({ a: 'indexed' });
  });
});

describe('a data source in the place of another', () => {
  it('takes in every document anew, though none changed, once', async () => {
    await came('a', 'b');
    await stand.settle();
    stand.dataSource = NEXT_DATA_SOURCE;
    expect(await stand.indexed()).toEqual([]);
    stand.now += MINUTE;
    expect(await stand.sync()).toMatchObject({ outcome: 'started' });
    await stand.settle();
    expect(await stand.indexed()).toEqual([key('a'), key('b')]);
    expect(await statuses()).toEqual({ a: 'indexed', b: 'indexed' });
    expect(stand.bedrock.jobs()).toHaveLength(2);
  });

  it('tries again when that fails', async () => {
    await came('a');
    await stand.settle();
    stand.dataSource = NEXT_DATA_SOURCE;
    stand.bedrock.failJob('The role may not yet.');
    const runs = await stand.settle();
    expect(runs.filter(({ jobsFailed }) => jobsFailed === 1)).toHaveLength(1);
    expect(await stand.indexed()).toEqual([key('a')]);
  });

  it('goes on with what waited for the other one, and with the job that ran', async () => {
    await came('kept', 'gone');
    await stand.settle();
    await came('new');
    stand.delete(key('gone'));
    await stand.deliver();
    stand.now += MINUTE;
    expect(await stand.sync()).toMatchObject({ outcome: 'started' });
    stand.dataSource = NEXT_DATA_SOURCE;
    await stand.settle();
    expect(await statuses()).toEqual({ kept: 'indexed', new: 'indexed' });
    expect(await stand.indexed()).toEqual([key('kept'), key('new')]);
  });
});

describe('what goes wrong', () => {
  it('is said of a document that cannot be read, and mended by another one', async () => {
    stand.bedrock.failDocument('broken', 'The file is encrypted.');
    await came('good', 'broken');
    await stand.settle();
    expect(await statuses()).toEqual({ good: 'indexed', broken: 'The file is encrypted.' });
    stand.bedrock.mendDocument('broken');
    stand.put(key('broken'), 'Decrypted.');
    await stand.deliver();
    await stand.settle();
    expect(await statuses()).toEqual({ good: 'indexed', broken: 'indexed' });
  });

  it('lets a document go that was never taken in', async () => {
    stand.bedrock.failDocument('broken', 'The file is encrypted.');
    await came('broken');
    await stand.settle();
    const [row] = await stand.rows(tenant);
    await stand.library().remove(ACME, row?.id ?? '');
    await stand.deliver();
    await stand.settle();
    expect(await statuses()).toEqual({});
  });

  it('has a job that fails tried again, and gives up a document after three', async () => {
    await came('a', 'old');
    await stand.settle();
    stand.delete(key('old'));
    await came('b');
    for (let job = 1; job <= 3; job += 1) stand.bedrock.failJob(`Out of order ${job}.`);
    const runs = await stand.settle();
    expect(runs.filter(({ jobsFailed }) => jobsFailed === 1)).toHaveLength(3);
    expect(runs.reduce((sum, { failed }) => sum + failed, 0)).toBe(1);
    // What is to go is never given up.
    expect(await statuses()).toEqual({ a: 'indexed', b: 'Out of order 3.' });
    expect(await stand.indexed()).not.toContain(key('old'));
    const starts = stand.bedrock.jobs().map(({ startedAt }) => startedAt);
    const waits = starts.slice(2).map((at, index) => (at - (starts[index + 1] ?? 0)) / MINUTE);
    expect(waits).toEqual([2, 3, 5]);
  });

  it('waits while somebody else has a job', async () => {
    stand.bedrock.holdJobs();
    stand.bedrock.startOutsideJob(DATA_SOURCE);
    await came('a');
    for (let minute = 0; minute < 3; minute += 1) {
      stand.now += MINUTE;
      expect(await stand.sync()).toMatchObject({ outcome: 'occupied' });
      expect((await stand.state()).job).toBeUndefined();
    }
    stand.bedrock.releaseJobs();
    await stand.settle();
    expect(await statuses()).toEqual({ a: 'indexed' });
  });

  it.each(['StartIngestionJob', 'GetIngestionJob', 'GetKnowledgeBaseDocuments'] as const)(
    'goes on when %s was throttled',
    async (operation) => {
      const names = Array.from({ length: 25 }, (_, index) => `many-${index}`);
      await came(...names);
      stand.bedrock.refuse(operation, 'ThrottlingException', 2);
      const outcomes = (await stand.settle()).map(({ outcome }) => outcome);
      expect(outcomes.filter((outcome) => outcome === 'throttled')).toHaveLength(2);
      expect(new Set(Object.values(await statuses()))).toEqual(new Set(['indexed']));
      expect(stand.bedrock.jobs()).toHaveLength(1);
    },
  );

  it('writes what it heard before it was throttled', async () => {
    await came(...Array.from({ length: 25 }, (_, index) => `many-${index}`));
    stand.now += MINUTE;
    await stand.sync();
    stand.now += MINUTE;
    let asked = 0;
    const run = await stand.sync((call, when) => {
      if (call !== 'GetKnowledgeBaseDocuments' || when === 'after') return;
      asked += 1;
      if (asked === 3) throw Object.assign(new Error('Slow down'), { name: 'ThrottlingException' });
    });
    expect(run).toMatchObject({ outcome: 'throttled', indexed: 20 });
    expect((await stand.state()).changes).toHaveLength(5);
  });

  it('forgets a job that Bedrock has forgotten, and a token that is too old', async () => {
    await came('a');
    stand.now += MINUTE;
    stand.bedrock.refuse('StartIngestionJob', 'ThrottlingException');
    await stand.sync();
    stand.now += 11 * MINUTE;
    expect(await stand.sync()).toMatchObject({ outcome: 'waiting' });
    expect(stand.bedrock.jobs()).toEqual([]);
    stand.now += MINUTE;
    await stand.sync();
    stand.bedrock.refuse('GetIngestionJob', 'ResourceNotFoundException');
    stand.now += MINUTE;
    await stand.sync();
    expect((await stand.state()).job).toBeUndefined();
    await stand.settle();
    expect(await statuses()).toEqual({ a: 'indexed' });
  });

  it('deletes objects that whoever deleted the document left behind', async () => {
    const request = { name: 'left.txt', contentType: 'text/plain' as const, size: 5, idempotencyKey: 'left' };
    const { document } = await stand.library().announce(ACME, request);
    stand.put(`uploads/${tenant}/${document.id}`, 'hello');
    await stand.deliver();
    await stand.settle();
    const { hook } = crashAt(4);
    await expect(stand.library(hook).remove(ACME, document.id)).rejects.toThrow(Crash);
    expect(stand.s3.keys(BUCKET)).toHaveLength(2);
    stand.formerKeys.push(...stand.s3.keys(BUCKET));
    await stand.settle();
    expect([stand.s3.keys(BUCKET), await stand.indexed(), await statuses()]).toEqual([[], [], {}]);
  });

  it('drops a change whose document somebody took out of the table', async () => {
    await came('a', 'b');
    const [row] = (await stand.rows(tenant)).filter(({ name }) => name === 'a.txt');
    const Key = { pk: { S: `tenant#${tenant}` }, sk: { S: `document#${row?.id}` } };
    stand.dynamodb.call('DeleteItem', { TableName: 'documents', Key });
    await stand.settle();
    expect([await statuses(), await stand.state()]).toEqual([{ b: 'indexed' }, { changes: [] }]);
  });
});

describe('a run that breaks off', () => {
  /** A change of each kind, in the middle of a life. */
  async function begin(): Promise<void> {
    await came('kept', 'gone', 'changed');
    await stand.settle();
    await came('new', 'broken');
    stand.put(key('changed'), 'Changed.');
    stand.delete(key('gone'));
    await stand.deliver();
    stand.bedrock.failDocument('broken', 'Broken.');
  }
  const ended = { broken: 'Broken.', changed: 'indexed', kept: 'indexed', new: 'indexed' };

  it('anywhere is mended by the next', async () => {
    let places = 0;
    for (let isDone = false; !isDone; places += 1) {
      await stand.stop();
      stand = new DocumentsFixture();
      await stand.start();
      await begin();
      const { hook, crashed } = crashAt(places);
      for (let minute = 0; minute < 4 && !crashed(); minute += 1) {
        stand.now += MINUTE;
        await stand.sync(hook).catch((error: unknown) => expect(error).toBeInstanceOf(Crash));
      }
      isDone = !crashed();
      await stand.settle();
      expect(await statuses(), `${places}`).toEqual(ended);
      expect(await stand.indexed(), `${places}`).toEqual([key('changed'), key('kept'), key('new')]);
      expect(stand.overlaps).toEqual([]);
    }
    // Before and after each of: start (4 calls), settle (5), and a look that finds nothing.
    expect(places).toBeGreaterThan(18);
  });

  it('runs beside another, and there is one job all the same', async () => {
    await begin();
    for (let minute = 0; minute < 6; minute += 1) {
      stand.now += MINUTE;
      await Promise.all([stand.sync(), stand.sync(), stand.sync()]);
    }
    expect(await statuses()).toEqual(ended);
    expect(stand.bedrock.jobs()).toHaveLength(2);
  });
});
