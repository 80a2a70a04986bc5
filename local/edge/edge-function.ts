import { createContext, Script } from 'node:vm';
import type { ResolvedResource } from '../assembly/resolved-template';
import { below, type Settings } from './known-settings';
import type { EdgeAnswer, ViewerRequest } from './viewer';

/** Bytes (AWS: quotas on CloudFront Functions). */
const LARGEST_FUNCTION = 10 * 1024;
/** Milliseconds, far above what CloudFront grants: a function that never ends must not stop the tests. */
const TIME_LIMIT = 2000;

interface Field {
  readonly value: string;
  readonly multiValue?: readonly { readonly value: string }[];
}

interface EventRequest {
  readonly method: string;
  readonly uri: string;
  readonly headers: Readonly<Record<string, Field>>;
  readonly querystring: Readonly<Record<string, Field>>;
  readonly cookies: Readonly<Record<string, Field>>;
}

interface EventResponse {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, Field>>;
  readonly body?: string | { readonly data: string };
}

/** What a function made of a request: another one, or an answer. */
export type FunctionResult =
  | { readonly request: { readonly uri: string; readonly headers: Readonly<Record<string, string>> } }
  | { readonly answer: EdgeAnswer };

/** A CloudFront Function of a template, run as it is. */
export class EdgeFunction {
  private readonly script: Script;

  /** @throws Error for a runtime or a size that is not taken */
  constructor(resource: ResolvedResource) {
    const { logicalId: where } = resource;
    const runtime = below(resource.properties, 'FunctionConfig')['Runtime'];
    if (runtime !== 'cloudfront-js-2.0') throw new Error(`${where}: the runtime ${String(runtime)} is not known here`);
    const code = String(resource.properties['FunctionCode']);
    if (Buffer.byteLength(code) > LARGEST_FUNCTION) throw new Error(`${where}: more than ${LARGEST_FUNCTION} bytes`);
    this.script = new Script(`${code}\nJSON.stringify(handler(JSON.parse(event)))`, { filename: where });
  }

  /** Runs it before a request. Each run has a world of its own, without Node.js. */
  onViewerRequest(request: ViewerRequest, distributionId: string): FunctionResult {
    const [uri = '/', query = ''] = request.url.split(/\?(.*)/s);
    const { cookie = '', ...headers } = request.headers ?? {};
    const event = {
      version: '1.0',
      context: { distributionId, eventType: 'viewer-request', requestId: 'local' },
      viewer: { ip: '127.0.0.1' },
      request: {
        method: request.method,
        uri,
        headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, { value }])),
        querystring: fieldsOf(query, '&'),
        cookies: fieldsOf(cookie, /;\s*/),
      } satisfies EventRequest,
    };
    const context = createContext({ event: JSON.stringify(event) });
    const result = JSON.parse(String(this.script.runInContext(context, { timeout: TIME_LIMIT }))) as
      | EventRequest
      | EventResponse;
    if ('statusCode' in result) return { answer: answerOf(result) };
    return { request: { uri: result.uri, headers: { ...valuesOf(result.headers), ...(cookie !== '' && { cookie }) } } };
  }
}

function fieldsOf(text: string, separator: string | RegExp): Record<string, Field> {
  // Names are a stranger's: `constructor` is one too.
  const fields: Record<string, { value: string; multiValue?: { value: string }[] }> = Object.create(null);
  for (const part of text.split(separator).filter((pair) => pair !== '')) {
    const [name = '', value = ''] = part.split(/=(.*)/s);
    const before = fields[name];
    if (before === undefined) fields[name] = { value };
    else fields[name] = { ...before, multiValue: [...(before.multiValue ?? [{ value: before.value }]), { value }] };
  }
  return fields;
}

function answerOf({ statusCode, headers, body = '' }: EventResponse): EdgeAnswer {
  return {
    status: statusCode,
    headers: valuesOf(headers ?? {}),
    body: Buffer.from(typeof body === 'string' ? body : body.data),
  };
}

function valuesOf(headers: Readonly<Record<string, Field>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, { value }]) => [name.toLowerCase(), value]));
}

/** Functions of a behaviour. @throws Error for another moment than the viewer's request */
export function functionOf(behavior: Settings, resources: Iterable<ResolvedResource>): EdgeFunction | undefined {
  const [association, ...more] = (behavior['FunctionAssociations'] ?? []) as readonly Settings[];
  if (association === undefined) return undefined;
  const { EventType, FunctionARN } = association;
  if (more.length > 0 || EventType !== 'viewer-request') {
    throw new Error(`A function on ${String((more[0] ?? association)['EventType'])} is not known here`);
  }
  const resource = [...resources].find(({ arn }) => arn === FunctionARN);
  if (resource === undefined) throw new Error(`The function ${String(FunctionARN)} is not in the template`);
  return new EdgeFunction(resource);
}
