import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { queryAnswer, queryError, readQuery } from './query-protocol';
import { readS3Request, s3Error } from './s3-protocol';
import { AwsError, type LocalInput, type LocalService } from './service';

/** Services that can be served, by the name that signs their requests. */
export type ServiceName = 'dynamodb' | 's3' | 'sns' | 'sqs';

/** One call as it came over the wire. */
export interface RecordedCall {
  /** Access key that signed the request: tells who called. The signature itself is not checked. */
  readonly accessKeyId: string;
  readonly service: ServiceName;
  /** As AWS's API names it, for example `PutItem`. */
  readonly action: string;
  readonly input: LocalInput;
}

/** What may go wrong on the way. */
export interface LocalAwsOptions {
  /** Hears of every call before it is performed; throwing an {@link AwsError} refuses it (throttling, for example). */
  readonly onCall?: (call: RecordedCall) => void;
}

/** Stores that listen. */
export interface LocalAws {
  /** For the SDK's `endpoint`, or `AWS_ENDPOINT_URL`. */
  readonly endpoint: string;
  close(): Promise<void>;
}

/** Serves local stores over HTTP on 127.0.0.1, so that the real SDK can talk to them. */
export async function startLocalAws(
  services: Partial<Record<ServiceName, LocalService>>,
  options: LocalAwsOptions = {},
): Promise<LocalAws> {
  const server = createServer((request, response) => {
    void answer(request, response, services, options);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

interface Protocol {
  readonly action: string;
  readonly input: LocalInput;
  readonly write: (output: LocalInput, response: ServerResponse) => void;
  readonly refuse: (error: AwsError, response: ServerResponse) => void;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  services: Partial<Record<ServiceName, LocalService>>,
  { onCall }: LocalAwsOptions,
): Promise<void> {
  const body = await bodyOf(request);
  const [, accessKeyId = '', service = ''] =
    /Credential=([^/]+)\/\d+\/[^/]+\/([^/]+)\//.exec(request.headers.authorization ?? '') ?? [];
  const { action, input, write, refuse } = protocol(service, request, body);
  try {
    const store = services[service as ServiceName];
    if (store === undefined) throw new AwsError('UnknownOperationException', `No local store for ${service}`);
    onCall?.({ accessKeyId, service: service as ServiceName, action, input });
    write(await store.call(action, input), response);
  } catch (error) {
    refuse(error instanceof AwsError ? error : new AwsError('InternalFailure', String(error), 500), response);
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function protocol(service: string, request: IncomingMessage, body: Buffer): Protocol {
  if (service === 's3') {
    const { action, input, write } = readS3Request(request, body);
    return { action, input, write, refuse: s3Error };
  }
  const target = request.headers['x-amz-target'];
  if (typeof target !== 'string') {
    const { action, input } = readQuery(body.toString('utf8'));
    return { action, input, write: (output, to) => queryAnswer(action, output, to), refuse: queryError };
  }
  const type = request.headers['content-type'] ?? 'application/x-amz-json-1.0';
  const send = (to: ServerResponse, status: number, document: unknown, headers: Record<string, string> = {}) =>
    to.writeHead(status, { 'content-type': type, ...headers }).end(JSON.stringify(document));
  return {
    action: target.split('.').pop() ?? '',
    input: JSON.parse(body.toString('utf8')) as LocalInput,
    write: (output, to) => send(to, 200, output),
    refuse: (error, to) =>
      send(
        to,
        error.status,
        { __type: `local#${error.code}`, message: error.message, ...error.members },
        { 'x-amzn-errortype': error.code },
      ),
  };
}
