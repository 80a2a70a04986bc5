import type { ApiRequest } from '../engine/http-api';

/** One request as a client sends it. Parts are kept as they go over the wire, so that a part may be malformed. */
export interface FuzzRequest {
  readonly method: string;
  /** As sent, percent-encoded or not, without the query. */
  readonly path: string;
  /** Each `name=value` as sent. */
  readonly query: readonly string[];
  /** In order; a name may come twice. Values are Latin-1, as HTTP has them. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Text goes as UTF-8. @default - no body */
  readonly body?: string | Uint8Array;
}

/** A header's value; several of a name joined by commas, as API Gateway joins them (AWS: HTTP API, payload format 2.0). */
export function headerOf({ headers }: FuzzRequest, name: string): string | undefined {
  const values = headers.filter(([given]) => given.toLowerCase() === name).map(([, value]) => value);
  return values.length === 0 ? undefined : values.join(',');
}

/** The same with a header set anew, whatever it was. @param value undefined takes it out */
export function withHeader(request: FuzzRequest, name: string, value: string | undefined): FuzzRequest {
  const others = request.headers.filter(([given]) => given.toLowerCase() !== name.toLowerCase());
  return { ...request, headers: value === undefined ? others : [...others, [name, value]] };
}

/** The request as the local API takes it. */
export function apiRequest(request: FuzzRequest): ApiRequest {
  const { method, path, query, headers, body } = request;
  const values = new Map<string, string[]>();
  for (const [name, value] of headers) values.set(name, [...(values.get(name) ?? []), value]);
  return {
    method,
    path: query.length === 0 ? path : `${path}?${query.join('&')}`,
    headers: Object.fromEntries(values),
    ...(body !== undefined && { body }),
  };
}

/** Everything that the client wrote, as text: what an answer may say back. */
export function writtenText(request: FuzzRequest): string {
  const { method, path, query, headers, body = '' } = request;
  const text = typeof body === 'string' ? body : Buffer.from(body).toString('utf8');
  return [method, path, decoded(path), ...query, ...query.map(decoded), ...headers.flat(), text].join('\n');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Characters of a value that a line shows. */
const SHOWN = 300;

/**
 * The request as a line for a shell. Tokens have a variable's name in their place; what is long is cut, and its length told.
 *
 * @param tokens names of the variables, by token
 */
export function curlLine(request: FuzzRequest, tokens: ReadonlyMap<string, string>): string {
  const { method, path, query, headers, body } = request;
  const shown = headers.map(([name, value]) => ` -H "${named(`${name}: ${value}`, tokens)}"`);
  const url = quoted(query.length === 0 ? path : `${path}?${query.join('&')}`);
  const bytes = typeof body === 'string' || body === undefined ? body : undefined;
  const data =
    body === undefined
      ? ''
      : bytes === undefined
        ? ` --data-binary @<(base64 -d <<< ${cut(Buffer.from(body).toString('base64'))})`
        : ` --data-raw ${quoted(bytes)}`;
  return `curl -X ${method} "$API"${url}${shown.join('')}${data}`;
}

/** A header in double quotes, where a variable stands for a token. */
function named(header: string, tokens: ReadonlyMap<string, string>): string {
  let text = header;
  for (const [token, name] of tokens) text = text.replaceAll(token, () => `\u0000${name}`);
  return printable(cut(text))
    .replace(/["$`\\]/g, '\\$&')
    .replaceAll('\\\\u0000', '$');
}

function quoted(text: string): string {
  return `'${printable(cut(text)).replaceAll("'", `'\\''`)}'`;
}

function cut(text: string): string {
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}… (${text.length} characters)`;
}

/** Characters that no terminal shows, as JSON escapes them. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Surrogate}\uffff]/gu, (each) =>
    [...each].map((one) => `\\u${(one.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`).join(''),
  );
}

/** The body as an object, the way a server reads it; undefined for anything else. */
export function bodyOf({ body = '' }: FuzzRequest): Readonly<Record<string, unknown>> | undefined {
  const text = typeof body === 'string' ? body : Buffer.from(body).toString('utf8');
  // Some readers skip the mark that text in UTF-8 may begin with; that of Node.js skips two.
  return parsed(text.replace(/^\ufeff+/, ''));
}

/** An object in JSON; undefined for anything else. */
export function parsed(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
