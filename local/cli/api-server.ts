import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answeringAll, originForm } from '../aws/any-request';
import { bodyOf } from '../aws/server';
import type { LocalApi } from '../engine/local-api';
import { BrokenAnswer } from '../engine/streamed-answer';
import { UsageError } from './usage-error';

/** An API that listens. */
export interface ApiServer {
  /** With the path of its stage, and no slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves a pattern's API on 127.0.0.1. @throws UsageError for a port that is taken */
export async function serveApi(api: LocalApi, port: number): Promise<ApiServer> {
  const server = createServer(
    answeringAll((request: IncomingMessage, response: ServerResponse) => answer(api, request, response)),
  );
  await new Promise<void>((listening, refused) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      refused(taken ? new UsageError(`Port ${port} is in use; choose another with --port`) : error);
    });
    server.listen(port, '127.0.0.1', listening);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${api.basePath}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

async function answer(api: LocalApi, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = 'GET', url: target = '/' } = request;
  const url = originForm(target);
  const headers = Object.fromEntries(
    Object.entries(request.headersDistinct).flatMap(([name, values = []]) =>
      values.length === 0 ? [] : [[name, values.length === 1 ? String(values[0]) : values]],
    ),
  );
  const body = await bodyOf(request);
  if (!url.startsWith(`${api.basePath}/`)) {
    // No stage is there (docs.aws.amazon.com/apigateway: supported gateway response types).
    response.writeHead(403, { 'content-type': 'application/json' }).end('{"message":"Forbidden"}');
    return;
  }
  const path = url.slice(api.basePath.length);
  const answered = await api.stream({ method, path, headers, body: body.length === 0 ? undefined : body });
  response.writeHead(answered.statusCode, answered.headers);
  response.flushHeaders();
  try {
    for await (const part of answered.body) {
      // Whoever went away hears no more; the function goes on.
      if (response.destroyed) return;
      response.write(part);
    }
    response.end();
  } catch (error) {
    if (!(error instanceof BrokenAnswer)) throw error;
    response.destroy();
  }
}
