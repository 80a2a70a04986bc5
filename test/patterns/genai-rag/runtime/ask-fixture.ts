import { Writable } from 'node:stream';
import { LocalBedrock } from '../../../../local/aws/bedrock/service';
import { OverlappingWrites } from '../../../../local/aws/dynamodb/overlapping-writes';
import { LocalDynamoDb } from '../../../../local/aws/dynamodb/store';
import { LocalS3 } from '../../../../local/aws/s3';
import { type LocalAws, startLocalAws } from '../../../../local/aws/server';
import { AwsError, type LocalInput } from '../../../../local/aws/service';
import type { RecordedCall } from '../../../../local/aws/wire';
import type { AnswerBounds, AnswerEvents, ToolDefinition } from '../../../../patterns/genai-rag/contract';
import type { ApiEvent } from '../../../../patterns/genai-rag/runtime/question';
import type { ResponseHead } from '../../../../patterns/genai-rag/runtime/response-stream';
import { StandTiming } from './timing-fixture';

export const KNOWLEDGE_BASE = 'KNOWLEDGE1';
const DATA_SOURCE = 'DOCUMENTS1';
const TABLE = 'conversations';
const DOCUMENTS = 'documents';
export const CLAIMS = 'claims';

export const BOUNDS: AnswerBounds = {
  maxTokens: 500,
  maxPassages: 5,
  maxHistoryTokens: 1000,
  dailyTokens: 100_000,
  questionsPerMinute: 100,
  answerSeconds: 60,
  conversationDays: 30,
  maxToolRounds: 2,
};

/** A user's subject, the same for a name each time. */
export function subject(name: string): string {
  return `00000000-0000-4000-8000-${Buffer.from(name).toString('hex').padStart(12, '0').slice(-12)}`;
}

/** A conversation's id, a UUID of version 7. */
export function conversationId(number: number): string {
  return `01900000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
}

/** A question as a test asks it. */
export interface Asked {
  readonly question?: unknown;
  readonly user?: string;
  readonly groups?: string;
  readonly conversation?: string;
  readonly key?: string;
  readonly accept?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** In place of the JSON of the question. */
  readonly body?: string;
  readonly claims?: Readonly<Record<string, unknown>> | null;
  /** Pieces of the response after which its reader is gone. */
  readonly goneAfter?: number;
  /** Hears of each piece. */
  readonly onChunk?: (text: string) => void;
}

/** A response as it was streamed. */
export interface Streamed {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly chunks: readonly string[];
  /** Of an event stream. */
  readonly events: readonly { readonly event: keyof AnswerEvents; readonly data: Record<string, unknown> }[];
  /** All tokens together. */
  readonly text: string;
  /** Of another response. */
  readonly json: Record<string, unknown>;
}

type Handler = (event: ApiEvent, stream: Writable, context: { getRemainingTimeInMillis(): number }) => Promise<void>;

/** The stores, and the handlers upon them over HTTP with the SDK's own clients. */
export class AskFixture {
  readonly timing = new StandTiming();
  readonly s3 = new LocalS3(() => Date.now());
  readonly dynamodb = new LocalDynamoDb({ account: '111111111111', region: 'eu-west-1' }, () => this.timing.now());
  readonly bedrock = new LocalBedrock({
    s3: this.s3,
    knowledgeBases: [
      { id: KNOWLEDGE_BASE, dataSources: [{ id: DATA_SOURCE, bucket: DOCUMENTS, prefix: 'documents/' }] },
    ],
  });
  /** Functions of tools: what each was called with, and what it answers. */
  readonly tools = new Map<string, (input: LocalInput) => unknown>();
  /** Every call of AWS, as it came over the wire. */
  readonly calls: RecordedCall[] = [];
  /** Hears of each call before it is performed; what it throws refuses it. */
  onCall: (call: RecordedCall) => void = () => {};
  private aws?: LocalAws;
  private readonly handlers = new Map<string, Promise<Handler>>();
  private keys = 0;
  /** Writes that met a transaction on an item. */
  conflicts = 0;

  /** @param options.inFlight how long a write takes, during which others conflict with it. @default - no time */
  constructor(private readonly options: { readonly inFlight?: () => Promise<void> } = {}) {
    this.s3.createBucket(DOCUMENTS);
    this.s3.createBucket(CLAIMS);
    this.dynamodb.createTable({
      name: TABLE,
      key: { partition: 'pk', sort: 'sk' },
      attributeTypes: { pk: 'S', sk: 'S' },
    });
  }

  async start(): Promise<this> {
    const { inFlight } = this.options;
    const onConflict = () => {
      this.conflicts += 1;
    };
    const overlapping = inFlight && new OverlappingWrites(this.dynamodb, inFlight, onConflict);
    const services = { dynamodb: overlapping ?? this.dynamodb, s3: this.s3, bedrock: this.bedrock };
    this.aws = await startLocalAws(services, {
      onCall: (call) => {
        this.calls.push(call);
        this.onCall(call);
      },
    });
    setEnvironment(this.aws.endpoint);
    return this;
  }

  async stop(): Promise<void> {
    await this.aws?.close();
  }

  /** Puts a document into the knowledge base. */
  document(tenant: string, id: string, text: string, name = `${id}.txt`): void {
    const Key = `documents/${tenant}/${id}.txt`;
    const metadata = JSON.stringify({ metadataAttributes: { tenant, documentId: id, name } });
    this.s3.call('PutObject', { Bucket: DOCUMENTS, Key: `${Key}.metadata.json`, Body: Buffer.from(metadata) });
    this.s3.call('PutObject', { Bucket: DOCUMENTS, Key, Body: Buffer.from(text) });
    this.bedrock.startOutsideJob(DATA_SOURCE);
    this.bedrock.jobs();
  }

  /** Asks by a handler with bounds and tools of its own. */
  async ask(
    asked: Asked,
    bounds: Partial<AnswerBounds> = {},
    tools: readonly ToolDefinition[] = [],
  ): Promise<Streamed> {
    const handler = await this.handler({ ...BOUNDS, ...bounds }, tools);
    return this.through(handler, asked);
  }

  /** Asks by a handler of the test's choice. */
  async through(handler: Handler, asked: Asked): Promise<Streamed> {
    const response = new CollectedResponse(asked);
    await handler(this.event(asked), response.stream, { getRemainingTimeInMillis: () => 900_000 });
    return response.streamed();
  }

  event({ question = 'What is the fare?', ...asked }: Asked): ApiEvent {
    this.keys += 1;
    const { user = 'ada', groups, conversation = conversationId(1), key = `key-${this.keys}` } = asked;
    const claims = asked.claims ?? { sub: subject(user), ...(groups !== undefined && { 'cognito:groups': groups }) };
    return {
      httpMethod: 'POST',
      path: `/api/conversations/${conversation}/messages`,
      resource: '/api/conversations/{id}/messages',
      pathParameters: { id: conversation },
      headers: {
        Accept: asked.accept ?? 'text/event-stream',
        'Content-Type': 'application/json',
        'Idempotency-Key': key,
        ...asked.headers,
      },
      body: asked.body ?? JSON.stringify({ question }),
      requestContext: { requestId: 'request-1', authorizer: asked.claims === null ? null : { claims } },
    };
  }

  /** Every item of the table, by its sort key. */
  items(): Map<string, LocalInput> {
    const items = this.dynamodb.table(TABLE).all() as unknown as Record<string, { S: string }>[];
    return new Map(items.map((item) => [`${item['pk']?.S} ${item['sk']?.S}`, item as unknown as LocalInput]));
  }

  /** Tokens that are counted, for all days of a user or of all users. */
  dayTokens(user?: string): number {
    const counts = [...this.items()].filter(
      ([key]) => key.includes(' usage#') && (user === undefined || key.includes(`#${subject(user)} `)),
    );
    return counts.reduce((sum, [, { tokens }]) => sum + Number((tokens as { N: string }).N), 0);
  }

  /** Items without the minute's count, which stays whatever becomes of a question. */
  kept(): [string, LocalInput][] {
    return [...this.items()].filter(([key]) => !key.includes(' rate#'));
  }

  /** How often each action was called since the calls were cleared. */
  counts(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { action } of this.calls) counts[action] = (counts[action] ?? 0) + 1;
    return counts;
  }

  /** A transaction is refused as DynamoDB does when two of them meet on an item. */
  static conflict(writes: number): AwsError {
    const CancellationReasons = Array.from({ length: writes }, (_, index) => ({
      Code: index === 1 ? 'TransactionConflict' : 'None',
    }));
    return new AwsError('TransactionCanceledException', 'Transaction cancelled', 400, { CancellationReasons });
  }

  private handler(bounds: AnswerBounds, tools: readonly ToolDefinition[]): Promise<Handler> {
    const key = JSON.stringify([bounds, tools]);
    const known = this.handlers.get(key);
    if (known !== undefined) return known;
    const made = this.make(bounds, tools);
    this.handlers.set(key, made);
    return made;
  }

  private async make(bounds: AnswerBounds, tools: readonly ToolDefinition[]): Promise<Handler> {
    const { askHandler, answeringFromEnvironment } = await import('../../../../patterns/genai-rag/runtime/ask.js');
    const { ToolBox } = await import('../../../../patterns/genai-rag/runtime/tools.js');
    process.env['ANSWER_BOUNDS'] = JSON.stringify(bounds);
    process.env['TOOLS'] = JSON.stringify(tools);
    const settled = answeringFromEnvironment(this.timing);
    process.env['ANSWER_BOUNDS'] = JSON.stringify(BOUNDS);
    process.env['TOOLS'] = '[]';
    const invoke = async (arn: string, call: unknown) =>
      JSON.stringify(await this.tools.get(arn)?.(call as LocalInput)) ?? 'null';
    const answering = { ...settled, tools: new ToolBox(tools, invoke) };
    return askHandler(this.timing, answering);
  }
}

/** A stream as Lambda's runtime hands it out, and what was written to it. */
class CollectedResponse {
  readonly chunks: string[] = [];
  readonly stream: Writable & { head?: ResponseHead };

  constructor({ goneAfter = Number.POSITIVE_INFINITY, onChunk }: Asked) {
    const { chunks } = this;
    this.stream = new Writable({
      write(chunk: Buffer, _, done) {
        chunks.push(chunk.toString('utf8'));
        onChunk?.(chunk.toString('utf8'));
        done(chunks.length >= goneAfter ? new Error('The reader is gone') : undefined);
      },
    });
  }

  streamed(): Streamed {
    const { statusCode: status = 0, headers = {} } = this.stream.head ?? {};
    const body = this.chunks.join('');
    const isStream = headers['content-type']?.startsWith('text/event-stream') === true;
    const events = isStream ? eventsOf(body) : [];
    const text = events.flatMap(({ event, data }) => (event === 'token' ? [String(data['text'])] : [])).join('');
    const json = isStream || body === '' ? {} : (JSON.parse(body) as Record<string, unknown>);
    return { status, headers, chunks: this.chunks, events, text, json };
  }
}

function eventsOf(body: string): Streamed['events'] {
  return body.split('\n\n').flatMap((block) => {
    const [, event, data] = /^event: (\w+)\ndata: (.*)$/s.exec(block) ?? [];
    if (event === undefined || data === undefined) return [];
    return [{ event: event as keyof AnswerEvents, data: JSON.parse(data) as Record<string, unknown> }];
  });
}

/** The data of the one event of a name. */
export function eventOf({ events }: Streamed, name: keyof AnswerEvents): Record<string, unknown> | undefined {
  return events.find(({ event }) => event === name)?.data;
}

function setEnvironment(endpoint: string): void {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'Ask',
    AWS_SECRET_ACCESS_KEY: 'local',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
    POWERTOOLS_METRICS_NAMESPACE: 'test',
    POWERTOOLS_SERVICE_NAME: 'ask',
    CONVERSATIONS_TABLE: TABLE,
    CLAIMS_BUCKET: CLAIMS,
    KNOWLEDGE_BASE_ID: KNOWLEDGE_BASE,
    MODEL_ID: 'eu.amazon.nova-2-lite-v1:0',
    GUARDRAIL_ID: 'guardrail1',
    GUARDRAIL_VERSION: '3',
    ANSWER_BOUNDS: JSON.stringify(BOUNDS),
  });
  Object.assign(globalThis, {
    awslambda: {
      streamifyResponse: (handler: unknown) => handler,
      HttpResponseStream: {
        from: (stream: Writable & { head?: ResponseHead }, head: ResponseHead) => Object.assign(stream, { head }),
      },
    },
  });
}
