import type { DocumentStatus, DocumentType, RagDocument } from '../contract';

/** A document in the table. */
export interface DocumentRow {
  readonly tenant: string;
  readonly id: string;
  readonly name: string;
  readonly contentType: DocumentType;
  /** Bytes. */
  readonly size: number;
  readonly status: DocumentStatus;
  readonly reason?: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Where the knowledge base reads it. */
  readonly objectKey: string;
  /** Of the object that was last taken note of there, without quotes; absent while none was. */
  readonly etag?: string;
  /** Of its metadata file. */
  readonly metadataEtag?: string;
  /** When it was first indexed: something of it may be in the index since. ISO 8601. */
  readonly indexedAt?: string;
  /** Another with each write. */
  readonly version: string;
  /** When it goes, unless a file comes. Seconds since 1970. */
  readonly expiresAt?: number;
}

/** A document as the API shows it. */
export function documentOf(row: DocumentRow): RagDocument {
  const { id, name, contentType, size, status, reason, createdAt, updatedAt } = row;
  return { id, name, contentType, size, status, ...(reason !== undefined && { reason }), createdAt, updatedAt };
}

/** Whether a document waited too long: DynamoDB deletes its row some days later at the latest (AWS: DynamoDB, TTL). */
export function isForgotten({ expiresAt }: Pick<DocumentRow, 'expiresAt'>, now: number): boolean {
  return expiresAt !== undefined && expiresAt * 1000 <= now;
}

/** A document that the knowledge base is to ingest, as it is now. */
export function pendingRow({ reason: _, expiresAt: __, ...row }: DocumentRow): DocumentRow {
  return { ...row, status: 'pending' };
}
