import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LocalS3 } from '../../../../local/aws/s3';
import { LocalMetrics } from '../../../../local/monitoring/metrics';
import { type LocalPostgres, startPostgres } from '../../../../local/servers/postgres';
import { DATABASE_USER } from '../../../../patterns/web-app/contract';
import { KINDS, type KnownFile, type KnownItem, type Told } from '../../../../patterns/web-app/local/crowd';
import { reportOn } from '../../../../patterns/web-app/local/report';
import { MIGRATIONS } from '../../../../patterns/web-app/runtime/migrations';

const BUCKET = 'uploads';
const id = (number: number) => `00000000-0000-8000-8000-${String(number).padStart(12, '0')}`;

let postgres: LocalPostgres;
let client: Client;
let store: LocalS3;
beforeAll(async () => {
  postgres = await startPostgres('app');
  client = new Client({ connectionString: postgres.connectionString });
  await client.connect();
  await client.query(`CREATE ROLE ${DATABASE_USER} LOGIN`);
  for (const { statements } of MIGRATIONS) for (const statement of statements) await client.query(statement);
});
afterAll(async () => {
  await client?.end();
  await postgres?.stop();
});

/** Two items, and a file each: one that is as it says, and one that is not. */
beforeEach(async () => {
  await client.query('DELETE FROM items');
  store = new LocalS3();
  store.createBucket(BUCKET);
  for (const number of [1, 2]) {
    const values = [id(number), `Item ${number}`, `key-${number}`];
    await client.query("INSERT INTO items (id, owner, title, idempotency_key) VALUES ($1, 'ada', $2, $3)", values);
    const status = number === 1 ? 'ready' : 'quarantined';
    await client.query(
      `INSERT INTO attachments (id, item_id, owner, name, content_type, size, object_key, status, idempotency_key)
       VALUES ($1, $2, 'ada', 'file', 'image/png', 1, $3, $4, $5)`,
      [id(10 + number), id(number), `uploads/ada/${number}`, status, `file-${number}`],
    );
  }
  put('uploads/ada/1');
});

const put = (Key: string) => store.call('PutObject', { Bucket: BUCKET, Key, Body: Buffer.from('x') });
const item = (number: number): KnownItem => ({ id: id(number), title: `Item ${number}`, notes: '', version: 1 });
const file = (number: number, outcome: KnownFile['outcome']): KnownFile => ({
  id: id(10 + number),
  itemId: id(number),
  outcome,
});
const told = (changes: Partial<Told> = {}): Told => ({
  tallies: Object.fromEntries(KINDS.map((kind) => [kind, { asked: 0, repeats: 0, wrong: 0 }])) as Told['tallies'],
  items: new Map([item(1), item(2)].map((each) => [each.id, each])),
  files: new Map([file(1, 'ready'), file(2, 'quarantined')].map((each) => [each.id, each])),
  wrong: [],
  ...changes,
});
const report = (of: Told, walk: Parameters<typeof reportOn>[1] = [], letters?: readonly string[]) => {
  const deployment = { account: '111111111111', region: 'eu-west-1', stackName: 'WebApp' };
  const engine = { metrics: new LocalMetrics(() => 0), deployment };
  return reportOn({ postgres, uploads: { bucket: BUCKET, store }, engine }, walk, of, letters);
};
const problems = async (of: Told = told(), walk: Parameters<typeof reportOn>[1] = []) =>
  (await report(of, walk)).problems;

describe('what a run came to', () => {
  it('is nothing to complain of when everything is as it was told', async () => {
    expect(await problems(told(), [{ what: 'signs in', wanted: '200', got: '200' }])).toEqual([]);
  });

  it('tells of answers that are wrong', async () => {
    expect(
      await problems(told({ wrong: Array.from({ length: 12 }, () => 'an item: 500, not 200') }), [
        { what: 'signs in', wanted: '200', got: '403' },
      ]),
    ).toEqual([
      'a user signs in: 403, not 200',
      ...Array.from({ length: 10 }, () => 'an item: 500, not 200'),
      '2 more answers that are wrong',
    ]);
  });

  it('misses items and files that are gone', async () => {
    await client.query('DELETE FROM items WHERE id = $1', [id(2)]);
    expect(await problems()).toEqual([
      '1 items lost that were said to be kept',
      '1 files lost that were said to be kept',
    ]);
  });

  it.each(["title = 'Another'", "notes = 'others'", 'version = 2'])('notices an item whose %s', async (change) => {
    await client.query(`UPDATE items SET ${change} WHERE id = $1`, [id(1)]);
    expect(await problems()).toEqual(['1 items other than was said']);
  });

  it('finds items and files that nobody was told of', async () => {
    expect(
      await problems(told({ items: new Map([[id(1), item(1)]]), files: new Map([[id(11), file(1, 'ready')]]) })),
    ).toEqual(['1 items that no client was notified of', '1 files that no client was notified of']);
  });

  it.each([
    ['is pending', "UPDATE attachments SET status = 'pending' WHERE size = 1 AND status = 'ready'", () => undefined],
    ['is gone', 'SELECT 1', () => store.call('DeleteObject', { Bucket: BUCKET, Key: 'uploads/ada/1' })],
    ['lied, and is still there', 'SELECT 1', () => put('uploads/ada/2')],
  ])('notices a file that %s', async (_, statement, change) => {
    await client.query(statement);
    change();
    expect(await problems()).toEqual(['1 files that are not ready, or not quarantined']);
  });

  describe('accounts for each item and file that was accepted', () => {
    const all = { accepted: 4, completed: 3, refused: 1, deadLettered: 0 };
    const accounting = async (of: Told = told(), letters?: readonly string[]) =>
      (await report(of, [], letters)).accounting;

    it('once', async () => {
      expect(await accounting()).toEqual(all);
    });

    it('also when its owner deleted it, as long as it is gone', async () => {
      const deleted = { items: new Set([id(8), id(9)]), files: new Set([id(19)]) };
      expect(await accounting(told({ deleted }))).toEqual({ ...all, accepted: 7, completed: 6 });
      const [items, files] = [new Map([[id(1), item(1)]]), new Map([[id(11), file(1, 'ready')]])];
      const still = told({ items, files, deleted: { items: new Set([id(2)]), files: new Set([id(12)]) } });
      expect(await accounting(still)).toEqual({ ...all, completed: 2, refused: 0 });
      expect(await problems(still)).not.toEqual([]);
    });

    it.each<[string, string, () => unknown, object]>([
      ['an item that is gone, with its file', `DELETE FROM items WHERE id = '${id(1)}'`, () => 0, { completed: 1 }],
      ['an item that is another', `UPDATE items SET version = 2 WHERE id = '${id(2)}'`, () => 0, { completed: 2 }],
      [
        'a file that is gone',
        'SELECT 1',
        () => store.call('DeleteObject', { Bucket: BUCKET, Key: 'uploads/ada/1' }),
        { completed: 2 },
      ],
      ['a lie that is still there', 'SELECT 1', () => put('uploads/ada/2'), { refused: 0 }],
      ['a lie that is ready', "UPDATE attachments SET status = 'ready'", () => put('uploads/ada/2'), { refused: 0 }],
      ['an honest file that is put aside', "UPDATE attachments SET status = 'quarantined'", () => 0, { completed: 2 }],
    ])('but for %s', async (_, statement, change, changes) => {
      await client.query(statement);
      change();
      expect(await accounting()).toEqual({ ...all, ...changes });
      expect(await problems()).not.toEqual([]);
    });

    it('with the dead letter of one that could not be inspected, which is no good end for an honest file', async () => {
      await client.query("UPDATE attachments SET status = 'pending' WHERE status = 'ready'");
      const letter = JSON.stringify({ detail: { object: { key: 'uploads/ada/1' } } });
      expect(await accounting(told(), [letter])).toEqual({ ...all, completed: 2, deadLettered: 1 });
      expect((await report(told(), [], [letter])).problems).toEqual(['1 files that are not ready, or not quarantined']);
      expect(await accounting(told(), ['{}'])).toEqual({ ...all, completed: 2 });
    });
  });

  it('finds files that an item left behind', async () => {
    put('uploads/ada/3');
    expect(await problems()).toEqual(['1 files left behind by items that were deleted']);
  });
});
