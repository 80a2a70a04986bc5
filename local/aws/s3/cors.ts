import { AwsError } from '../service';
import type { WireRequest } from '../wire';
import type { CorsRule } from './bucket';

type Headers = Readonly<Record<string, string>>;

/**
 * Headers that let the page that asks read the answer; none when no rule lets it (docs.aws.amazon.com/AmazonS3: cors). A
 * browser then keeps the answer from the page, and the request has been performed nevertheless.
 */
export function corsHeaders(rules: readonly CorsRule[], { method, headers }: WireRequest): Headers {
  const origin = headers['origin'];
  if (origin === undefined) return {};
  const rule = rules.find((each) => allows(each, origin, method));
  return rule === undefined ? {} : allowing(rule, origin);
}

/** What a browser is told that asks first. @throws AwsError when no rule lets the request through */
export function preflightHeaders(rules: readonly CorsRule[] | undefined, { headers }: WireRequest): Headers {
  const origin = headers['origin'];
  const method = headers['access-control-request-method'];
  if (origin === undefined || method === undefined) {
    throw new AwsError('BadRequest', 'Insufficient information. Origin request header needed.', 400);
  }
  if (rules === undefined) throw forbidden('CORSResponse: CORS is not enabled for this bucket.');
  const asked = (headers['access-control-request-headers'] ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
  const rule = rules.find(
    (each) =>
      allows(each, origin, method) &&
      asked.every((name) => (each.AllowedHeaders ?? []).some((pattern) => matches(pattern.toLowerCase(), name))),
  );
  if (rule === undefined) {
    throw forbidden('CORSResponse: This CORS request is not allowed.');
  }
  return {
    ...allowing(rule, origin),
    ...(asked.length > 0 && { 'access-control-allow-headers': asked.join(', ') }),
    ...(rule.MaxAge !== undefined && { 'access-control-max-age': String(rule.MaxAge) }),
  };
}

function allowing(rule: CorsRule, origin: string): Headers {
  const anyone = rule.AllowedOrigins.includes('*');
  return {
    'access-control-allow-origin': anyone ? '*' : origin,
    'access-control-allow-methods': rule.AllowedMethods.join(', '),
    ...(rule.ExposedHeaders !== undefined && { 'access-control-expose-headers': rule.ExposedHeaders.join(', ') }),
    ...(!anyone && { 'access-control-allow-credentials': 'true' }),
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  };
}

function allows({ AllowedOrigins, AllowedMethods }: CorsRule, origin: string, method: string): boolean {
  return AllowedMethods.includes(method) && AllowedOrigins.some((pattern) => matches(pattern, origin));
}

/** A pattern has one `*` at most. */
function matches(pattern: string, text: string): boolean {
  const [head = '', tail] = pattern.split('*');
  if (tail === undefined) return pattern === text;
  return text.length >= head.length + tail.length && text.startsWith(head) && text.endsWith(tail);
}

function forbidden(message: string): AwsError {
  return new AwsError('AccessForbidden', message, 403);
}
