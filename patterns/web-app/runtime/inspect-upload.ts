import { HEAD_BYTES, isOfType } from '../../../lib/runtime/file-signatures';
import type { Database } from '../../../lib/runtime/postgres';
import type { AttachmentRow } from './attachment-rows';
import type { AttachmentsRepository } from './attachments-repository';
import type { InspectedObject, InspectedObjects } from './inspected-objects';

/** What came of a look at a file. `gone`: there is none any more; `deleted`: no one misses it. */
export type Inspection = 'ready' | 'quarantined' | 'gone' | 'deleted';

/** What a look at a file needs. */
export interface InspectionStores {
  readonly database: Pick<Database, 'query'>;
  readonly attachments: Pick<AttachmentsRepository, 'settle'>;
  readonly objects: InspectedObjects;
}

type Expected = Pick<AttachmentRow, 'content_type' | 'size' | 'status'>;

/**
 * Looks at a file that came, and says so in its attachment: `ready` if it is what it says, else `quarantined`, for good. What is
 * said about a file is never trusted, but the file inspected: so that an event may come twice, late or in any order, and a look
 * may break off after each of its steps and begin anew.
 */
export async function inspectUpload(
  key: string,
  { database, attachments, objects }: InspectionStores,
): Promise<Inspection> {
  const expected = await expectedOf(database, key);
  // The item was deleted while its file was on the way.
  if (expected === undefined) return discard(key, objects);
  const found = await objects.look(key);
  if (found === undefined) return 'gone';
  const status = (await isHonest(expected, found)) ? 'ready' : 'quarantined';
  // The attachment first: from here on no one is given what lies, and a file that is not moved yet is met again.
  const isMissed = await attachments.settle(key, status);
  if (!isMissed) return discard(key, objects);
  if (status === 'quarantined') await objects.quarantine(key);
  return status;
}

async function expectedOf(database: Pick<Database, 'query'>, key: string): Promise<Expected | undefined> {
  const { rows } = await database.query<Expected>(
    'SELECT a.content_type, a.size, a.status FROM attachments a WHERE a.object_key = $1',
    [key],
  );
  return rows[0];
}

/** A file that came in place of one that lied is not trusted either. */
async function isHonest({ content_type, size, status }: Expected, found: InspectedObject): Promise<boolean> {
  return (
    status !== 'quarantined' &&
    found.size === Number(size) &&
    found.contentType === content_type &&
    isOfType(content_type, found.head, { isWhole: found.size <= HEAD_BYTES })
  );
}

async function discard(key: string, objects: InspectedObjects): Promise<Inspection> {
  await objects.delete(key);
  return 'deleted';
}
