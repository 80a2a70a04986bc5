import { DOCUMENT_TYPES, DOCUMENTS_PREFIX, type DocumentType, METADATA_SUFFIX, QUARANTINE_PREFIX } from '../contract';
import { metadataKey, type TakenInLocation } from './document-location';
import { type DocumentRow, pendingRow } from './document-row';
import { untilWritten } from './document-writes';
import type { InspectionStores } from './inspect-incoming';
import { metadataFile } from './metadata-file';
import { visible } from './visible-text';

/**
 * What came of a look at a document's object. `known`: there is nothing to do; `changed`: the knowledge base takes it in; `deleted`: it
 * takes it out; `discarded`: it came too late for its document; `unclaimed`: it bears an id of ours and has no document.
 */
export type ObjectOutcome = 'known' | 'changed' | 'deleted' | 'discarded' | 'unclaimed';

/** An event of S3, as far as it is believed: that something happened to a key, and which content came. */
export interface ObjectEvent {
  readonly key: string;
  readonly created: boolean;
  /** Without quotes. */
  readonly etag?: string;
}

/**
 * Makes a document's row and metadata file agree with its object, whoever put, replaced or deleted it. Our own copies are known by
 * their ETag; a file that someone else put into a tenant's folder becomes a document of the tenant.
 */
export function reconcileDocument(
  event: ObjectEvent,
  location: TakenInLocation,
  stores: InspectionStores,
): Promise<ObjectOutcome> {
  const { documents, files } = stores;
  const { tenant, id, key, uploaded } = location;
  return untilWritten(async () => {
    const row = await documents.find(tenant, id);
    if (isKnown(event, row)) return 'known';
    const [object, metadata] = await Promise.all([files.find(key), files.metadata(metadataKey(key))]);
    if (object === undefined) return deleted(location, row, metadata?.text, stores);
    const isDeleting = row?.status === 'deleting';
    if (uploaded && isDeleting) {
      await files.remove([key, metadataKey(key)]);
      return 'discarded';
    }
    if (uploaded && row === undefined) return unclaimed(location, object.etag, stores);
    // The look at the upload has copied it, and is about to write the row.
    if (uploaded && row?.etag === undefined) return 'known';
    // It is deleted any moment now: by whoever asked for that.
    if (isDeleting && row.etag === object.etag) return 'known';
    const now = new Date(documents.now()).toISOString();
    const next = { ...(row ?? adopted(location, now)), size: object.size, etag: object.etag };
    const mended = metadataFile(next, metadata?.text);
    const metadataEtag = mended === undefined ? metadata?.etag : await files.putMetadata(metadataKey(key), mended);
    const isSame = row?.etag === object.etag && row.metadataEtag === metadataEtag;
    if (isSame && !isDeleting) return 'known';
    const written = await documents.write({ ...pendingRow(next), metadataEtag }, row, 'put');
    return written ? 'changed' : undefined;
  });
}

/** Each write has an event of its own, so an event of a content that was already recorded changes nothing. */
function isKnown({ key, created, etag }: ObjectEvent, row: DocumentRow | undefined): boolean {
  if (!created) return row === undefined || row.status === 'deleting' || row.etag === undefined;
  if (row === undefined || row.status === 'deleting' || etag === undefined) return false;
  return etag === (key.endsWith(METADATA_SUFFIX) ? row.metadataEtag : row.etag);
}

/**
 * Takes note of an object that is gone, and takes its metadata file along. Without a tag the change deletes nothing: what comes under
 * this key again is another's.
 */
async function deleted(
  { id, key, uploaded }: TakenInLocation,
  row: DocumentRow | undefined,
  metadata: string | undefined,
  { documents, files }: InspectionStores,
): Promise<ObjectOutcome | undefined> {
  const isDeleting = row?.status === 'deleting';
  // The look at the upload is about to copy it, and has written the metadata file before.
  if (uploaded && row !== undefined && row.etag === undefined && !isDeleting) return 'known';
  // One without our mark is of someone who is about to put its document.
  if (metadata !== undefined && (row?.etag !== undefined || metadata.includes(id))) {
    await files.remove([metadataKey(key)]);
  }
  if (row?.etag === undefined || isDeleting) return 'known';
  const { etag: _, metadataEtag: __, reason: ___, ...rest } = row;
  return (await documents.write({ ...rest, status: 'deleting' }, row, 'deleted')) ? 'deleted' : undefined;
}

/** A copy whose document went before the look at it ended. It is quarantined, since it may be an operator's after all. */
async function unclaimed(
  { key }: TakenInLocation,
  etag: string,
  { files }: InspectionStores,
): Promise<ObjectOutcome | undefined> {
  const copied = await files.copy(key, `${QUARANTINE_PREFIX}${key.slice(DOCUMENTS_PREFIX.length)}`, etag);
  if (copied === undefined) return undefined;
  await files.remove([key, metadataKey(key)]);
  return 'unclaimed';
}

/** A document of who put a file into a tenant's folder. Whether the knowledge base knows its format, it says itself. */
function adopted({ tenant, id, key }: TakenInLocation, now: string): Omit<DocumentRow, 'size' | 'etag'> {
  const name = [...visible(key.split('/').at(-1) ?? key)].slice(0, 200).join('').trim() || id;
  const extension = /\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase();
  const types = Object.entries(DOCUMENT_TYPES) as [DocumentType, string][];
  const [contentType] = types.find(([, each]) => each === extension) ?? ['text/plain' as const];
  return {
    tenant,
    id,
    name,
    contentType,
    status: 'pending',
    createdAt: now,
    updatedAt: now,
    objectKey: key,
    version: '',
  };
}
