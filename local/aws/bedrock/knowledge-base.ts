import { KNOWLEDGE_BASE_LIMITS } from '../../limits/bedrock';
import { exceeds } from '../../limits/limit';
import { isRecord } from '../input';
import type { LocalInput } from '../service';
import { type Chunk, DataSource, type DataSourceDefinition, type DocumentStore } from './data-source';
import type { DocumentFailure } from './document-text';
import { invalid, refusedBy, within } from './errors';
import { type IngestionJob, IngestionJobs, type IngestionSettings, jobDocument, jobSummary } from './ingestion-jobs';
import { LexicalIndex } from './lexical-index';
import { type Metadata, metadataFilter, type VectorStoreKind } from './metadata-filter';

/** A knowledge base and where its documents are. */
export interface KnowledgeBaseDefinition {
  /** 10 letters and digits. */
  readonly id: string;
  readonly dataSources: readonly DataSourceDefinition[];
  /** What holds its vectors, which says what can be filtered by. @default OPENSEARCH_SERVERLESS */
  readonly store?: VectorStoreKind;
}

const LIMITS = KNOWLEDGE_BASE_LIMITS.rows;
/** AWS: Bedrock API, KnowledgeBaseVectorSearchConfiguration. */
const DEFAULT_RESULTS = 5;

/** A knowledge base: documents of buckets, jobs that take them in, and questions. See {@link LexicalIndex} for how it finds. */
export class LocalKnowledgeBase {
  readonly jobs: IngestionJobs;
  private readonly sources = new Map<string, DataSource>();
  /** Made anew when the documents change. */
  private indexed?: { readonly of: readonly unknown[]; readonly chunks: readonly Chunk[] };

  constructor(
    readonly definition: KnowledgeBaseDefinition,
    s3: DocumentStore,
    settings: IngestionSettings,
    failing: (uri: string) => DocumentFailure | undefined,
  ) {
    for (const source of definition.dataSources)
      this.sources.set(source.id, new DataSource(source, s3, settings.now, failing));
    this.jobs = new IngestionJobs(definition.id, this.sources, settings);
  }

  /** Whether a data source is of this knowledge base. */
  has(dataSourceId: string): boolean {
    return this.sources.has(dataSourceId);
  }

  startJob(input: LocalInput): LocalInput {
    return { ingestionJob: jobDocument(this.jobs.start(String(input['dataSourceId']), input)) };
  }

  getJob(input: LocalInput): LocalInput {
    return { ingestionJob: jobDocument(this.jobs.get(String(input['dataSourceId']), String(input['ingestionJobId']))) };
  }

  listJobs(input: LocalInput): LocalInput {
    const most = Number(input['maxResults'] ?? LIMITS.listed.max);
    if (exceeds(LIMITS.listed, most)) throw refusedBy(LIMITS.listed, within(LIMITS.listed, 'maxResults', most));
    const found = this.jobs.list(String(input['dataSourceId']), input);
    const from = Number(input['nextToken'] ?? 0);
    const page: readonly IngestionJob[] = found.slice(from, from + most);
    const more = from + page.length < found.length;
    return {
      ingestionJobSummaries: page.map(jobSummary),
      ...(more && { nextToken: String(from + page.length) }),
    };
  }

  /** Statuses of documents by their URI; one that no job has ingested, or that a job deleted, is not found. */
  getDocuments(input: LocalInput): LocalInput {
    const { dataSourceId, documentIdentifiers } = input;
    const source = this.sources.get(String(dataSourceId));
    if (source === undefined) throw refusedBy(LIMITS.unknownBase, `DataSource with id ${dataSourceId} does not exist.`);
    if (!Array.isArray(documentIdentifiers) || exceeds(LIMITS.documents, documentIdentifiers.length))
      throw refusedBy(LIMITS.documents, within(LIMITS.documents, 'documentIdentifiers'));
    const documentDetails = documentIdentifiers.map((identifier: unknown) => {
      const uri = uriOf(identifier);
      const found = source.documents.get(uri);
      return {
        knowledgeBaseId: this.definition.id,
        dataSourceId,
        identifier: { dataSourceType: 'S3', s3: { uri } },
        status: found?.status ?? 'NOT_FOUND',
        ...(found?.statusReason !== undefined && { statusReason: found.statusReason }),
        ...(found !== undefined && { updatedAt: new Date(found.updatedAt).toISOString() }),
      };
    });
    return { documentDetails };
  }

  /** Answers Retrieve (AWS: Bedrock API). @throws AwsError for what Bedrock refuses, and for what is not played */
  retrieve(input: LocalInput): LocalInput {
    const { retrievalQuery, retrievalConfiguration = {} } = input;
    const text = isRecord(retrievalQuery) ? retrievalQuery['text'] : undefined;
    if (typeof text !== 'string' || text.trim() === '')
      throw refusedBy(LIMITS.query, "Value at 'retrievalQuery.text' failed to satisfy constraint: must not be blank");
    if (exceeds(LIMITS.query, [...text].length))
      throw refusedBy(LIMITS.query, within(LIMITS.query, 'retrievalQuery.text'));
    refuseUnplayed(input, ['knowledgeBaseId', 'retrievalQuery', 'retrievalConfiguration']);
    refuseUnplayed(retrievalConfiguration, ['vectorSearchConfiguration']);
    const search = (retrievalConfiguration as LocalInput)['vectorSearchConfiguration'] ?? {};
    refuseUnplayed(search, ['numberOfResults', 'overrideSearchType', 'filter']);
    const { numberOfResults = DEFAULT_RESULTS, overrideSearchType, filter } = search as LocalInput;
    if (!Number.isInteger(numberOfResults) || exceeds(LIMITS.results, Number(numberOfResults)))
      throw refusedBy(LIMITS.results, within(LIMITS.results, 'numberOfResults', numberOfResults));
    const { store = 'OPENSEARCH_SERVERLESS' } = this.definition;
    if (overrideSearchType === 'HYBRID' && store !== 'OPENSEARCH_SERVERLESS')
      throw invalid(`HYBRID search type is not supported for search operation on index of ${store}.`);
    const passes = filter === undefined ? () => true : metadataFilter(filter, store);
    const found = this.find(text, passes, Number(numberOfResults));
    return {
      retrievalResults: found.map(({ item, score }) => ({
        content: { text: item.text, type: 'TEXT' },
        location: { type: 'S3', s3Location: { uri: item.uri } },
        metadata: item.metadata,
        score,
      })),
    };
  }

  /** Chunks that pass and share words with a question. What does not pass has no say in how much a word tells. */
  private find(text: string, passes: (metadata: Metadata) => boolean, most: number) {
    const chunks = this.chunks().filter(({ metadata }) => passes(metadata));
    return new LexicalIndex(chunks, ({ text: words, uri }) => `${words} ${uri.split('/').pop() ?? ''}`).search(
      text,
      most,
    );
  }

  private chunks(): readonly Chunk[] {
    const of = [...this.sources.values()].map(({ documents }) => documents);
    if (this.indexed === undefined || of.some((documents, index) => documents !== this.indexed?.of[index]))
      this.indexed = { of, chunks: of.flatMap((documents) => [...documents.values()].flatMap(({ chunks }) => chunks)) };
    return this.indexed.chunks;
  }
}

function uriOf(identifier: unknown): string {
  const { dataSourceType, s3 } = isRecord(identifier) ? identifier : {};
  const uri = isRecord(s3) ? s3['uri'] : undefined;
  if (dataSourceType !== 'S3' || typeof uri !== 'string' || !/^s3:\/\/[^/]{3,63}\/.+$/.test(uri))
    throw invalid('The document identifier must have the data source type S3 and a URI s3://bucket/key.');
  return uri;
}

/** What AWS has and this has not is refused by name: to ignore it would prove nothing. */
function refuseUnplayed(given: unknown, played: readonly string[]): void {
  const others = Object.keys(isRecord(given) ? given : {}).filter((name) => !played.includes(name));
  if (others.length > 0) throw invalid(`The local knowledge base does not play ${others.join(', ')}`);
}
