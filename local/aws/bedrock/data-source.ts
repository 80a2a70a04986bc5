import { createHash } from 'node:crypto';
import type { LocalS3 } from '../s3';
import { chunksOf, type DocumentFailure, METADATA_SUFFIX, metadataOf, Unreadable } from './document-text';
import type { Metadata } from './metadata-filter';

/** The buckets, as far as documents are read. */
export type DocumentStore = Pick<LocalS3, 'keys' | 'call'>;

/** Where a data source's documents are. */
export interface DataSourceDefinition {
  /** 10 letters and digits. */
  readonly id: string;
  readonly bucket: string;
  /** Of the keys that are ingested. @default - all keys */
  readonly prefix?: string;
}

/** A piece of a document that is found by questions. */
export interface Chunk {
  readonly id: string;
  readonly text: string;
  readonly uri: string;
  readonly metadata: Metadata;
}

/** A document as the knowledge base has it (AWS: Bedrock, KnowledgeBaseDocumentDetail). */
export interface IndexedDocument {
  readonly uri: string;
  readonly status: 'INDEXED' | DocumentFailure['status'];
  readonly statusReason?: string;
  readonly updatedAt: number;
  /** What it was made of, to tell a changed one. */
  readonly content: string;
  readonly sidecar?: string;
  readonly chunks: readonly Chunk[];
}

/** What a job found and will put in place (AWS: Bedrock, IngestionJobStatistics). */
export interface Scan {
  readonly documents: ReadonlyMap<string, IndexedDocument>;
  readonly statistics: Readonly<Record<string, number>>;
  readonly failureReasons: readonly string[];
}

/** Documents of a bucket, and which of them were ingested. */
export class DataSource {
  /** By URI. */
  documents: ReadonlyMap<string, IndexedDocument> = new Map();

  constructor(
    readonly definition: DataSourceDefinition,
    private readonly s3: DocumentStore,
    private readonly now: () => number,
    /** Why a document fails whatever it holds; undefined for one that does not. */
    private readonly failing: (uri: string) => DocumentFailure | undefined,
  ) {}

  /** Reads what is there now. Like the real one it takes up what was added, changed and deleted, and leaves the rest as it was. */
  scan(): Scan {
    const { bucket, prefix = '' } = this.definition;
    const keys = this.s3.keys(bucket).filter((key) => key.startsWith(prefix) && !key.endsWith('/'));
    const sidecars = new Set(keys.filter((key) => key.endsWith(METADATA_SUFFIX)));
    const sources = keys.filter((key) => !sidecars.has(key)).sort();
    const count = { New: 0, Modified: 0, metadata: 0, failed: 0 };
    const failureReasons: string[] = [];
    const documents = new Map<string, IndexedDocument>();
    for (const key of sources) {
      const sidecar = `${key}${METADATA_SUFFIX}`;
      const read = this.read(key, sidecars.has(sidecar) ? sidecar : undefined);
      const { document, before } = read;
      documents.set(document.uri, document);
      if (document === before) continue;
      if (document.status !== 'INDEXED') {
        count.failed += 1;
        failureReasons.push(`${document.statusReason} [Files: ${document.uri}]`);
      } else if (before === undefined || before.status !== 'INDEXED') count.New += 1;
      else if (before.content !== document.content) count.Modified += 1;
      else count.metadata += 1;
    }
    return {
      documents,
      failureReasons,
      statistics: {
        numberOfDocumentsScanned: sources.length,
        numberOfMetadataDocumentsScanned: sidecars.size,
        numberOfNewDocumentsIndexed: count.New,
        numberOfModifiedDocumentsIndexed: count.Modified,
        numberOfMetadataDocumentsModified: count.metadata,
        numberOfDocumentsDeleted: [...this.documents.keys()].filter((uri) => !documents.has(uri)).length,
        numberOfDocumentsFailed: count.failed,
        numberOfDocumentsSkipped: 0,
      },
    };
  }

  /** A document as it is now; one that has not changed since it was ingested is left as it is. */
  private read(
    key: string,
    sidecar?: string,
  ): { readonly document: IndexedDocument; readonly before?: IndexedDocument } {
    const uri = `s3://${this.definition.bucket}/${key}`;
    const before = this.documents.get(uri);
    const [source, description] = [this.object(key), sidecar === undefined ? undefined : this.object(sidecar)];
    const seen = { uri, updatedAt: this.now(), content: source.etag, sidecar: description?.etag };
    // One that failed is tried again by each job.
    if (before?.status === 'INDEXED' && before.content === seen.content && before.sidecar === seen.sidecar)
      return { document: before, before };
    try {
      const failure = this.failing(uri);
      if (failure !== undefined) throw new Unreadable(failure.reason, failure.status);
      const metadata = description === undefined ? {} : metadataOf(description.body);
      const chunks = chunksOf(key, source.body).map((text, index) => this.chunk(uri, index, text, metadata));
      return { document: { ...seen, status: 'INDEXED', chunks }, before };
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      return { document: { ...seen, status: error.status, statusReason: error.message, chunks: [] }, before };
    }
  }

  private chunk(uri: string, index: number, text: string, metadata: Metadata): Chunk {
    const id = createHash('sha256').update(`${uri}#${index}`).digest('hex').slice(0, 32);
    return {
      id,
      text,
      uri,
      metadata: {
        ...metadata,
        'x-amz-bedrock-kb-source-uri': uri,
        'x-amz-bedrock-kb-chunk-id': id,
        'x-amz-bedrock-kb-data-source-id': this.definition.id,
      },
    };
  }

  private object(key: string): { readonly body: Buffer; readonly etag: string } {
    const { Body, ETag } = this.s3.call('GetObject', { Bucket: this.definition.bucket, Key: key });
    return { body: Body as Buffer, etag: String(ETag) };
  }
}
