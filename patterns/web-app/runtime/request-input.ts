import * as z from 'zod/mini';
import { Problem } from '../../../lib/runtime/problem';
import { UUID } from './cursor';

/** A request's headers, by name in any case. */
export interface Headers {
  get(name: string): string | null;
}

/** Counts characters as PostgreSQL does, where JavaScript counts some of them twice. */
export const characters = (least: number, most: number) =>
  z.refine<string>(
    (text) => {
      const count = [...text.trim()].length;
      return count >= least && [...text].length <= most;
    },
    { error: `has ${least} to ${most} characters` },
  );

/** A parameter of the query that may come once. @throws Problem 400 for one that comes twice */
export function onlyValueOf(
  { req }: { readonly req: { queries(name: string): string[] | undefined } },
  name: string,
): string | undefined {
  const [value, ...others] = req.queries(name) ?? [];
  if (others.length === 0) return value;
  throw new Problem(400, `invalid_${name}`, `Send ${name} once.`, name);
}

/** @throws Problem 400, so that a repeat of a request can always be told from another request */
export function idempotencyKeyOf(headers: Headers): string {
  const key = headers.get('idempotency-key') ?? '';
  if (/^[A-Za-z0-9_-]{1,128}$/.test(key)) return key;
  throw new Problem(
    400,
    'idempotency_key_required',
    'Send an Idempotency-Key of 1 to 128 letters, digits, - or _. Use a new key for each request, and the same key for retries.',
    'Idempotency-Key',
  );
}

/** @throws Problem 428 without a version, 400 for what is none */
export function expectedVersion(headers: Headers): number {
  const header = headers.get('if-match');
  if (header === null) {
    throw new Problem(
      428,
      'precondition_required',
      'Send If-Match with the ETag of the item that you change.',
      'If-Match',
    );
  }
  const [, version] = /^"([1-9]\d{0,8})"$/.exec(header.trim()) ?? [];
  if (version === undefined) {
    throw new Problem(400, 'invalid_if_match', 'If-Match must be one ETag that the API returned.', 'If-Match');
  }
  return Number(version);
}

/** An identifier of a path; what cannot be one names nothing. */
export function identifierOf(text: string): string {
  const id = text.toLowerCase();
  if (!UUID.test(id)) throw notFound();
  return id;
}

/** Another's and no one's look the same. */
export function notFound(): Problem {
  return new Problem(404, 'not_found', 'Not found.');
}

/** @throws Problem 400 or 415, naming the field */
export function parseBody<T>(schema: z.ZodMiniType<T>, headers: Headers, text: string): T {
  if (!/^application\/json\b/i.test(headers.get('content-type') ?? '')) {
    throw new Problem(415, 'unsupported_media_type', 'Send the body as application/json.', 'Content-Type');
  }
  const parsed = schema.safeParse(parseJson(text));
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
