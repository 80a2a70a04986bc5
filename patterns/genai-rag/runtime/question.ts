import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { Problem } from '../../../lib/runtime/problem';
import { xmlText } from '../../../lib/runtime/xml-text';
import { LARGEST_BODY_BYTES, LONGEST_QUESTION } from '../contract';
import { visible } from './visible-text';

/** A question, checked. */
export interface Question {
  readonly conversation: string;
  /** As a person sees it. */
  readonly text: string;
  /** Idempotency key. */
  readonly key: string;
  /** Of what was asked where: tells a repeat from another question. */
  readonly hash: string;
  /** Whether the client reads events. */
  readonly streams: boolean;
}

/** The parts of a REST API's event that matter here. */
export interface ApiEvent {
  readonly httpMethod: string;
  readonly path: string;
  /** The route as it was defined, such as `/api/conversations/{id}`. */
  readonly resource: string;
  /** Names as they were sent. */
  readonly headers: Readonly<Record<string, string | undefined>> | null;
  readonly queryStringParameters?: Readonly<Record<string, string | undefined>> | null;
  readonly pathParameters?: Readonly<Record<string, string | undefined>> | null;
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean;
  readonly requestContext: {
    readonly requestId: string;
    readonly authorizer?: Readonly<Record<string, unknown>> | null;
  };
}

/** A UUID of version 7 (RFC 9562): its order is that of time. */
const CONVERSATION = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const Body = z.strictObject({
  question: z.string().check(
    // A model refuses an empty text, as if it were the model that is wrong.
    z.refine((text) => visible(text).trim() !== '' && text.length <= LONGEST_QUESTION, {
      error: `has 1 to ${LONGEST_QUESTION} characters`,
    }),
    xmlText(),
  ),
});

/** A header by its name in lower case. */
export function headerOf({ headers }: ApiEvent, name: string): string | undefined {
  return Object.entries(headers ?? {}).find(([sent]) => sent.toLowerCase() === name)?.[1];
}

/** @throws Problem 404, for what cannot be a conversation is none */
export function conversationOf(event: ApiEvent): string {
  const id = (event.pathParameters?.['id'] ?? '').toLowerCase();
  if (CONVERSATION.test(id)) return id;
  throw new Problem(404, 'not_found', 'Conversation not found: its id must be a UUID of version 7.', 'id');
}

/** @throws Problem 400, 404, 413 or 415, naming the field */
export function questionOf(event: ApiEvent): Question {
  const conversation = conversationOf(event);
  const key = headerOf(event, 'idempotency-key') ?? '';
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(key)) {
    throw new Problem(
      400,
      'idempotency_key_required',
      'Send an Idempotency-Key of 1 to 128 letters, digits, - or _. Use a new key for each question, and the same key for retries.',
      'Idempotency-Key',
    );
  }
  if (!/^application\/json\b/i.test(headerOf(event, 'content-type') ?? '')) {
    throw new Problem(415, 'unsupported_media_type', 'Send the question as application/json.', 'Content-Type');
  }
  const { question: text } = bodyOf(event);
  const hash = createHash('sha256')
    .update(JSON.stringify([conversation, text]))
    .digest('hex');
  const streams = /\btext\/event-stream\b/i.test(headerOf(event, 'accept') ?? '');
  return { conversation, text: visible(text).trim(), key, hash, streams };
}

function bodyOf({ body, isBase64Encoded }: ApiEvent): z.infer<typeof Body> {
  const bytes = Buffer.from(body ?? '', isBase64Encoded === true ? 'base64' : 'utf8');
  if (bytes.length > LARGEST_BODY_BYTES) {
    throw new Problem(413, 'body_too_large', `A request body may have at most ${LARGEST_BODY_BYTES} bytes.`, 'body');
  }
  const parsed = Body.safeParse(parseJson(bytes.toString('utf8')));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const unknown = issue !== undefined && 'keys' in issue ? (issue.keys as string[]).slice(0, 1) : [];
  const field = [...(issue?.path ?? []), ...unknown].map(String).join('.').slice(0, 100) || 'body';
  throw new Problem(400, 'invalid_request', `${field}: ${issue?.message ?? 'not valid'}`, field);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem(400, 'invalid_json', 'The request body is not valid JSON.', 'body');
  }
}
