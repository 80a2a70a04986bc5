import { originForm } from '../aws/any-request';

/** A request to an API. */
export interface ApiRequest {
  readonly method: string;
  /** Path with its query string. */
  readonly path: string;
  /** A header that came several times has a list of values. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Text is sent in UTF-8. */
  readonly body?: string | Uint8Array;
}

/** Path and query string of a request, as they came. */
export function targetOf({ path }: ApiRequest): { readonly pathname: string; readonly search: string } {
  const [target = ''] = originForm(path).split('#');
  const end = target.indexOf('?');
  return end < 0 ? { pathname: target, search: '' } : { pathname: target.slice(0, end), search: target.slice(end + 1) };
}

/** Values of each header, by its name in lower case. */
export function valuesOf({ headers = {} }: ApiRequest): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, readonly string[]>();
  for (const [name, value] of Object.entries(headers)) {
    const key = name.toLowerCase();
    values.set(key, [...(values.get(key) ?? []), ...[value].flat()]);
  }
  return values;
}

/** Headers as they are compared and signed: names in lower case, several values with commas in between. */
export function joinedHeaders(request: ApiRequest): Record<string, string> {
  return Object.fromEntries([...valuesOf(request)].map(([name, values]) => [name, values.join(',')]));
}

/** Bytes of a request's body. */
export function bodyBytes({ body = '' }: ApiRequest): Buffer {
  return Buffer.from(typeof body === 'string' ? Buffer.from(body) : body);
}

/** Bytes of the request line and all header values, which are counted together (AWS: quotas of HTTP and of REST APIs). */
export function headBytes(request: ApiRequest): number {
  const values = [...valuesOf(request).values()].flat();
  const line = `${request.method} ${request.path} HTTP/1.1`;
  return [line, ...values].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}
