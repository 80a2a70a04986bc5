// @project unit

import { describe, expect, it } from 'vitest';
import { readCursor } from '../../../../patterns/web-app/runtime/cursor';
import { ItemsRepository, itemCacheKey, keyReused } from '../../../../patterns/web-app/runtime/items-repository';
import { problemOfAsync } from './problem-fixture';
import { DUPLICATE, type Reply, StoreFixture } from './store-fixture';

const idOf = (n: number) => `00000000-0000-8000-8000-${String(n).padStart(12, '0')}`;
const ID = idOf(1);
const TIME = new Date('2026-11-24T10:00:00.000Z');
const TEXT = { title: 't', notes: 'n' };
const CACHED = `item:{ada:${ID}}`;

function row(change: object = {}) {
  return { id: ID, ...TEXT, version: 1, created_at: TIME, updated_at: TIME, attachments: [], ...change };
}

const ITEM = {
  id: ID,
  ...TEXT,
  version: 1,
  createdAt: TIME.toISOString(),
  updatedAt: TIME.toISOString(),
  attachments: [],
};

function itemsWith(...replies: readonly Reply[]) {
  const stores = new StoreFixture(...replies);
  return { stores, items: new ItemsRepository(stores.database, stores.cache) };
}

describe('a list', () => {
  const listed = async (count: number, limit: number) => {
    const rows = Array.from({ length: count }, (_, n) => row({ id: idOf(n) }));
    const { stores, items } = itemsWith({ rows });
    return { page: await items.list('ada', { limit, isFresh: false }), stores };
  };

  it('asks for one item more than a page, and shows it by the cursor alone', async () => {
    const { page, stores } = await listed(3, 2);
    expect(stores.asked[0]?.values).toEqual(['ada', 3]);
    expect(page.items.map(({ id }) => id)).toEqual([idOf(0), idOf(1)]);
    expect(readCursor(page.cursor ?? '')).toEqual({ createdAt: TIME, id: idOf(1) });
  });

  it.each([0, 1, 2])('of %d items on a page of two has no cursor', async (count) => {
    const { page } = await listed(count, 2);
    expect(page.items).toHaveLength(count);
    expect(page).not.toHaveProperty('cursor');
  });

  it('shows items without their notes', async () => {
    const { notes: _, attachments: __, ...summary } = ITEM;
    expect((await listed(1, 1)).page.items).toEqual([{ ...summary, id: idOf(0) }]);
  });

  it('goes on after a position', async () => {
    const { stores, items } = itemsWith({ rows: [] }, { rows: [] });
    await items.list('ada', { limit: 2, after: { createdAt: TIME, id: ID }, isFresh: false });
    await items.list('ada', { limit: 2, isFresh: false });
    expect(stores.asked.map(({ values }) => values)).toEqual([
      ['ada', 3, TIME, ID],
      ['ada', 3],
    ]);
    expect(stores.asked.map(({ text }) => text.includes('< ($3, $4)'))).toEqual([true, false]);
  });

  it('asks the reader, and the writer for who must see what it wrote', async () => {
    const { stores, items } = itemsWith({ rows: [] }, { rows: [] });
    await items.list('ada', { limit: 2, isFresh: false });
    await items.list('ada', { limit: 2, isFresh: true });
    expect(stores.asked.map(({ on }) => on)).toEqual(['reader', 'writer']);
  });
});

describe('an item', () => {
  it('is read through the cache, by its owner', async () => {
    const { stores, items } = itemsWith({ rows: [row()] }, { rows: [] });
    expect(await items.find('ada', ID)).toEqual(ITEM);
    expect(await items.find('bob', ID)).toBeUndefined();
    expect(stores.read).toEqual([CACHED, itemCacheKey('bob', ID)]);
    expect(stores.asked.map(({ values, on }) => [...values, on])).toEqual([
      [ID, 'ada', 'writer'],
      [ID, 'bob', 'writer'],
    ]);
  });

  it.each([true, false])('is made, and was there before: %s', async (created) => {
    const { stores, items } = itemsWith({ rows: [row({ created })] });
    expect(await items.create('ada', 'key', TEXT)).toEqual({ item: ITEM, created });
    expect(stores.asked[0]?.values.slice(1)).toEqual(['ada', 't', 'n', 'key']);
  });

  it('has an id that follows from its owner, key and content', async () => {
    const made = async (owner: string, key: string, title: string, notes: string) => {
      const { stores, items } = itemsWith({ rows: [row({ created: true })] });
      await items.create(owner, key, { title, notes });
      return stores.asked[0]?.values[0];
    };
    const requests: readonly (readonly [string, string, string, string])[] = [
      ['ada', 'key', 't', 'n'],
      ['bob', 'key', 't', 'n'],
      ['ada', 'yek', 't', 'n'],
      ['ada', 'key', 'u', 'n'],
      ['ada', 'key', 't', 'm'],
    ];
    const ids = await Promise.all(requests.map((request) => made(...request)));
    expect(new Set(ids).size).toBe(requests.length);
    expect(await made('ada', 'key', 't', 'n')).toBe(ids[0]);
  });

  it('is found when PostgreSQL calls a repeat a duplicate of its key', async () => {
    const { items } = itemsWith(DUPLICATE, { rows: [row()] });
    expect(await items.create('ada', 'key', TEXT)).toEqual({ item: ITEM, created: false });
  });

  it('is refused when its key names another, and fails for all else', async () => {
    const refused = await problemOfAsync(itemsWith(DUPLICATE, { rows: [] }).items.create('ada', 'key', TEXT));
    expect(refused).toMatchObject({ status: 409, code: 'idempotency_key_reused', field: 'Idempotency-Key' });
    expect(keyReused()).toMatchObject({ status: 409, code: 'idempotency_key_reused' });
    const { items, stores } = itemsWith(new Error('broken'));
    await expect(items.create('ada', 'key', TEXT)).rejects.toThrow('broken');
    expect(stores.asked).toHaveLength(1);
    await expect(itemsWith({ rows: [] }).items.create('ada', 'key', TEXT)).rejects.toThrow('answered no row');
  });
});

describe('a change', () => {
  const change = (...replies: readonly Reply[]) => {
    const { stores, items } = itemsWith(...replies);
    return { stores, outcome: items.update('ada', ID, 4, TEXT) };
  };
  const repeated = (current: object) => change({ rows: [], repeated: true }, { rows: [row(current)] });

  it('gives the item as it is now, and the cache forgets it after that', async () => {
    const { stores, outcome } = change({ rows: [row({ version: 5 })] });
    expect(await outcome).toEqual({ ...ITEM, version: 5 });
    expect(stores.asked.map(({ values }) => values)).toEqual([[ID, 'ada', 4, 't', 'n']]);
    expect(stores.forgotten).toEqual([[CACHED, 1]]);
  });

  it('finds nothing, or that somebody was faster', async () => {
    const gone = change({ rows: [] }, { rows: [] });
    expect(await problemOfAsync(gone.outcome)).toMatchObject({ status: 404, code: 'not_found' });
    expect(gone.stores.forgotten).toEqual([[CACHED, 2]]);
    // Also the very change that was asked for, when this request was not tried twice.
    for (const version of [3, 5, 6]) {
      const { outcome } = change({ rows: [] }, { rows: [row({ version })] });
      expect(await problemOfAsync(outcome)).toMatchObject({
        status: 412,
        code: 'version_mismatch',
        field: 'If-Match',
      });
    }
  });

  it('that was tried twice is known again by its version and all that it wrote', async () => {
    expect(await repeated({ version: 5 }).outcome).toEqual({ ...ITEM, version: 5 });
  });

  it.each([
    ['an older version', { version: 3 }, 'version_mismatch'],
    ['the version that was to be changed', { version: 4 }, 'version_mismatch'],
    ['another title', { version: 5, title: 'x' }, 'version_mismatch'],
    ['other notes', { version: 5, notes: 'x' }, 'version_mismatch'],
    ['a later version', { version: 6 }, 'outcome_unknown'],
    ['a later version of other words', { version: 7, title: 'x' }, 'outcome_unknown'],
  ])('that was tried twice is not taken for %s', async (_, current, code) => {
    const status = code === 'outcome_unknown' ? 409 : 412;
    expect(await problemOfAsync(repeated(current).outcome)).toMatchObject({ status, code });
  });

  it('may have taken effect when it fails: the cache forgets', async () => {
    const { stores, outcome } = change(new Error('broken'));
    await expect(outcome).rejects.toThrow('broken');
    expect(stores.forgotten).toEqual([[CACHED, 1]]);
  });
});

describe('a removal', () => {
  const removal = async (keys: readonly string[], failsAt = 0) => {
    const { stores, items } = itemsWith({ rows: keys.map((object_key) => ({ object_key })) }, { rows: [] });
    const removed: (readonly [readonly string[], number])[] = [];
    const remove = async (objects: readonly string[]) => {
      removed.push([objects, stores.asked.length]);
      if (removed.length === failsAt) throw new Error('S3 is away');
    };
    const outcome = await items.remove('ada', ID, remove).then(
      () => 'removed',
      (error: unknown) => String(error),
    );
    return { stores, removed, outcome };
  };

  it('takes the objects before the item, and once more after', async () => {
    const { stores, removed, outcome } = await removal(['a', 'b']);
    expect([outcome, stores.asked.length]).toEqual(['removed', 2]);
    expect(removed).toEqual([
      [['a', 'b'], 1],
      [['a', 'b'], 2],
    ]);
    expect(stores.asked.map(({ values }) => values)).toEqual([
      [ID, 'ada'],
      [ID, 'ada'],
    ]);
    expect(stores.forgotten).toEqual([[CACHED, 2]]);
  });

  it('asks nothing of S3 for an item that has no files', async () => {
    const { removed, outcome } = await removal([]);
    expect([outcome, removed]).toEqual(['removed', []]);
  });

  it('leaves the item when its objects cannot be removed', async () => {
    const { stores, outcome } = await removal(['a'], 1);
    expect([outcome, stores.asked.length]).toEqual(['Error: S3 is away', 1]);
    expect(stores.forgotten).toEqual([[CACHED, 1]]);
  });
});
