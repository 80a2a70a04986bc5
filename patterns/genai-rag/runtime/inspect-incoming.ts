import { INCOMING_PREFIX, QUARANTINE_PREFIX } from '../contract';
import type { DocumentFiles } from './document-files';
import { type DocumentLocation, metadataKey } from './document-location';
import { type DocumentRow, pendingRow } from './document-row';
import { untilWritten } from './document-writes';
import type { DocumentsRepository } from './documents-repository';
import { inUtf8, type Objection, objectionTo } from './judge-file';
import { metadataFile } from './metadata-file';

/** What looks at documents work with. */
export interface InspectionStores {
  readonly documents: Pick<DocumentsRepository, 'find' | 'write' | 'now'>;
  readonly files: DocumentFiles;
}

/**
 * What came of a look at a file that came in. `quarantined`: it is not what it says; `refused`: it is, and is not accepted all the
 * same, and its document says why; `unclaimed`: no document waits for it, so it was
 * quarantined too; `discarded`: its document goes; `gone`: there is no file any more.
 */
export type IncomingOutcome = 'taken-in' | 'quarantined' | 'refused' | 'unclaimed' | 'discarded' | 'gone';

/**
 * Looks at a file that came in: one that is what it says goes to where the knowledge base reads, its metadata file before it, so that
 * no chunk is ever without a tenant. An event of a file is never trusted, but the file inspected and the document's row: an event
 * may come twice, late or in any order, and a look may break off after each of its steps and begin anew.
 */
export function inspectIncoming(
  key: string,
  location: DocumentLocation,
  stores: InspectionStores,
): Promise<IncomingOutcome> {
  const { documents, files } = stores;
  const written: string[] = [];
  return untilWritten(async () => {
    const row = await documents.find(location.tenant, location.id);
    if (row === undefined || row.status === 'deleting') {
      // A copy of before must not outlive its document.
      const copies = row === undefined ? written : [row.objectKey, metadataKey(row.objectKey)];
      if (row === undefined) await quarantine(key, files);
      await files.remove(row === undefined ? copies : [key, ...copies]);
      return row === undefined ? 'unclaimed' : 'discarded';
    }
    const found = await files.look(key, row);
    if (found === undefined) return 'gone';
    const objection = await objectionTo(row, found);
    if (objection !== undefined) return refuse(key, found.etag, row, objection, stores);
    const { objectKey } = row;
    written.push(objectKey, metadataKey(objectKey));
    const metadataEtag = await files.putMetadata(metadataKey(objectKey), metadataFile(row) ?? '');
    const text = inUtf8(found);
    const etag =
      text === undefined
        ? await files.copy(key, objectKey, found.etag)
        : await files.putText(objectKey, text, row.contentType);
    if (etag === undefined) return undefined;
    if (!(await documents.write({ ...pendingRow(row), etag, metadataEtag }, row, 'put'))) return undefined;
    await files.removeSeen(key, found.etag);
    return 'taken-in';
  });
}

/** The row first: a file that is not moved yet is met again. An honest file that came before it stays what questions find. */
async function refuse(
  key: string,
  etag: string,
  row: DocumentRow,
  { reason, lies }: Objection,
  { documents, files }: InspectionStores,
): Promise<IncomingOutcome | undefined> {
  if (row.etag === undefined) {
    const { expiresAt: _, ...kept } = row;
    if (!(await documents.write({ ...kept, status: 'failed', reason }, row, 'none'))) return undefined;
  }
  if (lies) await quarantine(key, files);
  else await files.removeSeen(key, etag);
  // A look that broke off may have left a copy of an earlier file, which no row knows of.
  const copies = row.etag === undefined ? [row.objectKey, metadataKey(row.objectKey)] : [];
  await files.remove(copies);
  return lies ? 'quarantined' : 'refused';
}

/** Moves a file out of the way, as it is found. */
async function quarantine(key: string, files: DocumentFiles): Promise<void> {
  const found = await files.find(key);
  if (found === undefined) return;
  const copied = await files.copy(key, `${QUARANTINE_PREFIX}${key.slice(INCOMING_PREFIX.length)}`, found.etag);
  if (copied === undefined) throw new Error('The file changed while it was quarantined');
  await files.removeSeen(key, found.etag);
}
