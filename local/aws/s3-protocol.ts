import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AwsError, LocalInput } from './service';

interface S3Request {
  readonly action: string;
  readonly input: LocalInput;
  readonly write: (output: LocalInput, response: ServerResponse) => void;
}

/** Reads a path-style object request, which is what the SDK sends to an IP address. */
export function readS3Request(request: IncomingMessage, body: Buffer): S3Request {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const [, Bucket = '', ...key] = decodeURIComponent(pathname).split('/');
  const Key = key.join('/');
  if (request.method === 'PUT') {
    const chunked = request.headers['content-encoding']?.includes('aws-chunked') === true;
    const input = { Bucket, Key, Body: chunked ? unchunk(body) : body, ContentType: request.headers['content-type'] };
    return { action: 'PutObject', input, write: (_, response) => response.writeHead(200, { etag: '"local"' }).end() };
  }
  return {
    action: request.method === 'GET' ? 'GetObject' : `${request.method} ${pathname}`,
    input: { Bucket, Key },
    write: ({ Body, ContentType }, response) =>
      response.writeHead(200, { 'content-type': String(ContentType) }).end(Body as Buffer),
  };
}

/** Takes the payload out of `aws-chunked` framing: size in hex, data, and trailers after the last chunk. */
function unchunk(body: Buffer): Buffer {
  const parts: Buffer[] = [];
  let position = 0;
  for (;;) {
    const end = body.indexOf('\r\n', position);
    const size = Number.parseInt(body.toString('latin1', position, end), 16);
    if (!(size > 0)) return Buffer.concat(parts);
    parts.push(body.subarray(end + 2, end + 2 + size));
    position = end + 2 + size + 2;
  }
}

/** Answers with an error in S3's XML. */
export function s3Error(error: AwsError, response: ServerResponse): void {
  response
    .writeHead(error.status, { 'content-type': 'application/xml' })
    .end(`<Error><Code>${error.code}</Code><Message>${error.message}</Message></Error>`);
}
