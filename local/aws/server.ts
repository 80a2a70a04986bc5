import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
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

/** Serves local stores over HTTP on 127.0.0.1, so that the real SDK can talk to them. */
export async function startLocalAws(services: Services, { onCall }: LocalAwsOptions = {}): Promise<LocalAws> {
  const server = createServer((request, response) => {
    void serve(request, response, services, onCall);
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

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  services: Services,
  onCall?: OnCall,
): Promise<void> {
  const { method = 'GET', url = '/' } = request;
  const headers = request.headers as Record<string, string | undefined>;
  const answer = await answerWire({ method, url, headers, body: await bodyOf(request) }, services, onCall);
  response.writeHead(answer.status, answer.headers).end(answer.body);
}

/** A request's whole body. */
export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
