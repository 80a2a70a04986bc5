import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bodyOf } from '../aws/server';
import type { LocalHttpApi } from '../engine/http-api';
import { UsageError } from './usage-error';

/** An API that listens. */
export interface ApiServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves a pattern's API on 127.0.0.1. @throws UsageError for a port that is taken */
export async function serveApi(api: LocalHttpApi, port: number): Promise<ApiServer> {
  const server = createServer((request, response) => {
    void answer(api, request, response);
  });
  await new Promise<void>((listening, refused) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      refused(taken ? new UsageError(`Port ${port} is in use; choose another with --port`) : error);
    });
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

async function answer(api: LocalHttpApi, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = 'GET', url = '/' } = request;
  const headers = Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(',') : value]],
    ),
  );
  const body = (await bodyOf(request)).toString('utf8');
  const answered = await api.request({ method, path: url, headers, body: body === '' ? undefined : body });
  response.writeHead(answered.statusCode, answered.headers).end(answered.body);
}
