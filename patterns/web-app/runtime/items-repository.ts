import type { Cache } from '../../../lib/runtime/cache';
import { derivedId } from '../../../lib/runtime/derived-id';
import type { Database } from '../../../lib/runtime/postgres';
import { isDuplicate } from '../../../lib/runtime/postgres-errors';
import { Problem } from '../../../lib/runtime/problem';
import { type Attachment, CACHE_KEY_PREFIX, type Item, type ItemPage, type ItemSummary } from '../contract';
import { ATTACHMENTS_OF_ITEM } from './attachment-rows';
import { writeCursor } from './cursor';
import type { ItemText, PageRequest } from './item-request';
import { notFound } from './request-input';

/** Where the cache keeps an item: no one but its owner can ask for it by this key. */
export function itemCacheKey(owner: string, id: string): string {
  return `${CACHE_KEY_PREFIX}{${owner}:${id}}`;
}

interface SummaryRow {
  readonly id: string;
  readonly title: string;
  readonly version: number;
  readonly created_at: Date;
  readonly updated_at: Date;
}
interface ItemRow extends SummaryRow {
  readonly notes: string;
  readonly attachments: readonly Attachment[];
}

const SUMMARY = 'i.id, i.title, i.version, i.created_at, i.updated_at';
const WHOLE = `${SUMMARY}, i.notes, ${ATTACHMENTS_OF_ITEM}`;

/** A page that is asked for, and of whom. */
interface FreshPageRequest extends PageRequest {
  /** Whether the writer is asked, for a caller who must see what it wrote a moment ago (rds-replica-lag-handled). */
  readonly isFresh: boolean;
}

/** Items, each seen and changed by its owner alone: every statement names the owner. */
export class ItemsRepository {
  readonly #database: Database;
  readonly #cache: Cache;

  constructor(database: Database, cache: Cache) {
    this.#database = database;
    this.#cache = cache;
  }

  /**
   * A page of an owner's items, newest first, in one round trip.
   */
  async list(owner: string, { limit, after, isFresh }: FreshPageRequest): Promise<ItemPage> {
    const { rows } = await this.#database.query<SummaryRow>(
      `SELECT ${SUMMARY} FROM items i
       WHERE i.owner = $1 ${after === undefined ? '' : 'AND (i.created_at, i.id) < ($3, $4)'}
       ORDER BY i.created_at DESC, i.id DESC LIMIT $2`,
      // One more than a page shows whether there is another.
      [owner, limit + 1, ...(after === undefined ? [] : [after.createdAt, after.id])],
      isFresh ? 'writer' : 'reader',
    );
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const hasMore = rows.length > limit && last !== undefined;
    return {
      items: page.map(summaryOf),
      ...(hasMore && { cursor: writeCursor({ createdAt: last.created_at, id: last.id }) }),
    };
  }

  /** An item, from the cache if it is there (cache-aside). */
  async find(owner: string, id: string): Promise<Item | undefined> {
    return this.#cache.through(itemCacheKey(owner, id), () => this.#read(owner, id));
  }

  /**
   * Makes an item, once for each key: its identifier follows from owner, key and content, so a repeat meets what it made.
   *
   * @throws Problem 409 when the key was used for another item
   */
  async create(owner: string, key: string, { title, notes }: ItemText): Promise<{ item: Item; created: boolean }> {
    const id = derivedId(owner, key, title, notes);
    try {
      const { rows } = await this.#database.query<ItemRow & { created: boolean }>(
        // The change that changes nothing lets a repeat see the row, whoever made it when.
        `INSERT INTO items AS i (id, owner, title, notes, idempotency_key) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (id) DO UPDATE SET id = EXCLUDED.id
         RETURNING ${WHOLE}, i.xmax = 0 AS created`,
        [id, owner, title, notes, key],
      );
      const [row] = rows;
      if (row === undefined) throw new Error('The insert answered no row');
      return { item: itemOf(row), created: row.created };
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      // Of several unique constraints PostgreSQL may name another first, also for a repeat.
      const item = await this.#read(owner, id);
      if (item !== undefined) return { item, created: false };
      throw keyReused();
    }
  }

  /**
   * Changes an item that is still as its caller saw it.
   *
   * @throws Problem 404; 412 when someone was faster; 409 when the connection was lost and it cannot be told any more whether
   * the change took effect
   */
  async update(owner: string, id: string, expected: number, { title, notes }: ItemText): Promise<Item> {
    return this.#changing(owner, id, async () => {
      const { rows, repeated } = await this.#database.query<ItemRow>(
        `WITH i AS (
           UPDATE items SET title = $4, notes = $5, version = version + 1, updated_at = now()
           WHERE id = $1 AND owner = $2 AND version = $3 RETURNING *
         ) SELECT ${WHOLE} FROM i`,
        [id, owner, expected, title, notes],
      );
      const [changed] = rows;
      if (changed !== undefined) return itemOf(changed);
      const current = await this.#read(owner, id);
      if (current === undefined) throw notFound();
      if (repeated) {
        // The first try may have taken effect before its answer was lost: then it made just this of the version.
        const isOurs = current.version === expected + 1 && current.title === title && current.notes === notes;
        if (isOurs) return current;
        if (current.version > expected + 1) throw outcomeUnknown();
      }
      throw new Problem(412, 'version_mismatch', 'The item has changed since you read it. Read it again.', 'If-Match');
    });
  }

  /**
   * Deletes an item, or finds it gone. What is attached to it goes before, so that nothing is left if that fails; and once more
   * after, since a file may have come, and been found good, in between.
   *
   * @param removeObjects deletes the objects of these keys; those that are not there count as deleted
   */
  async remove(owner: string, id: string, removeObjects: (keys: readonly string[]) => Promise<void>): Promise<void> {
    await this.#changing(owner, id, async () => {
      const { rows } = await this.#database.query<{ object_key: string }>(
        'SELECT a.object_key FROM attachments a JOIN items i ON i.id = a.item_id WHERE i.id = $1 AND i.owner = $2',
        [id, owner],
      );
      const keys = rows.map(({ object_key }) => object_key);
      if (keys.length > 0) await removeObjects(keys);
      await this.#database.query('DELETE FROM items WHERE id = $1 AND owner = $2', [id, owner]);
      if (keys.length > 0) await removeObjects(keys);
    });
  }

  /** Reads the writer: a copy that lags would be cached after the change that it lacks. */
  async #read(owner: string, id: string): Promise<Item | undefined> {
    const text = `SELECT ${WHOLE} FROM items i WHERE i.id = $1 AND i.owner = $2`;
    const { rows } = await this.#database.query<ItemRow>(text, [id, owner]);
    return rows[0] && itemOf(rows[0]);
  }

  /** The database first, then the cache forgets; also after a failure, which may have taken effect. */
  async #changing<T>(owner: string, id: string, change: () => Promise<T>): Promise<T> {
    try {
      return await change();
    } finally {
      await this.#cache.forget(itemCacheKey(owner, id));
    }
  }
}

/** Says that a key names another request. */
export function keyReused(): Problem {
  const detail = 'This Idempotency-Key was already used for another request. Use a new key.';
  return new Problem(409, 'idempotency_key_reused', detail, 'Idempotency-Key');
}

function outcomeUnknown(): Problem {
  const detail = 'The connection to the database was lost, and the item has changed since. Read it again.';
  return new Problem(409, 'outcome_unknown', detail);
}

function summaryOf({ id, title, version, created_at, updated_at }: SummaryRow): ItemSummary {
  return { id, title, version, createdAt: created_at.toISOString(), updatedAt: updated_at.toISOString() };
}

function itemOf(row: ItemRow): Item {
  return { ...summaryOf(row), notes: row.notes, attachments: row.attachments };
}
