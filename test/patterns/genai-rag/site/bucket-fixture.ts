import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where documents go, as a page meets it: a form to send them by, and a URL to have them from. */
export interface SiteBucket {
  readonly origin: string;
  /** Files by their key, and the fields that came before them. */
  readonly files: Map<string, { readonly content: Buffer; readonly fields: readonly string[] }>;
  /** What the next forms are refused with, as S3 does. */
  readonly refusals: { readonly status: number; readonly code: string }[];
  close(): Promise<void>;
}

export async function startSiteBucket(onFile: (key: string) => void): Promise<SiteBucket> {
  const files: SiteBucket['files'] = new Map();
  const refusals: { status: number; code: string }[] = [];
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    response.setHeader('access-control-allow-origin', '*');
    // Whoever listens to how far an upload is asks first.
    if (request.method === 'OPTIONS') {
      response.writeHead(204, { 'access-control-allow-methods': 'POST' }).end();
      return;
    }
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://bucket');
    if (request.method === 'GET') {
      response.setHeader('content-disposition', `attachment; filename="${searchParams.get('name')}"`);
      response.end(files.get(pathname.slice(1))?.content ?? 'of an earlier time');
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const refusal = refusals.shift();
    if (refusal !== undefined) {
      const xml = `<Error><Code>${refusal.code}</Code><Message>No</Message></Error>`;
      response.writeHead(refusal.status, { 'content-type': 'application/xml' }).end(xml);
      return;
    }
    const headers = { 'content-type': request.headers['content-type'] ?? '' };
    const form = await new Response(Buffer.concat(chunks), { headers }).formData();
    const named = String(form.get('key'));
    const file = form.get('file');
    if (!(file instanceof Blob)) throw new Error('The form has no file');
    files.set(named, { content: Buffer.from(await file.arrayBuffer()), fields: [...form.keys()] });
    response.writeHead(204).end();
    onFile(named);
  };
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    files,
    refusals,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
