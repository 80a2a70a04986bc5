import { BedrockClient } from '@aws-sdk/client-bedrock';
import {
  BedrockAgentClient,
  type DocumentIdentifier,
  GetKnowledgeBaseDocumentsCommand,
  StartIngestionJobCommand,
} from '@aws-sdk/client-bedrock-agent';
import {
  BedrockAgentRuntimeClient,
  type RetrievalFilter,
  RetrieveCommand,
} from '@aws-sdk/client-bedrock-agent-runtime';
import {
  BedrockRuntimeClient,
  ConverseStreamCommand,
  type ConverseStreamCommandInput,
  type ConverseStreamOutput,
  type Message,
} from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { LocalBedrock, type LocalBedrockOptions } from '../../../../local/aws/bedrock/service';
import { LocalS3 } from '../../../../local/aws/s3';
import { type LocalAws, startLocalAws } from '../../../../local/aws/server';

export const KNOWLEDGE_BASE = 'KB00000001';
export const DATA_SOURCE = 'DS00000001';
export const BUCKET = 'documents';
export const MODEL = 'eu.amazon.nova-lite-v1:0';

/** A stand-in for Bedrock that listens, with the real clients. */
export class BedrockFixture {
  /** Milliseconds that the clock is ahead. */
  ahead = 0;
  readonly s3 = new LocalS3();
  readonly bedrock: LocalBedrock;
  private aws?: LocalAws;
  private readonly clients: { destroy(): void }[] = [];

  constructor(options: Partial<LocalBedrockOptions> = {}) {
    this.s3.createBucket(BUCKET);
    const { s3 } = this;
    const clock = {
      now: () => Date.parse('2026-11-24T10:00:00Z') + this.ahead,
      after: () => {
        throw new Error('Nothing waits here');
      },
    };
    const knowledgeBases = [
      { id: KNOWLEDGE_BASE, dataSources: [{ id: DATA_SOURCE, bucket: BUCKET, prefix: 'documents/' }] },
    ];
    this.bedrock = new LocalBedrock({ s3, clock, knowledgeBases, ...options });
  }

  async start(): Promise<void> {
    this.aws = await startLocalAws({ bedrock: this.bedrock });
  }

  async stop(): Promise<void> {
    for (const client of this.clients) client.destroy();
    await this.aws?.close();
  }

  private get given() {
    return {
      endpoint: this.aws?.endpoint ?? '',
      region: 'eu-west-1',
      credentials: { accessKeyId: 'Function', secretAccessKey: 'local' },
      maxAttempts: 1,
    };
  }

  private keep<T extends { destroy(): void }>(client: T): T {
    this.clients.push(client);
    return client;
  }

  /** Over HTTP/2, as the SDK does by itself, or over HTTP/1.1. */
  runtime(protocol: 'h1' | 'h2' = 'h2'): BedrockRuntimeClient {
    const requestHandler = protocol === 'h1' ? new NodeHttpHandler() : undefined;
    return this.keep(new BedrockRuntimeClient({ ...this.given, requestHandler }));
  }

  agent(): BedrockAgentClient {
    return this.keep(new BedrockAgentClient(this.given));
  }

  agentRuntime(): BedrockAgentRuntimeClient {
    return this.keep(new BedrockAgentRuntimeClient(this.given));
  }

  control(): BedrockClient {
    return this.keep(new BedrockClient(this.given));
  }

  /** Puts a document and its metadata. */
  put(key: string, content: string, metadata?: Readonly<Record<string, unknown>>): string {
    this.s3.call('PutObject', { Bucket: BUCKET, Key: key, Body: Buffer.from(content) });
    if (metadata !== undefined) {
      const Body = Buffer.from(JSON.stringify({ metadataAttributes: metadata }));
      this.s3.call('PutObject', { Bucket: BUCKET, Key: `${key}.metadata.json`, Body });
    }
    return `s3://${BUCKET}/${key}`;
  }
}

export const IDS = { knowledgeBaseId: KNOWLEDGE_BASE, dataSourceId: DATA_SOURCE };

export function startJob(agent: BedrockAgentClient, clientToken?: string) {
  return agent.send(new StartIngestionJobCommand({ ...IDS, clientToken }));
}

/** Statuses of documents by their URIs. */
export async function statusesOf(agent: BedrockAgentClient, ...uris: string[]): Promise<(string | undefined)[]> {
  const documentIdentifiers: DocumentIdentifier[] = uris.map((uri) => ({ dataSourceType: 'S3', s3: { uri } }));
  const { documentDetails = [] } = await agent.send(
    new GetKnowledgeBaseDocumentsCommand({ ...IDS, documentIdentifiers }),
  );
  return documentDetails.map(({ status }) => status);
}

/** Texts that are found. */
export async function found(
  client: BedrockAgentRuntimeClient,
  text: string,
  filter?: RetrievalFilter,
  numberOfResults?: number,
): Promise<string[]> {
  const { retrievalResults = [] } = await client.send(
    new RetrieveCommand({
      knowledgeBaseId: KNOWLEDGE_BASE,
      retrievalQuery: { text },
      retrievalConfiguration: { vectorSearchConfiguration: { filter, numberOfResults } },
    }),
  );
  return retrievalResults.map(({ content }) => content?.text ?? '');
}

export const QUESTION: Message[] = [{ role: 'user', content: [{ text: 'Why?' }] }];

/** Events of a stream until it ends, and what ended it. */
export async function ask(
  client: BedrockRuntimeClient,
  input: Partial<ConverseStreamCommandInput> = {},
  onText: (text: string) => void = () => undefined,
  abortSignal?: AbortSignal,
) {
  const command = new ConverseStreamCommand({ modelId: MODEL, messages: QUESTION, ...input });
  const { stream = [] } = await client.send(command, { abortSignal });
  const events: ConverseStreamOutput[] = [];
  const tokens: string[] = [];
  let error: unknown;
  try {
    for await (const event of stream) {
      events.push(event);
      const text = event.contentBlockDelta?.delta?.text;
      if (text === undefined) continue;
      tokens.push(text);
      onText(text);
    }
  } catch (thrown) {
    error = thrown;
  }
  const stopReason = events.flatMap(({ messageStop }) => messageStop?.stopReason ?? [])[0];
  const metadata = events.flatMap(({ metadata: last }) => last ?? [])[0];
  return { events, tokens, stopReason, metadata, error };
}
