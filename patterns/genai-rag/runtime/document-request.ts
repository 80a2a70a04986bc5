import * as z from 'zod/mini';
import { cursorOf, invalidCursor, isTimestamp } from '../../../lib/runtime/cursor';
import { Problem } from '../../../lib/runtime/problem';
import { xmlText } from '../../../lib/runtime/xml-text';
import { DOCUMENT_TYPES, type DocumentRequest, type DocumentType, LARGEST_BODY_BYTES } from '../contract';
import { pageRequestOf } from './cursor';
import type { PagePosition } from './documents-repository';
import { type ApiEvent, headerOf, idempotencyKeyOf } from './question';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const LONGEST_NAME = 200;
/** A time, and a document's id. */
const DOCUMENT_POSITION = /^[\d:.TZ-]{24} [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const Request: z.ZodMiniType<DocumentRequest> = z.strictObject({
  name: z.string().check(
    z.refine((text) => text.trim() !== '' && [...text].length <= LONGEST_NAME, {
      error: `has 1 to ${LONGEST_NAME} characters`,
    }),
    xmlText(),
  ),
  contentType: z.enum(Object.keys(DOCUMENT_TYPES) as [DocumentType, ...DocumentType[]], {
    error: `is one of ${Object.keys(DOCUMENT_TYPES).join(', ')}`,
  }),
  size: z.int().check(z.gte(1)),
});

/** A document that is announced. */
export interface AnnouncedDocument extends DocumentRequest {
  readonly idempotencyKey: string;
}

/** @throws Problem 400, 413 or 415, naming the field */
export function announcedDocument(event: ApiEvent, maxBytes: number): AnnouncedDocument {
  const idempotencyKey = idempotencyKeyOf(event, 'document');
  if (!/^application\/json\b/i.test(headerOf(event, 'content-type') ?? '')) {
    throw new Problem(415, 'unsupported_media_type', 'Send the request as application/json.', 'Content-Type');
  }
  const parsed = Request.safeParse(jsonOf(event));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const unknown = issue !== undefined && 'keys' in issue ? (issue.keys as string[]).slice(0, 1) : [];
    const field = [...(issue?.path ?? []), ...unknown].map(String).join('.').slice(0, 100) || 'body';
    throw new Problem(400, 'invalid_request', `${field}: ${issue?.message ?? 'not what the API takes'}`, field);
  }
  if (parsed.data.size > maxBytes) {
    throw new Problem(413, 'too_large', `A document has at most ${maxBytes} bytes.`, 'size');
  }
  return { ...parsed.data, name: parsed.data.name.trim(), idempotencyKey };
}

/** The document that a path names. @throws Problem 404, for what cannot be one is none */
export function documentIdOf(event: ApiEvent): string {
  const id = (event.pathParameters?.['id'] ?? '').toLowerCase();
  if (UUID.test(id)) return id;
  throw noDocument();
}

/** Another tenant's and nobody's look the same. */
export function noDocument(): Problem {
  return new Problem(404, 'not_found', 'You have no such document.', 'id');
}

/** Which part of a list is asked for. @throws Problem 400 */
export function pageOf(event: ApiEvent): { readonly limit: number; readonly after?: PagePosition } {
  const { limit, after } = pageRequestOf(event, DOCUMENT_POSITION);
  const [createdAt = '', id = ''] = after?.split(' ') ?? [];
  if (after === undefined) return { limit };
  if (!isTimestamp(createdAt)) throw invalidCursor();
  return { limit, after: { createdAt, id } };
}

/** A position as a client carries it. It says nothing that the client does not know. */
export function writeCursor({ createdAt, id }: PagePosition): string {
  return cursorOf(`${createdAt} ${id}`);
}

function jsonOf({ body, isBase64Encoded }: ApiEvent): unknown {
  const bytes = Buffer.from(body ?? '', isBase64Encoded === true ? 'base64' : 'utf8');
  if (bytes.length > LARGEST_BODY_BYTES) {
    throw new Problem(413, 'body_too_large', `A request has at most ${LARGEST_BODY_BYTES} bytes.`, 'body');
  }
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new Problem(400, 'invalid_json', 'The body is not JSON.', 'body');
  }
}
