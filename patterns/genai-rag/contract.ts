/**
 * What the constructs, the handlers and the site agree on. All worlds import this file; it imports none of them.
 */

import { Environment } from '../../lib/runtime/contract';

/** Names of the environment variables that the constructs set and the handlers read. Values are names, never secrets. */
export const RagEnvironment = {
  /** Conversations, their turns, and what each user has used. */
  conversationsTable: 'CONVERSATIONS_TABLE',
  /** Documents by tenant, and the pending changes of the knowledge base. */
  documentsTable: 'DOCUMENTS_TABLE',
  documentsBucket: 'DOCUMENTS_BUCKET',
  /** Bytes of the largest document. */
  documentsMaxBytes: 'DOCUMENTS_MAX_BYTES',
  /** Seconds that a presigned request lives: 300 to 900 (s3-presign-expiry-5-15-min). */
  urlSeconds: 'URL_SECONDS',
  /** Turns that are too long for an item (claim check). */
  claimsBucket: Environment.claimsBucket,
  knowledgeBaseId: 'KNOWLEDGE_BASE_ID',
  dataSourceId: 'DATA_SOURCE_ID',
  /** A model's id, or an inference profile's id or ARN (bedrock-converse-config-model). */
  modelId: 'MODEL_ID',
  guardrailId: 'GUARDRAIL_ID',
  /** A number, never DRAFT (bedrock-guardrail-required). */
  guardrailVersion: 'GUARDRAIL_VERSION',
  /** {@link AnswerBounds} as JSON. */
  bounds: 'ANSWER_BOUNDS',
  /** {@link ToolDefinition}s as JSON. Unset: the model may call nothing. */
  tools: 'TOOLS',
  /** SHA-256, in hex and separated by commas, of what the origin header may say. */
  originVerifiers: Environment.originVerifiers,
} as const;

/** What bounds an answer, and so the bill (bedrock-token-budget). Whole numbers above 0. */
export interface AnswerBounds {
  /** Tokens that the model may answer with. */
  readonly maxTokens: number;
  /** Passages that are retrieved for a question. 1 to 100 (AWS: Bedrock, KnowledgeBaseVectorSearchConfiguration). */
  readonly maxPassages: number;
  /** Tokens of earlier turns that go along, estimated; the oldest turns stay behind first. 0: none. */
  readonly maxHistoryTokens: number;
  /** Tokens that a user may use in a day (UTC), in and out. */
  readonly dailyTokens: number;
  /** Tokens that all users of a tenant may use in a day (UTC), together. @default - no limit but those of its users */
  readonly tenantDailyTokens?: number;
  /** Tokens that all users of the stack may use in a day (UTC), together. @default - no limit but those of its users and tenants */
  readonly stackDailyTokens?: number;
  /** Questions that a user may ask in a minute. */
  readonly questionsPerMinute: number;
  /** Seconds from the question to the end of the answer. */
  readonly answerSeconds: number;
  /** Days that a turn is kept, and so a conversation after its last one. */
  readonly conversationDays: number;
  /** Calls of tools that the model may ask for, one after the other, in one answer. */
  readonly maxToolRounds: number;
}

/** A function that the model may call. */
export interface ToolDefinition {
  /** 1 to 64 of A-Z, a-z, 0-9, _ and - (AWS: Bedrock, ToolSpecification). */
  readonly name: string;
  /** What it does, for the model. */
  readonly description: string;
  /** JSON schema of its input, an object. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
  /** ARN of the function's alias. */
  readonly functionArn: string;
}

/** What a tool's function gets. The tenant and the user are of the verified token; the input is the model's, so it is not to be trusted. */
export interface ToolCall {
  readonly tenant: string;
  readonly user: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** Where the API begins; everything else is the site's. */
export const API_PREFIX = '/api';
/** The one route that takes no token. */
export const HEALTH_PATH = `${API_PREFIX}/health`;

/**
 * A user is of the tenant that a group of the user pool names: `tenant-acme` makes tenant `acme`. Groups are given by administrators
 * alone. A user of no such group is a tenant of one; a user of several is refused.
 */
export const TENANT_GROUP_PREFIX = 'tenant-';
/** Shape of a tenant's name in a group. */
export const TENANT_NAME = /^[a-z0-9]([a-z0-9-]{0,46}[a-z0-9])?$/;
/** What tenants are called inside: `t-<name>` for a group, `u-<sub>` for a user alone, so that neither can be the other. */
export const TENANT_ID = /^(t-[a-z0-9-]{1,48}|u-[0-9a-f-]{36})$/;

/** Folders of the documents bucket. The knowledge base reads `documents/` alone. Keys go on with `<tenant>/<document>`. */
export const INCOMING_PREFIX = 'uploads/';
export const DOCUMENTS_PREFIX = 'documents/';
export const QUARANTINE_PREFIX = 'quarantine/';
/** Beside each document: what the knowledge base writes on each of its chunks (AWS: Bedrock, S3 data source metadata). */
export const METADATA_SUFFIX = '.metadata.json';
/** AWS: Bedrock, knowledge base quotas: the largest file that is ingested. */
export const LARGEST_DOCUMENT_BYTES = 50 * 1024 * 1024;
/** What a request to the API may hold; documents go to S3 by themselves. */
export const LARGEST_BODY_BYTES = 64 * 1024;
/** Characters of a question: what a knowledge base takes as a query (AWS: Bedrock, KnowledgeBaseQuery). */
export const LONGEST_QUESTION = 1000;

/** Names of the metadata of each chunk; the first is what retrieval filters by. */
export const ChunkMetadata = {
  tenant: 'tenant',
  documentId: 'documentId',
  name: 'name',
} as const;

/** Types that may be uploaded: media type to the extension that Bedrock knows the format by. */
export const DOCUMENT_TYPES = {
  'application/pdf': 'pdf',
  'text/plain': 'txt',
  'text/markdown': 'md',
  'text/html': 'html',
  'text/csv': 'csv',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
} as const;
export type DocumentType = keyof typeof DOCUMENT_TYPES;

/**
 * `waiting`: its file has not come; `pending`: it has, and is inspected and ingested; `indexed`: questions find it; `failed`: they
 * do not, and `reason` says why; `deleting`: it goes with the next ingestion.
 */
export type DocumentStatus = 'waiting' | 'pending' | 'indexed' | 'failed' | 'deleting';

/** A document as the API shows it. Every user of its tenant sees it. */
export interface RagDocument {
  readonly id: string;
  readonly name: string;
  readonly contentType: DocumentType;
  /** Bytes. */
  readonly size: number;
  readonly status: DocumentStatus;
  /** Why it failed, for people. */
  readonly reason?: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** Answer of `GET /api/documents?limit=1..100&cursor=`, newest first. */
export interface DocumentPage {
  readonly documents: readonly RagDocument[];
  /** Pass it as `?cursor=` for the next page; absent on the last. */
  readonly cursor?: string;
}

/** Body of `POST /api/documents`, with an `Idempotency-Key`. */
export interface DocumentRequest {
  /** 1 to 200 characters. */
  readonly name: string;
  readonly contentType: DocumentType;
  /** Bytes. */
  readonly size: number;
}

/** Answer of `POST /api/documents`: a `multipart/form-data` POST with these fields, and the field `file` last. */
export interface NewDocument {
  readonly document: RagDocument;
  readonly upload: {
    readonly url: string;
    readonly fields: Readonly<Record<string, string>>;
    /** ISO 8601. */
    readonly expiresAt: string;
  };
}

/** Answer of `GET /api/documents/{id}`. */
export interface DocumentDownload {
  readonly document: RagDocument;
  /** Absent unless the document can be downloaded. */
  readonly download?: { readonly url: string; readonly expiresAt: string };
}

/** A conversation in a list. Its id is a UUID of version 7 that the client makes; its first question begins it. */
export interface ConversationSummary {
  readonly id: string;
  /** The beginning of its first question. */
  readonly title: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** Answer of `GET /api/conversations?limit=1..100&cursor=`, the newest conversation first. */
export interface ConversationPage {
  readonly conversations: readonly ConversationSummary[];
  readonly cursor?: string;
}

/** Answer of `GET /api/conversations/{id}?limit=1..100&cursor=`, the newest turn first. */
export interface Conversation extends ConversationSummary {
  readonly turns: readonly Turn[];
  readonly cursor?: string;
}

/** A question and its answer. */
export interface Turn extends Answer {
  readonly question: string;
  /** ISO 8601. */
  readonly at: string;
}

/** A passage that the answer stands on: `[number]` in its text. */
export interface Citation {
  readonly number: number;
  readonly documentId: string;
  readonly name: string;
  /** The passage, or its beginning. */
  readonly excerpt: string;
}

/** What the guardrail did. `masked`: it hid personal data in the answer. */
export interface GuardrailOutcome {
  readonly action: 'none' | 'masked' | 'blocked';
  /** What was blocked. */
  readonly of?: 'question' | 'answer';
}

export interface TokenUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Answer of `POST /api/conversations/{id}/messages` to a client that does not stream. */
export interface Answer {
  /** Counts up in a conversation. Sorts as text. */
  readonly turn: string;
  readonly answer: string;
  readonly citations: readonly Citation[];
  readonly guardrail: GuardrailOutcome;
  readonly usage: TokenUsage;
  /** `complete`; `length`: it was cut at the bound of tokens; `blocked`; `nothing_found`: no passage, so no model was asked. */
  readonly outcome: 'complete' | 'length' | 'blocked' | 'nothing_found';
}

/** Body of `POST /api/conversations/{id}/messages`, with an `Idempotency-Key`. */
export interface QuestionRequest {
  /** 1 to {@link LONGEST_QUESTION} characters. */
  readonly question: string;
}

/**
 * Server-sent events of an answer, by the name of the event: `token`s in order, then one of each other; `error` may come at any time
 * and is the last. A comment line comes every {@link HEARTBEAT_SECONDS} while there is nothing to say.
 */
export interface AnswerEvents {
  readonly token: { readonly text: string };
  readonly citations: { readonly citations: readonly Citation[] };
  /** `text` of a blocked answer stands in place of all tokens before it. */
  readonly guardrail: GuardrailOutcome & { readonly text?: string };
  readonly usage: TokenUsage & { readonly dailyTokens: number; readonly dailyLimit: number };
  readonly done: Pick<Answer, 'turn' | 'outcome'>;
  /**
   * As problem+json has it. `retryable`: nothing was kept of this question, and it may be asked again with the same key. `usage`: what
   * the model had read and written by then, estimated where Bedrock did not count it; the user's day is charged for it. Absent for nothing.
   */
  readonly error: {
    readonly status: number;
    readonly code: string;
    readonly detail: string;
    readonly requestId: string;
    readonly retryable: boolean;
    readonly usage?: TokenUsage;
  };
}
/** Below the least time that something on the way waits for a byte: CloudFront's 30 s by default. */
export const HEARTBEAT_SECONDS = 10;

/** Answer of `GET /api/me`. */
export interface Me {
  readonly tenant: string;
  readonly usage: { readonly tokens: number; readonly limit: number /** ISO 8601. */; readonly resetsAt: string };
}

/** Answer of `DELETE /api/me`: conversations and their turns are gone. `done: false`: there are more; ask again. */
export interface Forgotten {
  readonly deleted: number;
  readonly done: boolean;
}

/** `/config.json` of the site: what only the deployment knows. */
export interface SiteConfig {
  /** `https://<domain>.auth.<region>.amazoncognito.com`, or a local stand-in. */
  readonly loginUrl: string;
  readonly clientId: string;
}
/** Where the login sends people back to, and where after they sign out; paths of the site. */
export const CALLBACK_PATH = '/signed-in';
export const SIGNED_OUT_PATH = '/';
/** What the site asks for in a token. The API takes tokens with either of the first two (AWS: Cognito, scopes). */
export const LOGIN_SCOPES = ['openid', 'email'] as const;

/** Keys of the conversations table: `pk` and `sk`. */
export const ConversationKeys = {
  sort: 'sk',
  user: (tenant: string, user: string) => `user#${tenant}#${user}`,
  /** Partitions of what a tenant and the stack have used; no user's begins so. */
  tenant: (tenant: string) => `tenant#${tenant}`,
  stack: 'stack',
  conversation: (id: string) => `conversation#${id}`,
  turn: (conversation: string, turn: string) => `turn#${conversation}#${turn}`,
  /** A question that is being answered, or has been: by its idempotency key. */
  question: (key: string) => `question#${key}`,
  /** @param day as `2026-11-24` */
  day: (day: string) => `usage#${day}`,
  /** @param minute as `2026-11-24T10:15` */
  minute: (minute: string) => `rate#${minute}`,
} as const;

/** Keys of the documents table: `pk` and `sk`. */
export const DocumentKeys = {
  sort: 'sk',
  tenant: (tenant: string) => `tenant#${tenant}`,
  document: (id: string) => `document#${id}`,
  /** The tenant's documents by their age: `pk` and {@link DocumentKeys.createdAt}. Nothing but documents is in it. */
  byAge: 'by-age',
  createdAt: 'createdAt',
  /** Pending changes of the knowledge base, and its job: one partition, read and written by few. It outlives a data source. */
  ingestion: 'ingestion',
  change: (tenant: string, document: string) => `change#${tenant}#${document}`,
  job: 'job',
  /** Which data source the documents were taken into last: another one has nothing of them yet. */
  source: 'source',
} as const;
