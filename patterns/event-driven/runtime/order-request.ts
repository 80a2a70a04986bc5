import * as z from 'zod/mini';
import { Problem } from '../../../lib/runtime/problem';
import { xmlText } from '../../../lib/runtime/xml-text';
import { type Delivery, MAX_ORDER_BODY_BYTES, type OrderLine } from '../contract';

/** A request to place an order, checked. */
export interface OrderRequest {
  readonly idempotencyKey: string;
  readonly currency: string;
  readonly lines: readonly OrderLine[];
  readonly delivery?: Delivery;
}

/** The parts of an HTTP request that matter here. */
export interface IncomingOrder {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
  readonly isBase64Encoded: boolean;
}

const Body = z.strictObject({
  currency: z.string().check(z.regex(/^[A-Z]{3}$/)),
  lines: z
    .array(
      z.strictObject({
        sku: z.string().check(z.regex(/^[A-Za-z0-9._-]{1,64}$/)),
        quantity: z.int().check(z.gte(1), z.lte(1000)),
        unitPriceCents: z.int().check(z.gte(0), z.lte(10_000_000)),
        note: z.optional(z.string().check(z.maxLength(500), xmlText())),
      }),
    )
    .check(z.minLength(1), z.maxLength(1000)),
  delivery: z.optional(
    z.strictObject({
      country: z.string().check(z.regex(/^[A-Z]{2}$/)),
      maxFeeCents: z.optional(z.int().check(z.gte(0), z.lte(1_000_000))),
    }),
  ),
});

/** @throws Problem 400, 413 or 415, naming the field */
export function parseOrderRequest(request: IncomingOrder): OrderRequest {
  // Two headers arrive as one, with a comma between (docs.aws.amazon.com/apigateway: http-api-develop-integrations-lambda).
  const idempotencyKey = request.headers['idempotency-key'];
  if (idempotencyKey === undefined || !/^[\x21-\x2b\x2d-\x7e]{1,128}$/.test(idempotencyKey)) {
    throw new Problem(
      400,
      'idempotency_key_required',
      'Send one Idempotency-Key of 1 to 128 printable characters without a comma. Use a new key for each order, and the same key for retries.',
      'Idempotency-Key',
    );
  }
  const type = request.headers['content-type'];
  if (type !== undefined && !/^application\/json\b/i.test(type)) {
    throw new Problem(415, 'unsupported_media_type', 'Send the order as application/json.', 'Content-Type');
  }
  const bytes = Buffer.from(request.body ?? '', request.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > MAX_ORDER_BODY_BYTES) {
    throw new Problem(413, 'body_too_large', `An order may have at most ${MAX_ORDER_BODY_BYTES} bytes.`, 'body');
  }
  const parsed = Body.safeParse(parseJson(bytes.toString('utf8')));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = issue === undefined ? 'body' : fieldOf(issue.path, issue);
    throw new Problem(400, 'invalid_order', `${field}: ${issue?.message ?? 'not valid'}`, field);
  }
  return { idempotencyKey, ...parsed.data };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem(400, 'invalid_json', 'The request body is not valid JSON.', 'body');
  }
}

function fieldOf(path: readonly PropertyKey[], issue: { readonly code?: string }): string {
  const unknown = issue.code === 'unrecognized_keys' && 'keys' in issue ? (issue.keys as string[]).slice(0, 1) : [];
  return [...path, ...unknown].map(String).join('.') || 'body';
}
