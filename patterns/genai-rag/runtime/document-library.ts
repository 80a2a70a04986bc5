import { derivedId } from '../../../lib/runtime/derived-id';
import type { PresignedRequests } from '../../../lib/runtime/presigned-upload';
import { Problem } from '../../../lib/runtime/problem';
import { type DocumentDownload, type DocumentPage, INCOMING_PREFIX, type NewDocument } from '../contract';
import type { Caller } from './caller';
import { DOCUMENT_CURSORS } from './cursor';
import { documentKey, incomingKey, metadataKey } from './document-location';
import { type AnnouncedDocument, noDocument } from './document-request';
import { type DocumentRow, documentOf, isForgotten } from './document-row';
import { untilWritten } from './document-writes';
import type { DocumentsRepository, PagePosition } from './documents-repository';

/** A document whose file never comes is forgotten after so long. */
const WAITING_SECONDS = 24 * 60 * 60;

/** The documents of tenants, as their users see them. */
export class DocumentLibrary {
  constructor(
    private readonly documents: DocumentsRepository,
    private readonly requests: Pick<PresignedRequests, 'form' | 'download' | 'remove'>,
  ) {}

  /**
   * Announces a document and grants its upload, by one request to the table. The same again finds the same document.
   *
   * @throws Problem 409 when the key was used for another document, or for one that is being deleted
   */
  async announce({ tenant, user }: Caller, announced: AnnouncedDocument): Promise<NewDocument> {
    const { idempotencyKey, name, contentType, size } = announced;
    const id = derivedId('upload', tenant, user, idempotencyKey);
    const now = this.documents.now();
    const at = new Date(now).toISOString();
    const row = await this.documents.create({
      tenant,
      id,
      name,
      contentType,
      size,
      status: 'waiting',
      createdAt: at,
      updatedAt: at,
      objectKey: documentKey({ tenant, id }, contentType),
      expiresAt: Math.floor(now / 1000) + WAITING_SECONDS,
    });
    if (row.name !== name || row.contentType !== contentType || row.size !== size) {
      throw new Problem(
        409,
        'idempotency_key_reused',
        'This Idempotency-Key was already used for another document. Use a new key.',
        'Idempotency-Key',
      );
    }
    if (row.status === 'deleting') {
      throw new Problem(
        409,
        'document_deleted',
        'This document is being deleted. Use a new Idempotency-Key.',
        'Idempotency-Key',
      );
    }
    const upload = await this.requests.form({ key: incomingKey(row), contentType, size });
    return { document: documentOf(row), upload };
  }

  /** Documents of the caller's tenant, newest first. */
  async list({ tenant }: Caller, limit: number, after?: PagePosition): Promise<DocumentPage> {
    const { rows, next } = await this.documents.page(tenant, limit, after);
    const documents = rows.filter((row) => !isForgotten(row, this.documents.now())).map(documentOf);
    return { documents, ...(next !== undefined && { cursor: DOCUMENT_CURSORS.write(next) }) };
  }

  /** A document, with a download of what the knowledge base reads. @throws Problem 404 */
  async open({ tenant }: Caller, id: string): Promise<DocumentDownload> {
    const row = await this.documents.find(tenant, id);
    if (row === undefined || isForgotten(row, this.documents.now())) throw noDocument();
    const isThere = row.etag !== undefined && row.status !== 'deleting';
    const document = documentOf(row);
    if (!isThere) return { document };
    return { document, download: await this.requests.download(row.objectKey, row.name, row.contentType) };
  }

  /**
   * Deletes a document. That it goes is written down first: whatever breaks off after that is fixed by the next request, or by who
   * takes it out of the index.
   *
   * @throws Problem 404
   */
  async remove({ tenant }: Caller, id: string): Promise<DocumentRow> {
    const row = await untilWritten(async () => {
      const seen = await this.documents.find(tenant, id);
      if (seen === undefined) throw noDocument();
      if (seen.status === 'deleting') return seen;
      const { reason: _, expiresAt: __, ...kept } = seen;
      const deleting: DocumentRow = { ...kept, status: 'deleting' };
      return (await this.documents.write(deleting, seen, 'deleted')) ? deleting : undefined;
    });
    const { objectKey } = row;
    await this.requests.remove([objectKey, metadataKey(objectKey), ...incomingOf(row)]);
    return row;
  }
}

/** What came by the API may lie where it came in. */
function incomingOf({ tenant, id, objectKey, contentType }: DocumentRow): string[] {
  return objectKey === documentKey({ tenant, id }, contentType) ? [`${INCOMING_PREFIX}${tenant}/${id}`] : [];
}
