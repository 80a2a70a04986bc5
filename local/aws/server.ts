import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttp2Server, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { type AddressInfo, createServer as createSocketServer, type Socket } from 'node:net';
import { answeringAll } from './any-request';
import { answerWire, type OnCall, type Services } from './wire';

export type { RecordedCall } from './wire';

/** What may go wrong on the way. */
export interface LocalAwsOptions {
  /** Hears of every call before it is performed; throwing an `AwsError` refuses it (throttling, for example). */
  readonly onCall?: OnCall;
}

/** Stores that listen. */
export interface LocalAws {
  /** For the SDK's `endpoint`, or `AWS_ENDPOINT_URL`. */
  readonly endpoint: string;
  close(): Promise<void>;
}

/** What a client of HTTP/2 says first (RFC 9113, connection preface). */
const HTTP2_PREFACE = 'PRI ';

/**
 * Serves local stores over HTTP on 127.0.0.1, so that the real SDK can talk to them: over HTTP/1.1, and over HTTP/2 without
 * TLS on the same port, which the SDK's client of Kinesis speaks unless told otherwise.
 */
export async function startLocalAws(services: Services, { onCall }: LocalAwsOptions = {}): Promise<LocalAws> {
  const answer = answeringAll((request: IncomingMessage | Http2ServerRequest, response: Answer) =>
    serve(request, response, services, onCall),
  );
  const http1 = createServer(answer);
  const http2 = createHttp2Server(answer);
  const sockets = new Set<Socket>();
  const server = createSocketServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // A client that is gone is no error of ours.
    socket.on('error', () => socket.destroy());
    socket.once('data', (first: Buffer) => {
      socket.pause();
      socket.unshift(first);
      const spoken = first.toString('latin1', 0, HTTP2_PREFACE.length) === HTTP2_PREFACE ? http2 : http1;
      spoken.emit('connection', socket);
      process.nextTick(() => socket.resume());
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

type Answer = ServerResponse | Http2ServerResponse;

async function serve(
  request: IncomingMessage | Http2ServerRequest,
  response: Answer,
  services: Services,
  onCall?: OnCall,
): Promise<void> {
  const { method = 'GET', url = '/' } = request;
  const headers = request.headers as Record<string, string | undefined>;
  const answer = await answerWire({ method, url, headers, body: await bodyOf(request) }, services, onCall);
  response.statusCode = answer.status;
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  const { body } = answer;
  if (typeof body === 'string' || Buffer.isBuffer(body)) response.end(body);
  else await sendStream(response, body);
}

/** Sends each piece as it comes, in a write of its own; a stream that throws cuts the connection, as a server that dies does. */
async function sendStream(
  response: ServerResponse | Http2ServerResponse,
  pieces: AsyncIterable<Buffer>,
): Promise<void> {
  let gone = false;
  const left = new Promise<void>((closed) => {
    response.once('close', () => {
      gone = true;
      closed();
    });
  });
  try {
    for await (const piece of pieces) {
      if (gone) return;
      // A client that is gone takes nothing any more, and so calls nothing back.
      await Promise.race([written(response, piece), left]);
    }
    response.end();
  } catch {
    if ('stream' in response) response.stream.session?.destroy();
    else response.destroy();
  }
}

/** Resolves once the socket has taken it, so that the next piece is not sent with it. */
function written(response: ServerResponse | Http2ServerResponse, piece: Buffer): Promise<void> {
  return new Promise((taken) => {
    (response as ServerResponse).write(piece, () => setImmediate(taken));
  });
}

/** A request's whole body. */
export async function bodyOf(request: IncomingMessage | Http2ServerRequest): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
