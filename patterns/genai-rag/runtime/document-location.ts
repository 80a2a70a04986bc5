import { derivedId } from '../../../lib/runtime/derived-id';
import {
  DOCUMENT_TYPES,
  DOCUMENTS_PREFIX,
  type DocumentType,
  INCOMING_PREFIX,
  METADATA_SUFFIX,
  TENANT_ID,
} from '../contract';

/** Which document an object of the bucket belongs to. */
export interface DocumentLocation {
  readonly tenant: string;
  readonly id: string;
}

/** A document that lies where the knowledge base reads. */
export interface TakenInLocation extends DocumentLocation {
  /** Of the document, also when the object was its metadata file. */
  readonly key: string;
  /** Whether such a key is ours to give: it came by the API. Else someone put it there. */
  readonly uploaded: boolean;
}

/** What the API gives out: UUIDs of version 8 (lib/runtime/derived-id). */
const OWN_ID = '[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';
const INCOMING = new RegExp(`^${INCOMING_PREFIX}([^/]+)/(${OWN_ID})$`);
const OWN_NAME = new RegExp(`^(${OWN_ID})\\.([a-z]+)$`);
const EXTENSIONS: ReadonlySet<string> = new Set(Object.values(DOCUMENT_TYPES));

/** Where a file of a document comes in. */
export function incomingKey({ tenant, id }: DocumentLocation): string {
  return `${INCOMING_PREFIX}${tenant}/${id}`;
}

/** Where the knowledge base reads a document that came by the API. */
export function documentKey({ tenant, id }: DocumentLocation, contentType: DocumentType): string {
  return `${DOCUMENTS_PREFIX}${tenant}/${id}.${DOCUMENT_TYPES[contentType]}`;
}

/** Beside a document: what is written on each of its chunks. */
export function metadataKey(key: string): string {
  return `${key}${METADATA_SUFFIX}`;
}

/** Reads the key of a file that came in; undefined for what no form of ours was for. */
export function incomingLocation(key: string): DocumentLocation | undefined {
  const [, tenant = '', id = ''] = INCOMING.exec(key) ?? [];
  return TENANT_ID.test(tenant) ? { tenant, id } : undefined;
}

/** Reads the key of a document, or of its metadata file; undefined outside of every tenant's folder. */
export function takenInLocation(key: string): TakenInLocation | undefined {
  const ofDocument = key.endsWith(METADATA_SUFFIX) ? key.slice(0, -METADATA_SUFFIX.length) : key;
  const [, tenant = '', name = ''] = /^([^/]+)\/(.*[^/])$/s.exec(ofDocument.slice(DOCUMENTS_PREFIX.length)) ?? [];
  if (!ofDocument.startsWith(DOCUMENTS_PREFIX) || !TENANT_ID.test(tenant)) return undefined;
  const [, id = '', extension = ''] = OWN_NAME.exec(name) ?? [];
  const uploaded = EXTENSIONS.has(extension);
  return { tenant, key: ofDocument, uploaded, id: uploaded ? id : derivedId('document', ofDocument) };
}
