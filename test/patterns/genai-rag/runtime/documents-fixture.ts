import { BedrockAgentClient } from '@aws-sdk/client-bedrock-agent';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { PresignedRequests } from '../../../../lib/runtime/presigned-upload';
import { LocalBedrock } from '../../../../local/aws/bedrock/service';
import { LocalDynamoDb } from '../../../../local/aws/dynamodb/store';
import { LocalS3 } from '../../../../local/aws/s3';
import type { ObjectChange } from '../../../../local/aws/s3/bucket';
import { type LocalAws, startLocalAws } from '../../../../local/aws/server';
import type { RecordedCall } from '../../../../local/aws/wire';
import {
  DOCUMENTS_PREFIX,
  DocumentKeys,
  INCOMING_PREFIX,
  RagEnvironment,
} from '../../../../patterns/genai-rag/contract';
import { DocumentFiles } from '../../../../patterns/genai-rag/runtime/document-files';
import { DocumentLibrary } from '../../../../patterns/genai-rag/runtime/document-library';
import type { DocumentRow } from '../../../../patterns/genai-rag/runtime/document-row';
import { DocumentsRepository } from '../../../../patterns/genai-rag/runtime/documents-repository';
import { IngestionJobs } from '../../../../patterns/genai-rag/runtime/ingestion-jobs';
import {
  type IngestionJob,
  IngestionState,
  type PendingChange,
} from '../../../../patterns/genai-rag/runtime/ingestion-state';
import { type Inspection, inspectObject } from '../../../../patterns/genai-rag/runtime/inspect-object';
import { type SyncRun, syncKnowledgeBase } from '../../../../patterns/genai-rag/runtime/sync-knowledge-base';

export const BUCKET = 'documents';
export const TABLE = 'documents';
export const KNOWLEDGE_BASE = 'KB00000001';
export const DATA_SOURCE = 'DS00000001';
/** What a changed chunking puts in its place. */
export const NEXT_DATA_SOURCE = 'DS00000002';
export const ACME = { tenant: 't-acme', user: '11111111-1111-4111-8111-111111111111' };
export const OTHER = { tenant: 'u-22222222-2222-4222-8222-222222222222', user: '22222222-2222-4222-8222-222222222222' };

/** Called before or after a call of a store, with the call's name; throwing is a crash there. */
export type Hook = (call: string, when: 'before' | 'after') => Promise<void> | void;
const NO_HOOK: Hook = () => undefined;

/** Documents in the real clients' stores, with a knowledge base that takes them in, on a clock of the test's own. */
export class DocumentsFixture {
  now = Date.parse('2026-11-24T10:00:00Z');
  /** Events that nobody was told of yet. */
  readonly events: ObjectChange[] = [];
  /** What was asked of the stores. */
  readonly calls: RecordedCall[] = [];
  /** Jobs of ours that were begun beside another of ours. */
  readonly overlaps: string[] = [];
  readonly s3 = new LocalS3(() => Date.now(), {
    onChange: (change) => {
      if (isTold(change)) this.events.push(change);
    },
  });
  readonly dynamodb = new LocalDynamoDb({ account: '111111111111', region: 'eu-west-1' }, () => this.now);
  readonly bedrock: LocalBedrock;
  private aws?: LocalAws;
  private clients?: { s3: S3Client; dynamodb: DynamoDBDocumentClient; bedrock: BedrockAgentClient };
  private made = 0;
  /** What the schedule knows of. */
  dataSource = DATA_SOURCE;

  constructor(jobMs = 30_000) {
    this.s3.createBucket(BUCKET, undefined, { tells: true });
    this.dynamodb.createTable({
      name: TABLE,
      key: { partition: 'pk', sort: DocumentKeys.sort },
      attributeTypes: { pk: 'S', [DocumentKeys.sort]: 'S', [DocumentKeys.createdAt]: 'S' },
      indexes: { [DocumentKeys.byAge]: { partition: 'pk', sort: DocumentKeys.createdAt } },
      timeToLive: 'expiresAt',
    });
    const after = () => {
      throw new Error('Nothing waits here');
    };
    this.bedrock = new LocalBedrock({
      s3: this.s3,
      clock: { now: () => this.now, after },
      jobMs,
      knowledgeBases: [
        {
          id: KNOWLEDGE_BASE,
          dataSources: [DATA_SOURCE, NEXT_DATA_SOURCE].map((id) => ({ id, bucket: BUCKET, prefix: DOCUMENTS_PREFIX })),
        },
      ],
    });
  }

  async start(): Promise<void> {
    const onCall = (call: RecordedCall) => {
      this.calls.push(call);
      if (call.action !== 'StartIngestionJob') return;
      const running = this.bedrock.jobs().find(({ status }) => status === 'STARTING' || status === 'IN_PROGRESS');
      const token = call.input['clientToken'];
      if (running !== undefined && !running.outside && running.clientToken !== token) this.overlaps.push(String(token));
    };
    const { s3, dynamodb, bedrock } = this;
    this.aws = await startLocalAws({ s3, dynamodb, bedrock }, { onCall });
    const common = {
      endpoint: this.aws.endpoint,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'Function', secretAccessKey: 'local' },
      maxAttempts: 1,
    };
    this.clients = {
      s3: new S3Client({
        ...common,
        requestChecksumCalculation: 'WHEN_REQUIRED',
        responseChecksumValidation: 'WHEN_REQUIRED',
      }),
      dynamodb: DynamoDBDocumentClient.from(new DynamoDBClient(common), {
        marshallOptions: { removeUndefinedValues: true },
      }),
      bedrock: new BedrockAgentClient({ ...common, requestHandler: new NodeHttpHandler() }),
    };
  }

  async stop(): Promise<void> {
    for (const client of Object.values(this.clients ?? {})) client.destroy();
    await this.aws?.close();
  }

  get endpoint(): string {
    return this.aws?.endpoint ?? '';
  }

  /** What the handlers read of their environment, with these stores behind it. */
  get environment(): Readonly<Record<string, string>> {
    return {
      AWS_ENDPOINT_URL: this.endpoint,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'Function',
      AWS_SECRET_ACCESS_KEY: 'local',
      POWERTOOLS_SERVICE_NAME: 'documents',
      POWERTOOLS_METRICS_NAMESPACE: 'Groundplan',
      [RagEnvironment.documentsTable]: TABLE,
      [RagEnvironment.documentsBucket]: BUCKET,
      [RagEnvironment.documentsMaxBytes]: '1000',
      [RagEnvironment.urlSeconds]: '600',
      [RagEnvironment.knowledgeBaseId]: KNOWLEDGE_BASE,
      [RagEnvironment.dataSourceId]: DATA_SOURCE,
    };
  }

  /** Names of the calls that something made, in order. */
  async callsOf(work: () => Promise<unknown>): Promise<string[]> {
    const from = this.calls.length;
    await work();
    return this.calls.slice(from).map(({ action }) => action);
  }

  library(hook: Hook = NO_HOOK): DocumentLibrary {
    return new DocumentLibrary(this.repository(hook), new PresignedRequests(BUCKET, 600, this.hooked('s3', hook)));
  }

  repository(hook: Hook = NO_HOOK): DocumentsRepository {
    return new DocumentsRepository({
      name: TABLE,
      client: this.hooked('dynamodb', hook),
      now: () => this.now,
      newVersion: () => this.newId(),
    });
  }

  /** A file comes or goes, by nobody of ours. */
  put(Key: string, content: string | Buffer, ContentType = 'text/plain'): void {
    this.s3.call('PutObject', { Bucket: BUCKET, Key, Body: Buffer.from(content), ContentType });
  }

  delete(Key: string): void {
    this.s3.call('DeleteObject', { Bucket: BUCKET, Key });
  }

  /** Content of an object; undefined without one. */
  content(key: string): string | undefined {
    if (!this.s3.keys(BUCKET).includes(key)) return undefined;
    return (this.s3.call('GetObject', { Bucket: BUCKET, Key: key })['Body'] as Buffer).toString();
  }

  /** Tells the function of one event. */
  inspect(change: Pick<ObjectChange, 'type' | 'key'> & { etag?: string }, hook: Hook = NO_HOOK): Promise<Inspection> {
    const stores = { documents: this.repository(hook), files: new DocumentFiles(BUCKET, this.hooked('s3', hook)) };
    const { type, key, etag } = change;
    const event = {
      key,
      created: type === 'Object Created',
      ...(etag !== undefined && { etag: etag.replaceAll('"', '') }),
    };
    return inspectObject(event, stores);
  }

  /** Tells it of all events, in order, until there are no more. */
  async deliver(): Promise<Inspection[]> {
    const inspections: Inspection[] = [];
    for (let event = this.events.shift(); event !== undefined; event = this.events.shift()) {
      inspections.push(await this.inspect(event));
    }
    return inspections;
  }

  /** One run of the schedule. */
  sync(hook: Hook = NO_HOOK): Promise<SyncRun> {
    const ids = { knowledgeBaseId: KNOWLEDGE_BASE, dataSourceId: this.dataSource };
    return syncKnowledgeBase(this.now, {
      state: new IngestionState(TABLE, this.dataSource, this.hooked('dynamodb', hook), () => this.newId()),
      jobs: new IngestionJobs(ids, BUCKET, this.hooked('bedrock', hook)),
      files: new DocumentFiles(BUCKET, this.hooked('s3', hook)),
      newToken: () => `token-${this.newId()}`,
    });
  }

  /** Minutes pass, each with a run, until nothing waits any more. @returns the runs */
  async settle(most = 40): Promise<SyncRun[]> {
    const runs: SyncRun[] = [];
    for (let minute = 0; minute < most; minute += 1) {
      this.now += 60_000;
      runs.push(await this.sync());
      if (runs.at(-1)?.outcome === 'idle') return runs;
    }
    throw new Error(`Something waits still after ${most} runs: ${JSON.stringify(await this.state())}`);
  }

  async state(): Promise<{ readonly changes: readonly PendingChange[]; readonly job?: IngestionJob }> {
    const state = new IngestionState(TABLE, this.dataSource, this.hooked('dynamodb', NO_HOOK), () => '');
    const { changes, job } = await state.read();
    return { changes, ...(job !== undefined && { job }) };
  }

  row(tenant: string, id: string): Promise<DocumentRow | undefined> {
    return this.repository().find(tenant, id);
  }

  /** All documents of a tenant. */
  async rows(tenant: string): Promise<DocumentRow[]> {
    const { rows, next } = await this.repository().page(tenant, 2000);
    if (next !== undefined) throw new Error('There are more');
    return rows;
  }

  /** Keys that the index has something of. */
  async indexed(): Promise<string[]> {
    const keys = [...new Set([...this.s3.keys(BUCKET), ...this.formerKeys])];
    const ids = { knowledgeBaseId: KNOWLEDGE_BASE, dataSourceId: this.dataSource };
    const found: string[] = [];
    for (let start = 0; start < keys.length; start += 10) {
      const documentIdentifiers = keys
        .slice(start, start + 10)
        .map((key) => ({ dataSourceType: 'S3', s3: { uri: `s3://${BUCKET}/${key}` } }));
      const { documentDetails } = this.bedrock.call('GetKnowledgeBaseDocuments', { ...ids, documentIdentifiers }) as {
        documentDetails: { status: string; identifier: { s3: { uri: string } } }[];
      };
      for (const { status, identifier } of documentDetails) {
        if (status === 'INDEXED') found.push(identifier.s3.uri.slice(`s3://${BUCKET}/`.length));
      }
    }
    return found.sort();
  }

  /** Keys that may have gone, and are asked for all the same. */
  formerKeys: string[] = [];

  newId(): string {
    this.made += 1;
    return `00000000-0000-4000-8000-${String(this.made).padStart(12, '0')}`;
  }

  private hooked<Name extends 's3' | 'dynamodb' | 'bedrock'>(
    name: Name,
    hook: Hook,
  ): NonNullable<DocumentsFixture['clients']>[Name] {
    const client = this.clients?.[name];
    if (client === undefined) throw new Error('The fixture is not started');
    if (hook === NO_HOOK) return client;
    const send = async (command: { constructor: { name: string } }) => {
      const call = command.constructor.name.replace(/Command$/, '');
      await hook(call, 'before');
      const answer = await (client.send as (command: unknown) => Promise<unknown>).call(client, command);
      await hook(call, 'after');
      return answer;
    };
    return Object.create(client, { send: { value: send } }) as typeof client;
  }
}

/** What the rules of the template pass on. */
function isTold({ type, key }: ObjectChange): boolean {
  return key.startsWith(DOCUMENTS_PREFIX) || (type === 'Object Created' && key.startsWith(INCOMING_PREFIX));
}

/** A hook that lets so many calls through and crashes at the next: half of them before the call, half after it. */
export function crashAt(place: number): { readonly hook: Hook; readonly crashed: () => boolean } {
  let passed = 0;
  let crashed = false;
  const hook: Hook = () => {
    passed += 1;
    if (passed <= place || crashed) return;
    crashed = true;
    throw new Crash();
  };
  return { hook, crashed: () => crashed };
}

export class Crash extends Error {
  override readonly name = 'Crash';
}
