import * as z from 'zod/mini';
import { Problem } from '../../../lib/runtime/problem';
import { xmlText } from '../../../lib/runtime/xml-text';
import { DOCUMENT_TYPES, type DocumentRequest, type DocumentType, LARGEST_BODY_BYTES } from '../contract';
import { type ApiEvent, headerOf } from './question';
import { visible } from './visible-text';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const MAX_NAME = 200;

const Request: z.ZodMiniType<DocumentRequest> = z.strictObject({
  name: z.string().check(
    z.refine((text) => visible(text).trim() !== '' && [...text].length <= MAX_NAME, {
      error: `has 1 to ${MAX_NAME} characters`,
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
  const idempotencyKey = headerOf(event, 'idempotency-key') ?? '';
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(idempotencyKey)) {
    throw new Problem(
      400,
      'idempotency_key_required',
      'Send an Idempotency-Key of 1 to 128 letters, digits, - or _. Use a new key for each document, and the same key for retries.',
      'Idempotency-Key',
    );
  }
  if (!/^application\/json\b/i.test(headerOf(event, 'content-type') ?? '')) {
    throw new Problem(415, 'unsupported_media_type', 'Send the request as application/json.', 'Content-Type');
  }
  const parsed = Request.safeParse(jsonOf(event));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const unknown = issue !== undefined && 'keys' in issue ? (issue.keys as string[]).slice(0, 1) : [];
    const field = [...(issue?.path ?? []), ...unknown].map(String).join('.').slice(0, 100) || 'body';
    throw new Problem(400, 'invalid_request', `${field}: ${issue?.message ?? 'not valid'}`, field);
  }
  if (parsed.data.size > maxBytes) {
    throw new Problem(413, 'too_large', `A document may have at most ${maxBytes} bytes.`, 'size');
  }
  return { ...parsed.data, name: visible(parsed.data.name).trim(), idempotencyKey };
}

/** The document that a path names. @throws Problem 404, for what cannot be one is none */
export function documentIdOf(event: ApiEvent): string {
  const id = (event.pathParameters?.['id'] ?? '').toLowerCase();
  if (UUID.test(id)) return id;
  throw noDocument();
}

/** Another tenant's and no one's look the same. */
export function noDocument(): Problem {
  return new Problem(404, 'not_found', 'Document not found.', 'id');
}

function jsonOf({ body, isBase64Encoded }: ApiEvent): unknown {
  const bytes = Buffer.from(body ?? '', isBase64Encoded === true ? 'base64' : 'utf8');
  if (bytes.length > LARGEST_BODY_BYTES) {
    throw new Problem(413, 'body_too_large', `A request body may have at most ${LARGEST_BODY_BYTES} bytes.`, 'body');
  }
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new Problem(400, 'invalid_json', 'The request body is not valid JSON.', 'body');
  }
}
