import type { ApiAnswer } from './api-answer';

/** An answer of a function in payload format 2.0. */
interface ProxyAnswer {
  readonly statusCode?: unknown;
  readonly headers?: unknown;
  readonly body?: unknown;
  readonly cookies?: unknown;
  readonly isBase64Encoded?: unknown;
}

/**
 * What an HTTP API makes of a function's answer (docs.aws.amazon.com/apigateway: http-api-develop-integrations-lambda, format
 * 2.0). Without a status code the whole answer is the body, of status 200 and type application/json.
 *
 * @returns undefined for an answer that has a status code and is not in the format
 * @throws Error for an answer in base64 whose bytes are no text, which is not known here
 */
export function proxyAnswer(given: unknown): ApiAnswer | undefined {
  if (typeof given !== 'object' || given === null || !('statusCode' in given)) return inferred(given);
  const { statusCode, headers = {}, body = '', cookies = [], isBase64Encoded = false } = given as ProxyAnswer;
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599 || typeof statusCode === 'boolean') return undefined;
  if (body !== null && typeof body !== 'string') return undefined;
  const named = scalars(headers);
  if (named === undefined || !isTexts(cookies)) return undefined;
  const [cookie, ...more] = cookies;
  if (more.length > 0) throw new Error('An answer with several cookies is not known here');
  const text = isBase64Encoded === true ? decoded(body ?? '') : (body ?? '');
  return {
    statusCode: status,
    headers: { ...named, ...(cookie !== undefined && { 'set-cookie': cookie }) },
    body: text,
  };
}

function inferred(given: unknown): ApiAnswer {
  const body = typeof given === 'string' ? given : JSON.stringify(given ?? null);
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, body };
}

/** Headers by their names in lower case; undefined for values that are neither text, number nor boolean. */
export function scalars(headers: unknown): Record<string, string> | undefined {
  if (headers === null || headers === undefined) return {};
  if (typeof headers !== 'object' || Array.isArray(headers)) return undefined;
  const entries = Object.entries(headers);
  if (!entries.every(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))) return undefined;
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), String(value)]));
}

function isTexts(given: unknown): given is readonly string[] {
  return Array.isArray(given) && given.every((each) => typeof each === 'string');
}

function decoded(body: string): string {
  const bytes = Buffer.from(body, 'base64');
  const text = bytes.toString('utf8');
  if (!Buffer.from(text).equals(bytes)) throw new Error('A binary answer of an HTTP API is not known here');
  return text;
}
