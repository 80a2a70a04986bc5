// @project memory
// @node24

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACME, BUCKET, Crash, crashAt, DATA_SOURCE, DocumentsFixture, NEXT_DATA_SOURCE } from './documents-fixture';

let fixture: DocumentsFixture;
beforeEach(async () => {
  fixture = new DocumentsFixture();
  await fixture.start();
});
afterEach(async () => {
  expect(fixture.overlaps).toEqual([]);
  await fixture.stop();
});

const { tenant } = ACME;
const key = (name: string) => `documents/${tenant}/${name}.txt`;
const SECOND = 1000;
const MINUTE = 60_000;

/** Documents that came and wait to be taken in. */
async function came(...names: readonly string[]): Promise<void> {
  for (const name of names) fixture.put(key(name), `Content of ${name}.`);
  fixture.formerKeys.push(...names.map(key));
  await fixture.deliver();
}

async function statuses(): Promise<Record<string, string>> {
  const rows = await fixture.rows(tenant);
  return Object.fromEntries(
    rows.map(({ name, status, reason }) => [name.replace('.txt', ''), reason ?? status]).sort(),
  );
}

describe('a run', () => {
  it('starts one job for a burst that is over, follows it, and settles what it did', async () => {
    expect(await fixture.sync()).toMatchObject({ outcome: 'idle' });
    await came('a', 'b');
    fixture.now += 14 * SECOND;
    expect(await fixture.sync()).toMatchObject({ outcome: 'waiting', oldestMs: 14 * SECOND });
    fixture.now += SECOND;
    const started = await fixture.callsOf(async () =>
      expect(await fixture.sync()).toMatchObject({ outcome: 'started' }),
    );
    expect(started).toEqual(['Query', 'PutItem', 'StartIngestionJob', 'UpdateItem']);
    fixture.now += 10 * SECOND;
    const followed = await fixture.callsOf(async () =>
      expect(await fixture.sync()).toMatchObject({ outcome: 'running' }),
    );
    expect(followed).toEqual(['Query', 'GetIngestionJob']);
    expect(await statuses()).toEqual({ a: 'pending', b: 'pending' });
    fixture.now += 30 * SECOND;
    const settled = await fixture.callsOf(async () => {
      expect(await fixture.sync()).toEqual({
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
    expect(await fixture.state()).toEqual({ changes: [] });
    expect(await fixture.sync()).toMatchObject({ outcome: 'idle' });
  });

  it('waits for a burst, but not for ever', async () => {
    await came('first');
    const outcomes: string[] = [];
    for (let second = 10; second <= 120; second += 10) {
      fixture.now += 10 * SECOND;
      await came(`at-${second}`);
      outcomes.push((await fixture.sync()).outcome);
    }
    expect(outcomes).toEqual([...Array.from({ length: 11 }, () => 'waiting'), 'started']);
    // What came within the last seconds is of the next job, though this one has met it.
    fixture.now += MINUTE;
    expect(await fixture.sync()).toMatchObject({ outcome: 'settled', indexed: 11 });
    expect((await fixture.state()).changes.map(({ objectKey }) => objectKey).sort()).toEqual([
      key('at-110'),
      key('at-120'),
    ]);
    await fixture.settle();
    expect(new Set(Object.values(await statuses()))).toEqual(new Set(['indexed']));
  });

  it('keeps what changed while the job ran for the next one', async () => {
    await came('a', 'b', 'c');
    fixture.now += MINUTE;
    await fixture.sync();
    await came('d');
    fixture.put(key('a'), 'Changed.');
    fixture.delete(key('b'));
    await fixture.deliver();
    fixture.now += MINUTE;
    expect(await fixture.sync()).toMatchObject({ outcome: 'settled', indexed: 1 });
    expect(await statuses()).toEqual({ a: 'pending', b: 'deleting', c: 'indexed', d: 'pending' });
    await fixture.settle();
    expect(await statuses()).toEqual({ a: 'indexed', c: 'indexed', d: 'indexed' });
    expect(await fixture.indexed()).not.toContain(key('b'));
  });

  it('loses no change that comes between its question and its answer', async () => {
    await came('a');
    fixture.now += MINUTE;
    await fixture.sync();
    fixture.now += MINUTE;
    await fixture.sync(async (call, when) => {
      if (call !== 'GetKnowledgeBaseDocuments' || when === 'before') return;
      fixture.put(key('a'), 'Changed.');
      await fixture.deliver();
    });
    expect(await statuses()).toEqual({ a: 'pending' });
    await fixture.settle();
    expect(await statuses()).toEqual({ a: 'indexed' });
  });
});

describe('a data source in the place of another', () => {
  it('takes in every document anew, though none changed, once', async () => {
    await came('a', 'b');
    await fixture.settle();
    fixture.dataSource = NEXT_DATA_SOURCE;
    expect(await fixture.indexed()).toEqual([]);
    fixture.now += MINUTE;
    expect(await fixture.sync()).toMatchObject({ outcome: 'started' });
    await fixture.settle();
    expect(await fixture.indexed()).toEqual([key('a'), key('b')]);
    expect(await statuses()).toEqual({ a: 'indexed', b: 'indexed' });
    expect(fixture.bedrock.jobs()).toHaveLength(2);
  });

  it('tries again when that fails', async () => {
    await came('a');
    await fixture.settle();
    fixture.dataSource = NEXT_DATA_SOURCE;
    fixture.bedrock.failJob('The role may not yet.');
    const runs = await fixture.settle();
    expect(runs.filter(({ jobsFailed }) => jobsFailed === 1)).toHaveLength(1);
    expect(await fixture.indexed()).toEqual([key('a')]);
  });

  it('goes on with what waited for the other one, and with the job that ran', async () => {
    await came('kept', 'gone');
    await fixture.settle();
    await came('new');
    fixture.delete(key('gone'));
    await fixture.deliver();
    fixture.now += MINUTE;
    expect(await fixture.sync()).toMatchObject({ outcome: 'started' });
    fixture.dataSource = NEXT_DATA_SOURCE;
    await fixture.settle();
    expect(await statuses()).toEqual({ kept: 'indexed', new: 'indexed' });
    expect(await fixture.indexed()).toEqual([key('kept'), key('new')]);
  });
});

describe('what goes wrong', () => {
  it('is said of a document that cannot be read, and mended by another one', async () => {
    fixture.bedrock.failDocument('broken', 'The file is encrypted.');
    await came('good', 'broken');
    await fixture.settle();
    expect(await statuses()).toEqual({ good: 'indexed', broken: 'The file is encrypted.' });
    fixture.bedrock.mendDocument('broken');
    fixture.put(key('broken'), 'Decrypted.');
    await fixture.deliver();
    await fixture.settle();
    expect(await statuses()).toEqual({ good: 'indexed', broken: 'indexed' });
  });

  it('lets a document go that was never taken in', async () => {
    fixture.bedrock.failDocument('broken', 'The file is encrypted.');
    await came('broken');
    await fixture.settle();
    const [row] = await fixture.rows(tenant);
    await fixture.library().remove(ACME, row?.id ?? '');
    await fixture.deliver();
    await fixture.settle();
    expect(await statuses()).toEqual({});
  });

  it('has a job that fails tried again, and gives up a document after three', async () => {
    await came('a', 'old');
    await fixture.settle();
    fixture.delete(key('old'));
    await came('b');
    for (let job = 1; job <= 3; job += 1) fixture.bedrock.failJob(`Out of order ${job}.`);
    const runs = await fixture.settle();
    expect(runs.filter(({ jobsFailed }) => jobsFailed === 1)).toHaveLength(3);
    expect(runs.reduce((sum, { failed }) => sum + failed, 0)).toBe(1);
    // What is to go is never given up.
    expect(await statuses()).toEqual({ a: 'indexed', b: 'Out of order 3.' });
    expect(await fixture.indexed()).not.toContain(key('old'));
    const starts = fixture.bedrock.jobs().map(({ startedAt }) => startedAt);
    const waits = starts.slice(2).map((at, index) => (at - (starts[index + 1] ?? 0)) / MINUTE);
    expect(waits).toEqual([2, 3, 5]);
  });

  it('waits while somebody else has a job', async () => {
    fixture.bedrock.holdJobs();
    fixture.bedrock.startOutsideJob(DATA_SOURCE);
    await came('a');
    for (let minute = 0; minute < 3; minute += 1) {
      fixture.now += MINUTE;
      expect(await fixture.sync()).toMatchObject({ outcome: 'occupied' });
      expect((await fixture.state()).job).toBeUndefined();
    }
    fixture.bedrock.releaseJobs();
    await fixture.settle();
    expect(await statuses()).toEqual({ a: 'indexed' });
  });

  it.each(['StartIngestionJob', 'GetIngestionJob', 'GetKnowledgeBaseDocuments'] as const)(
    'goes on when %s was throttled',
    async (operation) => {
      const names = Array.from({ length: 25 }, (_, index) => `many-${index}`);
      await came(...names);
      fixture.bedrock.refuse(operation, 'ThrottlingException', 2);
      const outcomes = (await fixture.settle()).map(({ outcome }) => outcome);
      expect(outcomes.filter((outcome) => outcome === 'throttled')).toHaveLength(2);
      expect(new Set(Object.values(await statuses()))).toEqual(new Set(['indexed']));
      expect(fixture.bedrock.jobs()).toHaveLength(1);
    },
  );

  it('writes what it heard before it was throttled', async () => {
    await came(...Array.from({ length: 25 }, (_, index) => `many-${index}`));
    fixture.now += MINUTE;
    await fixture.sync();
    fixture.now += MINUTE;
    let asked = 0;
    const run = await fixture.sync((call, when) => {
      if (call !== 'GetKnowledgeBaseDocuments' || when === 'after') return;
      asked += 1;
      if (asked === 3) throw Object.assign(new Error('Slow down'), { name: 'ThrottlingException' });
    });
    expect(run).toMatchObject({ outcome: 'throttled', indexed: 20 });
    expect((await fixture.state()).changes).toHaveLength(5);
  });

  it('forgets a job that Bedrock has forgotten, and a token that is too old', async () => {
    await came('a');
    fixture.now += MINUTE;
    fixture.bedrock.refuse('StartIngestionJob', 'ThrottlingException');
    await fixture.sync();
    fixture.now += 11 * MINUTE;
    expect(await fixture.sync()).toMatchObject({ outcome: 'waiting' });
    expect(fixture.bedrock.jobs()).toEqual([]);
    fixture.now += MINUTE;
    await fixture.sync();
    fixture.bedrock.refuse('GetIngestionJob', 'ResourceNotFoundException');
    fixture.now += MINUTE;
    await fixture.sync();
    expect((await fixture.state()).job).toBeUndefined();
    await fixture.settle();
    expect(await statuses()).toEqual({ a: 'indexed' });
  });

  it('deletes objects that whoever deleted the document left behind', async () => {
    const request = { name: 'left.txt', contentType: 'text/plain' as const, size: 5, idempotencyKey: 'left' };
    const { document } = await fixture.library().announce(ACME, request);
    fixture.put(`uploads/${tenant}/${document.id}`, 'hello');
    await fixture.deliver();
    await fixture.settle();
    const { hook } = crashAt(4);
    await expect(fixture.library(hook).remove(ACME, document.id)).rejects.toThrow(Crash);
    expect(fixture.s3.keys(BUCKET)).toHaveLength(2);
    fixture.formerKeys.push(...fixture.s3.keys(BUCKET));
    await fixture.settle();
    expect([fixture.s3.keys(BUCKET), await fixture.indexed(), await statuses()]).toEqual([[], [], {}]);
  });

  it('drops a change whose document somebody took out of the table', async () => {
    await came('a', 'b');
    const [row] = (await fixture.rows(tenant)).filter(({ name }) => name === 'a.txt');
    const Key = { pk: { S: `tenant#${tenant}` }, sk: { S: `document#${row?.id}` } };
    fixture.dynamodb.call('DeleteItem', { TableName: 'documents', Key });
    await fixture.settle();
    expect([await statuses(), await fixture.state()]).toEqual([{ b: 'indexed' }, { changes: [] }]);
  });
});

describe('a run that breaks off', () => {
  /** A change of each kind, in the middle of a life. */
  async function begin(): Promise<void> {
    await came('kept', 'gone', 'changed');
    await fixture.settle();
    await came('new', 'broken');
    fixture.put(key('changed'), 'Changed.');
    fixture.delete(key('gone'));
    await fixture.deliver();
    fixture.bedrock.failDocument('broken', 'Broken.');
  }
  const ended = { broken: 'Broken.', changed: 'indexed', kept: 'indexed', new: 'indexed' };

  it('anywhere is mended by the next', async () => {
    let places = 0;
    for (let isDone = false; !isDone; places += 1) {
      await fixture.stop();
      fixture = new DocumentsFixture();
      await fixture.start();
      await begin();
      const { hook, crashed } = crashAt(places);
      for (let minute = 0; minute < 4 && !crashed(); minute += 1) {
        fixture.now += MINUTE;
        await fixture.sync(hook).catch((error: unknown) => expect(error).toBeInstanceOf(Crash));
      }
      isDone = !crashed();
      await fixture.settle();
      expect(await statuses(), `${places}`).toEqual(ended);
      expect(await fixture.indexed(), `${places}`).toEqual([key('changed'), key('kept'), key('new')]);
      expect(fixture.overlaps).toEqual([]);
    }
    // Before and after each of: start (4 calls), settle (5), and a look that finds nothing.
    expect(places).toBeGreaterThan(18);
  });

  it('runs beside another, and there is one job all the same', async () => {
    await begin();
    for (let minute = 0; minute < 6; minute += 1) {
      fixture.now += MINUTE;
      await Promise.all([fixture.sync(), fixture.sync(), fixture.sync()]);
    }
    expect(await statuses()).toEqual(ended);
    expect(fixture.bedrock.jobs()).toHaveLength(2);
  });
});
