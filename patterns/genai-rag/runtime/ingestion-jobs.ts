import {
  BedrockAgentClient,
  GetIngestionJobCommand,
  GetKnowledgeBaseDocumentsCommand,
  type KnowledgeBaseDocumentDetail,
  StartIngestionJobCommand,
} from '@aws-sdk/client-bedrock-agent';
import { callTimeouts } from '../../../lib/runtime/call-timeouts';

/** AWS: GetKnowledgeBaseDocuments takes so many documents. */
const DOCUMENTS_AT_ONCE = 10;

/** Bedrock takes no more of us for now; the next minute is early enough. */
export class BedrockBusyError extends Error {
  override readonly name = 'BedrockBusyError';
}

/** What became of a job. */
export type JobOutcome =
  | { readonly state: 'running' | 'complete' | 'unknown'; readonly reasons: readonly string[] }
  | { readonly state: 'failed'; readonly reasons: readonly string[] };

/** What the knowledge base says of a document. */
export type DocumentState = Pick<KnowledgeBaseDocumentDetail, 'status' | 'statusReason'>;

/** The jobs of a data source whose documents are in a bucket. */
export class IngestionJobs {
  #given?: BedrockAgentClient;

  /** @param client for tests. @default - the surrounding role's */
  constructor(
    private readonly ids: { readonly knowledgeBaseId: string; readonly dataSourceId: string },
    private readonly bucket: string,
    client?: BedrockAgentClient,
  ) {
    this.#given = client;
  }

  get #client(): BedrockAgentClient {
    this.#given ??= new BedrockAgentClient({
      maxAttempts: 3,
      requestHandler: callTimeouts({ connectMs: 2000, answerMs: 10_000 }),
    });
    return this.#given;
  }

  /**
   * Starts a job. The same token again finds the job that it started.
   *
   * @returns undefined while a job of someone else runs
   * @throws BedrockBusyError when it is throttled: StartIngestionJob takes one request in ten seconds (AWS: Bedrock quotas)
   */
  async start(clientToken: string): Promise<string | undefined> {
    try {
      const { ingestionJob } = await this.send(() =>
        this.#client.send(new StartIngestionJobCommand({ ...this.ids, clientToken })),
      );
      return ingestionJob?.ingestionJobId;
    } catch (error) {
      if (isNamed(error, 'ConflictException', 'ServiceQuotaExceededException')) return undefined;
      throw error;
    }
  }

  /** @throws BedrockBusyError when it is throttled */
  async outcome(ingestionJobId: string): Promise<JobOutcome> {
    try {
      const { ingestionJob } = await this.send(() =>
        this.#client.send(new GetIngestionJobCommand({ ...this.ids, ingestionJobId })),
      );
      const reasons = ingestionJob?.failureReasons ?? [];
      const status = ingestionJob?.status;
      if (status === 'COMPLETE') return { state: 'complete', reasons };
      if (status === 'STOPPED') return { state: 'failed', reasons: ['The ingestion was stopped.'] };
      return { state: status === 'FAILED' ? 'failed' : 'running', reasons };
    } catch (error) {
      if (isNamed(error, 'ResourceNotFoundException')) return { state: 'unknown', reasons: [] };
      throw error;
    }
  }

  /** What became of up to ten documents, by their keys. @throws BedrockBusyError when it is throttled */
  async documents(keys: readonly string[]): Promise<ReadonlyMap<string, DocumentState>> {
    const documentIdentifiers = keys.map((key) => ({ dataSourceType: 'S3' as const, s3: { uri: this.uriOf(key) } }));
    const { documentDetails = [] } = await this.send(() =>
      this.#client.send(new GetKnowledgeBaseDocumentsCommand({ ...this.ids, documentIdentifiers })),
    );
    const byUri = new Map(documentDetails.map((detail) => [detail.identifier?.s3?.uri, detail]));
    return new Map(keys.map((key) => [key, byUri.get(this.uriOf(key)) ?? { status: 'NOT_FOUND' }]));
  }

  /** As Bedrock names a document, also where it says why it failed. */
  uriOf(key: string): string {
    return `s3://${this.bucket}/${key}`;
  }

  private async send<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (isNamed(error, 'ThrottlingException', 'TooManyRequestsException')) {
        throw new BedrockBusyError('Bedrock throttles', { cause: error });
      }
      throw error;
    }
  }
}

/** Parts of a list, as many as may be asked for at once. */
export function inRequests<T>(list: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(list.length / DOCUMENTS_AT_ONCE) }, (_, index) =>
    list.slice(index * DOCUMENTS_AT_ONCE, (index + 1) * DOCUMENTS_AT_ONCE),
  );
}

function isNamed(error: unknown, ...names: string[]): boolean {
  return error instanceof Error && names.includes(error.name);
}
