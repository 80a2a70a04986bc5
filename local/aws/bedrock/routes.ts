import { isRecord } from '../input';
import type { AwsError, LocalInput } from '../service';
import type { WireAnswer, WireRequest } from '../wire';
import { EVENT_STREAM } from './event-stream';

/** Operations of the SDK's four clients of Bedrock, which all sign as `bedrock`: method, path and status of each. */
const ROUTES = [
  ['Converse', 'POST', '/model/{modelId}/converse', 200],
  ['ConverseStream', 'POST', '/model/{modelId}/converse-stream', 200],
  ['Retrieve', 'POST', '/knowledgebases/{knowledgeBaseId}/retrieve', 200],
  ['StartIngestionJob', 'PUT', '/knowledgebases/{knowledgeBaseId}/datasources/{dataSourceId}/ingestionjobs', 202],
  ['ListIngestionJobs', 'POST', '/knowledgebases/{knowledgeBaseId}/datasources/{dataSourceId}/ingestionjobs', 200],
  [
    'GetIngestionJob',
    'GET',
    '/knowledgebases/{knowledgeBaseId}/datasources/{dataSourceId}/ingestionjobs/{ingestionJobId}',
    200,
  ],
  [
    'GetKnowledgeBaseDocuments',
    'POST',
    '/knowledgebases/{knowledgeBaseId}/datasources/{dataSourceId}/documents/getDocuments',
    200,
  ],
  ['GetModelInvocationLoggingConfiguration', 'GET', '/logging/modelinvocations', 200],
  ['PutModelInvocationLoggingConfiguration', 'PUT', '/logging/modelinvocations', 200],
  ['DeleteModelInvocationLoggingConfiguration', 'DELETE', '/logging/modelinvocations', 200],
] as const;

/** Operations that are played. */
export type BedrockOperation = (typeof ROUTES)[number][0];

interface BedrockRequest {
  readonly action: string;
  readonly input: LocalInput;
  readonly answer: (output: LocalInput) => WireAnswer;
  readonly refuse: (error: AwsError) => WireAnswer;
}

/** Reads a request of AWS's REST JSON protocol. */
export function readBedrockRequest({ method, url, body }: WireRequest): BedrockRequest {
  const { pathname } = new URL(url, 'http://localhost');
  const parts = pathname.replace(/\/$/, '').split('/');
  for (const [action, verb, path, status] of ROUTES) {
    const labels = verb === method ? labelsOf(path.split('/'), parts) : undefined;
    if (labels === undefined) continue;
    const document = documentOf(body);
    if (document === undefined) break;
    const input = { ...document, ...labels };
    return { action, input, refuse, answer: (output) => answered(status, output) };
  }
  return { action: `${method} ${pathname}`, input: {}, refuse, answer: (output) => answered(200, output) };
}

/** A request's document; undefined for a body that is none. */
function documentOf(body: Buffer): LocalInput | undefined {
  if (body.length === 0) return {};
  try {
    const document: unknown = JSON.parse(body.toString('utf8'));
    return isRecord(document) ? document : undefined;
  } catch {
    return undefined;
  }
}

/** What stands in the path where the route has a name; undefined for another route. */
function labelsOf(route: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  if (route.length !== parts.length) return undefined;
  const labels: Record<string, string> = {};
  for (const [index, name] of route.entries()) {
    const part = parts[index] ?? '';
    if (name.startsWith('{')) labels[name.slice(1, -1)] = decodeURIComponent(part);
    else if (name !== part) return undefined;
  }
  return labels;
}

function answered(status: number, { stream, ...output }: LocalInput): WireAnswer {
  if (stream === undefined)
    return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(output) };
  return { status, headers: { 'content-type': EVENT_STREAM }, body: stream as AsyncIterable<Buffer> };
}

function refuse({ status, code, message, members }: AwsError): WireAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': code },
    body: JSON.stringify({ message, ...members }),
  };
}
