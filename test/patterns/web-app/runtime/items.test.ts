// @node24

import type { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cache } from '../../../../lib/runtime/cache';
import type { Item, ItemPage } from '../../../../patterns/web-app/contract';
import type { ApplicationEnvironment } from '../../../../patterns/web-app/runtime/application-context';
import { describeWithPostgres } from '../../../fixtures/describe-with';
import { type PostgresFixture, startPostgres } from '../../../fixtures/postgres';
import { applicationOn, ask, counted, create, newKey } from './application-fixture';

describeWithPostgres('items on a real database', () => {
  let postgres: PostgresFixture;
  let database: ReturnType<typeof counted>;
  let application: Hono<ApplicationEnvironment>;
  beforeAll(async () => {
    postgres = await startPostgres();
    database = counted(postgres.connect());
    application = applicationOn(database);
  });
  afterAll(() => postgres.stop());

  const post = (body: unknown, key = newKey(), user = 'alice') =>
    ask(application, '/api/items', { method: 'POST', user, headers: { 'idempotency-key': key }, body });
  const put = (id: string, version: number, body: unknown, user = 'alice') =>
    ask(application, `/api/items/${id}`, { method: 'PUT', user, headers: { 'if-match': `"${version}"` }, body });
  const rowsOf = async (owner: string) => postgres.query('SELECT * FROM items WHERE owner = $1', [owner]);
  const trips = async (work: () => Promise<unknown>) => {
    const before = database.asked.length;
    await work();
    return database.asked.length - before;
  };

  it('makes an item, and gives it as it was made', async () => {
    const made = await post({ title: 'Bücher 📚', notes: 'a\nb' });
    expect(made.status).toBe(201);
    expect(made.json).toMatchObject({ title: 'Bücher 📚', notes: 'a\nb', version: 1, attachments: [] });
    expect(made.headers.get('location')).toBe(`/api/items/${made.json.id}`);
    expect(made.headers.get('etag')).toBe('"1"');
    expect(made.json.createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const found = await ask(application, `/api/items/${made.json.id}`);
    expect([found.status, found.json, found.headers.get('etag')]).toEqual([200, made.json, '"1"']);
    expect((await post({ title: 'without notes' })).json.notes).toBe('');
  });

  it('makes one item of a request that comes many times at once, and gives each the same', async () => {
    const key = newKey();
    const answers = await Promise.all(Array.from({ length: 20 }, () => post({ title: 'once' }, key, 'rita')));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.every(({ status }) => status === 200 || status === 201)).toBe(true);
    expect(await rowsOf('rita')).toHaveLength(1);
  });

  it('tells a repeat from another request with the same key, at once and later', async () => {
    const key = newKey();
    const answers = await Promise.all(['a', 'b'].map((title) => post({ title }, key, 'saul')));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(answers.find(({ status }) => status === 409)?.json).toMatchObject({
      code: 'idempotency_key_reused',
      field: 'Idempotency-Key',
    });
    expect(await rowsOf('saul')).toHaveLength(1);
    expect((await post({ title: 'a' }, key, 'tess')).status).toBe(201);
    const [made] = answers.filter(({ status }) => status === 201);
    await put(made?.json.id, 1, { title: 'changed', notes: '' }, 'saul');
    const repeat = await post({ title: made?.json.title }, key, 'saul');
    expect([repeat.status, repeat.json.id, repeat.json.title]).toEqual([200, made?.json.id, 'changed']);
  });

  it('lets one of many changes of the same version through', async () => {
    const item = await create(application);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => put(item.id, 1, { title: `change ${n}`, notes: '' })),
    );
    const won = answers.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    expect(answers.filter(({ status, json }) => status === 412 && json.code === 'version_mismatch')).toHaveLength(19);
    const found = await ask(application, `/api/items/${item.id}`);
    expect(found.json).toEqual(won[0]?.json);
    expect(found.json.version).toBe(2);
  });

  it('changes nothing without a version, or with what is none', async () => {
    const item = await create(application);
    const body = { title: 'x', notes: '' };
    const asked = (headers: Record<string, string>) =>
      ask(application, `/api/items/${item.id}`, { method: 'PUT', headers, body });
    expect((await asked({})).status).toBe(428);
    for (const match of ['*', '1', '"0"', '"1", "2"', 'W/"1"', '"-1"', '"99999999999"']) {
      expect([match, (await asked({ 'if-match': match })).json.code]).toEqual([match, 'invalid_if_match']);
    }
    expect((await asked({ 'if-match': '"7"' })).status).toBe(412);
    expect((await ask(application, `/api/items/${item.id}`)).json).toMatchObject({ title: item.title, version: 1 });
  });

  it('deletes an item, and says the same when it is gone', async () => {
    const item = await create(application);
    for (let n = 0; n < 2; n += 1) {
      expect((await ask(application, `/api/items/${item.id}`, { method: 'DELETE' })).status).toBe(204);
    }
    expect((await ask(application, `/api/items/${item.id}`)).status).toBe(404);
    expect((await put(item.id, 1, { title: 'x', notes: '' })).status).toBe(404);
  });

  it('shows nobody what is another’s, on any route, and changes nothing of it', async () => {
    const item = await create(application, 'alice', 'mine');
    const path = `/api/items/${item.id}`;
    const missing = '/api/items/00000000-0000-4000-8000-000000000000';
    const file = { name: 'a.png', contentType: 'image/png', size: 10 };
    const keyed = () => ({ 'idempotency-key': newKey() });
    const attached = await ask(application, `${path}/attachments`, { method: 'POST', headers: keyed(), body: file });
    const attachment = attached.json.attachment.id as string;
    const attempts = (at: string) =>
      [
        [at, {}],
        [at, { method: 'PUT', headers: { 'if-match': '"1"' }, body: { title: 'stolen', notes: '' } }],
        [`${at}/attachments`, { method: 'POST', headers: keyed(), body: file }],
        [`${at}/attachments/${attachment}`, {}],
        [`${at}/attachments/${attachment}/complete`, { method: 'POST', body: { parts: [{ number: 1, etag: 'e' }] } }],
      ] as const;
    for (const [index, [at, asked]] of attempts(path).entries()) {
      const [other, nobody] = [
        await ask(application, at, { ...asked, user: 'mallory' }),
        await ask(application, attempts(missing)[index]?.[0] ?? '', asked),
      ];
      expect([at, other.status]).toEqual([at, 404]);
      // Nothing tells another's item from none.
      expect({ ...other.json, requestId: '' }).toEqual({ ...nobody.json, requestId: '' });
    }
    expect((await ask(application, path, { method: 'DELETE', user: 'mallory' })).status).toBe(204);
    expect((await ask(application, path)).json).toMatchObject({
      title: 'mine',
      version: 1,
      attachments: [{ id: attachment }],
    });
    const page = await ask(application, '/api/items', { user: 'mallory' });
    expect(page.json).toEqual({ items: [] });
  });

  it('takes malformed names for names of nothing', async () => {
    for (const id of ['1', 'x'.repeat(36), '%00', '..%2f', "';DROP TABLE items", '%F0%28']) {
      expect([id, (await ask(application, `/api/items/${id}`)).status]).toEqual([id, 404]);
    }
    const item = await create(application);
    expect((await ask(application, `/api/items/${item.id.toUpperCase()}`)).status).toBe(200);
  });

  it('reads no value as SQL', async () => {
    const evil = [
      `'); DROP TABLE items; --`,
      `' OR '1'='1`,
      `"; SELECT pg_sleep(10); --`,
      `\\'; DELETE FROM items`,
      '$1',
      '%s',
    ];
    for (const text of evil) {
      const made = await post({ title: text, notes: text }, newKey(), `eve ${text}`);
      expect([made.status, made.json.title, made.json.notes]).toEqual([201, text, text]);
      expect((await put(made.json.id, 1, { title: text, notes: text }, `eve ${text}`)).json.title).toBe(text);
      const page = await ask(application, '/api/items', { user: `eve ${text}` });
      expect(page.json.items).toHaveLength(1);
      for (const query of [
        `limit=${encodeURIComponent(text)}`,
        `cursor=${Buffer.from(`1.${text}`).toString('base64url')}`,
      ]) {
        expect((await ask(application, `/api/items?${query}`)).status).toBe(400);
      }
      expect((await post({ title: 'x' }, text)).status).toBe(400);
    }
    expect((await rowsOf('alice')).length).toBeGreaterThan(0);
  });

  it('gives all items once, newest first, while others are added', async () => {
    const titles = Array.from({ length: 57 }, (_, n) => `${n}`);
    for (const title of titles) await create(application, 'paula', title);
    // Many of one millisecond: their order must not hang on time alone.
    await postgres.query("UPDATE items SET created_at = date_trunc('second', created_at) WHERE owner = 'paula'");
    const before = (await rowsOf('paula')).map((row) => (row as { id: string }).id);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const query = cursor === undefined ? '' : `&cursor=${cursor}`;
      const page = (await ask(application, `/api/items?limit=7${query}`, { user: 'paula' })).json as ItemPage;
      seen.push(...page.items.map(({ id }) => id));
      expect(page.items.map(({ createdAt }) => createdAt)).toEqual(
        page.items
          .map(({ createdAt }) => createdAt)
          .sort()
          .reverse(),
      );
      await create(application, 'paula', 'added meanwhile');
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(new Set(seen).size).toBe(seen.length);
    expect(new Set(seen)).toEqual(new Set(before));
  });

  it('ends a list of exactly a page without a cursor, and takes no bad limit or cursor', async () => {
    for (let n = 0; n < 3; n += 1) await create(application, 'olga');
    const page = await ask(application, '/api/items?limit=3', { user: 'olga' });
    expect([page.json.items.length, page.json.cursor]).toEqual([3, undefined]);
    expect((await ask(application, '/api/items?limit=2', { user: 'olga' })).json.cursor).toBeTypeOf('string');
    for (const limit of ['0', '101', '-1', '1.5', 'all', ' 5']) {
      expect([limit, (await ask(application, `/api/items?limit=${limit}`)).json.field]).toEqual([limit, 'limit']);
    }
    for (const name of ['limit', 'cursor']) {
      const twice = await ask(application, `/api/items?${name}=1&${name}=5`);
      expect([twice.status, twice.json.field]).toEqual([400, name]);
    }
    const id = '11111111-2222-8333-8444-555555555555';
    const positions = [
      `${Date.UTC(10_000, 0)}.${id}`,
      `999999999999999.${id}`,
      `01.${id}`,
      `-1.${id}`,
      `1.${id} `,
      `1e3.${id}`,
    ];
    for (const position of positions) {
      const cursor = Buffer.from(position).toString('base64url');
      expect([position, (await ask(application, `/api/items?cursor=${cursor}`)).status]).toEqual([position, 400]);
    }
    const lastMoment = Buffer.from(`${Date.UTC(10_000, 0) - 1}.${id}`).toString('base64url');
    expect((await ask(application, `/api/items?cursor=${lastMoment}`)).status).toBe(200);
    for (const cursor of ['', 'x', 'MTIz', Buffer.from('999999999999999.x').toString('base64url'), '%00']) {
      expect([cursor, (await ask(application, `/api/items?cursor=${cursor}`)).json.code]).toEqual([
        cursor,
        'invalid_cursor',
      ]);
    }
  });

  it('needs one round trip for a list and for most else', async () => {
    const item = await create(application);
    const body = { title: 'new', notes: '' };
    expect(await trips(() => ask(application, '/api/items'))).toBe(1);
    expect(await trips(() => post(body))).toBe(1);
    expect(await trips(() => put(item.id, 1, body))).toBe(1);
    expect(await trips(() => ask(application, `/api/items/${item.id}`))).toBe(1);
    expect(await trips(() => ask(application, `/api/items/${item.id}`, { method: 'DELETE' }))).toBe(2);
    expect(await trips(() => ask(application, '/api/health', { user: '' }))).toBe(0);
    expect(await trips(() => put(item.id, 1, body))).toBe(2);
  });

  it('asks the reader for lists alone, and the writer for who must see what it wrote', async () => {
    const item = await create(application);
    const onOf = async (path: string, headers = {}) => {
      const before = database.asked.length;
      await ask(application, path, { headers });
      return database.asked.slice(before).map(({ on }) => on);
    };
    expect(await onOf('/api/items')).toEqual(['reader']);
    expect(await onOf('/api/items', { 'cache-control': 'no-cache' })).toEqual(['writer']);
    expect(await onOf(`/api/items/${item.id}`)).toEqual(['writer']);
  });

  it('asks for what an index answers', async () => {
    await postgres.query(
      "INSERT INTO items (id, owner, title, idempotency_key) SELECT gen_random_uuid(), 'bulk' || n % 50, 't', n::text FROM generate_series(1, 20000) n",
    );
    await postgres.query('ANALYZE items');
    const [list, find] = [
      'FROM items i\n       WHERE i.owner = $1 AND (i.created_at',
      'FROM items i WHERE i.id = $1',
    ].map((part) => database.asked.find(({ text }) => text.includes(part))?.text ?? '');
    const values = { $1: "'bulk1'", $2: '21', $3: 'now()', $4: "'00000000-0000-4000-8000-000000000000'" };
    const bound = (text = '', by: Record<string, string>) => text.replace(/\$\d/g, (name) => by[name] ?? name);
    const plan = async (text: string) =>
      (await postgres.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${text}`)).map((row) => row['QUERY PLAN']).join('\n');
    const listed = await plan(bound(list, values));
    expect(listed).toContain('items_by_owner');
    expect(listed).not.toContain('Sort');
    const found = await plan(bound(find, { $1: "'00000000-0000-4000-8000-000000000000'", $2: "'bulk1'" }));
    expect(found).toContain('items_pkey');
    expect(found).toContain('attachments_by_item');
  });

  describe('the database before the cache', () => {
    it('has each change before the cache forgets, and forgets before it answers', async () => {
      const events: string[] = [];
      const cache: Cache = {
        through: (_, load) => load(),
        forget: async (key) => {
          events.push(`forget ${key}`);
        },
        close: () => {},
      };
      const recorded = {
        ...database,
        query: async (...asked: Parameters<typeof database.query>) => {
          const answer = await database.query(...asked);
          events.push(/^\s*(WITH|\w+)/.exec(asked[0])?.[1] ?? '');
          return answer;
        },
      } as typeof database;
      const fresh = applicationOn(recorded, cache);
      const item = (await create(fresh)) as Item;
      const key = `item:{alice:${item.id}}`;
      events.length = 0;
      const body = { title: 'x', notes: '' };
      await ask(fresh, `/api/items/${item.id}`, { method: 'PUT', headers: { 'if-match': '"1"' }, body });
      expect(events).toEqual(['WITH', `forget ${key}`]);
      events.length = 0;
      await ask(fresh, `/api/items/${item.id}`, { method: 'DELETE' });
      expect(events).toEqual(['SELECT', 'DELETE', `forget ${key}`]);
    });
  });
});
