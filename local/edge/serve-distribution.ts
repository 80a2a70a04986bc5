import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';
import { answeringAll, originForm } from '../aws/any-request';
import { bodyOf } from '../aws/server';
import type { LocalDistribution } from './local-distribution';
import type { EdgeAnswer, EdgeTrace, FetchFromOrigin } from './viewer';

/** A distribution that listens. */
export interface ServedDistribution {
  /** `http://127.0.0.1:<port>`; what comes counts as come by HTTPS. */
  readonly url: string;
  close(): Promise<void>;
}

/** How a distribution is served. */
export interface ServeOptions {
  /** @default 0 - a free one */
  readonly port?: number;
  /** Hears of each request once it is answered. */
  onAnswer?(seen: { method: string; url: string; status: number; trace: EdgeTrace }): void;
}

/** Serves a distribution on 127.0.0.1. @throws Error for a port that is taken */
export async function serveDistribution(
  distribution: LocalDistribution,
  { port = 0, onAnswer }: ServeOptions = {},
): Promise<ServedDistribution> {
  const server = createServer(
    answeringAll((incoming: IncomingMessage, response: ServerResponse) =>
      answer(distribution, incoming, response, onAnswer),
    ),
  );
  await new Promise<void>((listening, refused) => {
    server.once('error', refused);
    server.listen(port, '127.0.0.1', listening);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  distribution: LocalDistribution,
  incoming: IncomingMessage,
  response: ServerResponse,
  onAnswer: ServeOptions['onAnswer'],
): Promise<void> {
  const { method = 'GET', url: target = '/' } = incoming;
  const url = originForm(target);
  try {
    const body = await bodyOf(incoming);
    const answered = await distribution.request({
      method,
      url,
      headers: flat(incoming.headers),
      ...(body.length > 0 && { body }),
    });
    if (answered.stream === undefined) {
      response.writeHead(answered.status, { ...answered.headers, 'content-length': contentLength(method, answered) });
      response.end(answered.body);
    } else {
      response.writeHead(answered.status, answered.headers);
      response.flushHeaders();
      // When either side goes away, so does the other.
      pipeline(answered.stream, response, () => undefined);
    }
    onAnswer?.({ method, url, status: answered.status, trace: answered.trace });
  } catch (error) {
    if (response.headersSent) throw error;
    // An origin that is not there (AWS: HTTP 502 status code).
    response.writeHead(502, { 'content-type': 'text/plain' }).end((error as Error).message);
  }
}

function contentLength(method: string, { headers, body }: EdgeAnswer): string | number {
  return method === 'HEAD' ? (headers['content-length'] ?? 0) : body.length;
}

/** An origin that listens at an address: the path goes there as it was sent. */
export function originAt(address: string): FetchFromOrigin {
  const { hostname, port } = new URL(address);
  return ({ method, url, headers, body }) =>
    new Promise((answered, failed) => {
      const { 'content-length': _, ...rest } = headers;
      const outgoing = httpRequest(
        {
          hostname,
          port,
          method,
          path: url,
          headers: { ...rest, ...(body !== undefined && { 'content-length': body.length }) },
        },
        (incoming) => {
          const headers = originHeaders(incoming);
          if (isEventStream(headers) && method !== 'HEAD') {
            answered({ status: incoming.statusCode ?? 502, headers, body: Buffer.alloc(0), stream: incoming });
            return;
          }
          void bodyOf(incoming).then(
            (content) => answered({ status: incoming.statusCode ?? 502, headers, body: content }),
            failed,
          );
        },
      );
      // It may report more than one.
      outgoing.on('error', failed);
      outgoing.end(body);
    });
}

/** CloudFront gathers no answer; here only those for which it shows come in parts. It compresses no such type either. */
function isEventStream({ 'content-type': type = '' }: Readonly<Record<string, string>>): boolean {
  return /^text\/event-stream(;|$)/i.test(type);
}

function originHeaders(incoming: IncomingMessage): Record<string, string> {
  const { connection: _, 'keep-alive': __, 'transfer-encoding': ___, ...headers } = flat(incoming.headers);
  return headers;
}

function flat(headers: IncomingMessage['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
}
