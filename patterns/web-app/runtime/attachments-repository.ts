import type { Cache } from '../../../lib/runtime/cache';
import { derivedId } from '../../../lib/runtime/derived-id';
import type { Database } from '../../../lib/runtime/postgres';
import { isDuplicate } from '../../../lib/runtime/postgres-errors';
import { Problem } from '../../../lib/runtime/problem';
import { UPLOADS_PREFIX } from '../contract';
import type { FileRequest } from './attachment-request';
import type { AttachmentRow } from './attachment-rows';
import { itemCacheKey, keyReused } from './items-repository';
import { notFound } from './request-input';

/** Attachments of one item; its answer holds them all. */
export const MAX_ATTACHMENTS = 100;

const COLUMNS = 'a.id, a.name, a.content_type, a.size, a.object_key, a.upload_id, a.status';

/** Attachments of items, seen by their owner alone. */
export class AttachmentsRepository {
  readonly #database: Database;
  readonly #cache: Cache;

  constructor(database: Database, cache: Cache) {
    this.#database = database;
    this.#cache = cache;
  }

  /**
   * Attaches a file that is yet to come, once for each key.
   *
   * @throws Problem 404 without the item; 409 when it is full, or when the key was used for another file
   */
  async create(owner: string, itemId: string, key: string, file: FileRequest): Promise<AttachmentRow> {
    const { name, contentType, size } = file;
    const id = derivedId(owner, key, itemId, name, contentType, size);
    const values = [id, itemId, owner, name, contentType, size, `${UPLOADS_PREFIX}${owner}/${id}`, key];
    try {
      const { rows } = await this.#database.query<AttachmentRow>(
        `INSERT INTO attachments AS a (id, item_id, owner, name, content_type, size, object_key, idempotency_key)
         SELECT $1, i.id, i.owner, $4, $5, $6, $7, $8 FROM items i
         WHERE i.id = $2 AND i.owner = $3
           AND (SELECT count(*) FROM attachments other WHERE other.item_id = i.id AND other.id <> $1) < ${MAX_ATTACHMENTS}
         ON CONFLICT (id) DO UPDATE SET id = EXCLUDED.id
         RETURNING ${COLUMNS}`,
        values,
      );
      const [row] = rows;
      if (row === undefined) throw await this.#refusal(owner, itemId);
      return row;
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      // Of several unique constraints PostgreSQL may name another first, also for a repeat.
      const row = await this.find(owner, itemId, id);
      if (row !== undefined) return row;
      throw keyReused();
    } finally {
      await this.#cache.forget(itemCacheKey(owner, itemId));
    }
  }

  /** Keeps which upload in parts a file comes by. The last one granted is the one that its owner received. */
  async keepUpload(owner: string, id: string, uploadId: string): Promise<void> {
    const text = 'UPDATE attachments SET upload_id = $3 WHERE id = $1 AND owner = $2';
    await this.#database.query(text, [id, owner, uploadId]);
  }

  async find(owner: string, itemId: string, id: string): Promise<AttachmentRow | undefined> {
    const { rows } = await this.#database.query<AttachmentRow>(
      `SELECT ${COLUMNS} FROM attachments a WHERE a.id = $1 AND a.item_id = $2 AND a.owner = $3`,
      [id, itemId, owner],
    );
    return rows[0];
  }

  /**
   * Keeps what a look at a file found. The same may be told twice; a file that was found to lie stays quarantined.
   *
   * @returns whether the file belongs to an attachment: its item may have been deleted while it came
   */
  async settle(objectKey: string, status: 'ready' | 'quarantined'): Promise<boolean> {
    const { rows } = await this.#database.query<{ owner: string; item_id: string }>(
      `UPDATE attachments SET status = CASE status WHEN 'quarantined' THEN status ELSE $2 END
       WHERE object_key = $1 RETURNING owner, item_id`,
      [objectKey, status],
    );
    const [row] = rows;
    if (row === undefined) return false;
    await this.#cache.forget(itemCacheKey(row.owner, row.item_id));
    return true;
  }

  async #refusal(owner: string, itemId: string): Promise<Problem> {
    const { rows } = await this.#database.query('SELECT FROM items WHERE id = $1 AND owner = $2', [itemId, owner]);
    if (rows.length === 0) return notFound();
    return new Problem(409, 'too_many_attachments', `An item may have at most ${MAX_ATTACHMENTS} attachments.`);
  }
}
