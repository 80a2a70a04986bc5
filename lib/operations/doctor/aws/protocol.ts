import { parseXML } from '@aws-sdk/xml-builder';
import type { Input, Operation } from './operations';

/** A request before it is signed. */
export interface Wire {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What came back. */
export interface Reply {
  readonly status: number;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An error that AWS answered. Its name is AWS's code. */
export class AwsAnswerError extends Error {
  constructor(
    code: string,
    message: string,
    readonly status: number,
  ) {
    super(message);
    this.name = code;
  }
}

/** Writes a call in the protocol of its service. @param name the operation, as the API names it */
export function wireOf({ protocol }: Operation, name: string, input: Input): Wire {
  switch (protocol.kind) {
    case 'json':
      return {
        method: 'POST',
        path: '/',
        headers: {
          'content-type': `application/x-amz-json-${protocol.version}`,
          'x-amz-target': `${protocol.target}.${name}`,
        },
        body: JSON.stringify(input),
      };
    case 'query': {
      const form = new URLSearchParams({ Action: name, Version: protocol.version });
      for (const [key, value] of Object.entries(input)) form.set(key, String(value));
      return {
        method: 'POST',
        path: '/',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: form.toString(),
      };
    }
    case 'rest': {
      const path = protocol.path.replace(/\{(\w+)\}/g, (_, key: string) => escaped(String(input[key])));
      // API Gateway answers in a format of its own to who does not say which (AWS: API Gateway, API reference).
      const headers: Wire['headers'] = protocol.answer === 'json' ? { accept: 'application/json' } : {};
      if (protocol.method !== 'POST') return { method: protocol.method, path, headers };
      return { method: 'POST', path, headers: { 'content-type': 'application/json' }, body: JSON.stringify(input) };
    }
  }
}

/** As Signature Version 4 escapes a part of a path. */
function escaped(text: string): string {
  const more = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(text).replace(/[!'()*]/g, more);
}

/** What a reply says. @throws AwsAnswerError for an error */
export function answerOf({ protocol }: Operation, name: string, reply: Reply): unknown {
  const isXml = protocol.kind === 'query' || (protocol.kind === 'rest' && protocol.answer === 'xml');
  if (reply.status >= 300) throw isXml ? xmlError(reply) : jsonError(reply);
  if (reply.body === '') return {};
  if (!isXml) return JSON.parse(reply.body);
  const [root] = Object.values(fromXml(reply.body));
  const result = isRecord(root) ? root[`${name}Result`] : undefined;
  return result ?? root ?? {};
}

function jsonError({ status, headers, body }: Reply): AwsAnswerError {
  const { __type, code, message, Message } = parsed(body);
  const type = headers['x-amzn-errortype'] ?? __type ?? code;
  // The code may follow a namespace, and an address may follow it: `com.amazon#Code:http://…` (AWS: JSON protocol).
  const name = /^(?:[^#]*#)?([^:#]+)/.exec(String(type ?? ''))?.[1] ?? `HTTP ${status}`;
  return new AwsAnswerError(name, String(message ?? Message ?? body.slice(0, 200)), status);
}

function parsed(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

/** Query has `ErrorResponse/Error`, EC2 `Response/Errors/Error`, S3 `Error`, and HEAD no body at all. */
function xmlError({ status, body }: Reply): AwsAnswerError {
  const texts = (tag: string) => new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(body)?.[1];
  return new AwsAnswerError(texts('Code') ?? `HTTP ${status}`, texts('Message') ?? `HTTP ${status}`, status);
}

/** Lists are elements of one name: `member` (Query), `item` (EC2). */
const LIST_OF = new Set(['member', 'item']);

function fromXml(body: string): Readonly<Record<string, unknown>> {
  const value = lists(parseXML(body));
  return isRecord(value) ? value : {};
}

function lists(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lists);
  if (!isRecord(value)) return value;
  const [[key, only] = ['', undefined], ...more] = Object.entries(value);
  if (more.length === 0 && LIST_OF.has(key)) return [only].flat().map(lists);
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, lists(child)]));
}

/** The items of a list that XML leaves out, or writes as an empty element, when it has none. */
export function itemsOf<T>(list: readonly T[] | undefined): readonly T[] {
  return Array.isArray(list) ? (list as readonly T[]) : [];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
